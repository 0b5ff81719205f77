"""One joint choice of net, tax and gross total among the amounts near their labels.

Invariant: every chosen amount stands on the page; where the three are there they add up, or one
of them is left out. Only net and tax may be sums: of the printed parts by rate, when the gross
total confirms them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product

from well.documents.reading.breakdown import Part, Place, included, is_total, parts, triple
from well.documents.reading.candidates import Candidate, labelled, reading
from well.documents.reading.layout import Layout
from well.documents.reading.recognise import Amount, amounts
from well.domain.invoice import FieldReading

_KEPT = 7
_CENT = Decimal("0.01")
_HIGHEST_RATE = Decimal("0.30")
_ADDS_UP = 4.0
_CONFIRMED = 2.5
_FIELDS = ("net_total", "tax_total", "gross_total")


@dataclass(frozen=True, slots=True)
class _Choice:
    net: Candidate | None
    tax: Candidate | None
    gross: Candidate | None

    @property
    def amounts(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """Net, tax, gross as numbers."""
        net, tax, gross = (
            Decimal(found.value) if found else None for found in (self.net, self.tax, self.gross)
        )
        return net, tax, gross


def read_totals(layout: Layout) -> dict[str, FieldReading]:
    """Readings of the three totals and of what remains to be paid."""
    options = [_top(layout, field) for field in _FIELDS]
    by_rate = parts(layout)
    whole = sum((part.base.amount + part.tax.amount for part in by_rate), Decimal(0))
    if by_rate and whole not in {Decimal(one.value) for one in options[2] if one}:
        options[2].append(_printed(layout, whole))
    inside = {one.value: included(layout, Decimal(one.value)) for one in options[2] if one}
    likely = {value for value in inside if inside[value] or Decimal(value) == whole}
    choice = _complete(_choose(options, likely), layout)
    if _adds_up(choice) is None and not _untaxed(choice):
        choice = _by_arithmetic(choice, layout)
    checked = _adds_up(choice) is True
    chosen = zip(_FIELDS, (choice.net, choice.tax, choice.gross), strict=True)
    found = {
        field: reading(field, one, layout, _confidence(one, checked))
        for field, one in chosen
        if one
    }
    if "gross_total" not in found:
        return {}
    if "net_total" not in found or "tax_total" not in found:
        found |= _from_parts(choice, by_rate, layout)
    if choice.net is None and choice.gross and inside.get(choice.gross.value):
        found |= {"tax_total": _sum("tax_total", inside[choice.gross.value], layout)}
    if "tax_total" not in found:
        found |= _summed_tax(choice, options[1], layout)
    rest = max(_found(layout, "due_payable"), key=lambda one: one.score, default=None)
    if rest:
        found["due_payable"] = reading("due_payable", rest, layout, 0.7)
    return found


def money(text: str) -> list[Amount]:
    """Amounts that can be totals: two decimals, or a currency beside them."""
    return [one for one in amounts(text) if is_total(one)]


def _found(layout: Layout, field: str) -> list[Candidate]:
    return list(labelled(layout, layout.of(field), money, last=True))


def _top(layout: Layout, field: str) -> list[Candidate | None]:
    by_value: dict[str, Candidate] = {}
    for one in _found(layout, field):
        known = by_value.get(one.value)
        # Totals stand at the end: of two equal ones the later has the better place.
        if known is None or one.score >= known.score:
            by_value[one.value] = one
    best = sorted(by_value.values(), key=lambda one: -one.score)[:_KEPT]
    return [None, *best]


def _choose(options: list[list[Candidate | None]], likely: set[str]) -> _Choice:
    """The best of all combinations; `likely` gross totals are those that printed taxes confirm."""

    def worth(choice: _Choice) -> float:
        confirmed = choice.gross is not None and choice.gross.value in likely
        return _worth(choice) + _CONFIRMED * confirmed

    return max((_Choice(*combination) for combination in product(*options)), key=worth)


def _worth(choice: _Choice) -> float:
    found = [one for one in (choice.net, choice.tax, choice.gross) if one]
    worth = sum(one.score for one in found)
    # The same printed amount cannot be two totals at once.
    if len({(id(one.cell), one.start) for one in found}) < len(found):
        return -1.0
    net, tax, gross = choice.amounts
    adds_up = _adds_up(choice)
    if adds_up is not None:
        worth += _ADDS_UP if adds_up else -2 * _ADDS_UP
    if gross is not None:
        worth += 0.5 + min(abs(int(gross)), 1000) / 100_000
    if net is not None and gross is not None:
        worth += 1.0
        if not _plausible(gross - net, net):
            worth -= _ADDS_UP
    if tax is not None and gross is not None and not _plausible(tax, gross):
        worth -= _ADDS_UP
    return worth


def _adds_up(choice: _Choice) -> bool | None:
    net, tax, gross = choice.amounts
    if net is None or tax is None or gross is None:
        return None
    return abs(net + tax - gross) <= _CENT


def _plausible(tax: Decimal, base: Decimal) -> bool:
    """Whether a tax has the sign of its base and no more than the highest rate."""
    return tax == 0 or (tax * base > 0 and abs(tax) <= abs(base) * _HIGHEST_RATE)


def _complete(choice: _Choice, layout: Layout) -> _Choice:
    """Fills the one missing total with an amount printed on the page that makes the sum right."""
    net, tax, gross = choice.amounts
    if gross is None:
        return choice
    if net is not None and tax is None and gross != net:
        return _Choice(choice.net, _printed(layout, gross - net), choice.gross)
    if tax is not None and net is None and tax != 0:
        return _Choice(_printed(layout, gross - tax), choice.tax, choice.gross)
    return choice


def _untaxed(choice: _Choice) -> bool:
    net, tax, gross = choice.amounts
    return net is not None and net == gross and not tax


def _by_arithmetic(choice: _Choice, layout: Layout) -> _Choice:
    """The unlabelled amounts that are net, tax and gross by a usual rate, unless labels object."""
    found = triple(layout)
    if found is None:
        return choice
    net, tax, gross = (_at(place) for place in found)
    known = choice.amounts[2]
    if known is not None and abs(known) != abs(Decimal(gross.value)):
        return choice
    return _Choice(net, tax, gross if choice.gross is None else choice.gross)


def _at(place: Place) -> Candidate:
    return Candidate(f"{place.amount:f}", 1.0, place.cell, place.start, place.end, near=False)


def _from_parts(choice: _Choice, by_rate: list[Part], layout: Layout) -> dict[str, FieldReading]:
    """Net and tax as sums of the printed parts by rate, when they make the gross total."""
    gross = choice.amounts[2]
    net = sum((part.base.amount for part in by_rate), Decimal(0))
    tax = sum((part.tax.amount for part in by_rate), Decimal(0))
    if gross is None or not by_rate or abs(net + tax - gross) > _CENT:
        return {}
    return {
        "net_total": _sum("net_total", [part.base for part in by_rate], layout),
        "tax_total": _sum("tax_total", [part.tax for part in by_rate], layout),
    }


def _sum(field: str, places: list[Place], layout: Layout) -> FieldReading:
    """The reading of a sum of printed amounts, at the place of the last."""
    amount = sum((place.amount for place in places), Decimal(0))
    whole = reading(field, _at(places[-1]), layout, 0.9, f"{amount:f}")
    raw = " + ".join(place.cell.text[place.start : place.end] for place in places)
    return replace(whole, raw=raw)


def _summed_tax(
    choice: _Choice, taxes: list[Candidate | None], layout: Layout
) -> dict[str, FieldReading]:
    """The taxes by rate as one, when two or three of them close the gap between net and gross."""
    net, _, gross = choice.amounts
    if net is None or gross is None:
        return {}
    parts = [one for one in taxes if one and Decimal(one.value)]
    for several in (*combinations(parts, 2), *combinations(parts, 3)):
        if sum(Decimal(one.value) for one in several) == gross - net:
            value = f"{gross - net:f}"
            whole = reading("tax_total", several[-1], layout, 0.9, value)
            return {"tax_total": replace(whole, raw=" + ".join(one.raw for one in several))}
    return {}


def _printed(layout: Layout, amount: Decimal) -> Candidate | None:
    for cell in reversed(list(layout.cells())):
        for one in _exact(money(cell.text), amount):
            return Candidate(one.value, 1.0, cell, one.start, one.end, near=False)
    return None


def _exact(found: Iterable[Amount], amount: Decimal) -> list[Amount]:
    return [one for one in found if one.amount == amount]


def _confidence(found: Candidate, checked: bool) -> float:
    if checked:
        return 0.97 if found.score >= 2 else 0.9
    return 0.85 if found.score >= 2.8 else 0.6
