"""Line items from the text of the pages: a column of amounts above the totals that adds up.

Invariant: lines are given only when they make a printed total to the cent; sums carried over and
totals are no lines. It never changes a total.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from well.documents.reading.breakdown import rates
from well.documents.reading.layout import Layout
from well.documents.reading.limits import LINES_KEPT
from well.documents.reading.pages import Cell
from well.documents.reading.phrases import concepts_of
from well.documents.reading.recognise import amounts
from well.documents.reading.words import tokens
from well.domain.invoice import FieldReading, InvoiceLine

_ALIGNED = 2.5
_TOTALS = ("net_total", "tax_total", "gross_total", "due_payable")
_WRAPPED = 3
_GAP = 1.0
_CENT = Decimal("0.02")
_COLUMNS_TRIED = 4


@dataclass(slots=True)
class _Row:
    """A row with an amount in the column; `texts` are its description and what is wrapped."""

    cells: Sequence[Cell]
    net: Decimal
    texts: list[str] = field(default_factory=list)


def read_lines(layout: Layout, found: dict[str, FieldReading]) -> tuple[InvoiceLine, ...]:
    """The lines when a column of amounts adds up to the net, gross or any printed subtotal."""
    totals = {name: Decimal(found[name].value) for name in _TOTALS if name in found}
    targets = [abs(totals[name]) for name in ("net_total", "gross_total") if name in totals]
    if "gross_total" in totals and "tax_total" in totals:
        targets.append(abs(totals["gross_total"] - totals["tax_total"]))
    if not targets:
        return ()
    rows = list(_above_totals(layout, targets))
    less = _reductions(layout)
    turned = totals.get("gross_total", Decimal(0)) < 0
    for edge in _edges(rows):
        lines = _column(layout, rows, edge)
        total = sum((line.net for line in lines), Decimal(0))
        if lines and any(abs(total) == one or abs(total) - one in less for one in targets):
            # A credit note may turn the sign of its totals only.
            sign = -1 if turned and total > 0 else 1
            return tuple(_line(line, sign) for line in lines[:LINES_KEPT])
    return ()


def _reductions(layout: Layout) -> set[Decimal]:
    """Printed discounts: what lines may exceed the net total by."""
    return {
        abs(one.amount)
        for row in _all_rows(layout)
        for one in _money(row)
        if one.amount and (one.amount < 0 or "discount" in _concepts(row))
    }


def _all_rows(layout: Layout) -> Iterator[list[Cell]]:
    return (row for page in layout.pages for row in page.rows)


def _above_totals(layout: Layout, targets: Sequence[Decimal]) -> Iterator[list[Cell]]:
    """Rows of all pages down to the first that has a total's label and a total's amount."""
    for row in _all_rows(layout):
        named = {label.field for cell in row for label in layout.labels[id(cell)]} & set(_TOTALS)
        total = any(abs(one.amount) in targets for one in _money(row))
        if named and total and not _is_line(row):
            return
        yield row


def _is_line(row: Sequence[Cell]) -> bool:
    """Whether a row has a quantity and a price that make its amount."""
    return _product(row, *[one.amount for one in _money(row)][-1:]) is not None


def _money(row: Sequence[Cell]) -> Iterator["_Money"]:
    for cell in row:
        for one in amounts(cell.text):
            if one.cents == 2:
                yield _Money(one.amount, cell.span(one.start, one.end)[2], cell, one.start)


@dataclass(frozen=True, slots=True)
class _Money:
    amount: Decimal
    edge: float
    cell: Cell
    start: int


def _edges(rows: Sequence[Sequence[Cell]]) -> list[float]:
    """Right edges of columns of amounts, the rightmost first."""
    found: list[float] = []
    for edge in sorted((one.edge for row in rows for one in _money(row)), reverse=True):
        if not found or found[-1] - edge > _ALIGNED:
            found.append(edge)
    return found[:_COLUMNS_TRIED]


def _column(layout: Layout, rows: Sequence[Sequence[Cell]], edge: float) -> list[_Row]:
    """Lines of one column, their wrapped descriptions joined."""
    lines: list[_Row] = []
    last: Sequence[Cell] = ()
    for row in rows:
        inside = [one for one in _money(row) if edge - _ALIGNED <= one.edge <= edge + _ALIGNED]
        if inside and not _is_carried(row) and (_is_line(row) or not _is_total(layout, row)):
            lines.append(_Row(row, inside[-1].amount, [_description(row)]))
            last = row
        elif lines and not inside and _goes_on(last, row) and len(lines[-1].texts) < _WRAPPED:
            lines[-1].texts.append(row[0].text)
            last = row
        else:
            last = ()
    return [line for line in lines if line.texts[0] or _product(line.cells, line.net)]


def _goes_on(last: Sequence[Cell], row: Sequence[Cell]) -> bool:
    """Whether a row holds nothing but more of the description above it."""
    if not last or len(row) != 1 or row[0].page != last[0].page:
        return False
    above = max(last, key=_letters)
    near = row[0].y0 - above.y1 < _GAP * (above.y1 - above.y0)
    return near and abs(row[0].x0 - above.x0) <= _ALIGNED


def _is_carried(row: Sequence[Cell]) -> bool:
    """Whether a row is a sum carried over, or a discount or a total rather than a line."""
    text = [word for cell in row for word, _, _ in tokens(cell.text) if not word.isdigit()]
    known = [concepts_of(word) for word in text]
    words = _concepts(row)
    if all(known) and words & {"carry", "total", "amount", "net", "tax", "paid"}:
        return True
    if "discount" in words and not _is_line(row):
        return True
    return bool(text) and "carry" in concepts_of(text[0])


def _is_total(layout: Layout, row: Sequence[Cell]) -> bool:
    """Whether a cell of a row begins with the label of a total or a tax."""
    found = (label for cell in row for label in layout.labels[id(cell)])
    return any(label.field in _TOTALS and label.start <= 3 for label in found)


def _concepts(row: Sequence[Cell]) -> set[str]:
    return {
        concept for cell in row for word, _, _ in tokens(cell.text) for concept in concepts_of(word)
    }


def _letters(cell: Cell) -> int:
    return sum(char.isalpha() for char in cell.text)


def _description(row: Sequence[Cell]) -> str:
    cell = max(row, key=_letters)
    if _letters(cell) < 2:
        return ""
    ends = [one.start for one in amounts(cell.text) if one.cents == 2]
    return cell.text[: min(ends, default=len(cell.text))].strip(" .:-")


def _line(row: _Row, sign: int) -> InvoiceLine:
    made = _product(row.cells, row.net)
    percent = [rate for cell in row.cells for rate in rates(cell.text)]
    return InvoiceLine(
        description=" ".join(row.texts),
        net_amount=row.net * sign,
        quantity=made[0] if made else None,
        unit_price=made[1] if made else None,
        tax_rate=percent[-1] if percent else None,
    )


def _product(row: Sequence[Cell], net: Decimal | None = None) -> tuple[Decimal, Decimal] | None:
    """Quantity and unit price: two neighbouring numbers of a row that make its amount."""
    if not net:
        return None
    numbers = [one for cell in row for one in amounts(cell.text)]
    for one, other in pairwise(numbers):
        fits = abs(one.amount * other.amount - net) <= _CENT
        if one.amount and other.amount and fits and len(numbers) > 2:
            # Of the two a price is printed with more decimals.
            swapped = one.cents > other.cents
            return (other.amount, one.amount) if swapped else (one.amount, other.amount)
    return None
