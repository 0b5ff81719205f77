"""Makes a page for a record that has no file, clearly marked as a rendition.

Invariant: the same invoice gives the same bytes; every text is data and never markup; a missing
field is absent. A rendition is not the supplier's invoice and says so on each page, and in the
e-invoice where one is asked for; an e-invoice that is not valid is left out and never mended.
"""

import re
from dataclasses import replace

from well.documents.checking.checker import FileChecker
from well.documents.writing.bill_of_invoice import bill_of_invoice, bill_to_embed
from well.documents.writing.page import PageMaker
from well.documents.writing.sheet import sheet
from well.documents.writing.write import BillWriter, NotWritten, TermsMissing
from well.domain.document import PDF, Document
from well.domain.flow import EInvoiceBuyer
from well.domain.invoice import Invoice
from well.ports.reader import Rendered, Rendition

INSIDE = "An e-invoice (Factur-X EN 16931) is inside the page; all checks passed"
LEFT_OUT = "The page was made without e-invoice"
_SHOWN = 8
"""Reasons named in one sentence."""
_OF_LINE = re.compile(r" \(line \d+\)$")


class TypstRenderer:
    """The Renderer port on typst; safe to share between threads (one page at a time).

    The process that checks e-invoices starts with the first of them; `close` ends it.
    """

    def __init__(self) -> None:
        self._pages = PageMaker()
        self._checker = FileChecker()
        self._writer = BillWriter(self._checker, self._pages)

    def render(self, invoice: Invoice, rendition: Rendition) -> Document:
        """A PDF/A-3 of the invoice; its keywords carry the source id."""
        bill = bill_of_invoice(invoice, rendition)
        content = self._pages.page(sheet(bill), bill.issue_date)
        return Document(rendition.file_name, PDF, content)

    def embed(self, invoice: Invoice, rendition: Rendition, buyer: EInvoiceBuyer) -> Rendered:
        """The page with a checked e-invoice inside, else the plain page and the reason."""
        try:
            written = self._writer.write(bill_to_embed(invoice, rendition, buyer), embed=True)
        except NotWritten as refused:
            return Rendered(self.render(invoice, rendition), _why(refused))
        document = Document(rendition.file_name, PDF, written.content)
        return Rendered(document, f"{'; '.join((INSIDE, *written.notes))}.")

    def label(self, document: Document, rendition: Rendition) -> Document:
        """The original file under the rendition's file name; its bytes untouched."""
        return replace(document, name=rendition.file_name)

    def close(self) -> None:
        """End the process that checks e-invoices."""
        self._checker.close()


def _why(refused: NotWritten) -> str:
    """One sentence; a term that many lines lack is named once."""
    if isinstance(refused, TermsMissing):
        found, reason = [_OF_LINE.sub("", term) for term in refused.terms], "the record lacks"
    else:
        found, reason = refused.sentences, "it would break rules"
    named = list(dict.fromkeys(found))
    more = [f"and {len(named) - _SHOWN} more"] if len(named) > _SHOWN else []
    return f"{LEFT_OUT}: {reason}: {', '.join([*named[:_SHOWN], *more])}."
