"""Competition over arrays: shares of one document, then of the whole batch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.engine import ints
from well.domain.candidate import Candidate, Ranking
from well.matching.compete import CLAIM_MIN, in_order, one_to_one, rank, settle, shares


def floats(*numbers: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(numbers, dtype=np.float64)


def test_bits_become_shares_of_each_document_and_its_none() -> None:
    p, none = shares(ints(0, 0, 2), floats(1.0, 2.0, 3.0), floats(1.0, 5.0, 0.0))
    assert p == pytest.approx([2 / 8, 4 / 8, 8 / 9])
    assert none == pytest.approx([2 / 8, 1.0, 1 / 9])


def test_bits_far_apart_neither_overflow_nor_vanish() -> None:
    p, none = shares(ints(0, 0, 1), floats(4001.0, 4000.0, -3000.0), floats(5.0, 1.0))
    assert p == pytest.approx([2 / 3, 1 / 3, 0.0])
    assert none == pytest.approx([0.0, 1.0])


@given(
    st.lists(st.lists(st.floats(-60, 60), max_size=5), min_size=1, max_size=6),
    st.floats(-12, 24),
)
def test_the_shares_of_a_document_and_its_none_are_one(rows: list[list[float]], w: float) -> None:
    doc = ints(*(n for n, row in enumerate(rows) for _ in row))
    bits = floats(*(b for row in rows for b in row))
    p, none = shares(doc, bits, np.full(len(rows), w))
    assert none + np.bincount(doc, p, minlength=len(rows)) == pytest.approx(np.ones(len(rows)))


def test_an_entry_claimed_once_keeps_its_share_to_the_last_bit() -> None:
    p, none = floats(0.3, 0.6, 0.7), floats(0.1, 0.3)
    after = settle(ints(0, 0, 1), ints(0, 1, 2), p, none)
    assert after[0].tolist() == p.tolist()
    assert after[1].tolist() == none.tolist()


def test_what_a_document_loses_goes_to_its_none() -> None:
    p, none = settle(ints(0, 1), ints(0, 0), floats(0.5, 0.75), floats(0.5, 0.25))
    # Odds 1 and 3 on one entry: nobody, the first or the second has it as 1 : 1 : 3.
    assert p == pytest.approx([0.2, 0.6])
    assert none == pytest.approx([0.8, 0.4])


def test_a_document_in_a_conflict_settles_with_all_its_entries() -> None:
    p, none = settle(ints(0, 0, 1), ints(0, 1, 0), floats(0.4, 0.4, 0.5), floats(0.2, 0.5))
    # Odds 2 and 2 against 1: of 1 + 2 + 2 + 1 + 2 * 1 = 8, both hold 4, 2 and 3.
    assert p == pytest.approx([2 / 8, 4 / 8, 3 / 8])
    assert none == pytest.approx([2 / 8, 5 / 8])


def test_a_document_beside_a_conflict_is_left_alone() -> None:
    p, none = settle(ints(0, 1, 2), ints(0, 0, 1), floats(0.5, 0.75, 0.9), floats(0.5, 0.25, 0.05))
    assert p[2] == 0.9
    assert none[2] == 0.05


def test_a_claim_of_one_in_a_thousand_is_no_contest_and_a_larger_one_is() -> None:
    assert CLAIM_MIN == 1e-3
    doc, entry, none = ints(0, 1), ints(0, 0), floats(0.25, 0.5)
    left = settle(doc, entry, floats(0.75, 0.001), none)
    assert left[0].tolist() == [0.75, 0.001]
    assert left[1].tolist() == none.tolist()
    contested = settle(doc, entry, floats(0.75, 0.0011), none)
    assert contested[0][0] < 0.75


def test_what_is_too_unlikely_to_be_contested_stays_with_none_in_proportion() -> None:
    p, none = settle(ints(0, 0, 1), ints(0, 1, 0), floats(0.5, 0.0009, 0.5), floats(0.4991, 0.5))
    # The first document's 0.5 stands against 0.5 in all that is not the contested entry.
    assert p == pytest.approx([1 / 3, 2 / 3 * 0.0018, 1 / 3], abs=1e-9)
    assert none == pytest.approx([2 / 3 * 0.9982, 2 / 3], abs=1e-9)


def test_the_numbers_of_documents_and_entries_need_not_follow_each_other() -> None:
    none = np.full(40, 0.5)
    p, after = settle(ints(7, 31), ints(1_000, 1_000), floats(0.5, 0.5), none)
    assert p == pytest.approx([1 / 3, 1 / 3])
    assert after[[7, 31]] == pytest.approx([2 / 3, 2 / 3])
    assert (np.delete(after, [7, 31]) == 0.5).all()


def test_documents_that_are_quite_sure_of_one_entry_share_it() -> None:
    p, none = settle(ints(0, 1), ints(0, 0), floats(1.0, 1.0), floats(0.0, 0.0))
    assert p == pytest.approx([0.5, 0.5])
    assert none == pytest.approx([0.5, 0.5])


def test_a_sure_claim_outweighs_any_other_by_forty_bits_at_the_most() -> None:
    p, _ = settle(ints(0, 1), ints(0, 0), floats(1.0, 1.0 - 2.0**-20), floats(0.0, 2.0**-20))
    assert p[1] == pytest.approx(2.0**-20, rel=1e-3)
    assert p[0] == pytest.approx(1.0 - 2.0**-20, rel=1e-9)


def test_nothing_to_settle_stays_nothing() -> None:
    p, none = settle(ints(), ints(), floats(), floats(1.0, 1.0))
    assert p.tolist() == []
    assert none.tolist() == [1.0, 1.0]


@given(st.integers(0, 2**32), st.integers(1, 30), st.integers(1, 30))
def test_a_settled_batch_gives_no_document_and_no_entry_more_than_one(
    seed: int, documents: int, entries: int
) -> None:
    chance = np.random.default_rng(seed)
    doc, entry = np.nonzero(chance.random((documents, entries)) < 0.3)
    bits = chance.uniform(-10, 40, size=len(doc))
    p, none = shares(doc, bits, np.full(documents, 12.0))
    after, left = settle(doc, entry, p, none)
    assert (left >= 0.0).all()
    held = np.bincount(doc, after, minlength=documents)
    assert held + left == pytest.approx(np.ones(documents), abs=1e-9)
    sure = after >= 0.5 + 1e-9
    assert np.bincount(entry[sure], minlength=1).max() <= 1
    turn = np.lexsort((chance.random(len(doc)), doc))
    again, _ = settle(doc[turn], entry[turn], p[turn], none)
    assert again == pytest.approx(after[turn], abs=1e-9)


def named(id: str, bits: float, confidence: float = 0.0) -> Candidate:
    return Candidate(id, id, bits, confidence)


def test_a_ranking_tells_the_shares_the_rest_and_the_cut() -> None:
    ranking = rank([named("b", 1.0), named("a", 3.0)], 2.0, True)
    assert [c.id for c in ranking.candidates] == ["a", "b"]
    assert [c.confidence for c in ranking.candidates] == pytest.approx([8 / 14, 2 / 14])
    assert ranking.none_confidence == pytest.approx(4 / 14)
    assert ranking.truncated is True
    assert rank([], 2.0, False) == Ranking((), 1.0, False)


def test_the_likeliest_comes_first_then_more_bits_then_the_smaller_id() -> None:
    given_ = [named("d", 1.0, 0.2), named("c", 1.0, 0.2), named("b", 2.0, 0.2), named("a", 0, 0.1)]
    assert [c.id for c in in_order(given_)] == ["b", "c", "d", "a"]


def test_rankings_of_a_batch_keep_their_cut_and_every_candidate() -> None:
    before = {
        "two": rank([named("x", 2.0), named("y", 0.0)], 0.0, True),
        "one": rank([named("x", 0.0)], 0.0, False),
    }
    after = one_to_one(before)
    assert list(after) == ["one", "two"]
    assert after["two"].truncated is True
    assert after["one"].truncated is False
    # Odds 1 for the one, 4 and 1 for the two: 1 + 1 + 4 + 1 + 1 * 1 = 8.
    assert [c.confidence for c in after["two"].candidates] == pytest.approx([4 / 8, 2 / 8])
    assert [c.id for c in after["two"].candidates] == ["x", "y"]
    assert after["two"].none_confidence == pytest.approx(2 / 8)
    assert [c.confidence for c in after["one"].candidates] == pytest.approx([2 / 8])
    assert after["one"].none_confidence == pytest.approx(6 / 8)


def test_a_batch_without_candidates_stays_as_it_is() -> None:
    empty = {"a": Ranking(), "b": Ranking(truncated=True)}
    assert one_to_one(empty) == empty
