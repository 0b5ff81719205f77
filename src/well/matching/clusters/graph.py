"""Clusters as nodes and what lies between them as edges, in columns.

Invariant: sums over pairs of rows, so contracting nodes changes no sum between those left; nodes
stand in the order of their first sightings. It merges nothing by itself.
"""

from dataclasses import dataclass

import numpy as np

from well.matching.clusters.counts import distinct
from well.matching.clusters.evidence import Bits, Weighed
from well.matching.clusters.pairs import Pairs
from well.matching.clusters.sightings import Crowd
from well.matching.registers import LegalPerson
from well.matching.vocabulary import ABSENT, Ints

UNCOMPARED = -1.0
"""Bits of two rows of different clusters that share no key."""

Persons = frozenset[LegalPerson]


@dataclass(frozen=True, slots=True)
class Graph:
    """`rows` of each node, those of them `bound` to a number or account, and its persons.

    An edge joins nodes `a` < `b`: `bond` and `rest` are summed over the pairs of rows between
    them, of which `compared` were looked at.
    """

    rows: Ints
    bound: Ints
    persons: list[Persons]
    a: Ints
    b: Ints
    bond: Bits
    rest: Bits
    compared: Ints

    @staticmethod
    def of(crowd: Crowd, pairs: Pairs, found: Weighed, chosen: Ints) -> "Graph":
        """The sightings, with the pairs at the places `chosen`."""
        rows = np.bincount(crowd.of_row, minlength=len(crowd))
        bound = np.where((crowd.person != ABSENT) | (crowd.account != ABSENT), rows, 0)
        known = [frozenset({person}) for person in crowd.persons]
        nobody: Persons = frozenset()
        persons = [known[n] if n != ABSENT else nobody for n in crowd.person.tolist()]
        a, b = pairs.a[chosen].astype(np.int64), pairs.b[chosen].astype(np.int64)
        each = rows[a] * rows[b]
        bond, rest = found.bond[chosen] * (bound[a] * bound[b]), found.rest[chosen] * each
        return Graph(rows, bound, persons, a, b, bond, rest, each)

    def bits(self) -> Bits:
        """Mean bits of each edge.

        All names seen with one number vote together: rows without a number or account do not
        thin the bits of those with one.
        """
        pairs, bound = (
            self.rows[self.a] * self.rows[self.b],
            self.bound[self.a] * self.bound[self.b],
        )
        rest = (self.rest + UNCOMPARED * (pairs - self.compared)) / pairs
        return np.asarray(np.where(bound > 0, self.bond / np.maximum(bound, 1), 0.0) + rest)

    def contracted(self, cluster: Ints) -> "Graph":
        """One node for each cluster; `cluster` numbers them from 0, in order of first members."""
        size = int(cluster.max(initial=-1)) + 1
        one, other = cluster[self.a], cluster[self.b]
        between = np.flatnonzero(one != other)
        one, other = one[between], other[between]
        packed = np.minimum(one, other) << 32 | np.maximum(one, other)
        edges = distinct(packed)
        at = np.searchsorted(edges, packed)
        return Graph(
            rows=_summed(self.rows, cluster, size),
            bound=_summed(self.bound, cluster, size),
            persons=self._united(cluster, size),
            a=edges >> 32,
            b=edges & 0xFFFFFFFF,
            bond=np.bincount(at, self.bond[between], len(edges)).astype(np.float64),
            rest=np.bincount(at, self.rest[between], len(edges)).astype(np.float64),
            compared=_summed(self.compared[between], at, len(edges)),
        )

    def _united(self, cluster: Ints, size: int) -> list[Persons]:
        """The persons of all members of each cluster."""
        united: list[Persons] = [frozenset()] * size
        for persons, name in zip(self.persons, cluster.tolist(), strict=True):
            united[name] |= persons
        return united


def _summed(column: Ints, cluster: Ints, size: int) -> Ints:
    return np.bincount(cluster, column, size).astype(np.int64)
