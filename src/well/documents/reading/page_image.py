"""A page as a picture for the person who reviews it.

Invariant: called only in the limited child process; never more pixels than the limit. Pictures
of scanned files are shown the same way.
"""

import io

import pypdfium2 as pdfium
from PIL import Image

from well.documents.reading.limits import FILE_BYTES, IMAGE_PIXELS, IMAGE_WIDTH, Unreadable
from well.documents.reading.pdf_file import open_pdf
from well.documents.reading.picture import frame
from well.documents.reading.sniff import FileType, sniff

_QUALITY = 80


def page_image(content: bytes, page: int, width: int) -> bytes | None:
    """WebP of page `page` (from 0), `width` pixels wide; None when it cannot be drawn."""
    width = min(max(width, 16), IMAGE_WIDTH)
    kind = sniff(content) if len(content) <= FILE_BYTES else FileType.UNKNOWN
    try:
        if kind is FileType.PDF:
            picture = _from_pdf(content, page, width)
        elif kind is FileType.IMAGE:
            picture = _from_image(content, page, width)
        else:
            return None
    except (Unreadable, pdfium.PdfiumError, OSError, ValueError):
        return None
    return _webp(picture) if picture else None


def _from_pdf(content: bytes, number: int, width: int) -> Image.Image | None:
    with open_pdf(content) as pdf:
        if not 0 <= number < len(pdf):
            return None
        page = pdf[number]
        page_width, page_height = page.get_size()
        if page_width <= 0 or page_height <= 0:
            return None
        scale = width / page_width
        if width * page_height * scale > IMAGE_PIXELS:
            return None
        picture = page.render(scale=scale, may_draw_forms=False).to_pil()
        page.close()
        assert isinstance(picture, Image.Image)
        return picture


def _from_image(content: bytes, number: int, width: int) -> Image.Image | None:
    picture = frame(content, number)
    if picture is None:
        return None
    height = max(picture.height * width // picture.width, 1)
    return picture.resize((width, height)) if width * height <= IMAGE_PIXELS else None


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "WEBP", quality=_QUALITY, method=2)
    return out.getvalue()
