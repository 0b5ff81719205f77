"""Usual lags: of counterparties learned before, and of the sure links of one run."""

from statistics import median_low

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.engine import ints
from well.matching.habits import Known, OfLinks


def of_links(supplier: list[int], links: list[tuple[int, int, int]], rows: int) -> OfLinks:
    """From (source row, target row, lag)."""
    i, j, lag = (ints(*column) for column in zip(*links, strict=True)) if links else (ints(),) * 3
    return OfLinks.of(ints(*supplier), i, j, lag, rows)


def usual(habits: OfLinks | Known, *pairs: tuple[int, int]) -> list[tuple[int, int]]:
    """(usual lag, links) of each pair."""
    lag, links = habits.usual(ints(*(i for i, _ in pairs)), ints(*(j for _, j in pairs)))
    return list(zip(lag.tolist(), links.tolist(), strict=True))


def test_what_is_known_of_a_counterparty_holds_for_all_its_candidates() -> None:
    known = Known(ints(30, 45), ints(7, 1))
    assert usual(known, (0, 5), (0, 9), (1, 5)) == [(30, 7), (30, 7), (45, 1)]


def test_without_links_nothing_is_usual() -> None:
    assert usual(of_links([0, 0, -1], [], 2), (0, 0), (1, 2)) == [(0, 0), (0, 0)]


def test_a_link_tells_other_documents_of_its_supplier() -> None:
    habits = of_links([0, 0, 1], [(0, 0, 12)], 3)
    assert usual(habits, (1, 0), (1, 1), (1, 2)) == [(12, 1), (12, 1), (0, 0)]


def test_a_link_never_speaks_for_itself() -> None:
    habits = of_links([0, 0, 1], [(0, 0, 12)], 3)
    assert usual(habits, (0, 0), (0, 1)) == [(0, 0), (0, 0)]


def test_a_link_to_one_supplier_counts_for_candidates_of_another() -> None:
    habits = of_links([0, 1, 1], [(0, 0, 12), (1, 1, 40)], 2)
    assert usual(habits, (0, 1), (1, 0)) == [(40, 1), (12, 1)]


def test_the_lower_of_two_middle_lags_is_usual() -> None:
    links = [(n, 0, lag) for n, lag in enumerate([31, 10, 20, 30])]
    habits = of_links([0], links, 5)
    assert usual(habits, (4, 0)) == [(20, 4)]
    assert usual(habits, *((n, 0) for n in range(4))) == [(20, 3), (30, 3), (30, 3), (20, 3)]


def test_equal_lags_are_told_apart_by_their_document() -> None:
    habits = of_links([0], [(0, 0, 5), (1, 0, 5), (2, 0, 9)], 4)
    assert usual(habits, *((n, 0) for n in range(4))) == [(5, 2), (5, 2), (5, 2), (5, 3)]


def test_target_rows_without_a_name_have_no_supplier() -> None:
    habits = of_links([-1, 0, -1], [(0, 0, 7), (1, 2, 9)], 3)
    assert usual(habits, (0, 0), (2, 0), (2, 1), (2, 2)) == [(0, 0)] * 4
    assert habits.own.tolist() == [-1, -1, -1]


def test_the_last_supplier_counts_its_own_links_only() -> None:
    habits = of_links([2, 0, 2], [(0, 0, 7), (1, 1, 9), (2, 2, 8)], 4)
    assert usual(habits, (3, 0), (3, 1), (3, 2)) == [(7, 2), (9, 1), (7, 2)]


@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(-20, 90)), max_size=12))
@settings(max_examples=50, deadline=None)
def test_the_usual_lag_is_the_median_of_all_other_links(links: list[tuple[int, int]]) -> None:
    supplier = [-1, 0, 1, 2]
    rows = len(links) + 1
    habits = of_links(supplier, [(n, firm + 1, lag) for n, (firm, lag) in enumerate(links)], rows)
    for n in range(rows):
        for place, firm in enumerate(supplier):
            others = [lag for m, (f, lag) in enumerate(links) if m != n and f == firm != -1]
            wanted = (median_low(others), len(others)) if others else (0, 0)
            assert usual(habits, (n, place)) == [wanted]


@pytest.mark.parametrize("turn", [[2, 0, 1], [1, 2, 0]])
def test_the_order_of_links_changes_nothing(turn: list[int]) -> None:
    links = [(0, 0, 5), (1, 0, 9), (2, 1, 5)]
    one, other = of_links([0, 0], links, 4), of_links([0, 0], [links[n] for n in turn], 4)
    i, j = ints(0, 1, 2, 3), ints(0, 0, 0, 0)
    assert np.array_equal(one.usual(i, j), other.usual(i, j))
