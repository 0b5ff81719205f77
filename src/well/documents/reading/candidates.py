"""Candidates for one field: what a recogniser finds near the field's labels.

Invariant: a candidate keeps its place and raw text; scores only order candidates of one field.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from well.documents.reading.layout import Layout, Region, Spot
from well.documents.reading.pages import Cell
from well.documents.reading.recognise import Match
from well.domain.invoice import FieldReading, Origin


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value at text[start:end] of a cell. `score` is about 1 (weak label) to 4."""

    value: str
    score: float
    cell: Cell
    start: int
    end: int
    sure: bool = True
    near: bool = True

    @property
    def raw(self) -> str:
        """The text as printed."""
        return self.cell.text[self.start : self.end]


def candidate(match: Match, region: Region, score: float) -> Candidate:
    """A match found in a region."""
    start, end = region.start + match.start, region.start + match.end
    return Candidate(match.value, score, region.cell, start, end, match.sure, region.same_row)


def labelled(
    layout: Layout,
    spots: Iterable[Spot],
    find: Callable[[str], Iterable[Match]],
    last: bool = False,
) -> Iterator[Candidate]:
    """The nearest value of each label; `last` takes the last one of a row (amount columns)."""
    for spot in spots:
        rows: list[Candidate] = []
        for region in layout.regions(spot):
            if rows and not region.same_row:
                break
            matches = list(find(region.text))
            score = _score(spot, region)
            rows += [candidate(match, region, score) for match in matches]
            if rows and not last:
                break
        if rows:
            yield rows[-1] if last else rows[0]


def _score(spot: Spot, region: Region) -> float:
    return spot.label.strength * region.nearness + 0.1 * min(spot.label.words, 4)


def best(candidates: Iterable[Candidate]) -> Candidate | None:
    """The candidate with the highest score; equal values support each other."""
    by_value: dict[str, Candidate] = {}
    for found in candidates:
        known = by_value.get(found.value)
        if known is None:
            by_value[found.value] = found
            continue
        first = known if known.score >= found.score else found
        by_value[found.value] = replace(first, score=first.score + 0.2)
    return max(by_value.values(), key=lambda found: found.score, default=None)


def reading(
    field: str, found: Candidate, layout: Layout, confidence: float, value: str | None = None
) -> FieldReading:
    """The reading of a chosen candidate."""
    return FieldReading(
        field=field,
        value=found.value if value is None else value,
        origin=Origin.TEXT,
        confidence=round(confidence, 3),
        page=found.cell.page,
        box=layout.share(found.cell, found.start, found.end),
        raw=found.raw[:500],
    )
