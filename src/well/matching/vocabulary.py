"""Numbers for texts, so that millions of values are compared as integers.

Invariant: the same text has the same number within one `Vocabulary` and the same 64-bit key
everywhere and always; a number means nothing outside its vocabulary. It keeps no order.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, chain, count, islice
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

ABSENT = -1
"""The number of a value that is missing."""
FEW = 100
"""Values below which looking them up one by one is faster than sorting them."""
THREADED = 2_000
"""Pairs of texts from which on two threads are faster than one."""


def threads(pairs: int) -> int:
    """Threads worth their start for comparing so many pairs of texts."""
    return 2 if pairs >= THREADED else 1


@lru_cache(maxsize=65_536)
def text_key(text: str) -> int:
    """64 bits of BLAKE2b; two texts share one by chance once in 2**64."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


T = TypeVar("T", bound=Hashable)


class Numbers(defaultdict[T, int]):
    """Values numbered from 0 in the order they first come; `absent` is ABSENT."""

    def __init__(self, absent: T) -> None:
        super().__init__(count().__next__, {absent: ABSENT})

    def of(self, values: Collection[T]) -> tuple[Ints, list[int]]:
        """The number of each value, and the places where a new one came first, in order."""
        before = len(self) - 1
        numbers = np.fromiter(map(self.__getitem__, values), np.int64, len(values))
        return numbers, _new(numbers, before)


def _new(numbers: Ints | npt.NDArray[np.int32], before: int) -> list[int]:
    """The places where each number from `before` on comes first, in their order."""
    late = np.flatnonzero(numbers >= before)
    places = np.unique(numbers[late], return_index=True)[1]
    return list(late[places].tolist())


