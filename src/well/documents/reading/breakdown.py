"""Tax by rate, found by arithmetic alone: a rate, its base and its tax printed in one row.

Invariant: a part is only what checks, base times rate being the tax to a cent or two; labels and
language play no part.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from well.documents.reading.layout import Layout
from well.documents.reading.pages import Cell
from well.documents.reading.recognise import Amount, amounts

_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s?%")
_CENTS = Decimal("0.02")
_HALF_CENT = Decimal("0.0051")
_MOST = 12
# Rates of value added or sales tax in use in Europe and nearby, in percent.
USUAL_RATES = tuple(
    Decimal(rate)
    for rate in (20, 19, 21, 22, 10, 7, "5.5", 9, 6, 5, 25, 23, 24, 12, 13, "13.5", 4, 8, "8.1", 18)
)


@dataclass(frozen=True, slots=True)
class Place:
    """An amount at text[start:end] of a cell."""

    amount: Decimal
    cell: Cell
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """Base and tax of one `rate` (percent)."""

    rate: Decimal
    base: Place
    tax: Place


def rates(text: str) -> list[Decimal]:
    """Percentages in a text."""
    return [Decimal(found.replace(",", ".")) for found in _RATE.findall(text)]


def parts(layout: Layout) -> list[Part]:
    """One part for each rate, the last that is printed."""
    found: dict[Decimal, Part] = {}
    for page in layout.pages:
        for row in page.rows:
            for rate in {rate for cell in row for rate in rates(cell.text) if rate}:
                for part in _of_row(row, rate):
                    found[rate] = part
    return list(found.values())


def _of_row(row: Sequence[Cell], rate: Decimal) -> Iterator[Part]:
    printed = list(places(row))[:_MOST]
    for base in printed:
        for tax in printed:
            if base is not tax and tax.amount and fits(base.amount, tax.amount, rate):
                yield Part(rate, base, tax)


def included(layout: Layout, gross: Decimal) -> list[Place]:
    """Taxes printed beside their rates that together are the tax inside `gross`; [] when none."""
    by_rate: dict[Decimal, Place] = {}
    for page in layout.pages:
        for row in page.rows:
            named = {rate for cell in row for rate in rates(cell.text) if rate}
            printed = list(places(row))
            if len(named) == 1 and len(printed) == 1:
                by_rate[named.pop()] = printed[0]
    several = [by_rate] if len(by_rate) > 1 else []
    for taxes in (*several, *({rate: place} for rate, place in by_rate.items())):
        whole = sum((t.amount * (100 + r) / r for r, t in taxes.items()), Decimal(0))
        rounding = sum((_HALF_CENT * (100 + rate) / rate for rate in taxes), Decimal(0))
        if whole and abs(whole - gross) <= rounding:
            return list(taxes.values())
    return []


def places(cells: Sequence[Cell]) -> Iterator[Place]:
    """Amounts with two decimals in some cells."""
    for cell in cells:
        for one in amounts(cell.text):
            if is_total(one):
                yield Place(one.amount, cell, one.start, one.end)


def is_total(one: Amount) -> bool:
    """Whether an amount is printed as totals are: two decimals, or a currency beside it."""
    return one.cents == 2 or (one.marked and one.cents == 0)


def fits(base: Decimal, tax: Decimal, rate: Decimal) -> bool:
    """Whether `tax` is `rate` percent of `base`."""
    return abs(base * rate / 100 - tax) <= _CENTS


def triple(layout: Layout) -> tuple[Place, Place, Place] | None:
    """Net, tax and gross without labels: the largest amount is a sum with a usual rate."""
    printed = [place for page in layout.pages for row in page.rows for place in places(row)][-60:]
    for gross in sorted({abs(place.amount) for place in printed}, reverse=True)[:3]:
        for net in reversed(printed):
            tax = gross - abs(net.amount)
            if 0 < tax < abs(net.amount) and _usual(abs(net.amount), tax):
                whole, rest = _last(printed, gross), _last(printed, tax)
                if whole and rest:
                    return net, rest, whole
    return None


def _usual(net: Decimal, tax: Decimal) -> bool:
    return net >= 2 and any(fits(net, tax, rate) for rate in USUAL_RATES)


def _last(printed: Sequence[Place], amount: Decimal) -> Place | None:
    return next((place for place in reversed(printed) if abs(place.amount) == amount), None)
