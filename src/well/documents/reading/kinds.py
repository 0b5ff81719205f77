"""Whether a text is some other document (a quote, a reminder, a contract), by its heading.

Invariant: a page that calls itself an invoice in letters as large is one. It reads no values.
"""

import tomllib
from functools import cache
from pathlib import Path
from statistics import median

from well.documents.reading.layout import Layout, Spot
from well.documents.reading.pages import Cell
from well.documents.reading.phrases import concepts_of
from well.documents.reading.words import tokens

_LARGER = 1.12
_LONGEST = 6


def other_kind(layout: Layout) -> str | None:
    """quote, order, delivery, dunning, statement or contract; None for what may be an invoice."""
    headings = [(cell, kind) for cell in _first_page(layout) if (kind := _heading(cell))]
    if not headings:
        return None
    usual = median(_height(cell) for cell in layout.cells())
    cell, kind = max(headings, key=lambda found: (_height(found[0]), -found[0].row))
    invoice = max((_height(spot.cell) for spot in _invoice_labels(layout)), default=0.0)
    if _height(cell) >= _LARGER * max(usual, invoice):
        return kind
    return kind if not invoice and cell.text.split()[0].isupper() else None


def _first_page(layout: Layout) -> list[Cell]:
    return [cell for cell in layout.cells() if cell.page == 0]


def _height(cell: Cell) -> float:
    return max(word.height for word in cell.words)


def _invoice_labels(layout: Layout) -> list[Spot]:
    """Labels on the first page, at the start of their cells, that say invoice."""
    return [
        spot
        for spot in layout.of("number", "issue_date", "due_date", "gross_total")
        if spot.label.start <= 3 and spot.cell.page == 0 and _says_invoice(spot)
    ]


def _says_invoice(spot: Spot) -> bool:
    words = tokens(spot.cell.text[spot.label.start : spot.label.end])
    return any("invoice" in concepts_of(x) or x.endswith("rechnung") for x, _, _ in words)


def _heading(cell: Cell) -> str | None:
    """The kind that a cell names when it holds little else than the name and a number."""
    if cell.text.endswith(":"):
        return None
    words = [word for word, _, _ in tokens(cell.text)]
    for length in range(min(_LONGEST, len(words)), 0, -1):
        kind = _kinds().get(" ".join(words[:length]))
        if kind:
            return kind if all(map(_is_reference, words[length:])) else None
    return None


def _is_reference(word: str) -> bool:
    return any(char.isdigit() for char in word) or bool(concepts_of(word) & {"number", "fill"})


@cache
def _kinds() -> dict[str, str]:
    table = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text("utf-8"))
    return {name.strip(): kind for kind, names in table.items() for name in names.split(";")}
