"""Which words of a page leave no ink where they stand, on the page as a viewer draws it.

Invariant: called only in the limited child process; a page is drawn only where something on it
may hide text without saying so: optional content, a form of its own, or a shape painted later.
A page too large to be drawn hides nothing here.
"""

from collections.abc import Sequence
from ctypes import c_float, c_int, c_ulong, c_ushort

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from well.documents.reading.pages import Word

_SCALE = 1.5
"""Pixels a point: a letter of 3 points is 4 pixels high."""
_PIXELS_MAX = 6_000_000
_LEAST_SCALE = 0.75
_CONTRAST = 24
"""Least difference of grey (0 to 255) between letter and ground that a person sees."""
_LAYER = "OC\0".encode("utf-16-le")
"""Name of the mark around optional content (ISO 32000-2, 8.11.3.2), as pdfium tells it."""
_SHAPES = 50
"""Filled shapes compared with the texts before them; a page with more is drawn."""
_THIN = 4.0
"""Points."""
_Edges = tuple[float, float, float, float]


def without_ink(page: pdfium.PdfPage, words: Sequence[Word], objects: int) -> set[int]:
    """Places of the words that nothing is seen of; looks at the first `objects` objects."""
    if not words or not _may_hide(page, objects):
        return set()
    picture = _drawn(page)
    if picture is None:
        return set()
    grey, scale = picture
    return {index for index, word in enumerate(words) if not _has_ink(grey, word, scale)}


def _may_hide(page: pdfium.PdfPage, objects: int) -> bool:
    texts: list[_Edges] = []
    shapes = 0
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), objects)):
        one = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(one)
        if kind == raw.FPDF_PAGEOBJ_FORM or _is_layered(one):
            return True
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            texts.append(_edges(one))
        elif kind == raw.FPDF_PAGEOBJ_PATH and texts and _is_filled(one):
            shape = _edges(one)
            if _is_thin(shape):
                continue
            shapes += 1
            if shapes > _SHAPES or _covers_any(shape, texts):
                return True
    return False


def _is_filled(path: object) -> bool:
    fill, stroke = c_int(), c_int()
    told = raw.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(told) and fill.value != raw.FPDF_FILLMODE_NONE


def _is_layered(one: object) -> bool:
    name, length = (c_ushort * 3)(), c_ulong()
    for at in range(raw.FPDFPageObj_CountMarks(one)):
        mark = raw.FPDFPageObj_GetMark(one, at)
        told = raw.FPDFPageObjMark_GetName(mark, name, len(_LAYER), length)
        if told and length.value == len(_LAYER) and bytes(name) == _LAYER:
            return True
    return False


def _is_thin(shape: _Edges) -> bool:
    """Whether it is a rule or a dot, under which no word fits."""
    left, bottom, right, top = shape
    return top - bottom < _THIN or right - left < _THIN


def _covers_any(shape: _Edges, texts: Sequence[_Edges]) -> bool:
    """Whether the middle of any text lies inside the shape."""
    left, bottom, right, top = shape
    return any(
        left <= (x0 + x1) / 2 <= right and bottom <= (y0 + y1) / 2 <= top
        for x0, y0, x1, y1 in texts
    )


def _edges(one: object) -> _Edges:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    raw.FPDFPageObj_GetBounds(one, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _drawn(page: pdfium.PdfPage) -> tuple[Image.Image, float] | None:
    """The page in grey, and pixels a point."""
    width, height = page.get_size()
    scale = min(_SCALE, (_PIXELS_MAX / max(width * height, 1.0)) ** 0.5)
    if scale < _LEAST_SCALE:
        return None
    picture = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil()
    assert isinstance(picture, Image.Image), "pdfium draws pictures"
    return picture.convert("L"), scale


def _has_ink(grey: Image.Image, word: Word, scale: float) -> bool:
    box = (
        max(int(word.x0 * scale), 0),
        max(int(word.y0 * scale), 0),
        min(int(word.x1 * scale) + 1, grey.width),
        min(int(word.y1 * scale) + 1, grey.height),
    )
    if box[0] >= box[2] or box[1] >= box[3]:
        return True
    shades = grey.crop(box).histogram()
    seen = [shade for shade, count in enumerate(shades) if count]
    return seen[-1] - seen[0] >= _CONTRAST
