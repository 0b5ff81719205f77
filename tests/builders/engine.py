"""Builders for tests of the matching engine: rows of both sides, compared or scored."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from well.matching.bits import score
from well.matching.columns import Book, Raw, columns
from well.matching.compare import Sides, compare
from well.matching.levels import FEATURES, LEVELS
from well.matching.vocabulary import Ints
from well.matching.weights import ENTRY


def sides(source: Sequence[Raw] = (), target: Sequence[Raw] = ()) -> Sides:
    """Both sides in one book of their own, nothing taken and no habit known."""
    book = Book()
    return Sides.of(book, columns(book, source), columns(book, target))


def ints(*numbers: int) -> Ints:
    """An array of whole numbers."""
    return np.array(numbers, dtype=np.int64)


def every_pair(both: Sides) -> tuple[Ints, Ints]:
    """Every source row with every target row, document by document."""
    pairs = list(product(range(len(both.source)), range(len(both.target))))
    return ints(*(i for i, _ in pairs)), ints(*(j for _, j in pairs))


def words_of(both: Sides, feature: str) -> list[str]:
    """The level words of one feature for every pair, document by document."""
    reached = compare(both, *every_pair(both))[feature]
    return [LEVELS[feature][number] for number in reached.tolist()]


def levels_of(source: Raw, *target: Raw) -> Mapping[str, str]:
    """The level word of every feature for a document and the first of its candidates."""
    both = sides([source], target)
    reached = compare(both, *every_pair(both))
    return {feature: LEVELS[feature][int(reached[feature][0])] for feature in FEATURES}


def bits_of(source: Raw, *target: Raw) -> list[float]:
    """Bits of a document with each of its candidates, by the default tables."""
    both = sides([source], target)
    reached = compare(both, *every_pair(both))
    whole: list[float] = score(reached, ENTRY)[1].tolist()
    return whole
