"""One doubtful component taken apart: merges best first while both clusters agree as a whole.

Invariant: two clusters become one only when the mean of what lies between them reaches the limit
and no register numbers them differently; ties fall by the members' own order. It knows nothing of
where the bits come from.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from well.matching.clusters.graph import UNCOMPARED, Persons


class Member(NamedTuple):
    """`rows` it stands for, each with one voice; those `bound` to a number or account; persons."""

    rows: int
    bound: int
    persons: Persons


class Edge(NamedTuple):
    """Two members that share a key, and sums over the `compared` pairs of rows between them."""

    a: int
    b: int
    bond: float
    rest: float
    compared: int


_Between = tuple[float, float, int]
"""Sums of bond and rest, and pairs compared."""


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
        self._persons = [member.persons for member in members]
        self._grown = [0] * len(members)
        self.near: dict[int, dict[int, _Between]] = {n: {} for n in range(len(members))}
        for a, b, bond, rest, compared in edges:
            self.near[a][b] = self.near[b][a] = bond, rest, compared

    def offers(self, name: int, limit: float) -> Iterator[_Offer]:
        """To join this cluster with each neighbour, where that is worth enough now."""
        for other, between in self.near[name].items():
            bits = self._mean(name, other, between)
            if bits >= limit:
                a, b = min(name, other), max(name, other)
                yield _Offer(-bits, a, b, self._grown[a], self._grown[b])

    def _mean(self, a: int, b: int, between: _Between) -> float:
        """As `Graph.bits`."""
        bond, rest, compared = between
        bound, pairs = self._bound[a] * self._bound[b], self._rows[a] * self._rows[b]
        mean = (rest + UNCOMPARED * (pairs - compared)) / pairs
        return bond / bound + mean if bound else mean

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
        for other, (bond, rest, compared) in self.near.pop(gone).items():
            if other != kept:
                del self.near[other][gone]
                more = self.near[kept].get(other, (0.0, 0.0, 0))
                whole = bond + more[0], rest + more[1], compared + more[2]
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
