"""Candidates by a join and by a table of keys: the same pairs, the same cuts."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.engine import ints
from well.matching.blocking import (
    AMOUNT,
    FOLDED,
    PARTY,
    PARTY_AMOUNT,
    REFERENCE,
    REPEATED,
    VERSION,
    WORD,
    Keyring,
    asked_keys,
    key_texts,
    kinds,
)
from well.matching.candidates import ByKeys, InMemory, block_pairs, keys_of
from well.matching.columns import Book, Raw, columns
from well.matching.levels import LEVELS, among
from well.matching.vocabulary import FEW, THREADED, distinct, threads
from well.ports.store import BLOCK_MAX, Block

DAY = 739_000
RECORDS = st.builds(
    Raw,
    id=st.just("r"),
    names=st.sampled_from(["", "Algolia SAS", "ALGOLIA", "Müller GmbH", "Dupont Conseil"]),
    memo=st.sampled_from(["", "SEPA Algolia INV-2026-100", "loyer avril"]),
    reference=st.sampled_from(["", "INV-2026-100", "INV 2026 1O0", "7", "0007", "F-12345"]),
    amount=st.sampled_from([None, 0, 12_000, 12_002, 12_003, 10_000, -12_000]),
    net=st.sampled_from([None, 10_000]),
    currency=st.sampled_from(["", "EUR", "USD"]),
    day=st.one_of(st.none(), st.integers(DAY - 160, DAY + 160)),
    due=st.sampled_from([None, DAY]),
    made=st.sampled_from([None, DAY + 30]),
    numbers=st.sampled_from(["", "FR75814107155"]),
    ibans=st.sampled_from(["", "DE89370400440532013000"]),
    sites=st.sampled_from(["", "algolia.com"]),
)


class Table:
    """Keys of rows as a database would hold them."""

    def __init__(self, records: Sequence[Raw]) -> None:
        book = Book()
        self.rows: dict[str, list[int]] = defaultdict(list)
        for row, keys in enumerate(keys_of(book, columns(book, records))):
            for key in keys:
                self.rows[key].append(row)

    def lookup(self, asked: Sequence[Sequence[str]]) -> list[Block[int]]:
        """The blocks of the rows that ask."""
        blocks = []
        for keys in asked:
            cut = frozenset(key for key in keys if len(self.rows[key]) > BLOCK_MAX)
            hits = {row for key in keys if key not in cut for row in self.rows[key]}
            blocks.append(Block(tuple(hits), cut))
        return blocks


def both_ways(documents: Sequence[Raw], entries: Sequence[Raw]) -> list[list[list[int]]]:
    """Source, target and cut by the join, then by the table."""
    book = Book()
    source, target = columns(book, documents), columns(book, entries)
    alone = Book()
    same = columns(alone, documents)
    found = [
        InMemory(Keyring.of(book, lasting=False), target).pairs(source),
        ByKeys(Keyring.of(alone, lasting=True), Table(entries).lookup).pairs(same),
    ]
    return [[p.source.tolist(), p.target.tolist(), p.cut.tolist()] for p in found]


@settings(max_examples=40, deadline=None)
@given(st.lists(RECORDS, max_size=5), st.lists(RECORDS, max_size=9))
def test_a_table_of_keys_brings_what_the_join_brings(
    documents: list[Raw], entries: list[Raw]
) -> None:
    join, table = both_ways(documents, entries)
    assert join == table


@pytest.mark.parametrize(("crowd", "cut"), [(BLOCK_MAX, 0), (BLOCK_MAX + 1, 1 << AMOUNT)])
def test_a_crowd_is_cut_by_both(crowd: int, cut: int) -> None:
    entries = [Raw(str(n), amount=12_000, currency="EUR", day=DAY) for n in range(crowd)]
    join, table = both_ways([Raw("d", amount=12_000, currency="EUR", day=DAY)], entries)
    assert join == table
    assert join[2] == [cut]
    assert len(join[0]) == (0 if cut else BLOCK_MAX)


def test_keys_are_texts_of_one_length_that_tell_their_kind() -> None:
    book = Book()
    document = Raw("d", "Algolia", "loyer", "INV-2026-100", amount=12_000, currency="EUR", day=DAY)
    side = columns(book, [document, Raw("empty")])
    full, empty = key_texts(asked_keys(side, Keyring.of(book, lasting=True)), 2)
    assert {len(key) for key in full} == {17}
    assert len(set(full)) == len(full)
    assert all(int(key, 16) >= 0 for key in full)
    wanted = {REFERENCE, FOLDED, PARTY_AMOUNT, PARTY, AMOUNT, WORD, REPEATED}
    assert wanted <= {int(key[0], 16) for key in full}
    assert empty == ()


def test_the_keys_of_a_record_are_the_same_in_every_process_and_version() -> None:
    # Where these change, blocking.VERSION has to change with them: keys lie in databases.
    assert VERSION == "blocking-2"
    numbered = Raw("e", reference="INV-2026-100")
    plain = Raw("e", "Algolia SAS", "loyer", amount=12_000, currency="EUR", day=DAY)
    book = Book()
    book.ids.number("something else")
    found = keys_of(book, columns(book, [numbered, plain]))
    assert [sorted(keys) for keys in found] == [
        ["0e144e136600c83c9", "1c418c89ae1955c56", "29f23a7720ccb3678"],
        [
            *("49d47f1f9d54c2754", "55dc0e063ffbaa5be", "65b9c8a174d3089fd"),
            *("70fd18f3bfcdaf0d8", "8d9228fcee1f8b565"),
        ],
    ]


def test_kinds_of_keys_are_one_bit_each() -> None:
    assert kinds([]) == 0
    assert kinds(["0abc"]) == 1
    assert kinds(["3abc", "6abc", "6def"]) == (1 << 3) | (1 << 6)


def test_blocks_become_pairs_in_order_with_the_kinds_that_were_cut() -> None:
    pairs = block_pairs(
        [Block((5, 2)), Block((), frozenset({"6a", "0b"})), Block((9,), frozenset({"5a"}))]
    )
    assert pairs.source.tolist() == [0, 0, 2]
    assert pairs.target.tolist() == [2, 5, 9]
    assert pairs.cut.tolist() == [0, (1 << 6) | 1, 1 << 5]
    nothing = block_pairs([])
    assert [len(nothing.source), len(nothing.target), len(nothing.cut)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("fields", "near", "far"),
    [
        ({}, DAY - 40, DAY + 900),
        ({"due": DAY + 900}, DAY + 860, DAY - 40),
        ({"day": DAY, "due": DAY + 900}, DAY - 40, DAY + 900),
    ],
)
def test_a_record_lies_near_its_day_else_its_due_day_else_the_day_it_was_made(
    fields: dict[str, int], near: int, far: int
) -> None:
    entry = Raw("e", names="Algolia", amount=99, made=DAY)._replace(**fields)
    for day, found in ((near, [0]), (far, [])):
        join, table = both_ways([Raw("d", names="Algolia", amount=500, day=day)], [entry])
        assert join == table
        assert join[0] == found


def test_a_total_that_repeats_is_brought_by_both_whatever_the_days() -> None:
    document = Raw("d", "Algolia", amount=99, day=DAY, currency="EUR")
    entries = [
        document._replace(id="e1", day=DAY + 4_000),
        document._replace(id="e2", day=DAY - 4_000, names="ALGOLIA SAS"),
        document._replace(id="e3", day=None, currency="USD"),
        document._replace(id="e4", day=DAY + 4_000, amount=100),
        document._replace(id="e5", day=DAY + 4_000, amount=-99),
        document._replace(id="e6", day=DAY + 4_000, names="Kodex"),
    ]
    join, table = both_ways([document], entries)
    assert join == table == [[0, 0, 0], [0, 1, 2], [0]]


@pytest.mark.parametrize(("crowd", "cut"), [(BLOCK_MAX, 0), (BLOCK_MAX + 1, 1 << REPEATED)])
def test_a_total_that_too_many_repeat_is_cut_by_both(crowd: int, cut: int) -> None:
    document = Raw("d", "Algolia", amount=99, day=DAY)
    entries = [document._replace(id=str(n), day=DAY + 500 + 80 * n) for n in range(crowd)]
    join, table = both_ways([document], entries)
    assert join == table
    assert join[2] == [cut]
    assert len(join[0]) == (0 if cut else BLOCK_MAX)


@pytest.mark.parametrize("size", [0, 1, FEW - 1, FEW, 3 * FEW])
def test_distinct_values_and_the_place_of_each(size: int) -> None:
    values = np.random.default_rng(size).integers(0, 7, size)
    found, place = distinct(values)
    assert sorted(found.tolist()) == sorted(set(values.tolist()))
    assert found[place].tolist() == values.tolist()
    assert (found.dtype, place.dtype) == (np.int64, np.int64)


def test_threads_are_started_for_many_pairs_only() -> None:
    assert [threads(n) for n in (0, THREADED - 1, THREADED)] == [1, 1, 2]


def test_levels_among_words_are_told_by_their_number() -> None:
    marks = among("tax number", ["equal", "different"])
    assert marks.tolist() == [False, True, False, True]
    assert LEVELS["tax number"][1] == "equal"
    assert ints(3, 1)[marks[ints(0, 1)]].tolist() == [1]
