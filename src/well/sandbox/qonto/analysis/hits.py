"""Finding a label's value: in the same cell, to its right, under it, or to its left.

Invariant: a value counts only when the judge of its field accepts the whole text; another label
between the two ends the search. Knows places, not fields.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Generic, TypeVar

from well.sandbox.qonto.analysis import labels, values
from well.sandbox.qonto.analysis.labels import Label
from well.sandbox.qonto.analysis.pages import Cell, Page, Row

T = TypeVar("T")
Judge = Callable[[str], T | None]
_TRIM = " \t:;,/|·()[]–"
_STOPS = (*labels.NUMBER[:-1], *labels.ISSUE, *labels.DUE, *labels.GROSS, *labels.NET, *labels.TAX)


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A value and how sure its label was (0 is surest)."""

    rank: int
    value: T


def find(pages: Sequence[Page], table: tuple[Label, ...], judge: Judge[T]) -> list[Hit[T]]:
    """Every value that stands at one of the labels of `table`."""
    found = []
    for page in pages:
        for at, row in enumerate(page):
            for place, cell in enumerate(row):
                match = after_label(cell.text, table)
                if match:
                    value = _value(page, at, place, match[0], match[1], judge)
                    if value is not None:
                        found.append(Hit(match[0].rank, value))
    return found


def after_label(text: str, table: tuple[Label, ...]) -> tuple[Label, str] | None:
    """The first label that opens `text` and what follows it; a second language may follow."""
    found: tuple[Label, str] | None = None
    for _ in range(3):
        folded = values.fold(text)
        if not _gate(table).match(folded):
            break
        hit = next((label, m) for label in table if (m := label.pattern.match(folded)))
        rest = text[hit[1].end() :]
        found = (found[0] if found else hit[0], rest.strip(_TRIM + "."))
        text = rest.lstrip(_TRIM + "-")
        if text == rest.lstrip(" ") and not found[1]:
            break
    return found


def _value(page: Page, at: int, place: int, label: Label, rest: str, judge: Judge[T]) -> T | None:
    row, hint = page[at], ""
    if rest:
        value = judge(rest)
        if value is not None:
            return value
        code = values.currency(rest)
        if not code or any(c.isdigit() for c in rest):
            return None
        hint = f" {code}"
    value = _right(row, place, hint, judge)
    if value is None and label.below:
        value = _below(page, at, row[place], hint, judge)
    if value is None and label.below and place and not is_label(row[place - 1].text):
        value = judge(row[place - 1].text + hint)
    return value


def _right(row: Row, place: int, hint: str, judge: Judge[T]) -> T | None:
    """The last acceptable cell before the next label: rates and bases stand before totals."""
    value = None
    for cell in row[place + 1 : place + 5]:
        if is_label(cell.text):
            break
        text = cell.text.strip(":")
        seen = judge(text + (hint if not values.currency(text) else ""))
        if seen is None and value is not None:
            break
        value = value if seen is None else seen
    return value


def _below(page: Page, at: int, label: Cell, hint: str, judge: Judge[T]) -> T | None:
    for upper, row in pairwise(page[at : at + 5]):
        if row[0].top - upper[0].top > 4.5 * label.height + 4:
            return None
        for cell in row:
            if cell.left < label.right and cell.right > label.left - 2:
                hinted = cell.text if values.currency(cell.text) else cell.text + hint
                return judge(hinted)
    return None


def is_label(text: str) -> bool:
    """Whether the cell opens with a label of another field."""
    folded = values.fold(text)
    return bool(labels.OTHER.match(folded) or _gate(_STOPS).match(folded))


@cache
def _gate(table: tuple[Label, ...]) -> re.Pattern[str]:
    """One pattern for a whole table: most cells are no label and are passed by quickly."""
    return re.compile("|".join(label.pattern.pattern for label in table))


def settled(hits: Sequence[Hit[T]]) -> T | None:
    """The only value at the surest labels; None when they disagree."""
    best = min((hit.rank for hit in hits), default=0)
    distinct = {hit.value for hit in hits if hit.rank == best}
    return distinct.pop() if len(distinct) == 1 else None


def cells(pages: Sequence[Page]) -> Iterator[Cell]:
    """Every cell in reading order."""
    return (cell for page in pages for row in page for cell in row)
