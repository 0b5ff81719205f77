"""Scans for tests: lines as an optical reader would give them, pictures of text, e-mails.

Invariant: everything is made here; no optical reader and no installed font is needed.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from well.documents.reading.ocr_lines import Glyph, Line, Scan
from well.documents.reading.ocr_page import page_of
from well.documents.reading.pages import Page
from well.documents.reading.tilt import Tilt

WIDTH, HEIGHT, STEP, LETTER = 800, 1600, 40, 16


def scan(*rows: str, score: float = 0.99, tilt: Tilt | None = None) -> Scan:
    """Rows of text in a narrow picture; two blanks or more part the lines of a row."""
    tilt = tilt or Tilt(WIDTH, HEIGHT)
    return Scan(tilt, tuple(line for at, row in enumerate(rows) for line in _lines(row, at, score)))


def page_of_rows(*rows: str, score: float = 0.99) -> Page:
    """The page of such a scan."""
    return page_of(scan(*rows, score=score), 0)


def line(text: str, x: float, y: float, score: float = 0.99) -> Line:
    """One line with its top left corner at x, y; every letter is as wide as the others."""
    width, height = max(len(text), 1) * LETTER, 24
    glyphs = tuple(
        Glyph(char, score, (at + 0.5) / len(text), 1 / len(text)) for at, char in enumerate(text)
    )
    return Line(((x, y), (x + width, y), (x + width, y + height), (x, y + height)), glyphs)


def _lines(row: str, at: int, score: float) -> list[Line]:
    found, x = [], 20.0
    for part in row.split("  "):
        if part.strip():
            found.append(line(part.strip(), x, 20 + at * STEP, score))
            x += (len(part.strip()) + 4) * LETTER
    return found


def seeing(*rows: str) -> Callable[[Image.Image], Scan]:
    """An optical reader that sees the same rows in every picture."""
    return lambda _: scan(*rows)


def picture(*rows: str, size: int = 26) -> Image.Image:
    """Rows of black text on white, as wide as a receipt."""
    made = Image.new("RGB", (620, 80 + size * 2 * len(rows)), "white")
    pen, font = ImageDraw.Draw(made), ImageFont.load_default(size)
    for at, row in enumerate(rows):
        left, _, right = row.partition("  ")
        top = 40 + size * 2 * at
        pen.text((40, top), left, fill="black", font=font)
        pen.text((580 - font.getlength(right.strip()), top), right.strip(), fill="black", font=font)
    return made


def saved(made: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def scanned_pdf(*pictures: Image.Image) -> bytes:
    """A PDF whose pages are only these pictures."""
    return saved(pictures[0], "PDF", save_all=True, append_images=pictures[1:], resolution=150)


def blank_pdf() -> bytes:
    """A PDF with one empty page."""
    pdf, out = pdfium.PdfDocument.new(), io.BytesIO()
    pdf.new_page(595, 842)
    pdf.save(out)
    return out.getvalue()


def mail(files: Mapping[str, bytes], forwarded: Sequence[bytes] = (), html: str = "") -> bytes:
    """A message with attachments and forwarded messages."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "Invoice"
    message.set_content("Please find attached invoice number 99, total 999.00 EUR.")
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in files.items():
        message.add_attachment(content, "application", "octet-stream", filename=name)
    for inner in forwarded:
        message.add_attachment(_parsed(inner))
    return message.as_bytes()


def _parsed(content: bytes) -> EmailMessage:
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed
