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

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP")
_DEEP = ("I", "I;16", "I;16B", "I;16L", "I;16N", "F")
DAMAGED = "This picture is damaged, cut off or of a kind that is not read."
TOO_MANY_PIXELS = "This picture has more than 25 million pixels and was not read."
Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS


def count_frames(content: bytes) -> int:
    """Number of frames to read, at most one more than is read; Unreadable when it cannot open."""
    with _opened(content) as picture:
        return _count(picture)


def frames(content: bytes) -> Iterator[Image.Image]:
    """The frames as RGB pictures, upright; of an animation only the first."""
    with _opened(content) as picture:
        # Counted first: a TIFF whose only page was decoded is closed.
        for number in range(min(_count(picture), OCR_PAGES)):
            picture.seek(number)
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


def _count(picture: Image.Image) -> int:
    count = 0
    while count <= OCR_PAGES and (count == 0 or picture.format == "TIFF"):
        try:
            picture.seek(count)
        except EOFError:
            break
        if picture.width * picture.height > IMAGE_PIXELS:
            raise Unreadable(TOO_MANY_PIXELS)
        count += 1
    return count


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
