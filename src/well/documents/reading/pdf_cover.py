"""Which texts of a page lie under a picture that was painted after them.

Invariant: called only in the limited child process. Only pictures without any transparency cover;
drawings do not, since their edges are not known here.
"""

from ctypes import addressof, byref, c_float

import pypdfium2 as pdfium
from pypdfium2 import raw

_Edges = tuple[float, float, float, float]
Covers = list[tuple[int, _Edges]]
"""Place in the order of painting, and edges in page coordinates."""


def covered_texts(page: pdfium.PdfPage, objects: int) -> set[int]:
    """Addresses of the text objects under a picture, among the first `objects` objects."""
    count = min(raw.FPDFPage_CountObjects(page.raw), objects)
    painted = [raw.FPDFPage_GetObject(page.raw, index) for index in range(count)]
    covers = [
        (index, _edges(one))
        for index, one in enumerate(painted)
        if raw.FPDFPageObj_GetType(one) == raw.FPDF_PAGEOBJ_IMAGE
        and not raw.FPDFPageObj_HasTransparency(one)
    ]
    if not covers:
        return set()
    last = max(index for index, _ in covers)
    return {
        addressof(one.contents)
        for index, one in enumerate(painted[:last])
        if raw.FPDFPageObj_GetType(one) == raw.FPDF_PAGEOBJ_TEXT
        and _is_under(_edges(one), [edges for at, edges in covers if at > index])
    }


def _is_under(text: _Edges, covers: list[_Edges]) -> bool:
    left, bottom, right, top = text
    return any(
        x0 <= left and right <= x1 and y0 <= bottom and top <= y1 for x0, y0, x1, y1 in covers
    )


def _edges(handle: object) -> _Edges:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    raw.FPDFPageObj_GetBounds(handle, byref(left), byref(bottom), byref(right), byref(top))
    return left.value, bottom.value, right.value, top.value
