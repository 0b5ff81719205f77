"""Clusters: which rows are about one counterparty.

Invariant: the partition depends on what the rows say and never on their order; two numbers of
one register never meet in a cluster. It decides nothing about a ledger.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from well.matching.clusters.evidence import Evidence
from well.matching.clusters.merge import merged
from well.matching.clusters.pairs import neighbours
from well.matching.clusters.sightings import Gatherer, Sighting, crowd
from well.matching.vocabulary import Ints

__all__ = ["Gatherer", "Partition", "Sighting", "crowd", "resolve"]

FIRST_BITS, BITS = 2.0, 1.0
"""Mean bits from which two clusters are one: in the first round, which only counts how many
counterparties share a word, and in the second."""


@dataclass(frozen=True, slots=True)
class Partition:
    """`entity` is for every row the number of the first row of its cluster.

    `sightings` are the distinct combinations of values, `pairs` what was compared, `cut` the
    blocks that were too large to be compared in full.
    """

    entity: Ints
    sightings: int
    pairs: int
    cut: int


def resolve(rows: Gatherer, tell: Callable[[str], None]) -> Partition:
    """Cluster all rows gathered; `tell` hears each stage as it begins."""
    tell("reading values")
    seen = rows.crowd()
    tell(f"finding pairs among {len(seen)} counterparties")
    pairs = neighbours(seen)
    tell(f"comparing {len(pairs.a)} pairs")
    found = Evidence(seen, pairs)
    tell("counting shared words")
    rough = merged(seen, pairs, found.weigh(found.by_name()), FIRST_BITS)
    weighed = found.weigh(rough)
    # A third of the memory, and the merging needs none of it.
    del found, rough
    seen = replace(seen, names=[], places=[])
    tell("clustering")
    cluster = merged(seen, pairs, weighed, BITS)
    return Partition(_firsts(cluster[seen.of_row]), len(seen), len(pairs.a), pairs.cut)


def _firsts(cluster: Ints) -> Ints:
    """Each row's cluster named by the place of its first row."""
    _, first, place = np.unique(cluster, return_index=True, return_inverse=True)
    return np.asarray(first[place])
