"""Learned layouts: from one reviewed document to the places of its fields, and to the next one.

Invariant: a value read so stands on the page in the learned place and form, and is the only one
that does; totals that do not add up are not given. A page that lost its marks is not known.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from well.documents.reading.breakdown import is_total
from well.documents.reading.candidates import Candidate, reading
from well.documents.reading.dates import puts_month_first
from well.documents.reading.layout import Layout
from well.documents.reading.pages import Cell, Page
from well.documents.reading.recognise import Match, amounts, dates, ibans, vat_ids
from well.documents.reading.words import fold, tokens
from well.domain.invoice import FieldReading
from well.domain.learned_layout import LearnedField, LearnedLayout, Relation

_CONFIDENCE = 0.98
_FAMILIAR = 0.5
_MARKS = 60
_ANCHOR_WORDS = 3
_ROWS_ABOVE = 3
_NEAR = 0.012
_TOKEN = re.compile(r"[A-Za-z0-9][\w./\\-]{0,38}", re.ASCII)
_PERCENT = re.compile(r"\(?\d+(?:[.,]\d+)?\s?%\)?")
_FIRST = re.compile(r"(\d\d?)\s?[/.-]\s?\d\d?\s?[/.-]")
_TOTALS = ("net_total", "tax_total", "gross_total")
_DATED = ("issue_date", "due_date")
_FOUND_AGAIN = ("number", *_DATED, *_TOTALS, "seller.iban")


@dataclass(frozen=True, slots=True)
class _Spot:
    """A printed value and where it stands."""

    match: Match
    cell: Cell
    page: Page

    @property
    def edges(self) -> tuple[float, float, float]:
        x0, y0, x1, _ = self.cell.span(self.match.start, self.match.end)
        return x0 / self.page.width, x1 / self.page.width, y0 / self.page.height

    @property
    def shape(self) -> str:
        return _shape(self.cell.text[self.match.start : self.match.end])


def learn(pages: Sequence[Page], confirmed: Mapping[str, str]) -> LearnedLayout | None:
    """The layout of a reviewed document; None when no supplier or no field can be found again.

    `confirmed` holds canonical values by field name (see `FieldReading`).
    """
    month_first = _puts_month_first(pages, confirmed)
    fields = [
        found
        for field in _FOUND_AGAIN
        if field in confirmed
        and (found := _learn_field(pages, field, confirmed, bool(month_first)))
    ]
    keys = [confirmed.get(key) for key in ("seller.vat_id", "seller.iban", "seller.name")]
    if not fields or not any(keys):
        return None
    vat_id, iban, name = keys
    return LearnedLayout(
        vat_id, iban, name, confirmed.get("currency"), month_first, _marks(pages), tuple(fields)
    )


def recall(layout: Layout, known: Sequence[LearnedLayout]) -> dict[str, FieldReading]:
    """Readings by the layouts of this page's supplier that are most like it; {} when none is."""
    marks = frozenset(_marks(layout.pages))
    text = "\n".join(cell.text for cell in layout.cells())
    alike = [
        (likeness, one)
        for one in known
        if (likeness := _likeness(one, marks)) >= _FAMILIAR and _is_of(one, text)
    ]
    if not alike:
        return {}
    return _apply(layout, max(alike, key=lambda found: found[0])[1])


def _apply(layout: Layout, known: LearnedLayout) -> dict[str, FieldReading]:
    month_first = known.month_first
    if month_first is None:
        month_first = puts_month_first(layout)
    found: dict[str, FieldReading] = {}
    for learned in known.fields:
        spot = _find_again(layout.pages, learned, month_first)
        if spot:
            one = Candidate(spot.match.value, 1.0, spot.cell, spot.match.start, spot.match.end)
            found[learned.field] = reading(learned.field, one, layout, _CONFIDENCE)
    for field, value in (("seller.name", known.name), ("seller.vat_id", known.vat_id)):
        place = _printed(layout, value) if value else None
        if value and place:
            found[field] = reading(field, place, layout, _CONFIDENCE, value)
    return found


