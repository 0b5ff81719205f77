"""Groups that hit a sum: against trying every one."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.sets.subsets import (
    HITS_MAX,
    NOTHING,
    Found,
    Span,
    all_groups,
    likely_groups,
)

amounts = st.lists(
    st.integers(-30, 60).filter(bool) | st.integers(1_000, 1_020), min_size=1, max_size=10
)


def total(found: Found) -> int:
    return len(found.groups) + sum(number for _, number in found.unlisted)


def tried(values: list[int], span: Span, size_max: int) -> list[tuple[int, ...]]:
    return [
        group
        for size in range(1, size_max + 1)
        for group in combinations(range(len(values)), size)
        if span.low <= sum(values[place] for place in group) <= span.high
    ]


@given(values=amounts, low=st.integers(-40, 200), width=st.integers(0, 10), size=st.integers(1, 6))
def test_every_group_in_the_span_is_found_once(
    values: list[int], low: int, width: int, size: int
) -> None:
    span = Span(low, low + width)
    found = all_groups(values, span, size, 10_000)
    assert sorted(found.groups) == sorted(tried(values, span, size))
    assert found.unlisted == ()
    assert not found.cut


@given(values=amounts, low=st.integers(-40, 200), most=st.integers(0, 5))
def test_what_is_not_listed_is_counted_by_size(values: list[int], low: int, most: int) -> None:
    span = Span(low, low + 3)
    found = all_groups(values, span, 6, most)
    right = tried(values, span, 6)
    assert len(found.groups) == min(most, len(right))
    rest = [len(group) for group in right if group not in found.groups]
    assert dict(found.unlisted) == {size: rest.count(size) for size in set(rest)}


def test_the_smallest_and_earliest_are_listed_first() -> None:
    found = all_groups([1, 1, 2, 3, 3], Span(3, 3), 6, 3)
    assert found.groups == ((3,), (4,), (0, 2))
    assert found.unlisted == ((2, 1),)


def test_both_ends_of_a_span_count() -> None:
    assert all_groups([5], Span(5, 9), 1, 9).groups == ((0,),)
    assert all_groups([9], Span(5, 9), 1, 9).groups == ((0,),)
    assert all_groups([4, 10], Span(5, 9), 1, 9) == NOTHING


def test_equal_amounts_are_counted_without_listing_them() -> None:
    found = all_groups([100] * 24, Span(600, 600), 6, 50)
    assert len(found.groups) == 50
    assert found.unlisted == ((6, 134_596 - 50),)
    assert not found.cut


def test_too_many_hits_are_cut_and_it_is_said() -> None:
    found = all_groups([1, -1] * 12, Span(-6, 6), 6, 2)
    assert found.cut
    assert total(found) <= HITS_MAX


def likely(values: list[int], span: Span, triples: bool) -> set[tuple[int, ...]]:
    places = range(len(values))
    ways = {tuple(range(a, b)) for a in places for b in range(a + 1, len(values) + 1)}
    ways |= {tuple(p for p in places if p != left_out) for left_out in places if len(places) > 1}
    for size in (1, 2, 3) if triples else (1, 2):
        ways |= set(combinations(places, size))
    return {w for w in ways if span.low <= sum(values[p] for p in w) <= span.high}


@given(values=amounts, low=st.integers(-40, 200), width=st.integers(0, 6), triples=st.booleans())
def test_all_likely_groups_in_the_span_are_found(
    values: list[int], low: int, width: int, triples: bool
) -> None:
    span = Span(low, low + width)
    found = likely_groups(values, span, triples, 10_000)
    right = likely(values, span, triples)
    assert set(found.groups) == right
    assert len(found.groups) == len(set(found.groups))
    assert list(found.groups) == sorted(found.groups, key=lambda group: (len(group), group))


@pytest.mark.parametrize(
    ("values", "sum_of", "size", "at_least"),
    [([7] * 200, 14, 2, 19_900), ([7] * 60, 21, 3, 34_220), ([7] * 200, 7 * 150, 150, 51)],
)
def test_likely_groups_beyond_the_listed_are_counted(
    values: list[int], sum_of: int, size: int, at_least: int
) -> None:
    found = likely_groups(values, Span(sum_of, sum_of), True, 10)
    assert len(found.groups) == 10
    assert {len(group) for group in found.groups} == {size}
    assert total(found) >= at_least


def test_ten_thousand_equal_amounts_are_bounded() -> None:
    found = likely_groups([100] * 10_000, Span(200, 200), False, 50)
    assert found.cut
    assert len(found.groups) == 50


def test_large_amounts_are_exact() -> None:
    big = 10**14
    assert all_groups([big, big - 1, 1], Span(big, big), 3, 9).groups == ((0,), (1, 2))


def test_all_but_one_is_found_to_both_ends_of_the_span() -> None:
    values = [1_003, 20_011, 300_007, 4_000_037, 50_000_021]
    whole = sum(values)
    for place, value in enumerate(values[1:-1], 1):
        rest = tuple(other for other in range(5) if other != place)
        for below, above in ((0, 0), (0, 9), (9, 0)):
            span = Span(whole - value - below, whole - value + above)
            assert likely_groups(values, span, False, 50).groups == (rest,)
        for apart in (-2, 2):
            near = whole - value + apart
            assert likely_groups(values, Span(near - 1, near + 1), False, 50) == NOTHING


def test_threes_that_are_not_listed_are_counted_as_threes() -> None:
    found = likely_groups([5, 900, 5, 901, 5, 902, 5], Span(15, 15), True, 2)
    assert found == Found(((0, 2, 4), (0, 2, 6)), ((3, 2),), False)
