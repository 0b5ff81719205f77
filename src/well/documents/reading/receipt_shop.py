"""The shop's name at the top of a receipt.

Invariant: the name is one printed row above the middle of the receipt; slogans, headings,
addresses and numbers are none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from statistics import median

from well.documents.reading.pages import Cell, Page
from well.documents.reading.receipt_words import says
from well.documents.reading.words import fold

_ROWS = 9
_REGISTRATION = re.compile(
    r"\s*[(\[]?\s?(?:co\.?\s?(?:reg\.?)?\s?no\.?:?\s?)?\d{4,7}\s?-\s?[a-z]\)?.*$", re.I
)
_AMOUNT = re.compile(r"(?<![\d.,])\d{1,6}[.,]\d\d(?![\d.,])")
_LETTERS = 0.55


@dataclass(frozen=True, slots=True)
class Shop:
    """The name at text[start:end] of a cell."""

    text: str
    score: float
    cell: Cell
    start: int
    end: int
    confidence: float


def shop_name(page: Page) -> Shop | None:
    """The likeliest name, None when no row can be one."""
    heights = [cell.words[0].height for row in page.rows for cell in row]
    usual = median(heights) if heights else 1.0
    rows = list(takewhile(_has_no_amount, page.rows[: min(_ROWS, len(page.rows) // 2 + 1)]))
    found = [shop for at, row in enumerate(rows) if (shop := _shop(row, at, usual))]
    return max(found, key=lambda shop: shop.score, default=None)


def _has_no_amount(row: Sequence[Cell]) -> bool:
    """Goods begin with the first amount."""
    return not any(_AMOUNT.search(cell.text) for cell in row)


def _shop(row: Sequence[Cell], at: int, usual: float) -> Shop | None:
    cell = max(row, key=lambda one: len(one.text))
    named = _REGISTRATION.sub("", cell.text).strip(" .,:;*-_")
    start = cell.text.find(named) if named else 0
    text = fold(named)
    letters = sum(char.isalpha() for char in text)
    if letters < 4 or letters < _LETTERS * len(text.replace(" ", "")) or says("shop", "none", text):
        return None
    formed = says("shop", "form", text, whole_words=True)
    score = 2.0 - 0.3 * at + 2.0 * formed + min(cell.words[0].height / usual - 1.0, 1.5)
    score -= 2.5 * says("shop", "street", text) + 0.5 * named.islower()
    score += 1.0 * (named != cell.text.strip())
    confidence = 0.86 if formed and score >= 3.0 else 0.75
    return Shop(named, score, cell, start, start + len(named), confidence)
