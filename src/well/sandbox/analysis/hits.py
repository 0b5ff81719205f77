"""Finding a label's value: in the same cell, to its right, under it, or to its left.

Invariant: a value counts only when the judge of its field accepts the whole text; another label
between the two ends the search. Knows places, not fields.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from well.sandbox.analysis import labels, values
from well.sandbox.analysis.labels import Label, Table
from well.sandbox.analysis.pages import Cell, Page, Row

T = TypeVar("T")
Judge = Callable[[str], T | None]
_TRIM = " \t:;,/|·()[]–"
_FIELDS = (labels.ISSUE, labels.DUE, labels.GROSS, labels.NET, labels.TAX)
_STOPS = labels.table(
    *labels.NUMBER.labels[:-1],
    *(row for field in _FIELDS for row in field.labels),
)


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A value and how sure its label was (0 is surest)."""

    rank: int
    value: T


def find(pages: Sequence[Page], table: Table, judge: Judge[T]) -> list[Hit[T]]:
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


def after_label(text: str, table: Table) -> tuple[Label, str] | None:
    """The first label that opens `text` and what follows it; a second language may follow."""
    found: tuple[Label, str] | None = None
    for _ in range(3):
        folded = values.fold(text)
        if not table.gate.match(folded):
            break
        hit = next((label, m) for label in table.labels if (m := label.pattern.match(folded)))
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
        value = _below(page, at, row[place], label.box, hint, judge)
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


def _below(page: Page, at: int, label: Cell, box: bool, hint: str, judge: Judge[T]) -> T | None:
    """The nearest cell under the label; in a box of its own it may stand at the right edge."""
    last = box and page[at][-1] is label
    for row in page[at + 1 : at + 6]:
        for cell in row:
            under = cell.left < label.right and cell.right > label.left - 2
            if not under and not (last and cell.left >= label.right):
                continue
            if cell.top - label.top - label.height > 3 * max(label.height, cell.height):
                return None
            return judge(cell.text if values.currency(cell.text) else cell.text + hint)
    return None


def is_label(text: str) -> bool:
    """Whether the cell opens with a label of another field."""
    folded = values.fold(text)
    return bool(labels.OTHER.match(folded) or _STOPS.gate.match(folded))


def settled(hits: Sequence[Hit[T]]) -> T | None:
    """The only value at the surest labels; None when they disagree."""
    best = min((hit.rank for hit in hits), default=0)
    distinct = {hit.value for hit in hits if hit.rank == best}
    return distinct.pop() if len(distinct) == 1 else None


def cells(pages: Sequence[Page]) -> Iterator[Cell]:
    """Every cell in reading order."""
    return (cell for page in pages for row in page for cell in row)
