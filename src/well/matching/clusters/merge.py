"""Clusters out of pairs, the surest first: components that agree at once, the others one by one.

Invariant: two clusters become one only when the mean bits between them reach the limit and no
register numbers them differently; a cluster is named by its first sighting. It compares nothing.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from well.matching.clusters.evidence import Weighed
from well.matching.clusters.graph import Graph
from well.matching.clusters.pairs import Pairs
from well.matching.clusters.settle import Edge, Member, settle
from well.matching.clusters.sightings import Crowd
from well.matching.vocabulary import Ints

Bools = npt.NDArray[np.bool_]
STEPS = (8.0, 4.0, 0.0)
"""Bits above the limit of each round: sure merges first keep the doubtful components small."""


def merged(crowd: Crowd, pairs: Pairs, found: Weighed, limit: float) -> Ints:
    """The cluster of each sighting, named by its first member."""
    graph = Graph.of(crowd, pairs, found, _inside(len(crowd), pairs, found, limit))
    cluster = np.arange(len(crowd))
    for step in STEPS:
        joined = _settled(graph, limit + step)
        cluster = joined[cluster]
        graph = graph.contracted(joined)
    return _first_members(cluster)


def _inside(size: int, pairs: Pairs, found: Weighed, limit: float) -> Ints:
    """Places of the pairs inside the components that the limit leaves."""
    near = np.flatnonzero(found.bond + found.rest >= limit)
    component = _components(size, pairs.a[near], pairs.b[near]).astype(np.int32)
    return np.flatnonzero(component[pairs.a] == component[pairs.b])


def _components(size: int, a: npt.NDArray[np.integer], b: npt.NDArray[np.integer]) -> Ints:
    graph = coo_array((np.ones(len(a), dtype=np.uint8), (a, b)), shape=(size, size))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _first_members(cluster: Ints) -> Ints:
    _, first, place = np.unique(cluster, return_index=True, return_inverse=True)
    return np.asarray(first[place])


def _settled(graph: Graph, limit: float) -> Ints:
    """The cluster of each node, numbered from 0 in the order of first members."""
    near = graph.bits() >= limit
    component = _components(len(graph.rows), graph.a[near], graph.b[near])
    cluster = _first_members(component)
    for nodes, edges in _doubtful(graph, component, near):
        cluster[nodes] = nodes[_one_by_one(graph, nodes, edges, limit)]
    return np.unique(cluster, return_inverse=True)[1]


def _doubtful(graph: Graph, component: Ints, near: Bools) -> Iterator[tuple[Ints, Ints]]:
    """Nodes and edges of each component in which not all are near, or of several persons."""
    size = np.bincount(component)
    agree = np.bincount(component[graph.a[near]], minlength=len(size))
    named = np.array([len(persons) > 0 for persons in graph.persons], dtype=np.int64)
    several = np.bincount(component, named, len(size)) > 1
    open_ = (agree < size * (size - 1) // 2) | several
    edges = np.flatnonzero(component[graph.a] == component[graph.b])
    nodes = _split(np.flatnonzero(open_[component]), component, open_)
    inside = edges[open_[component[graph.a[edges]]]]
    return zip(nodes, _split(inside, component[graph.a], open_), strict=True)


def _split(places: Ints, component: Ints, open_: Bools) -> list[Ints]:
    """The places of each open component, in order."""
    ordered = places[np.argsort(component[places], kind="stable")]
    ends = np.searchsorted(component[ordered], np.flatnonzero(open_), "right")
    return np.split(ordered, ends)[:-1]


def _one_by_one(graph: Graph, nodes: Ints, edges: Ints, limit: float) -> list[int]:
    ends = np.searchsorted(nodes, [graph.a[edges], graph.b[edges]]).tolist()
    sums = (column[edges].tolist() for column in (graph.bond, graph.rest, graph.compared))
    members = [
        Member(rows, bound, graph.persons[node])
        for rows, bound, node in zip(
            graph.rows[nodes].tolist(), graph.bound[nodes].tolist(), nodes.tolist(), strict=True
        )
    ]
    return settle(members, map(Edge, *ends, *sums), limit)
