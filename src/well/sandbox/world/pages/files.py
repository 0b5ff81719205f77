"""The file of a document in each form it may take: clean, embedded, scanned, locked, cut, huge.

Invariant: `declared` is known without rendering and equals the length of what `render` returns,
because files are filled up to it with a PDF comment; so a list of thousands of files costs
nothing. Bytes depend on document, form and copy alone.
"""

import re
from io import BytesIO

import pikepdf

from well.sandbox.world.model import Document, Form
from well.sandbox.world.pages.blocks import title, words_of
from well.sandbox.world.pages.canvas import pdf, scan_pdf
from well.sandbox.world.pages.facturx import cii, embed
from well.sandbox.world.pages.layouts import delivery_note, lay_out
from well.sandbox.world.paper import paper_of
from well.sandbox.world.people import plain

PDF_TYPE = "application/pdf"
HUGE_BYTES = 10 * 1024 * 1024 + 400_000
ROOM = {Form.SCAN: 131_072, Form.FACTURX: 18_432, Form.HUGE: HUGE_BYTES}
COMMON_ROOM = 8_192
CUT = 640
"""Where a broken download stops: before any page."""
NOTE = "Facture recue par courrier, original au classeur 2. / Original invoice is in binder 2.\n"


def declared(document: Document, form: Form) -> int:
    """The length in bytes of the rendered file."""
    if form is Form.NOTE:
        return len(NOTE)
    room = ROOM.get(form, COMMON_ROOM) + document.seed % 977
    return CUT + document.seed % 97 if form is Form.BROKEN else room


def file_name(document: Document, form: Form) -> tuple[str, str]:
    """(name, content type) of the file, in its supplier's habit."""
    if form is Form.NOTE:
        return "facture.txt", "text/plain"
    shown = document.number if document.shows_number else f"{document.issued:%Y%m%d}"
    number = re.sub(r"[^A-Za-z0-9]+", "-", shown) or "document"
    if form is Form.DELIVERY:
        return f"BL_{document.issued:%Y%m%d}_{number}.pdf", PDF_TYPE
    if form is Form.SCAN:
        return f"SCAN_{document.issued:%Y%m%d}_{document.seed % 10_000:04d}.pdf", PDF_TYPE
    habit = document.seller.wording % 4
    if habit == 1:
        return f"{plain(document.seller.core)[:24]}_{number}.pdf", PDF_TYPE
    if habit == 2:
        return f"Facture_{document.issued:%Y%m%d}_{number}.pdf", PDF_TYPE
    return f"{number}.pdf", PDF_TYPE


def filled(content: bytes, length: int) -> bytes:
    """A PDF with classic cross-references grown to `length` bytes by a comment before them.

    Nothing that has an offset lies behind the comment, so only the last pointer moves. A PDF that
    is longer already stays as it is.
    """
    head, _, tail = content.rpartition(b"startxref\n")
    offset, _, rest = tail.partition(b"\n")
    start = int(offset)
    body, references = head[:start], head[start:]
    missing = length - len(content)
    moved = start + missing
    # The pointer itself may gain digits.
    missing -= len(str(moved)) - len(offset)
    if missing < 3:
        return content
    comment = b"%" + b" " * (missing - 2) + b"\n"
    pointer = str(start + missing).encode()
    return body + comment + references + b"startxref\n" + pointer + b"\n" + rest


def _locked(page: bytes, document: Document) -> bytes:
    """The PDF behind a password, with the old cipher: new ones draw random numbers."""
    out = BytesIO()
    word = f"{document.seed:x}"
    lock = pikepdf.Encryption(owner=word, user=word, R=3, aes=False, metadata=False)
    with pikepdf.open(BytesIO(page)) as opened:
        opened.save(
            out,
            static_id=True,
            encryption=lock,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def render(document: Document, form: Form, copy: bool = False) -> bytes:
    """The file's bytes; a `copy` is the same page from another download (other metadata)."""
    if form is Form.NOTE:
        return NOTE.encode()
    paper = paper_of(document)
    length = declared(document, form)
    if form is Form.DELIVERY:
        return filled(pdf([delivery_note(paper)], "BL", "Invented deliveries"), length)
    sheet = lay_out(paper)
    if form is Form.SCAN:
        return filled(scan_pdf(sheet, document.seed % 9 - 4), length)
    heading = f"{title(paper, words_of(paper))} {paper.number or ''}".strip()
    page = pdf([sheet], heading, "Invented invoices 2" if copy else "Invented invoices")
    if form is Form.FACTURX:
        return filled(embed(page, cii(paper)), length)
    if form is Form.ENCRYPTED:
        return filled(_locked(page, document), length)
    return page[:length] if form is Form.BROKEN else filled(page, length)
