"""Makes a page for a record that has no file, clearly marked as a rendition.

Invariant: the same invoice gives the same bytes; every text is data and never markup; a missing
field is absent. A rendition is not the supplier's invoice and says so on each page.
"""

from dataclasses import replace

from well.documents.writing.bill_of_invoice import bill_of_invoice
from well.documents.writing.page import PageMaker
from well.documents.writing.sheet import sheet
from well.domain.document import PDF, Document
from well.domain.invoice import Invoice
from well.ports.reader import Rendition


class TypstRenderer:
    """The Renderer port on typst; safe to share between threads (one page at a time)."""

    def __init__(self) -> None:
        self._pages = PageMaker()

    def render(self, invoice: Invoice, rendition: Rendition) -> Document:
        """A PDF/A-3 of the invoice; its keywords carry the source id."""
        bill = bill_of_invoice(invoice, rendition)
        content = self._pages.page(sheet(bill), bill.issue_date)
        return Document(rendition.file_name, PDF, content)

    def label(self, document: Document, rendition: Rendition) -> Document:
        """The original file under the rendition's file name; its bytes untouched."""
        return replace(document, name=rendition.file_name)