def settle(
    found: dict[str, FieldReading], recalled: dict[str, FieldReading]
) -> dict[str, FieldReading]:
    """The recalled readings over those found without them; net and tax only where they add up."""
    both = found | recalled
    if _adds_up(both) or not any(name in recalled for name in _TOTALS):
        return both
    totals = _TOTALS if _adds_up(found) else ("net_total", "tax_total")
    kept = {name: one for name, one in both.items() if name not in totals}
    return kept | {name: found[name] for name in totals if name in found}


def _adds_up(found: Mapping[str, FieldReading]) -> bool:
    if any(name not in found for name in _TOTALS):
        return False
    net, tax, gross = (Decimal(found[name].value) for name in _TOTALS)
    return net + tax == gross


def _find_again(
    pages: Sequence[Page], learned: LearnedField, month_first: bool | None
) -> _Spot | None:
    spots = [spot for spot in _spots(pages, learned.field, month_first) if _fits(spot, learned)]
    if len({spot.match.value for spot in spots}) > 1:
        spots = [spot for spot in spots if _aligned(spot, learned)]
    if len({spot.match.value for spot in spots}) > 1:
        spots = [spot for spot in spots if abs(spot.edges[2] - learned.top) <= _NEAR]
    return spots[-1] if spots and len({spot.match.value for spot in spots}) == 1 else None


def _fits(spot: _Spot, learned: LearnedField) -> bool:
    if learned.field == "number" and not _same_form(spot.shape, learned.shape):
        return False
    if learned.relation == "place":
        return _aligned(spot, learned) and abs(spot.edges[2] - learned.top) <= _NEAR
    return (learned.relation, learned.anchor) in _anchors(spot)


def _aligned(spot: _Spot, learned: LearnedField) -> bool:
    left, right, _ = spot.edges
    return abs(left - learned.left) <= _NEAR or abs(right - learned.right) <= _NEAR


def _learn_field(
    pages: Sequence[Page], field: str, confirmed: Mapping[str, str], month_first: bool
) -> LearnedField | None:
    """The first relation of the value that no other value of its form shares."""
    value = confirmed[field]
    everything = list(_spots(pages, field, month_first))
    told = [spot for spot in everything if _equal(field, spot.match.value, value)]
    options = [(relation, spot) for spot in told for relation in _anchors(spot)]
    # The totals move with the number of lines, so their place alone says nothing.
    placed: list[tuple[tuple[Relation, str], _Spot]] = [
        (("place", ""), spot) for spot in told if field not in _TOTALS
    ]
    for (relation, anchor), spot in options + placed:
        left, right, top = spot.edges
        learned = LearnedField(field, relation, anchor, left, right, top, spot.shape)
        again = _find_again(pages, learned, month_first)
        if again and _equal(field, again.match.value, value):
            return learned
    return None


def _anchors(spot: _Spot) -> list[tuple[Relation, str]]:
    """Fixed texts that say where a value stands, the closest first."""
    found: list[tuple[Relation, str]] = []
    behind = _last_words(spot.cell.text[: spot.match.start])
    if behind:
        found.append(("behind", behind))
    row = spot.page.rows[spot.cell.row]
    before = [cell for cell in row if cell.x1 <= spot.cell.x0]
    if before and not behind and _is_fixed(before[-1].text):
        found.append(("right", _words(before[-1].text)))
    above = _above(spot)
    if above and not behind:
        found.append(("below", above))
    return found


def _above(spot: _Spot) -> str | None:
    x0, _, x1, _ = spot.cell.span(spot.match.start, spot.match.end)
    rows = spot.page.rows[max(spot.cell.row - _ROWS_ABOVE, 0) : spot.cell.row]
    for row in reversed(rows):
        over = [cell for cell in row if min(cell.x1, x1) - max(cell.x0, x0) > 0]
        if over:
            return _words(over[0].text) if _is_fixed(over[0].text) else None
    return None


def _is_fixed(text: str) -> bool:
    """Whether a text has letters and no digits but a rate's, as labels have."""
    text = _PERCENT.sub("", text)
    return any(map(str.isalpha, text)) and not any(map(str.isdigit, text))


