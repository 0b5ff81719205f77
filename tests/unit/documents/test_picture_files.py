"""Picture files: kinds, modes, orientation, pages, and what is refused before it is decoded."""

import io
import struct
import zlib

import pytest
from PIL import Image

from builders.scans import saved, seeing
from well.documents.reading import limits
from well.documents.reading.limits import Unreadable
from well.documents.reading.page_image import page_image
from well.documents.reading.picture import DAMAGED, TOO_MANY_PIXELS, count_frames, frame, frames
from well.documents.reading.read_file import Aids, read_content
from well.documents.reading.sniff import FileType, sniff

RED = Image.new("RGB", (60, 40), (200, 30, 30))


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises a size and holds almost nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "GIF"])
def test_each_kind_is_known_by_its_bytes_and_opened(kind: str) -> None:
    content = saved(RED, kind)
    assert sniff(content) is FileType.IMAGE
    (picture,) = frames(content)
    assert (picture.mode, picture.size) == ("RGB", (60, 40))


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "RGBA", "LA", "I;16", "I", "F", "YCbCr"])
def test_every_mode_comes_out_as_plain_colours(mode: str) -> None:
    made = Image.new("L", (60, 40), 255)
    made.paste(0, (0, 0, 30, 40))
    made = (
        made.convert("F").point(lambda value: value * 257) if mode in ("I;16", "I", "F") else made
    )
    made = made.convert("I").convert(mode) if mode == "I;16" else made.convert(mode)
    (picture,) = frames(saved(made, "TIFF"))
    assert picture.mode == "RGB"
    assert [picture.getpixel((at, 20))[0] > 128 for at in (10, 50)] == [False, True]


def test_what_is_transparent_is_paper() -> None:
    clear = Image.new("RGBA", (30, 30), (0, 0, 0, 0))
    (picture,) = frames(saved(clear))
    assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_the_orientation_of_a_camera_is_followed() -> None:
    tagged = Image.Exif()
    tagged[0x0112] = 6
    content = saved(RED, "JPEG", exif=tagged.tobytes())
    assert next(frames(content)).size == (40, 60)
    drawn = page_image(content, 0, 40)
    assert drawn is not None
    assert Image.open(io.BytesIO(drawn)).size == (40, 60)


def test_the_pages_of_a_tiff_are_counted_and_read() -> None:
    pages = [Image.new("L", (30 + at, 30), 255) for at in range(3)]
    content = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert count_frames(content) == 3
    assert [picture.width for picture in frames(content)] == [30, 31, 32]
    assert frame(content, 2) is not None
    assert frame(content, 3) is None
    assert page_image(content, 2, 64) is not None
    answer = read_content(content)
    assert (answer.scans, answer.reading.pages) == (3, 3)


def test_only_ten_pages_of_a_tiff_are_read() -> None:
    pages = [Image.new("L", (30, 30), 255) for _ in range(12)]
    content = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert (count_frames(content), read_content(content).scans) == (11, limits.OCR_PAGES)
    reading = read_content(content, Aids(see=seeing("Total  9.00"))).reading
    assert [finding.code for finding in reading.findings] == ["scans_not_read"]


@pytest.mark.parametrize(("width", "height"), [(5001, 5000), (200_000, 200_000), (2**31 - 1, 2)])
def test_a_bomb_is_refused_by_its_header(width: int, height: int) -> None:
    reading = read_content(png_header(width, height)).reading
    assert reading.kind == "unreadable"
    assert reading.error in (TOO_MANY_PIXELS, DAMAGED)
    assert page_image(png_header(width, height), 0, 400) is None


def test_25_million_pixels_are_still_opened() -> None:
    assert count_frames(png_header(5000, 5000)) == 1
    with pytest.raises(Unreadable, match="25 million"):
        count_frames(png_header(5001, 5000))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_a_picture_that_is_cut_off_is_refused(kind: str) -> None:
    grain = Image.effect_noise((200, 200), 90)
    content = saved(grain.convert("RGB"), kind)
    reading = read_content(content[: len(content) // 2], Aids(see=seeing("Total  9.00"))).reading
    assert (reading.kind, reading.error) == ("unreadable", DAMAGED)


@pytest.mark.parametrize(
    "content",
    [b"\xff\xd8\xff", b"GIF89a", b"II*\0\0\0\0\0", b"RIFF\0\0\0\0WEBP", b"\x89PNG\r\n\x1a\n"],
)
def test_a_bare_beginning_is_refused(content: bytes) -> None:
    assert read_content(content).reading.error == DAMAGED
