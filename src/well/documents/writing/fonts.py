"""The fonts of the page: which files, and which characters they can show.

Invariant: only fonts that came with the program are used, never those of the machine, so that a
page looks the same everywhere. Nothing of their packages is run; their files are read.
Source of the character table: OpenType specification, table cmap, formats 4 and 12.
"""

import struct
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "noto_cjk_sans_jp_regular")
FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK JP")
_SUFFIXES = (".ttf", ".otf")
_Ranges = list[tuple[int, int]]


@cache
def font_files() -> tuple[Path, ...]:
    """The font files of the installed packages, upright styles only."""
    found: list[Path] = []
    for package in PACKAGES:
        spec = find_spec(package)
        assert spec is not None and spec.submodule_search_locations, f"{package} is not installed"
        files = Path(spec.submodule_search_locations[0]).rglob("*")
        found += sorted(x for x in files if x.suffix in _SUFFIXES and "Italic" not in x.name)
    return tuple(found)


def font_folders() -> list[str]:
    """The folders of the font files."""
    return sorted({str(path.parent) for path in font_files()})


def not_shown(text: str) -> str:
    """The characters of `text` that no font can show, each once, in order."""
    return "".join(dict.fromkeys(char for char in text if not _has(ord(char))))


@cache
def _has(code: int) -> bool:
    if code < 0x20:
        return False
    return any(start <= code <= end for ranges in _tables() for start, end in ranges)


@cache
def _tables() -> tuple[_Ranges, ...]:
    return tuple(_characters(path) for path in font_files())


def _characters(path: Path) -> _Ranges:
    """Ranges of code points that a font file maps to a glyph."""
    with path.open("rb") as file:
        (count,) = struct.unpack(">4xH6x", file.read(12))
        for _ in range(count):
            tag, start, length = struct.unpack(">4s4xII", file.read(16))
            if tag == b"cmap":
                file.seek(start)
                return _cmap(file.read(length))
    return []


def _cmap(table: bytes) -> _Ranges:
    (count,) = struct.unpack_from(">2xH", table)
    starts = {struct.unpack_from(">HHI", table, 4 + 8 * at)[2] for at in range(count)}
    ranges: _Ranges = []
    for start in sorted(starts):
        (kind,) = struct.unpack_from(">H", table, start)
        if kind == 12:
            ranges += _format_12(table, start)
        elif kind == 4:
            ranges += _format_4(table, start)
    return ranges


def _format_12(table: bytes, start: int) -> _Ranges:
    (count,) = struct.unpack_from(">12xI", table, start)
    groups = (struct.unpack_from(">II", table, start + 16 + 12 * at) for at in range(count))
    return [(first, last) for first, last in groups]


def _format_4(table: bytes, start: int) -> _Ranges:
    """Segments; a code point in a segment with an offset may map to no glyph (0)."""
    (double,) = struct.unpack_from(">6xH", table, start)
    count, base = double // 2, start + 14
    ends = struct.unpack_from(f">{count}H", table, base)
    firsts = struct.unpack_from(f">{count}H", table, base + double + 2)
    offsets_at = base + 3 * double + 2
    offsets = struct.unpack_from(f">{count}H", table, offsets_at)
    ranges: _Ranges = []
    for at, (first, last, offset) in enumerate(zip(firsts, ends, offsets, strict=True)):
        if first == 0xFFFF:
            continue
        if offset == 0:
            ranges.append((first, last))
            continue
        glyphs = offsets_at + 2 * at + offset
        for code in range(first, last + 1):
            if struct.unpack_from(">H", table, glyphs + 2 * (code - first))[0]:
                ranges.append((code, code))
    return ranges
