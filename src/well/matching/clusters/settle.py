"""One doubtful component taken apart: merges best first while both clusters agree as a whole.

Invariant: two clusters become one only when the mean of what lies between them reaches the limit
and no register numbers them differently; ties fall by the members' own order. It knows nothing of
where the bits come from.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from well.matching.clusters.sightings import LegalPerson

UNCOMPARED = -1.0
"""Bits of two members of different clusters that share no key."""


class Member(NamedTuple):
    """`rows` it stands for, each with one voice; those that `bound` it to a number or account."""

    rows: int
    bound: int
    person: LegalPerson | None


class Edge(NamedTuple):
    """Two members that share a key, bits by numbers and accounts, and bits by all else."""

    a: int
    b: int
    bond: float
    rest: float


class _Between(NamedTuple):
    """Sums over the pairs of rows of two clusters; `compared` counts the pairs."""

    bond: float
    rest: float
    compared: int

    def __add__(self, other: "_Between") -> "_Between":  # type: ignore[override]
        return _Between(
            self.bond + other.bond, self.rest + other.rest, self.compared + other.compared
        )


class _Offer(NamedTuple):
    """To join two clusters: minus the bits, and how often each had grown when it was made."""

    cost: float
    a: int
    b: int
    grown_a: int
    grown_b: int


def settle(members: Sequence[Member], edges: Iterable[Edge], limit: float) -> list[int]:
    """For each member the first member of its cluster."""
    clusters = _Clusters(members, edges)
    heap = [offer for name in clusters.near for offer in clusters.offers(name, limit)]
    heapq.heapify(heap)
    while heap:
        best = heapq.heappop(heap)
        if clusters.stands(best) and not clusters.clash(best.a, best.b):
            for offer in clusters.offers(clusters.join(best.a, best.b), limit):
                heapq.heappush(heap, offer)
    return clusters.owners()


class _Clusters:
    """Clusters named by one of their members, with what lies between each two."""

    def __init__(self, members: Sequence[Member], edges: Iterable[Edge]) -> None:
        self._members = [[n] for n in range(len(members))]
        self._rows = [member.rows for member in members]
        self._bound = [member.bound for member in members]
        self._persons = [{m.person} if m.person else set() for m in members]
        self._grown = [0] * len(members)
        self.near: dict[int, dict[int, _Between]] = {n: {} for n in range(len(members))}
        for a, b, bond, rest in edges:
            bound, pairs = self._bound[a] * self._bound[b], self._rows[a] * self._rows[b]
            self.near[a][b] = self.near[b][a] = _Between(bond * bound, rest * pairs, pairs)

    def offers(self, name: int, limit: float) -> Iterator[_Offer]:
        """To join this cluster with each neighbour, where that is worth enough now."""
        for other, between in self.near[name].items():
            bits = self._mean(name, other, between)
            if bits >= limit:
                a, b = min(name, other), max(name, other)
                yield _Offer(-bits, a, b, self._grown[a], self._grown[b])

    def _mean(self, a: int, b: int, between: _Between) -> float:
        """All names seen with one number vote together: rows without one do not thin its bits."""
        bound, pairs = self._bound[a] * self._bound[b], self._rows[a] * self._rows[b]
        rest = (between.rest + UNCOMPARED * (pairs - between.compared)) / pairs
        return between.bond / bound + rest if bound else rest

    def stands(self, offer: _Offer) -> bool:
        """Whether neither cluster has changed since."""
        there = offer.a in self.near and offer.b in self.near
        grown = self._grown[offer.a], self._grown[offer.b]
        return there and grown == (offer.grown_a, offer.grown_b)

    def clash(self, a: int, b: int) -> bool:
        """Whether a register knows the two by different numbers and by none in common."""
        ours, theirs = self._persons[a], self._persons[b]
        registers = {person.register for person in ours} & {person.register for person in theirs}
        return bool(registers - {""}) and not ours & theirs

    def join(self, a: int, b: int) -> int:
        """Make one of two; returns its name, that of the one with more neighbours."""
        kept, gone = (a, b) if len(self.near[a]) >= len(self.near[b]) else (b, a)
        del self.near[kept][gone]
        for other, between in self.near.pop(gone).items():
            if other != kept:
                del self.near[other][gone]
                known = self.near[kept].get(other)
                whole = between if known is None else known + between
                self.near[kept][other] = self.near[other][kept] = whole
        self._members[kept] += self._members[gone]
        self._rows[kept] += self._rows[gone]
        self._bound[kept] += self._bound[gone]
        self._persons[kept] |= self._persons[gone]
        self._grown[kept] += 1
        return kept

    def owners(self) -> list[int]:
        """For each member the first member of its cluster."""
        owner = [0] * len(self._members)
        for name in self.near:
            first = min(self._members[name])
            for member in self._members[name]:
                owner[member] = first
        return owner
