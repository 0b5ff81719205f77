"""The table of lines in its styles, over one page or more with sums carried over.

Invariant: every line of the facts stands on the page; sums carried over are no lines.
"""

from dataclasses import dataclass

from benchmarks.layouts.blocks import Pen
from benchmarks.layouts.facts import Line

_BOTTOM = 640


@dataclass(frozen=True, slots=True)
class _Column:
    key: int
    x: float
    to: str


_STYLES: dict[str, tuple[_Column, ...]] = {
    "full": (
        _Column(0, 50, "left"),
        _Column(1, 320, "right"),
        _Column(2, 400, "right"),
        _Column(3, 450, "right"),
        _Column(4, 545, "right"),
    ),
    "plain": (
        _Column(0, 50, "left"),
        _Column(1, 360, "right"),
        _Column(2, 450, "right"),
        _Column(4, 545, "right"),
    ),
    "numbered": (
        _Column(5, 50, "left"),
        _Column(0, 75, "left"),
        _Column(1, 350, "right"),
        _Column(2, 440, "right"),
        _Column(4, 545, "right"),
    ),
    "bare": (_Column(0, 50, "left"), _Column(4, 545, "right")),
    "right_first": (
        _Column(1, 80, "right"),
        _Column(0, 100, "left"),
        _Column(2, 440, "right"),
        _Column(4, 545, "right"),
    ),
    "codes": (
        _Column(6, 50, "left"),
        _Column(0, 120, "left"),
        _Column(1, 360, "right"),
        _Column(2, 430, "right"),
        _Column(3, 475, "right"),
        _Column(4, 545, "right"),
    ),
}
_CODE_HEADS = ("#", "Ref.")


def table(pen: Pen, style: str, y: float) -> float:
    """Write all lines; returns where they end, on the last page."""
    columns = _STYLES[style]
    _head(pen, columns, y)
    y += 16
    carried = 0
    for number, line in enumerate(pen.facts.lines):
        if y > _BOTTOM:
            y = _turn(pen, columns, y, carried)
        y = _line(pen, columns, number, line, y)
        carried += line.net
    return y + 14


def _turn(pen: Pen, columns: tuple[_Column, ...], y: float, carried: int) -> float:
    texts = pen.words["carry"]
    pen.sheet.put(330, y + 6, texts[0])
    pen.sheet.put(545, y + 6, pen.form.plain(carried), to="right")
    pen.sheet.page += 1
    _head(pen, columns, 60)
    pen.sheet.put(330, 76, texts[1])
    pen.sheet.put(545, 76, pen.form.plain(carried), to="right")
    return 92


def _head(pen: Pen, columns: tuple[_Column, ...], y: float) -> None:
    heads = [*_heads(pen), *_CODE_HEADS]
    for column in columns:
        pen.sheet.put(column.x, y, heads[column.key], 8, bold=True, to=column.to)


def _heads(pen: Pen) -> list[str]:
    found = list(pen.words["columns"])
    if "bilingual" in pen.quirks and pen.facts.language != "en":
        found[0] += f" / {pen.english['columns'][0]}"
    return [head.upper() for head in found] if "caps" in pen.quirks else found


def _line(pen: Pen, columns: tuple[_Column, ...], number: int, line: Line, y: float) -> float:
    words = line.text.split()
    wrapped = len(line.text) > 34
    first = " ".join(words[:5]) if wrapped else line.text
    texts = [
        first,
        pen.form.quantity(line.quantity),
        pen.form.plain(line.price),
        f"{pen.form.rate(line.rate)}%",
        pen.form.plain(line.net),
        str(number + 1),
        f"A{1000 + len(line.text) * 7 + number}",
    ]
    for column in columns:
        pen.sheet.put(column.x, y, texts[column.key], 8.5, to=column.to)
    if wrapped:
        pen.sheet.put(
            next(one.x for one in columns if one.key == 0), y + 10, " ".join(words[5:]), 8.5
        )
        y += 10
    return y + 14
