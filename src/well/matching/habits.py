"""How many days a supplier's entries usually take after its documents.

Invariant: a document's own link never speaks for itself; the usual lag is a median, so one odd
link moves nothing. It says what is usual, not what is right.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from well.matching.vocabulary import ABSENT, Ints


class Habits(Protocol):
    """What is usual for the suppliers of pairs."""

    def usual(self, i: Ints, j: Ints) -> tuple[Ints, Ints]:
        """(usual lag in days, links it is taken from) of each pair (source row, target row)."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """Habits learned before, one per source row: of the counterparty it is from."""

    lag: Ints
    links: Ints

    def usual(self, i: Ints, j: Ints) -> tuple[Ints, Ints]:  # noqa: ARG002
        """The same for all candidates of a row."""
        return self.lag[i], self.links[i]


@dataclass(frozen=True, slots=True)
class OfLinks:
    """Habits that sure links of the same run tell, by the supplier of the target row.

    `supplier` numbers that of each target row, ABSENT where it has no name. `lags` holds each
    supplier's lags in order, from `starts[supplier]` on. `own` and `place` are the supplier of a
    source row's own link and its place in that order; ABSENT without one.
    """

    supplier: Ints
    starts: Ints
    lags: Ints
    own: Ints
    place: Ints

    @staticmethod
    def of(supplier: Ints, i: Ints, j: Ints, lag: Ints, rows: int) -> "OfLinks":
        """From links (source row i, target row j), at most one a source row."""
        named = supplier[j] != ABSENT
        i, j, lag = i[named], j[named], lag[named]
        order = np.lexsort((i, lag, supplier[j]))
        firm = supplier[j][order]
        starts = np.searchsorted(firm, np.arange(int(supplier.max(initial=0)) + 2))
        own, place = np.full(rows, ABSENT), np.full(rows, ABSENT)
        own[i[order]] = firm
        place[i[order]] = np.arange(len(order)) - starts[firm]
        return OfLinks(supplier, starts, np.append(lag[order], 0), own, place)

    def usual(self, i: Ints, j: Ints) -> tuple[Ints, Ints]:
        """The median (the lower one of two) without the row's own link."""
        firm = self.supplier[j]
        mine = (self.own[i] == firm) & (firm != ABSENT)
        links = np.where(firm == ABSENT, 0, self.starts[firm + 1] - self.starts[firm] - mine)
        middle = np.maximum(links - 1, 0) // 2
        beyond_own = mine & (middle >= self.place[i])
        at = np.where(links > 0, self.starts[firm] + middle + beyond_own, len(self.lags) - 1)
        return self.lags[at], links
