"""Shares of one-to-one answers: how likely each (document, entry) pair is among all assignments.

Invariant: the order of the pairs changes nothing but rounding; a document's shares sum to at most
one and so do an entry's. Small rings of claims are counted exactly, large ones by passing messages.
It adds no evidence of its own.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from well.matching.vocabulary import runs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ROUNDS = 24
EXACT_MAX = 512
"""Assignments of one group of claims that are counted one by one; messages beyond."""


def pair_shares(doc: Ints, entry: Ints, odds: Floats) -> Floats:
    """Share of every pair; `odds` are those of the pair against "no entry" of its document.

    `doc` and `entry` number the two sides from 0. An assignment weighs the product of its odds,
    every side may stay alone.
    """
    if not len(doc):
        return odds
    shares = _by_messages(doc, entry, odds)
    for edges in _small_groups(doc, entry):
        shares[edges] = _exact(doc[edges].tolist(), entry[edges].tolist(), odds[edges].tolist())
    return within_one(doc, within_one(entry, shares))


def within_one(side: Ints, shares: Floats) -> Floats:
    """Scaled down where the shares of one side exceed one in all."""
    whole = np.bincount(side, weights=shares)
    return shares / np.maximum(whole, 1.0)[side]


def _by_messages(doc: Ints, entry: Ints, odds: Floats) -> Floats:
    """Exact on a tree of claims, close to it on rings.

    The geometric mean with the round before keeps equal claims from swinging to and fro.
    """
    from_doc, from_entry = np.ones_like(odds), np.ones_like(odds)
    for _ in range(ROUNDS):
        from_entry = np.sqrt(from_entry * _free(entry, odds * from_doc))
        from_doc = np.sqrt(from_doc * _free(doc, odds * from_entry))
    both = odds * from_doc * from_entry
    return both / (1.0 + both)


def _free(side: Ints, pull: Floats) -> Floats:
    """For each pair, how likely its side is free when this partner is left out."""
    rest = np.bincount(side, pull)[side] - pull
    return np.asarray(1.0 / (1.0 + np.maximum(rest, 0.0)))


def _small_groups(doc: Ints, entry: Ints) -> list[Ints]:
    """Edges of each group of connected claims that is small enough to be counted."""
    docs, entries = int(doc.max()) + 1, int(entry.max()) + 1
    ones = np.ones(len(doc), dtype=np.int8)
    graph = coo_array((ones, (doc, docs + entry)), shape=(docs + entries, docs + entries))
    _, group_of = connected_components(graph, directed=False)
    group = group_of[doc]
    # The number of assignments is at most the product over documents of their choices.
    choices = np.log2(np.bincount(doc, minlength=docs) + 1.0)
    size = np.bincount(group_of[:docs], choices, minlength=int(group_of.max()) + 1)
    order = np.argsort(group, kind="stable")
    starts, _ = runs(group[order])
    parts = np.split(order, starts[1:])
    small = size[group[order[starts]]] <= np.log2(EXACT_MAX)
    return [part for part, fits in zip(parts, small.tolist(), strict=True) if fits]


def _exact(doc: Sequence[int], entry: Sequence[int], odds: Sequence[float]) -> list[float]:
    """Shares by counting every assignment of a small group."""
    rows: dict[int, list[int]] = {}
    for edge, owner in enumerate(doc):
        rows.setdefault(owner, []).append(edge)
    order = list(rows.values())
    weight = [0.0] * len(odds)

    def count(at: int, used: frozenset[int], product: float, taken: tuple[int, ...]) -> float:
        if at == len(order):
            for edge in taken:
                weight[edge] += product
            return product
        whole = count(at + 1, used, product, taken)
        for edge in order[at]:
            if entry[edge] not in used:
                more = (*taken, edge)
                whole += count(at + 1, used | {entry[edge]}, product * odds[edge], more)
        return whole

    whole = count(0, frozenset(), 1.0, ())
    return [share / whole for share in weight]
