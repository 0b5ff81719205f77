"""Texts laid over a page as annotations, which are no part of the page itself.

Invariant: called only in the limited child process. Links, fields of forms and the like have no
text here. It judges nothing.
"""

from ctypes import c_ushort

import pypdfium2 as pdfium
from pypdfium2 import raw

_SHOWN = (raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP)
_LOOKED_AT = 200
_LONGEST = 400


def notes(page: pdfium.PdfPage) -> list[str]:
    """The texts of notes and stamps, cut to 400 characters each."""
    count = min(raw.FPDFPage_GetAnnotCount(page.raw), _LOOKED_AT)
    return [text for number in range(count) if (text := _text(page, number))]


def _text(page: pdfium.PdfPage, number: int) -> str:
    note = raw.FPDFPage_GetAnnot(page.raw, number)
    if not note:
        return ""
    try:
        if raw.FPDFAnnot_GetSubtype(note) not in _SHOWN:
            return ""
        size = raw.FPDFAnnot_GetStringValue(note, b"Contents", None, 0)
        buffer = (c_ushort * (size // 2 + 1))()
        raw.FPDFAnnot_GetStringValue(note, b"Contents", buffer, size)
        return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")[:_LONGEST]
    finally:
        raw.FPDFPage_CloseAnnot(note)
