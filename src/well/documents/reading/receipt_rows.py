"""Rows of a receipt: the words before an amount, and what those words say about it.

Invariant: pure; a row is told by its words in six languages and Malay, spaces between them may be
lost. It chooses nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from well.documents.reading.pages import Cell, Page
from well.documents.reading.receipt_words import says
from well.documents.reading.words import fold

_AMOUNT = re.compile(
    r"(?<![\d.,/:-])(?P<minus>-\s?)?(?P<whole>\d{1,3}(?:[ ,.']\d{3})+|\d{1,7})"
    r"\s?[.,]\s?(?P<cents>\d\d)(?![\d/%:]|[.,]\d|\s?%)"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row: its folded words, its last amount and where that stands.

    `total` is 2 where the words name the final total, 1 a total, 0 none; `counted` where they also
    speak of a number of goods.
    """

    words: str
    amount: Decimal | None
    cell: Cell | None
    start: int = 0
    end: int = 0
    total: int = 0
    cash: bool = False
    change: bool = False
    counted: bool = False


def rows_of_receipt(page: Page) -> list[Row]:
    """The rows above the tax summary in full, those of it without a meaning."""
    rows: list[Row] = []
    summary = False
    waiting = ""
    for cells in page.rows:
        words = fold(" ".join(cell.text for cell in cells))
        summary = summary or (says("row", "summary", words) and not says("row", "total", words))
        found = _last_amount(cells)
        # A label alone in its row waits for the amount of the next.
        label = words if not found or _has_words(words) else f"{waiting} {words}"
        waiting = "" if found else words
        rows.append(_row(label, found, summary))
    return rows


def amounts_of(page: Page) -> Iterator[Decimal]:
    """Every amount with two decimals on the page."""
    for cells in page.rows:
        for cell in cells:
            for found in _AMOUNT.finditer(cell.text):
                yield _value(found)


def _row(words: str, found: "tuple[Cell, re.Match[str]] | None", summary: bool) -> Row:
    if found is None:
        return Row(words, None, None)
    cell, match = found
    total = 0
    if not summary and not says("row", "other", words):
        total = 2 if says("row", "final", words) else int(says("row", "total", words))
    change = says("row", "returned", words)
    cash = not change and not total and says("row", "given", words)
    counted = says("row", "counted", words)
    value, start, end = _value(match), match.start(), match.end()
    return Row(words, value, cell, start, end, total, cash, change, counted)


def _last_amount(cells: Sequence[Cell]) -> "tuple[Cell, re.Match[str]] | None":
    for cell in reversed(cells):
        found = list(_AMOUNT.finditer(cell.text))
        if found:
            return cell, found[-1]
    return None


def _value(found: re.Match[str]) -> Decimal:
    whole = re.sub(r"\D", "", found["whole"])
    return Decimal(f"{'-' if found['minus'] else ''}{whole}.{found['cents']}")


def _has_words(words: str) -> bool:
    return sum(char.isalpha() for char in words) >= 3