class Vocabulary:
    """Texts numbered from 0 in the order they first come."""

    def __init__(self) -> None:
        self._numbers = Numbers("")
        self._closed: int | None = None

    def __len__(self) -> int:
        return len(self._numbers) - 1 if self._closed is None else self._closed

    def close(self, size: int) -> None:
        """Let go of the texts; that they were `size` is kept, and no more are taken."""
        self._closed = size
        self._numbers = Numbers("")

    def number(self, text: str) -> int:
        """The text's number; ABSENT for the empty text."""
        assert self._closed is None, "a closed vocabulary takes no text"
        return self._numbers[text]

    def few(self, texts: Iterable[str]) -> list[int]:
        """The number of each of a few texts."""
        assert self._closed is None, "a closed vocabulary takes no text"
        return list(map(self._numbers.__getitem__, texts))

    def numbers(self, texts: Collection[str]) -> Ints:
        """The number of each text."""
        assert self._closed is None, "a closed vocabulary takes no text"
        return self._numbers.of(texts)[0]

    def text(self, number: int) -> str:
        """The text of a number, "" for ABSENT; slow, for few."""
        return next(islice(self._numbers, number + 1, None))

    def keys(self) -> Keys:
        """The 64-bit key of each number, with one more at the end that ABSENT picks."""
        keys = [text_key(text) for text in islice(self._numbers, 1, None)]
        return np.array([*keys, 0], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of numbers in one array: list `n` is `values[starts[n] : starts[n + 1]]`."""

    starts: Ints
    values: Ints

    @staticmethod
    def of(lists: Iterable[Sequence[int]]) -> "Ragged":
        """From plain lists."""
        kept = list(lists)
        if not any(kept):
            return Ragged(np.zeros(len(kept) + 1, dtype=np.int64), np.zeros(0, dtype=np.int64))
        starts = np.fromiter(accumulate(map(len, kept), initial=0), np.int64, len(kept) + 1)
        flat = chain.from_iterable(kept)
        return Ragged(starts, np.fromiter(flat, np.int64, int(starts[-1])))

    @staticmethod
    def of_pairs(owner: Ints, values: Ints, size: int) -> "Ragged":
        """From (list, value) with the lists in order."""
        counts = np.bincount(owner, minlength=size)
        return Ragged(np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)]), values)

    def sizes(self) -> Ints:
        """Length of each list."""
        return self.starts[1:] - self.starts[:-1]

    def expand(self, which: Ints) -> tuple[Ints, Ints]:
        """(place in `which`, value) for each value of the lists asked for, in order."""
        if len(which) == 1:
            only = int(which[0])
            values = self.values[self.starts[only] : self.starts[only + 1]]
            return np.zeros(len(values), dtype=np.int64), values
        first, sizes = self.starts[which], self.starts[which + 1] - self.starts[which]
        owner = np.repeat(np.arange(len(which), dtype=np.int64), sizes)
        within = np.arange(len(owner), dtype=np.int64) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return owner, self.values[first[owner] + within]


@dataclass(frozen=True, slots=True)
class Coded:
    """One column: each row's group of values. Rows with the same raw value share a group."""

    rows: Ints
    groups: Ragged

    @property
    def empty(self) -> bool:
        """Whether no row has any value."""
        return not len(self.groups.values)

    def sizes(self, at: Ints) -> Ints:
        """How many values some rows have."""
        return np.asarray(self.groups.sizes()[self.rows[at]])

    def lists(self) -> tuple[Ints, Ints]:
        """(row, value) for every value of every row."""
        return self.groups.expand(self.rows)


class Coder:
    """Builds a `Coded` column; `convert` is asked once for each distinct raw value, or `many` for
    all that are new."""

    def __init__(
        self,
        convert: Callable[..., Sequence[int]],
        many: Callable[[Sequence[Any]], Iterable[Sequence[int]]] | None = None,
    ) -> None:
        self._many = many or (lambda raws: map(convert, raws))
        self._group: dict[Hashable, int] = defaultdict(count().__next__)
        self._values = array("q")
        self._starts = array("q", [0])
        self._rows: list[npt.NDArray[np.int32]] = []

    def extend(self, raws: Sequence[Hashable]) -> None:
        """Add rows."""
        group, before = self._group, len(self._group)
        numbers = np.fromiter(map(group.__getitem__, raws), np.int32, len(raws))
        self._rows.append(numbers)
        if len(group) == before:
            return
        few = len(group) < FEW
        fresh = list(group)[before:] if few else [raws[at] for at in _new(numbers, before)]
        for values in self._many(fresh):
            self._values.extend(values)
            self._starts.append(len(self._values))

    def extend_known(self, raws: Sequence[Hashable], values: Sequence[Sequence[int]]) -> None:
        """Add rows, the numbers of each beside its raw value."""
        group, before, of = self._group, len(self._group), dict(zip(raws, values, strict=True))
        self._rows.append(np.fromiter(map(group.__getitem__, raws), np.int32, len(raws)))
        for raw in list(group)[before:]:
            self._values.extend(of[raw])
            self._starts.append(len(self._values))

    def raws(self) -> list[Hashable]:
        """The distinct raw values, in the order of the groups."""
        return list(self._group)

    def done(self) -> Coded:
        """The column."""
        parts = self._rows or [np.zeros(0, dtype=np.int32)]
        rows = (
            np.concatenate(parts, dtype=np.int64) if len(parts) > 1 else parts[0].astype(np.int64)
        )
        starts, values = np.array(self._starts), np.array(self._values)
        return Coded(rows, Ragged(starts, values))


def shared(a: Coded, at: Ints, b: Coded, other: Ints) -> tuple[npt.NDArray[np.int64], Ints]:
    """(n, shared value) wherever row `at[n]` of `a` and row `other[n]` of `b` share one.

    Each distinct couple of lists is looked at once.
    """
    if not len(at):
        return at, at
    couple, place = distinct((a.rows[at] << 32) | b.rows[other])
    owner, left = a.groups.expand(couple >> 32)
    again, right = b.groups.expand((couple & 0xFFFFFFFF)[owner])
    equal = left[again] == right
    found = Ragged.of_pairs(owner[again[equal]], right[equal], len(couple))
    return found.expand(place)


def distinct(values: Ints) -> tuple[Ints, Ints]:
    """Each value once, in any order, and for every value its place among them."""
    if len(values) < FEW:
        places: dict[int, int] = {}
        place = [places.setdefault(value, len(places)) for value in values.tolist()]
        return np.array(list(places), dtype=np.int64), np.array(place, dtype=np.int64)
    found, inverse = np.unique(values, return_inverse=True)
    return found, inverse.astype(np.int64)


def runs(values: Ints | npt.NDArray[np.int32]) -> tuple[Ints, Ints]:
    """Where each run of equal values starts, and how long it is."""
    begins = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=begins[1:])
    (starts,) = begins.nonzero()
    sizes = np.empty_like(starts)
    sizes[:-1] = starts[1:] - starts[:-1]
    sizes[-1:] = len(values) - starts[-1:]
    return starts, sizes
