"""Pictures as files: their frames, opened within limits and made plain.

Invariant: called only in a limited child process. The size is taken from the header before a
pixel is decoded; a frame comes out upright, without transparency, in 8 bits of red, green, blue.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps

from well.documents.reading.limits import IMAGE_PIXELS, OCR_PAGES, Unreadable

_FORMATS = ("PNG", "JPEG", "MPO", "TIFF", "WEBP", "GIF", "BMP")
_DEEP = ("I", "I;16", "I;16B", "I;16L", "I;16N", "F")
DAMAGED = "This picture is damaged, cut off or of a kind that is not read."
TOO_MANY_PIXELS = "This picture has more than 25 million pixels and was not read."
Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS


def count_frames(content: bytes) -> int:
    """Number of frames to read, at most one more than is read; Unreadable when it cannot open."""
    with _opened(content) as picture:
        if picture.format != "TIFF":
            return 1
        count = 0
        while count <= OCR_PAGES and _seek(picture, count):
            count += 1
        return count


def frames(content: bytes) -> Iterator[Image.Image]:
    """The frames as RGB pictures, upright; of an animation only the first."""
    with _opened(content) as picture:
        for number in range(OCR_PAGES):
            if (number and picture.format != "TIFF") or not _seek(picture, number):
                return
            yield _plain(picture)


def frame(content: bytes, number: int) -> Image.Image | None:
    """Frame `number` (from 0), None when there is none."""
    return next((one for at, one in enumerate(frames(content)) if at == number), None)


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(io.BytesIO(content), formats=_FORMATS) as picture,
        ):
            yield picture
    except Image.DecompressionBombError:
        raise Unreadable(TOO_MANY_PIXELS) from None
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, ZeroDivisionError, EOFError):
        # What Pillow's plug-ins raise for a broken file depends on the plug-in.
        raise Unreadable(DAMAGED) from None


def _seek(picture: Image.Image, number: int) -> bool:
    try:
        picture.seek(number)
    except EOFError:
        return False
    if picture.width * picture.height > IMAGE_PIXELS:
        raise Unreadable(TOO_MANY_PIXELS)
    return True


def _plain(picture: Image.Image) -> Image.Image:
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in _DEEP:
        return _from_deep(upright)
    if upright.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        paper = Image.new("RGBA", upright.size, "white")
        return Image.alpha_composite(paper, upright).convert("RGB")
    return upright.convert("RGB")


def _from_deep(picture: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits, stretched to 8."""
    low, high = (float(edge) for edge in _extrema(picture))
    scale = 255.0 / max(high - low, 1.0)
    wide = picture.convert("F")
    return wide.point(lambda value: value * scale - low * scale).convert("L").convert("RGB")


def _extrema(picture: Image.Image) -> tuple[float, float]:
    low, high = picture.convert("F").getextrema()
    assert isinstance(low, (int, float))
    assert isinstance(high, (int, float))
    return low, high
