"""How a run of text is painted: whether a person looking at the page would see it.

Invariant: called only in the limited child process. Text that is invisible over no picture,
white on white or under 3 points counts as hidden; an OCR layer under a full-page scan does not.
"""

from collections.abc import Set
from ctypes import addressof, byref, c_float, c_uint
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

SCAN_SHARE = 0.5
"""Share of a page under pictures from which it counts as a scan with a layer of text."""
_WHITE = 240
_SMALLEST = 3.0
_UNPAINTED = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_OBJECTS_LOOKED_AT = 2_000
_LETTERS = 100
_Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Paint:
    """Of one text object; bounds in page coordinates."""

    invisible: bool
    white: bool
    tiny: bool
    bounds: _Bounds


_PLAIN = Paint(False, False, False, (0.0, 0.0, 0.0, 0.0))


def paint_of(
    text: pdfium.PdfTextPage, index: int, known: dict[int, Paint], covered: Set[int]
) -> Paint:
    """Paint of the text object that holds character `index`; `known` saves repeated work.

    `covered` are the addresses of the text objects under a picture.
    """
    handle = raw.FPDFText_GetTextObject(text.raw, index)
    if not handle:
        return _PLAIN
    key = addressof(handle.contents)
    if key not in known:
        size = raw.FPDFText_GetFontSize(text.raw, index)
        known[key] = _paint(handle, size, key in covered)
    return known[key]


def _paint(handle: object, font_size: float, covered: bool) -> Paint:
    mode = raw.FPDFTextObj_GetTextRenderMode(handle)
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint(255)
    coloured = raw.FPDFPageObj_GetFillColor(
        handle, byref(red), byref(green), byref(blue), byref(alpha)
    )
    white = bool(coloured) and min(red.value, green.value, blue.value) >= _WHITE
    matrix = raw.FS_MATRIX()
    scale = 1.0
    if raw.FPDFPageObj_GetMatrix(handle, byref(matrix)):
        scale = max((matrix.c**2 + matrix.d**2) ** 0.5, (matrix.a**2 + matrix.b**2) ** 0.5)
    invisible = covered or mode in _UNPAINTED or (bool(coloured) and alpha.value == 0)
    return Paint(
        invisible=invisible,
        white=white and mode in (raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_FILL_CLIP),
        tiny=0 < font_size * scale < _SMALLEST,
        bounds=_bounds(handle),
    )


def _bounds(handle: object) -> _Bounds:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    raw.FPDFPageObj_GetBounds(handle, byref(left), byref(bottom), byref(right), byref(top))
    return left.value, bottom.value, right.value, top.value


def visible(page: pdfium.PdfPage, paint: Paint, images: float) -> bool:
    """Whether text painted so can be seen on `page`, `images` of which is covered by pictures."""
    if paint.invisible:
        return images >= SCAN_SHARE
    if paint.tiny:
        return False
    return not paint.white or _on_colour(page, paint.bounds)


def _on_colour(page: pdfium.PdfPage, bounds: _Bounds) -> bool:
    """Whether something that is not white may lie under the middle of `bounds`."""
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        handle = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            continue
        left, bottom, right, top = _bounds(handle)
        if left <= x <= right and bottom <= y <= top and not _is_white_path(handle, kind):
            return True
    return False


def _is_white_path(handle: object, kind: int) -> bool:
    if kind != raw.FPDF_PAGEOBJ_PATH:
        return False
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if not raw.FPDFPageObj_GetFillColor(
        handle, byref(red), byref(green), byref(blue), byref(alpha)
    ):
        return False
    return min(red.value, green.value, blue.value) >= _WHITE or alpha.value == 0


def is_drawn(page: pdfium.PdfPage) -> bool:
    """Whether a page shows a picture, or so many paths that they may be letters."""
    paths = 0
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), _OBJECTS_LOOKED_AT)):
        kind = raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page.raw, index))
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            return True
        paths += kind == raw.FPDF_PAGEOBJ_PATH
    return paths >= _LETTERS


def image_share(page: pdfium.PdfPage, objects: int) -> float:
    """Share of the page under its pictures, looking at the first `objects` objects."""
    width, height = page.get_size()
    covered = 0.0
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), objects)):
        handle = raw.FPDFPage_GetObject(page.raw, index)
        if raw.FPDFPageObj_GetType(handle) == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = _bounds(handle)
            covered += max(right - left, 0.0) * max(top - bottom, 0.0)
    return float(min(covered / max(width * height, 1.0), 1.0))
