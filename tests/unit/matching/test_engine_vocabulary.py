"""Numbers for texts and lists of numbers: the ground the engine stands on."""

from collections.abc import Hashable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.engine import ints
from well.matching.vocabulary import (
    ABSENT,
    Coder,
    Ragged,
    Vocabulary,
    distinct,
    shared,
    text_key,
    threads,
)

LISTS = st.lists(st.lists(st.integers(0, 6), unique=True, max_size=4), min_size=1, max_size=6)


def test_a_text_has_the_same_key_everywhere_and_always() -> None:
    assert text_key("INV2026") == 12_119_111_868_700_153_973
    assert text_key("") == 16_476_032_584_258_269_876


def test_the_key_of_a_text_is_that_of_its_utf_8_form() -> None:
    assert text_key("é") == 14_635_220_546_840_893_743


def test_half_a_sign_has_a_key_and_breaks_nothing() -> None:
    assert text_key("\ud800") == text_key("?")


def test_texts_are_numbered_in_the_order_they_first_come() -> None:
    words = Vocabulary()
    assert [words.number(text) for text in ("b", "a", "b", "c")] == [0, 1, 0, 2]
    assert len(words) == 3


def test_the_empty_text_is_absent_and_takes_no_number() -> None:
    words = Vocabulary()
    assert (words.number(""), ABSENT, len(words)) == (-1, -1, 0)
    assert words.text(ABSENT) == ""


def test_a_number_gives_its_text_back() -> None:
    words = Vocabulary()
    for text in ("b", "a", "c"):
        words.number(text)
    assert [words.text(number) for number in range(3)] == ["b", "a", "c"]


def test_keys_stand_by_number_and_what_is_absent_picks_zero() -> None:
    words = Vocabulary()
    words.number("b")
    words.number("a")
    keys = words.keys()
    assert keys.dtype == np.uint64
    assert keys.tolist() == [text_key("b"), text_key("a"), 0]
    assert keys[ABSENT] == 0


def test_lists_lie_one_after_the_other() -> None:
    lists = Ragged.of([[5, 3], [], [7]])
    assert lists.starts.tolist() == [0, 2, 2, 3]
    assert lists.values.tolist() == [5, 3, 7]
    assert lists.sizes().tolist() == [2, 0, 1]
    assert {lists.starts.dtype, lists.values.dtype} == {np.dtype(np.int64)}


def test_no_lists_are_no_lists() -> None:
    lists = Ragged.of(())
    assert (lists.starts.tolist(), lists.values.tolist()) == ([0], [])
    assert {lists.starts.dtype, lists.values.dtype} == {np.dtype(np.int64)}


def test_lists_can_come_as_pairs_with_empty_ones_at_the_end() -> None:
    lists = Ragged.of_pairs(ints(0, 0, 2), ints(5, 3, 7), 4)
    assert lists.starts.tolist() == [0, 2, 2, 3, 3]
    assert lists.values.tolist() == [5, 3, 7]
    assert lists.starts.dtype == np.int64


def test_lists_asked_for_come_in_the_order_and_as_often_as_asked() -> None:
    place, value = Ragged.of([[5, 3], [], [7]]).expand(ints(2, 0, 1, 0))
    assert place.tolist() == [0, 1, 1, 3, 3]
    assert value.tolist() == [7, 5, 3, 5, 3]
    assert place.dtype == np.int64


@given(LISTS, st.data())
def test_expanding_gives_what_plain_lists_give(lists: list[list[int]], data: st.DataObject) -> None:
    which = data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=6))
    place, value = Ragged.of(lists).expand(ints(*which))
    wanted = [(n, v) for n, at in enumerate(which) for v in lists[at]]
    assert list(zip(place.tolist(), value.tolist(), strict=True)) == wanted


class Lengths:
    """A conversion that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Hashable] = []

    def __call__(self, raw: str) -> Sequence[int]:
        """The length of each word."""
        self.asked.append(raw)
        return [len(word) for word in raw.split()]


def test_each_distinct_raw_value_is_converted_once() -> None:
    convert = Lengths()
    coder = Coder(convert)
    coder.extend(["a bc", "", "a bc"])
    coder.extend(["ddd", "a bc"])
    column = coder.done()
    assert convert.asked == coder.raws() == ["a bc", "", "ddd"]
    assert column.rows.tolist() == [0, 1, 0, 2, 0]
    assert column.rows.dtype == np.int64
    assert [values.tolist() for values in column.lists()] == [
        [0, 0, 2, 2, 3, 4, 4],
        [1, 2, 1, 2, 3, 1, 2],
    ]


def test_a_column_without_rows_has_none() -> None:
    column = Coder(Lengths()).done()
    assert column.rows.tolist() == []
    assert column.rows.dtype == np.int64
    assert column.groups.sizes().tolist() == []


def coded(lists: Sequence[Sequence[int]]) -> Coder:
    coder = Coder(lambda raw: raw)
    coder.extend([tuple(row) for row in lists])
    return coder


@settings(max_examples=50, deadline=None)
@given(LISTS, LISTS, st.data())
def test_shared_values_are_those_in_both_rows(
    left: list[list[int]], right: list[list[int]], data: st.DataObject
) -> None:
    couple = st.tuples(st.integers(0, len(left) - 1), st.integers(0, len(right) - 1))
    pairs = data.draw(st.lists(couple, max_size=8))
    i, j = ints(*(a for a, _ in pairs)), ints(*(b for _, b in pairs))
    place, value = shared(coded(left).done(), i, coded(right).done(), j)
    found = sorted(zip(place.tolist(), value.tolist(), strict=True))
    assert found == sorted(
        (n, v) for n, (a, b) in enumerate(pairs) for v in set(left[a]) & set(right[b])
    )


def test_shared_values_come_pair_by_pair_in_the_order_of_the_first_row() -> None:
    left, right = coded([[4, 9, 2], [7]]).done(), coded([[2, 4], [7, 1]]).done()
    place, value = shared(left, ints(1, 0, 0), right, ints(1, 1, 0))
    assert (place.tolist(), value.tolist()) == ([0, 2, 2], [7, 4, 2])
    assert {place.dtype, value.dtype} == {np.dtype(np.int64)}


def test_no_pairs_share_nothing() -> None:
    place, value = shared(coded([[1]]).done(), ints(), coded([[1]]).done(), ints())
    assert (place.tolist(), value.tolist()) == ([], [])


@pytest.mark.parametrize(("pairs", "count"), [(0, 1), (1_999, 1), (2_000, 2), (10**6, 2)])
def test_a_second_thread_is_started_for_many_pairs(pairs: int, count: int) -> None:
    assert threads(pairs) == count


@pytest.mark.parametrize("size", [0, 1, 99, 100, 250])
def test_each_value_is_found_once_however_many_there_are(size: int) -> None:
    values = ints(*((n * 7) % 60 << 32 | n % 5 for n in range(size)))
    once, place = distinct(values)
    assert sorted(once.tolist()) == sorted(set(values.tolist()))
    assert once[place].tolist() == values.tolist()
    assert {once.dtype, place.dtype} == {np.dtype(np.int64)}


def test_a_closed_vocabulary_keeps_its_size_and_takes_no_text() -> None:
    vocabulary = Vocabulary()
    vocabulary.number("a")
    vocabulary.close(len(vocabulary))
    assert len(vocabulary) == 1
    with pytest.raises(AssertionError, match="takes no text"):
        vocabulary.number("b")
