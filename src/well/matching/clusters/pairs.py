"""Pairs of sightings that may be one counterparty: those that share a key.

Invariant: keys are compared by equality only; the pairs of each sort of key are bounded by a
multiple of the sightings, and blocks that were not paired in full are counted. A pair proves
nothing.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from well.matching.clusters.counts import distinct
from well.matching.clusters.sightings import Crowd
from well.matching.names import Name
from well.matching.vocabulary import ABSENT, Ints, Ragged, Vocabulary

BLOCK_MAX = 60
"""Members of a block that are all paired with each other; in a larger one only neighbours are."""
FEW, PER_SIGHTING = 100_000, 6
"""Pairs of one sort of key: so many in any case, and more for each sighting. Where the blocks up
to BLOCK_MAX would make more, the largest of them are paired with neighbours only, too."""
WINDOW = 6
"""Neighbours in the order of names that a member of a larger block is paired with."""
BEGINNING = 5
"""Signs of a word's beginning that are a key."""
ENDING = 7
"""Signs of a whole name's end that are a key with its first sign."""
TELLING_MAX, WORDS_MAX = 4, 6
"""Words of a name that are keys alone, and two by two."""

Short = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Each pair once, `a` < `b`, sorted; `cut` counts the blocks not paired in full."""

    a: Short
    b: Short
    cut: int


def neighbours(crowd: Crowd) -> Pairs:
    """Candidate pairs."""
    found = np.zeros(0, dtype=np.int64)
    cut = 0
    for who, key in _keys(crowd):
        members, starts, sizes = _blocks(who, key)
        large = sizes > _largest(sizes, FEW + PER_SIGHTING * len(crowd))
        whole = _whole(members, starts[~large], sizes[~large])
        near = _near(members, starts[large], sizes[large])
        found = distinct(np.concatenate([found, *whole, *near]))
        cut += int(large.sum())
    return Pairs((found >> 32).astype(np.int32), found.astype(np.int32), cut)


def _blocks(who: Ints, key: Ints) -> tuple[Ints, Ints, Ints]:
    """Members sorted by key, each once, where each block of two or more starts, and its size."""
    both = distinct(key << 32 | who)
    starts = np.flatnonzero(np.diff(both >> 32, prepend=-1))
    sizes = np.diff(starts, append=len(both))
    several = sizes > 1
    return both & 0xFFFFFFFF, starts[several], sizes[several]


def _largest(sizes: Ints, pairs: int) -> int:
    """The largest size up to BLOCK_MAX at which all blocks up to it make no more than `pairs`."""
    size = np.arange(BLOCK_MAX + 1)
    blocks = np.bincount(sizes[sizes <= BLOCK_MAX], minlength=BLOCK_MAX + 1)
    made = np.cumsum(blocks * size * (size - 1) // 2)
    return int(np.searchsorted(made, pairs, "right")) - 1


def _whole(who: Ints, starts: Ints, sizes: Ints) -> Iterator[Ints]:
    """All pairs of the blocks, blocks of one size at a time."""
    for size in np.flatnonzero(np.bincount(sizes)).tolist():
        first = starts[sizes == size][:, None]
        left, right = np.triu_indices(size, 1)
        yield (who[first + left] << 32 | who[first + right]).reshape(-1)


def _near(who: Ints, starts: Ints, sizes: Ints) -> Iterator[Ints]:
    """Neighbours inside the blocks, whose members stand in the order of their names."""
    owner = np.repeat(np.arange(len(starts)), sizes)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    for step in range(1, WINDOW + 1):
        kept = within + step < sizes[owner]
        at = starts[owner[kept]] + within[kept]
        yield who[at] << 32 | who[at + step]


def _keys(crowd: Crowd) -> Iterator[tuple[Ints, Ints]]:
    """(sighting, key) of each sort of key."""
    for column in (crowd.person, crowd.account, crowd.domain, crowd.phone):
        who = np.flatnonzero(column != ABSENT)
        yield who, column[who]
    yield held_keys(crowd.place, place_keys(crowd))
    for keys in (_compact, _alone, _beginnings, _ends, _couples):
        yield held_keys(crowd.name, _numbered(map(keys, crowd.names)))


def held_keys(column: Ints, keys: Ragged) -> tuple[Ints, Ints]:
    """(sighting, key) for the keys of each sighting's value."""
    who = np.flatnonzero(column != ABSENT)
    place, key = keys.expand(column[who])
    return who[place], key


def place_keys(crowd: Crowd) -> Ragged:
    """House number with each word of the street, for every place."""
    return _numbered([f"{place.number} {word}" for word in place.street] for place in crowd.places)


def _numbered(keys: Iterable[Iterable[str]]) -> Ragged:
    marks = Vocabulary()
    values, ends = array("i"), array("i", [0])
    for own in keys:
        values.extend(map(marks.number, own))
        ends.append(len(values))
    return Ragged(_numbers(ends), _numbers(values))


def _numbers(values: "array[int]") -> Ints:
    return np.array(values, dtype=np.int64)


def _compact(name: Name) -> tuple[str, ...]:
    return (name.compact,)


def _alone(name: Name) -> tuple[str, ...]:
    """The telling words; any words of a name that has none."""
    return (name.rare or name.words)[:TELLING_MAX]


def _beginnings(name: Name) -> list[str]:
    """A slip near the end of a word, or words written as one, still meet."""
    return [word[:BEGINNING] for word in (*_alone(name)[:2], name.compact)]


def _ends(name: Name) -> tuple[str, ...]:
    """A slip in the word that tells most still meets where the rest is the same."""
    return (f"{name.compact[:1]} {name.compact[-ENDING:]}",) if len(name.words) > 1 else ()


def _couples(name: Name) -> list[str]:
    """Two words are a key where each alone is too common; one of them tells something."""
    words = sorted({*name.words})[:WORDS_MAX]
    telling = {*_alone(name)}
    return [f"{x} {y}" for x, y in combinations(words, 2) if x in telling or y in telling]
