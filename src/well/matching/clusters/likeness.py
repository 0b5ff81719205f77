"""Names of pairs: the level each two names reach, and how rare what they share is.

Invariant: each distinct couple of names is compared once. A level is a word, not yet a weight.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from well.matching.clusters.counts import distinct, holders
from well.matching.clusters.pairs import Pairs, Short, held_keys
from well.matching.clusters.sightings import Crowd
from well.matching.names import NAME_ORDER, name_levels
from well.matching.vocabulary import ABSENT, Coded, Ints, Ragged, Vocabulary, shared

PART = 1_000_000
"""Pairs or couples looked at together."""
SAME_TELLING = "same telling words"
LEVELS = (*NAME_ORDER, SAME_TELLING, "missing")
"""Levels of a couple of names: those of the scorer, and that the words which tell anything are the
same where the names as a whole are not alike."""
_REPLACED = ("part of it", "similar", "partly alike", "common words only")


def number(level: str) -> int:
    """The number of a level. ValueError for a word that is none."""
    return LEVELS.index(level)


@dataclass(frozen=True, slots=True)
class Couples:
    """Distinct couples of names, packed and sorted, with their level; `of_pair` is each pair's."""

    packed: Ints
    level: npt.NDArray[np.uint8]
    of_pair: Short

    @staticmethod
    def of(crowd: Crowd, pairs: Pairs) -> "Couples":
        """The couples of all pairs, compared."""
        both = [_packed(crowd, pairs, part) for part in parts(len(pairs.a))]
        packed = distinct(np.concatenate([np.zeros(0, dtype=np.int64), *both]))
        of_pair = [np.searchsorted(packed, part).astype(np.int32) for part in both]
        telling = _telling(crowd)
        level = [_levels(crowd, telling, *_apart(packed[p])) for p in parts(len(packed))]
        return Couples(
            packed,
            np.concatenate([np.zeros(0, dtype=np.uint8), *level]),
            np.concatenate([np.zeros(0, dtype=np.int32), *of_pair]),
        )

    def groups(self, size: int, levels: tuple[str, ...]) -> Ints:
        """Names joined, over any number of steps, by couples of these levels."""
        left, right = _apart(self.packed[self._reaching(levels)])
        links = np.ones(len(left), dtype=np.uint8)
        graph = coo_array((links, (left, right)), shape=(size, size))
        _, group = connected_components(graph, directed=False)
        return group.astype(np.int64)

    def rarest(self, crowd: Crowd, group: Ints, levels: tuple[str, ...]) -> tuple[Ints, Ints]:
        """Couples of these levels, and in how many groups the rarest word they share is."""
        words = _words(crowd)
        who, word = held_keys(crowd.name, words)
        count = holders(word, group[who])
        of_name = Coded(np.arange(len(crowd.names)), words)
        which = self._reaching(levels)
        left, right = _apart(self.packed[which])
        place, word = shared(of_name, left, of_name, right)
        fewest = np.full(len(which), len(crowd) + 1)
        np.minimum.at(fewest, place, count[word])
        return which, fewest

    def spread(self, crowd: Crowd, levels: tuple[str, ...]) -> tuple[Ints, Ints]:
        """Couples of these levels, and how many houses or legal persons have the name."""
        group = np.append(self.groups(len(crowd.names), levels), ABSENT)[crowd.name]
        marks = Vocabulary()
        houses = np.array([*(marks.number(place.number) for place in crowd.places), ABSENT])
        most = np.maximum(holders(group, houses[crowd.place]), holders(group, crowd.person))
        which = self._reaching(levels)
        left, _ = _apart(self.packed[which])
        of_name = np.zeros(len(crowd.names), dtype=np.int64)
        of_name[crowd.name[crowd.name != ABSENT]] = group[crowd.name != ABSENT]
        return which, most[of_name[left]]

    def _reaching(self, levels: tuple[str, ...]) -> Ints:
        return np.flatnonzero(np.isin(self.level, [number(level) for level in levels]))


def parts(size: int) -> Iterator[slice]:
    """Slices of PART, so that what is made of each stays small."""
    return (slice(start, start + PART) for start in range(0, size, PART))


def _packed(crowd: Crowd, pairs: Pairs, part: slice) -> Ints:
    return (crowd.name[pairs.a[part]] + 1) << 32 | (crowd.name[pairs.b[part]] + 1)


def _apart(packed: Ints) -> tuple[Ints, Ints]:
    return (packed >> 32) - 1, (packed & 0xFFFFFFFF) - 1


def _words(crowd: Crowd) -> Ragged:
    marks = Vocabulary()
    return Ragged.of([marks.number(word) for word in dict.fromkeys(n.words)] for n in crowd.names)


def _levels(crowd: Crowd, telling: Ints, left: Ints, right: Ints) -> npt.NDArray[np.uint8]:
    level = np.full(len(left), number("missing"), dtype=np.uint8)
    known = np.flatnonzero((left != ABSENT) & (right != ABSENT))
    a = [crowd.names[n] for n in left[known].tolist()]
    b = [crowd.names[n] for n in right[known].tolist()]
    level[known] = name_levels(a, b)
    same = (telling[left] == telling[right]) & (telling[left] != ABSENT)
    weak = np.isin(level, [number(word) for word in _REPLACED])
    level[same & weak] = number(SAME_TELLING)
    return level


def _telling(crowd: Crowd) -> Ints:
    """A number for the telling words of each name; ABSENT where it has none."""
    marks = Vocabulary()
    told = [marks.number(" ".join(sorted(name.rare))) for name in crowd.names]
    return np.array([*told, ABSENT], dtype=np.int64)
