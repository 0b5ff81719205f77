"""Opens a PDF with pdfium and lists what is attached to it.

Invariant: called only in the limited child process. An encrypted, damaged or endless file is
refused with a sentence. It reads no text.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
from pypdfium2 import raw

from well.documents.reading.limits import ATTACHMENTS_READ, PAGES_MAX, XML_BYTES, Unreadable

ENCRYPTED = "This PDF is protected with a password and cannot be read."
DAMAGED = "This PDF is damaged or cut off and cannot be read."
ENDLESS = f"This PDF has more than {PAGES_MAX} pages and was not read."


@contextmanager
def open_pdf(content: bytes) -> Iterator[pdfium.PdfDocument]:
    """The open document; Unreadable when it cannot be opened."""
    try:
        pdf = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Unreadable(ENCRYPTED if locked else DAMAGED) from None
    try:
        if len(pdf) > PAGES_MAX:
            raise Unreadable(ENDLESS)
        yield pdf
    finally:
        pdf.close()


def attachments(pdf: pdfium.PdfDocument) -> list[tuple[str, bytes]]:
    """Name and bytes of the attached files, at most as many as the limit."""
    found = []
    for index in range(min(pdf.count_attachments(), ATTACHMENTS_READ)):
        try:
            attachment = pdf.get_attachment(index)
            data = attachment.get_data()
            name = attachment.get_name()
        except pdfium.PdfiumError:
            continue
        found.append((name, bytes(memoryview(data)[: XML_BYTES + 1])))
    return found
