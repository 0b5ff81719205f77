"""Bytes to invoice, and invoice to page: what the pipeline asks of the documents.

Promise: hostile bytes never harm the caller; what cannot be read comes back as a sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from well.domain.document import Document
from well.domain.invoice import Invoice
from well.domain.learned_layout import LearnedLayout
from well.domain.reading import Reading as Reading


class Reader(Protocol):
    """Reads files in limited child processes."""

    def read(
        self, documents: Sequence[Document], layouts: Sequence[LearnedLayout] = ()
    ) -> Sequence[Reading]:
        """One reading for each document, in order; never raises for what a file contains.

        `layouts` were learned from documents of the same workspace that a person reviewed.
        """
        ...

    def learn(self, document: Document, confirmed: Mapping[str, str]) -> LearnedLayout | None:
        """The layout of a reviewed document; None when nothing can be found again.

        `confirmed` holds the values a person agreed to, canonical, by `FieldReading.field`.
        """
        ...

    def page_image(self, document: Document, page: int, width: int) -> bytes | None:
        """Page `page` (from 0) as WebP, `width` pixels wide; None when it cannot be drawn."""
        ...


@dataclass(frozen=True, slots=True)
class Rendition:
    """What to print on a rendition besides the invoice: where it came from and its file name."""

    source_label: str
    source_id: str
    file_name: str


class Renderer(Protocol):
    """Makes a page for a record that has no file."""

    def render(self, invoice: Invoice, rendition: Rendition) -> Document:
        """A PDF, the same bytes for the same input, marked as a rendition on the page."""
        ...

    def label(self, document: Document, rendition: Rendition) -> Document:
        """The original file under the name that carries the source id; its bytes untouched."""
        ...
