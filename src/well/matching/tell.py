"""Candidates with their rows of evidence, out of the arrays of a run.

Invariant: a candidate's rows add up to its bits exactly; of equal candidates the one with the
smaller id comes first, so the order of rows shows nowhere. It changes no figure.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from well.domain.candidate import Candidate, Evidence
from well.matching.columns import Raw
from well.matching.levels import FEATURES, LEVELS, MISSING
from well.matching.link import Links, Model, evidence
from well.matching.score import row
from well.matching.shown import shown
from well.matching.vocabulary import Ints, runs

PORTION = 2_000
"""Documents told at once."""


@dataclass(frozen=True, slots=True)
class Teller:
    """`source` and `target` give the record of a row as it came; `most` candidates a document are
    told, behind the first only those at least as likely as `least`."""

    links: Links
    model: Model
    source: Callable[[int], Raw]
    target: Callable[[int], Raw]
    most: int
    least: float = 0.0

    def all(self, rows: int) -> Iterator[list[Candidate]]:
        """The candidates of each of `rows` source rows, most likely first."""
        for first in range(0, rows, PORTION):
            yield from self.some(first, min(first + PORTION, rows))

    def some(self, first: int, end: int) -> Iterator[list[Candidate]]:
        """Those of the source rows from `first` to before `end`."""
        bounds = np.searchsorted(self.links.pairs.source, [first, end])
        at = slice(int(bounds[0]), int(bounds[1]))
        kept = self._kept(at)
        pairs = kept + at.start
        worth = evidence(self.links, at, self.model.tables)
        bits = {f: worth[f][kept].tolist() for f in FEATURES}
        levels = {f: self.links.levels[f][pairs].tolist() for f in FEATURES}
        places = self.links.pairs.target[pairs].tolist()
        totals = self.links.total[pairs].tolist()
        confidences = self.links.confidence[pairs].tolist()
        starts = np.searchsorted(self.links.pairs.source[pairs], np.arange(first, end + 1)).tolist()
        for n, (start, stop) in enumerate(pairwise(starts), first):
            ours = shown(self.source(n))
            found = []
            for k in range(start, stop):
                said = [(f, LEVELS[f][levels[f][k]], bits[f][k]) for f in FEATURES]
                record = self.target(places[k])
                rows = _rows(said, ours, shown(record))
                found.append(Candidate(record.id, record.id, totals[k], confidences[k], rows))
            yield sorted(found, key=lambda c: (-c.confidence, -c.bits, c.id))[: self.most]

    def _kept(self, at: slice) -> Ints:
        """Places inside `at` of the pairs that are told, documents in order, and of all that equal
        the last one told: only their ids can tell them apart."""
        doc = self.links.pairs.source[at]
        confidence, total = self.links.confidence[at], self.links.total[at]
        order = np.lexsort((-total, -confidence, doc))
        confidence, total = confidence[order], total[order]
        starts, sizes = runs(doc[order])
        place = np.arange(len(order)) - np.repeat(starts, sizes)
        last = np.repeat(starts + np.minimum(sizes, self.most) - 1, sizes)
        equal = (confidence == confidence[last]) & (total == total[last])
        likely = (place == 0) | (confidence >= self.least)
        return np.asarray(order[((place < self.most) | equal) & likely])


def _rows(
    said: Sequence[tuple[str, str, float]], ours: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[Evidence, ...]:
    """One row for each feature of which a side says something."""
    return tuple(
        row(f, ours[_VALUE.get(f, f)], theirs[_VALUE.get(f, f)], level, bits)
        for f, level, bits in said
        if level != MISSING or ours[f] or theirs[f]
    )


_VALUE = {"habit": "date"}
"""Features that compare the values of another."""
