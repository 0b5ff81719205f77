"""From PDF bytes to text cells with places, and to the files attached inside.

Invariant: whatever the bytes are, the answer is a list (empty when nothing can be read). Only
the first pages are looked at. PDFium knows no threads, so one lock guards every use of it here.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import pypdfium2

T = TypeVar("T")
PAGES_MAX = 4
RUNS_MAX = 1500
XML_MAX = 4_000_000
PDFIUM = threading.RLock()
"""Held while PDFium works; other users of PDFium in the same process should hold it too."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text on one line; points, `top` counted downwards from the page's top edge."""

    text: str
    left: float
    right: float
    top: float
    height: float

    @property
    def middle(self) -> float:
        """Height of the cell's centre line on the page."""
        return self.top + self.height / 2


Row = tuple[Cell, ...]
Page = tuple[Row, ...]


def attached_xml(content: bytes) -> list[tuple[str, bytes]]:
    """The XML files inside a PDF as (name, bytes)."""
    return _opened(content, _attachments)


def text_pages(content: bytes) -> list[Page]:
    """The first pages of a PDF as rows of cells; pages without text are left out."""
    return [page for page in _opened(content, _pages) if page]


def _opened(content: bytes, read: Callable[[pypdfium2.PdfDocument], list[T]]) -> list[T]:
    with PDFIUM:
        try:
            pdf = pypdfium2.PdfDocument(content)
        except (pypdfium2.PdfiumError, ValueError):
            return []
        try:
            return read(pdf)
        except (pypdfium2.PdfiumError, ValueError):
            return []
        finally:
            pdf.close()


def _pages(pdf: pypdfium2.PdfDocument) -> list[Page]:
    return [_page(pdf[at]) for at in range(min(len(pdf), PAGES_MAX))]


def _attachments(pdf: pypdfium2.PdfDocument) -> list[tuple[str, bytes]]:
    found = []
    for index in range(min(pdf.count_attachments(), 8)):
        attachment = pdf.get_attachment(index)
        name = attachment.get_name()
        if name.lower().endswith(".xml"):
            data = bytes(attachment.get_data())
            if len(data) <= XML_MAX:
                found.append((name, data))
    return found


def _page(page: pypdfium2.PdfPage) -> Page:
    text = page.get_textpage()
    height = page.get_height()
    runs = []
    for index in range(min(text.count_rects(), RUNS_MAX)):
        left, bottom, right, top = text.get_rect(index)
        words = " ".join(text.get_text_bounded(left, bottom, right, top).split())
        if words:
            runs.append(Cell(words, left, right, height - top, max(top - bottom, 1.0)))
    return tuple(_cells(row) for row in _rows(runs))


def _rows(runs: Iterable[Cell]) -> list[list[Cell]]:
    """Runs whose centre lines lie on one another, top to bottom."""
    rows: list[list[Cell]] = []
    for run in sorted(runs, key=lambda cell: (cell.middle, cell.left)):
        last = rows[-1][-1] if rows else None
        if last and abs(run.middle - last.middle) < 0.45 * min(run.height, last.height) + 1:
            rows[-1].append(run)
        else:
            rows.append([run])
    return rows


def _cells(row: list[Cell]) -> Row:
    """Neighbouring runs no further apart than a word space become one cell."""
    cells: list[Cell] = []
    for run in sorted(row, key=lambda cell: cell.left):
        last = cells[-1] if cells else None
        gap = run.left - last.right if last else 0.0
        if last and -2 < gap < 0.75 * max(run.height, last.height):
            joint = "" if gap < 0.12 * run.height else " "
            top, height = min(last.top, run.top), max(last.height, run.height)
            cells[-1] = Cell(last.text + joint + run.text, last.left, run.right, top, height)
        else:
            cells.append(run)
    return tuple(cells)
