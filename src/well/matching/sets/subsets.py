"""Groups of amounts whose sum lies in a span: all of them, or those worth trying.

Invariant: every group found is right and listed once, smallest and earliest first; `unlisted`
counts by size the groups found beyond those listed. Amounts are not zero. Sources: meet in the
middle, Horowitz and Sahni 1974. It does not know what the amounts mean.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Group = tuple[int, ...]
"""Places of the amounts, ascending."""

HITS_MAX = 300_000
"""Pairs of halves written out at most; beyond them only "at least so many" is known."""


class Span(NamedTuple):
    """Sums from `low` to `high`, both included, in minor units."""

    low: int
    high: int


class Found(NamedTuple):
    """`groups` listed, `unlisted[k]` further ones of k amounts; `cut`: there may be still more."""

    groups: tuple[Group, ...]
    unlisted: tuple[tuple[int, int], ...]
    cut: bool


NOTHING = Found((), (), False)


def all_groups(amounts: Sequence[int], span: Span, size_max: int, most: int) -> Found:
    """Every group of 1 to `size_max` amounts in the span, `most` of them listed.

    The sums of one half are sorted and each sum of the other half looks up what it lacks:
    time and memory grow with the square root of the number of groups.
    """
    half = len(amounts) // 2
    left, right = _half(half, size_max), _half(len(amounts) - half, size_max)
    left_sums = left.member @ np.array(amounts[:half], dtype=np.int64)
    right_sums = right.member @ np.array(amounts[half:], dtype=np.int64)
    order = np.argsort(right_sums, kind="stable")
    sums = right_sums[order]
    first = np.searchsorted(sums, span.low - left_sums, "left")
    last = np.searchsorted(sums, span.high - left_sums, "right")
    a, at, cut = _written_out(first, last)
    b = order[at]
    sizes = left.size[a] + right.size[b]
    fits = (sizes >= 1) & (sizes <= size_max)
    masks = left.mask[a[fits]] | (right.mask[b[fits]] << half)
    return _listed(masks, sizes[fits], most, cut)


class _Half(NamedTuple):
    member: Ints
    size: Ints
    mask: Ints


@lru_cache(maxsize=64)
def _half(length: int, size_max: int) -> _Half:
    """All groups of at most `size_max` out of `length` places."""
    masks = np.arange(1 << length, dtype=np.int64)
    member = (masks[:, None] >> np.arange(length, dtype=np.int64)) & 1
    size = member.sum(axis=1, dtype=np.int64)
    small = size <= size_max
    return _Half(np.ascontiguousarray(member[small]), size[small], masks[small])


def _written_out(first: Ints, last: Ints) -> tuple[Ints, Ints, bool]:
    """For every i the places first[i] to last[i] - 1, as two columns; cut when too many."""
    hits = np.maximum(last - first, 0)
    ends = np.cumsum(hits)
    cut = len(ends) > 0 and int(ends[-1]) > HITS_MAX
    if cut:
        whole = int(np.searchsorted(ends, HITS_MAX, "left"))
        hits = hits.copy()
        hits[whole] -= int(ends[whole]) - HITS_MAX
        hits[whole + 1 :] = 0
        ends = np.cumsum(hits)
    a = np.repeat(np.arange(len(hits), dtype=np.int64), hits)
    within = np.arange(len(a), dtype=np.int64) - np.repeat(ends - hits, hits)
    return a, first[a] + within, cut


def _listed(masks: Ints, sizes: Ints, most: int, cut: bool) -> Found:
    order = np.lexsort((masks, sizes))
    listed, rest = order[:most], order[most:]
    groups = tuple(_places(int(masks[at])) for at in listed)
    return Found(groups, _by_size(sizes[rest]), cut)


def _places(mask: int) -> Group:
    return tuple(place for place in range(mask.bit_length()) if mask >> place & 1)


def _by_size(sizes: Ints) -> tuple[tuple[int, int], ...]:
    values, counts = np.unique(sizes, return_counts=True)
    return tuple((int(value), int(count)) for value, count in zip(values, counts, strict=True))


def likely_groups(amounts: Sequence[int], span: Span, triples: bool, most: int) -> Found:
    """Runs of neighbours, all but one, single amounts, pairs and (if asked) triples in the span.

    For more amounts than `all_groups` can try; what else would fit is not known.
    """
    ways = [*_small_groups(amounts, span, triples, most), *_long_groups(amounts, span, most)]
    groups = sorted({group for found in ways for group in found.groups}, key=_small_first)
    rest: dict[int, int] = {}
    for size, number in [pair for found in ways for pair in found.unlisted]:
        rest[size] = rest.get(size, 0) + number
    for group in groups[most:]:
        rest[len(group)] = rest.get(len(group), 0) + 1
    cut = any(found.cut for found in ways)
    return Found(tuple(groups[:most]), tuple(sorted(rest.items())), cut)


def _small_first(group: Group) -> tuple[int, Group]:
    return len(group), group


def _small_groups(amounts: Sequence[int], span: Span, triples: bool, most: int) -> Iterator[Found]:
    values = np.array(amounts, dtype=np.int64)
    order = np.argsort(values, kind="stable")
    yield _groups_of([(place,) for place in _inside(values, span)], most)
    yield _pairs(values[order], order, span, most)
    if triples:
        yield _triples(values[order], order, span, most)


def _long_groups(amounts: Sequence[int], span: Span, most: int) -> Iterator[Found]:
    values = np.array(amounts, dtype=np.int64)
    places = range(len(amounts))
    sums = int(values.sum())
    without = _inside(values, Span(sums - span.high, sums - span.low))
    if len(places) > 1:
        every = (tuple(p for p in places if p != left_out) for left_out in without)
        yield _groups_of(every, most)
    yield _runs(values, span, most)


def _inside(values: Ints, span: Span) -> list[int]:
    return [int(at) for at in np.flatnonzero((values >= span.low) & (values <= span.high))]


def _groups_of(groups: Iterable[Group], most: int) -> Found:
    every = list(groups)
    sizes = np.array([len(group) for group in every[most:]], dtype=np.int64)
    return Found(tuple(every[:most]), _by_size(sizes), False)


def _pairs(sums: Ints, order: Ints, span: Span, most: int) -> Found:
    own = np.arange(len(sums), dtype=np.int64)
    first = np.maximum(np.searchsorted(sums, span.low - sums, "left"), own + 1)
    last = np.searchsorted(sums, span.high - sums, "right")
    a, b, cut = _written_out(first, last)
    every = [_ordered(order[a[at]], order[b[at]]) for at in range(min(len(a), most))]
    rest = len(a) - len(every)
    return Found(tuple(every), ((2, rest),) if rest else (), cut)


def _ordered(*places: np.int64) -> Group:
    return tuple(sorted(int(place) for place in places))


def _triples(sums: Ints, order: Ints, span: Span, most: int) -> Found:
    listed: list[Group] = []
    count = 0
    for place in range(len(sums) - 2):
        rest = sums[place + 1 :]
        lack = Span(span.low - int(sums[place]), span.high - int(sums[place]))
        own = np.arange(len(rest), dtype=np.int64)
        first = np.maximum(np.searchsorted(rest, lack.low - rest, "left"), own + 1)
        last = np.searchsorted(rest, lack.high - rest, "right")
        hits = int(np.maximum(last - first, 0).sum())
        if not hits:
            continue
        count += hits
        if len(listed) < most:
            a, b, _ = _written_out(first, last)
            tail = order[place + 1 :]
            for x, y in zip(a[: most - len(listed)], b, strict=False):
                listed.append(_ordered(order[place], tail[x], tail[y]))
    unlisted = count - len(listed)
    return Found(tuple(listed), ((3, unlisted),) if unlisted else (), False)


def _runs(values: Ints, span: Span, most: int) -> Found:
    """Neighbours i..j-1 whose sum, a difference of running totals, lies in the span."""
    totals = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(values)))
    order = np.argsort(totals, kind="stable")
    sums = totals[order]
    first = np.searchsorted(sums, span.low + totals, "left")
    last = np.searchsorted(sums, span.high + totals, "right")
    start, at, cut = _written_out(first, last)
    end = order[at]
    forward = end > start
    start, end = start[forward], end[forward]
    by_size = np.lexsort((start, end - start))
    groups = tuple(tuple(range(int(start[i]), int(end[i]))) for i in by_size[:most])
    return Found(groups, _by_size((end - start)[by_size[most:]]), cut)
