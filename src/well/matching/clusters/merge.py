"""Clusters out of pairs: components that agree throughout at once, the others pair by pair.

Invariant: a component is one cluster at once only when all its pairs were compared and all reach
the limit; a cluster is named by its first sighting, and sightings stand in the order of their
values. It compares nothing.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from well.matching.clusters.evidence import Weighed
from well.matching.clusters.pairs import Pairs, Short
from well.matching.clusters.settle import Edge, Member, settle
from well.matching.clusters.sightings import Crowd
from well.matching.vocabulary import ABSENT, Ints


def merged(crowd: Crowd, pairs: Pairs, found: Weighed, limit: float) -> Ints:
    """The cluster of each sighting, named by its first member."""
    near = found.bond + found.rest >= limit
    component = _components(len(crowd), pairs.a[near], pairs.b[near])
    doubtful = _doubtful(crowd, component, pairs.a[near])
    asked = np.flatnonzero(
        (component[pairs.a] == component[pairs.b]) & doubtful[component[pairs.a]]
    )
    weight = np.bincount(crowd.of_row, minlength=len(crowd))
    named = (crowd.person != ABSENT) | (crowd.account != ABSENT)
    cluster = _named_by_first(component)
    for who, own in _each(component, doubtful, pairs, asked):
        ends = np.searchsorted(who, [pairs.a[own], pairs.b[own]]).tolist()
        edges = map(Edge, *ends, found.bond[own].tolist(), found.rest[own].tolist())
        members = [
            Member(rows, rows * bound, crowd.persons[person] if person != ABSENT else None)
            for rows, bound, person in zip(
                weight[who].tolist(), named[who].tolist(), crowd.person[who].tolist(), strict=True
            )
        ]
        cluster[who] = who[settle(members, edges, limit)]
    return cluster


def _components(size: int, a: Short, b: Short) -> Ints:
    graph = coo_array((np.ones(len(a), dtype=np.uint8), (a, b)), shape=(size, size))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _named_by_first(component: Ints) -> Ints:
    _, first, place = np.unique(component, return_index=True, return_inverse=True)
    return np.asarray(first[place])


def _doubtful(crowd: Crowd, component: Ints, near: Short) -> npt.NDArray[np.bool_]:
    """Components with two members that are not near, or with two numbers of legal persons.

    `near` is one end of each near pair.
    """
    size = np.bincount(component)
    agree = np.bincount(component[near], minlength=len(size))
    known = crowd.person != ABSENT
    numbers = np.unique(component[known] << 32 | crowd.person[known]) >> 32
    several = np.bincount(numbers, minlength=len(size)) > 1
    return np.asarray(several | (agree < size * (size - 1) // 2))


def _each(
    component: Ints, doubtful: npt.NDArray[np.bool_], pairs: Pairs, asked: Ints
) -> Iterator[tuple[Ints, Ints]]:
    """Members, and places of the pairs inside, of each doubtful component."""
    who = np.flatnonzero(doubtful[component])
    who = who[np.argsort(component[who], kind="stable")]
    own = asked[np.argsort(component[pairs.a[asked]], kind="stable")]
    names = np.flatnonzero(doubtful)
    ends = (
        np.searchsorted(component[who], names, "right"),
        np.searchsorted(component[pairs.a[own]], names, "right"),
    )
    return zip(np.split(who, ends[0])[:-1], np.split(own, ends[1])[:-1], strict=True)
