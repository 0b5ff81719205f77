"""Shares of one-to-one answers: counted exactly where small, bounded where large."""

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builders.engine import ints
from well.matching import assign
from well.matching.assign import EXACT_MAX, pair_shares

Edges = list[tuple[int, int, float]]


def shares(edges: Edges) -> list[float]:
    docs, entries, odds = zip(*edges, strict=True)
    found: list[float] = pair_shares(ints(*docs), ints(*entries), np.array(odds)).tolist()
    return found


def by_listing(edges: Edges) -> list[float]:
    """The share of each edge among all assignments, by trying every set of edges."""
    whole, held = 0.0, [0.0] * len(edges)
    for chosen in product((False, True), repeat=len(edges)):
        taken = [edge for edge, take in zip(edges, chosen, strict=True) if take]
        if len({d for d, _, _ in taken}) < len(taken) or len({e for _, e, _ in taken}) < len(taken):
            continue
        weight = float(np.prod([odds for _, _, odds in taken]))
        whole += weight
        for place, take in enumerate(chosen):
            held[place] += weight * take
    return [some / whole for some in held]


def numbered(pairs: list[tuple[int, int]], odds: list[float]) -> Edges:
    """Both sides numbered from 0, as `pair_shares` wants them."""
    docs, entries = sorted({d for d, _ in pairs}), sorted({e for _, e in pairs})
    return [(docs.index(d), entries.index(e), o) for (d, e), o in zip(pairs, odds, strict=False)]


PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, unique=True)
ODDS = st.floats(2.0**-10, 2.0**10)


@given(PAIRS.filter(lambda pairs: len(pairs) <= 9), st.lists(ODDS, min_size=9, max_size=9))
@example([(0, 0), (0, 1), (1, 0), (1, 1)], [3.0, 5.0, 7.0, 0.5])
def test_small_groups_are_counted_exactly(pairs: list[tuple[int, int]], odds: list[float]) -> None:
    edges = numbered(pairs, odds)
    assert shares(edges) == pytest.approx(by_listing(edges), abs=1e-9)


def test_no_pair_gives_no_share() -> None:
    assert pair_shares(ints(), ints(), np.zeros(0)).tolist() == []


def test_one_pair_keeps_what_its_odds_say() -> None:
    assert shares([(0, 0, 3.0)]) == pytest.approx([0.75])


def test_two_documents_share_the_entry_both_want() -> None:
    assert shares([(0, 0, 1.0), (1, 0, 2.0)]) == pytest.approx([0.25, 0.5])


def test_one_document_with_two_entries_divides_its_share() -> None:
    assert shares([(0, 0, 1.0), (0, 1, 2.0)]) == pytest.approx([0.25, 0.5])


def test_groups_do_not_touch_each_other_in_whatever_order_their_pairs_come() -> None:
    edges = [(0, 0, 1.0), (1, 1, 3.0), (0, 2, 2.0), (2, 1, 4.0), (3, 3, 9.0)]
    assert shares(edges) == pytest.approx([0.25, 3 / 8, 0.5, 4 / 8, 0.9])
    assert shares(edges[::-1]) == pytest.approx([0.9, 4 / 8, 0.5, 3 / 8, 0.25])


def ring(documents: int, seed: int) -> Edges:
    """Every document claims two neighbouring entries: 3 to the power of `documents` choices."""
    odds = np.exp2(np.random.default_rng(seed).uniform(-3, 6, size=2 * documents)).tolist()
    both = [(d, e % documents) for d in range(documents) for e in (d, d + 1)]
    return [(d, e, o) for (d, e), o in zip(both, odds, strict=True)]


@pytest.mark.parametrize("seed", range(3))
def test_messages_come_close_to_counting(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    edges = ring(5, seed)
    counted = shares(edges)
    monkeypatch.setattr(assign, "EXACT_MAX", 1)
    told = shares(edges)
    assert told != counted
    assert told == pytest.approx(counted, abs=0.05)


def test_messages_are_exact_on_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = [(0, 0, 3.0), (1, 0, 5.0), (1, 1, 0.5), (2, 1, 2.0), (3, 1, 0.25), (3, 2, 8.0)]
    monkeypatch.setattr(assign, "EXACT_MAX", 1)
    assert shares(tree) == pytest.approx(by_listing(tree), abs=2e-4)


def claimed(documents: int) -> Edges:
    """All documents want one entry: 2 to the power of `documents` choices by the bound."""
    return [(d, 0, 1.0) for d in range(documents)]


def test_a_group_of_512_choices_is_counted_and_one_of_1024_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert EXACT_MAX == 512
    sizes = []
    count = assign._exact

    def noted(doc: list[int], entry: list[int], odds: list[float]) -> list[float]:
        sizes.append(len(doc))
        return count(doc, entry, odds)

    monkeypatch.setattr(assign, "_exact", noted)
    shares(claimed(9))
    assert sizes == [9]
    shares(claimed(10))
    assert sizes == [9]


def test_equal_claims_of_many_settle_instead_of_swinging() -> None:
    assert shares(claimed(40)) == pytest.approx([1 / 41] * 40, abs=1e-4)


def test_a_hundred_equal_claims_leave_the_entry_given_once_at_most() -> None:
    strong = [(d, 0, 2.0**40) for d in range(100)]
    found = shares(strong)
    assert sum(found) <= 1.0 + 1e-9
    assert found == pytest.approx([0.01] * 100, abs=1e-6)


def test_rounds_of_messages_on_a_ring_end_where_they_always_did(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(assign, "EXACT_MAX", 1)
    edges = [(0, 0, 1.0), (0, 1, 1.0), (1, 0, 1.0), (1, 1, 1.0)]
    # On a ring of equal claims the message x solves x = 1 / (1 + x).
    golden = (5**0.5 - 1) / 2
    assert shares(edges) == pytest.approx([golden**2 / (1 + golden**2)] * 4, abs=1e-6)


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 60))
def test_no_side_gives_more_than_one_in_all(seed: int, documents: int, entries: int) -> None:
    chance = np.random.default_rng(seed)
    there = np.argwhere(chance.random((documents, entries)) < 0.3)
    edges = numbered([tuple(pair) for pair in there.tolist()], [1.0] * len(there))
    if not edges:
        return
    doc, entry = (np.array(side) for side in list(zip(*edges, strict=True))[:2])
    odds = np.exp2(chance.uniform(-10, 40, size=len(edges)))
    found = pair_shares(doc, entry, odds)
    assert (found >= 0.0).all()
    assert np.bincount(doc, found).max() <= 1.0 + 1e-9
    assert np.bincount(entry, found).max() <= 1.0 + 1e-9
    turn = chance.permutation(len(edges))
    again = pair_shares(doc[turn], entry[turn], odds[turn])
    assert again == pytest.approx(found[turn], abs=1e-9)
