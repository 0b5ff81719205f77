"""The text layer of a PDF page as words with boxes, hidden words set apart.

Invariant: called only in the limited child process; what a person would not see on the page is
never among the words. It interprets nothing.
"""

import pypdfium2 as pdfium
from pypdfium2 import raw

from well.documents.reading.limits import (
    CHARACTERS_PER_PAGE,
    EDGE_MAX,
    OBJECTS_PER_PAGE,
    STAMP_CHARACTERS,
)
from well.documents.reading.pages import Page, Word, rows_of
from well.documents.reading.pdf_cover import covered_texts
from well.documents.reading.pdf_ink import without_ink
from well.documents.reading.pdf_notes import notes
from well.documents.reading.pdf_paint import (
    SCAN_SHARE,
    Paint,
    image_share,
    is_drawn,
    paint_of,
    visible,
)

_BREAKS = {0x20, 0x0D, 0x0A, 0x09, 0xA0, 0x2007, 0x202F, 0x3000, 0x2009, 0x200A, 0}
_DROPPED = {0xFFFE, 0xFFFF, 0x02, 0xAD, 0x200B, 0xFEFF}
_Edges = tuple[float, float, float, float]


def read_page(pdf: pdfium.PdfDocument, number: int) -> Page:
    """Page `number` (from 0); a page that cannot be loaded is an empty one."""
    try:
        page = pdf[number]
        text = page.get_textpage()
    except pdfium.PdfiumError:
        return Page(number, 1.0, 1.0, [], unreadable=True)
    try:
        if not _is_sane(page):
            return Page(number, 1.0, 1.0, [], unreadable=True)
        return _read(page, text, number)
    finally:
        text.close()
        page.close()


def _is_sane(page: pdfium.PdfPage) -> bool:
    """Whether the page and its box have a size; damaged files tell numbers without end."""
    return all(abs(edge) <= EDGE_MAX for edge in (*page.get_size(), *page.get_bbox()))


def _read(page: pdfium.PdfPage, text: pdfium.PdfTextPage, number: int) -> Page:
    width, height = page.get_size()
    view = _View(page.get_bbox(), page.get_rotation())
    words, hidden, layered = [], [], 0
    images = image_share(page, OBJECTS_PER_PAGE)
    covered = covered_texts(page, OBJECTS_PER_PAGE) if images else set()
    paints: dict[int, Paint] = {}
    for word, first in _words(text, view):
        paint = paint_of(text, first, paints, covered)
        inside = 0 <= (word.x0 + word.x1) / 2 <= width and 0 <= (word.y0 + word.y1) / 2 <= height
        if inside and visible(page, paint, images):
            words.append(word)
            layered += paint.invisible
        else:
            hidden.append(word.text)
    if images < SCAN_SHARE:
        words = _seen(page, words, hidden)
    return Page(
        number,
        max(width, 1.0),
        max(height, 1.0),
        rows_of(words, number),
        hidden,
        images,
        layered / max(len(words), 1),
        sum(len(word.text) for word in words) < STAMP_CHARACTERS and is_drawn(page),
        notes=notes(page),
        overlaid=_overlaid(words),
    )


def _seen(page: pdfium.PdfPage, words: list[Word], hidden: list[str]) -> list[Word]:
    """The words that leave ink on the page; the others join the hidden ones."""
    unseen = without_ink(page, words, OBJECTS_PER_PAGE)
    hidden += [words[index].text for index in sorted(unseen)]
    return [word for index, word in enumerate(words) if index not in unseen]


def _overlaid(words: list[Word]) -> list[str]:
    """Different words that begin on one place, so that a person cannot read either."""
    seen: dict[tuple[int, int], str] = {}
    found = []
    for word in words:
        other = seen.setdefault((round(word.x0), round(word.y0)), word.text)
        if other != word.text and not _begins(other, word.text):
            found.append(f"{other} {word.text}")
    return found


def _begins(one: str, other: str) -> bool:
    """Whether one is the beginning of the other: bold letters are often printed twice."""
    return one.startswith(other) or other.startswith(one)


class _View:
    """Turns page coordinates (origin bottom left, unrotated) into the page as shown."""

    def __init__(self, box: _Edges, rotation: int) -> None:
        self.left, self.bottom, self.right, self.top = box
        self.rotation = rotation

    def edges(self, left: float, bottom: float, right: float, top: float) -> _Edges:
        if self.rotation == 90:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.rotation == 180:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        if self.rotation == 270:
            return self.top - top, self.right - right, self.top - bottom, self.right - left
        return left - self.left, self.top - top, right - self.left, self.top - bottom


def _words(text: pdfium.PdfTextPage, view: _View) -> list[tuple[Word, int]]:
    """Words with the index of their first character. The hot loop of reading: about 3 us a turn."""
    handle, rect, edges = text.raw, raw.FS_RECTF(), view.edges
    unicode_at, box_at = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    found: list[tuple[Word, int]] = []
    word: Word | None = None
    for index in range(min(text.count_chars(), CHARACTERS_PER_PAGE)):
        code = unicode_at(handle, index)
        if code in _BREAKS:
            word = None
            continue
        if code in _DROPPED or not box_at(handle, index, rect):
            continue
        x0, y0, x1, y1 = edges(rect.left, rect.bottom, rect.right, rect.top)
        if not -EDGE_MAX <= x0 <= x1 <= EDGE_MAX or not -EDGE_MAX <= y0 <= y1 <= EDGE_MAX:
            continue
        if word is None or not _continues(word, x0, y0, y1):
            word = Word(_character(code), x0, y0, x1, y1)
            found.append((word, index))
            continue
        word.text += _character(code)
        if x1 > word.x1:
            word.x1 = x1
        if y0 < word.y0:
            word.y0 = y0
        if y1 > word.y1:
            word.y1 = y1
    return found


def _character(code: int) -> str:
    return chr(code) if code < 0xD800 or 0xE000 <= code < 0x110000 else "?"


def _continues(word: Word, x0: float, y0: float, y1: float) -> bool:
    """Whether a character goes on with a word: in its line, without a wide gap or a jump back."""
    if not word.y0 <= (y0 + y1) / 2 <= word.y1:
        return False
    gap, height = x0 - word.x1, word.y1 - word.y0
    return -height < gap < 0.6 * height