def _words(text: str) -> str:
    return " ".join(word for word, _, _ in tokens(_PERCENT.sub("", text)))


def _last_words(text: str) -> str:
    """The last words of a text that hold no digit."""
    words = [word for word, _, _ in tokens(text)]
    runs = [list(run) for fixed, run in groupby(words, key=str.isalpha) if fixed]
    ends = bool(words) and words[-1].isalpha()
    return " ".join(runs[-1][-_ANCHOR_WORDS:]) if runs and ends else ""


def _spots(pages: Sequence[Page], field: str, month_first: bool | None) -> Iterator[_Spot]:
    find = _finder(field, month_first)
    for page in pages:
        for row in page.rows:
            for cell in row:
                for match in find(cell.text):
                    yield _Spot(match, cell, page)


def _finder(field: str, month_first: bool | None) -> Callable[[str], Iterator[Match]]:
    if field in _DATED:
        return lambda text: iter(dates(text, bool(month_first)))
    if field in _TOTALS:
        return lambda text: (one for one in amounts(text) if is_total(one))
    if field == "seller.iban":
        return lambda text: (one for one in ibans(text) if one.sure)
    return _numbers


def _numbers(text: str) -> Iterator[Match]:
    for found in _TOKEN.finditer(text):
        token = found[0].rstrip("./-\\")
        if any(map(str.isdigit, token)):
            yield Match(token, found.start(), found.start() + len(token))


def _equal(field: str, one: str, other: str) -> bool:
    if field in _TOTALS:
        return Decimal(one) == Decimal(other)
    return one == other


def _shape(raw: str) -> str:
    return "".join("9" if c.isdigit() else "A" if c.isalpha() else c for c in raw)


def _same_form(one: str, other: str) -> bool:
    """Whether two shapes are the same but for how many digits or letters stand together."""
    return re.sub(r"(.)\1+", r"\1", one) == re.sub(r"(.)\1+", r"\1", other)


def _puts_month_first(pages: Sequence[Page], confirmed: Mapping[str, str]) -> bool | None:
    """Whether the confirmed dates are printed month first; None when they do not tell."""
    wanted = {confirmed[name] for name in _DATED if name in confirmed}
    for order in (True, False):
        for spot in _spots(pages, "issue_date", order):
            day = date.fromisoformat(spot.match.value)
            first = _FIRST.match(spot.cell.text[spot.match.start :])
            if spot.match.value in wanted and first and day.month != day.day:
                return int(first[1]) == day.month
    return None


def _marks(pages: Sequence[Page]) -> tuple[str, ...]:
    """Fixed short texts of the first page with their column in sixteenths of its width."""
    found: dict[str, None] = {}
    for page in pages[:1]:
        for row in page.rows:
            for cell in row:
                fixed = cell.text.rpartition(":")[0] or cell.text
                if _is_fixed(fixed) and len(fixed) <= 30:
                    found[f"{_words(fixed)}@{int(16 * cell.x0 / page.width)}"] = None
    return tuple(list(found)[:_MARKS])


def _likeness(known: LearnedLayout, marks: frozenset[str]) -> float:
    """Share of the learned marks that a page carries."""
    return len(marks.intersection(known.marks)) / max(len(known.marks), 1)


def _is_of(known: LearnedLayout, text: str) -> bool:
    """Whether a page names the supplier: by VAT id or account, by name when it has neither."""
    ids = {
        one.value for line in text.splitlines() for find in (vat_ids, ibans) for one in find(line)
    }
    if known.vat_id or known.iban:
        return known.vat_id in ids or known.iban in ids
    return bool(known.name) and fold(known.name or "") in fold(text)


def _printed(layout: Layout, value: str) -> Candidate | None:
    """Where a name or a VAT id stands on the page."""
    wanted = fold(value)
    for cell in layout.cells():
        at = fold(cell.text).find(wanted)
        if at >= 0:
            return Candidate(value, 1.0, cell, at, at + len(value))
        for one in vat_ids(cell.text):
            if one.value == value:
                return Candidate(value, 1.0, cell, one.start, one.end)
    return None
