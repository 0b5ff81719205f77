"""Makes a page for a record that has no file, clearly marked as a rendition.

Invariant: the same invoice gives the same bytes; every text is data and never markup; a missing
field is absent. A rendition is not the supplier's invoice and says so on each page.
"""

import json
import threading
from dataclasses import replace
from pathlib import Path

import typst

from well.documents.writing.sheet import sheet
from well.domain.document import PDF, Document
from well.domain.invoice import Invoice
from well.ports.reader import Rendition

_TEMPLATE = Path(__file__).with_name("rendition.typ")


class TypstRenderer:
    """The Renderer port on typst; safe to share between threads (one page at a time)."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(str(_TEMPLATE), ignore_system_fonts=True)
        self._one_at_a_time = threading.Lock()

    def render(self, invoice: Invoice, rendition: Rendition) -> Document:
        """An A4 PDF of the invoice; its keywords carry the source id."""
        data = json.dumps(sheet(invoice, rendition), ensure_ascii=False)
        with self._one_at_a_time:
            content = self._compiler.compile(format="pdf", sys_inputs={"data": data})
        assert isinstance(content, bytes)
        return Document(rendition.file_name, PDF, content)

    def label(self, document: Document, rendition: Rendition) -> Document:
        """The original file under the rendition's file name; its bytes untouched."""
        return replace(document, name=rendition.file_name)
