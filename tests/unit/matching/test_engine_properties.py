"""What holds for every two rows by the tables Well is shipped with."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from builders.engine import bits_of, every_pair, ints, levels_of, sides, words_of
from well.matching.bits import GRAIN, score
from well.matching.columns import Raw
from well.matching.compare import compare
from well.matching.levels import FEATURES
from well.matching.weights import ENTRY

DAY = 739_000
NAMES = ["", "Zumtobel", "Zumtobel GmbH", "Zumtobel Leuchten", "Algolia", "Zumtobal"]
NUMBERS = ["", "F-20417", "F20418", "f 20417", "20417", "A7", "AB1O", "AB10", "2024-0417"]
MEMOS = ["", "zumtobel f20417", "sepa zumtobel leuchten", "f20418 20417", "zu", "algolia 2024 0417"]
TAX = ["", "FR40303265045", "FR83404833048", "303265045", "BE0403019261"]
ACCOUNTS = ["", "DE89370400440532013000", "GB82WEST12345698765432"]
SITES = ["", "algolia.com", "www.algolia.com", "qonto.com", "gmail.com"]
PHONES = ["", "+33 1 23 45 67 89", "+33 1 23 45 67 80"]
ADDRESSES = ["", "55 Sonnenweg Wien", "55 Sonnenweg Wien 1010", "7 Bergpfad Graz"]
TOTALS = st.sampled_from([None, 10_000, 10_001, 10_100, 12_000, 5_000, 20_000, 31_337, -10_000])
DAYS = st.none() | st.integers(DAY - 40, DAY + 110)
ROW = st.builds(
    Raw,
    id=st.just("r"),
    names=st.sampled_from(NAMES),
    memo=st.sampled_from(MEMOS),
    reference=st.sampled_from(NUMBERS),
    amount=TOTALS,
    net=st.sampled_from([None, 10_000]),
    currency=st.sampled_from(["", "EUR", "USD"]),
    day=DAYS,
    due=DAYS,
    numbers=st.sampled_from(TAX),
    ibans=st.sampled_from(ACCOUNTS),
    sites=st.sampled_from(SITES),
    address=st.sampled_from(ADDRESSES),
    phone=st.sampled_from(PHONES),
    country=st.sampled_from(["", "FR", "DE"]),
    credit=st.booleans(),
    file_name=st.just(""),
    made=st.none(),
)
ROWS = st.lists(ROW, min_size=1, max_size=4)


def bits(source: Raw, target: Raw) -> float:
    """Bits of one pair by itself."""
    return bits_of(source, target)[0]


AGREEING: dict[str, list[Any]] = {
    "names": NAMES[1:],
    "reference": NUMBERS[1:],
    "numbers": [number for number in TAX if number[:1].isalpha()],
    "ibans": ACCOUNTS[1:],
    "sites": SITES[1:4],
    "address": ADDRESSES[1:],
    "phone": PHONES[1:],
    "day": [DAY, DAY + 5],
}


@pytest.mark.parametrize("field", AGREEING)
@settings(max_examples=25, deadline=None)
@given(source=ROW, target=ROW, data=st.data())
def test_what_agrees_never_lowers_the_score(
    field: str, source: Raw, target: Raw, data: st.DataObject
) -> None:
    """Whatever stood there. A bare number is another person's in another country."""
    agreed = data.draw(st.sampled_from(AGREEING[field]))
    nothing: dict[str, Any] = {field: None if field == "day" else ""}
    bare = source._replace(**nothing), target._replace(**nothing)
    both = (row._replace(**{field: agreed}) for row in bare)
    assert bits(*both) >= bits(*bare)
    own = source._replace(**{field: agreed})
    if levels_of(own, target)["reference"] != "in the text":
        assert bits(own, target._replace(**{field: agreed})) >= bits(own, target)


@settings(max_examples=25, deadline=None)
@given(ROW, ROW, st.sampled_from([10_000, 12_000, 1]))
def test_an_equal_total_never_lowers_the_score(source: Raw, target: Raw, total: int) -> None:
    money: dict[str, Any] = {"amount": total, "currency": "EUR", "credit": False}
    agreed = bits(source._replace(**money), target._replace(**money))
    assert agreed >= bits(source, target)
    assert agreed >= bits(source._replace(**money), target)


@settings(max_examples=25, deadline=None)
@given(ROW, ROW, st.sampled_from(MEMOS[1:]))
def test_an_equal_memo_never_lowers_the_score(source: Raw, target: Raw, memo: str) -> None:
    before = bits(source._replace(memo=memo), target._replace(memo=""))
    assert bits(source._replace(memo=memo), target._replace(memo=memo)) >= before


@settings(max_examples=25, deadline=None)
@given(ROW, ROW, st.integers(-3, 3))
def test_a_due_date_that_fits_never_lowers_the_score(source: Raw, target: Raw, off: int) -> None:
    assume(target.day is not None)
    before = source._replace(due=None)
    known = source._replace(due=(target.day or 0) + off)
    assert bits(known, target) >= bits(before, target)


FIELDS = ["names", "reference", "memo", "numbers", "ibans", "sites", "address", "phone", "country"]


@pytest.mark.parametrize("side", [0, 1])
@settings(max_examples=40, deadline=None)
@given(row=ROW, field=st.sampled_from([*FIELDS, "amount", "day"]))
def test_losing_what_agrees_never_raises_the_score(side: int, row: Raw, field: str) -> None:
    """Missing evidence is never better than evidence for."""
    row = row._replace(memo="", due=None, net=None)
    nothing: dict[str, Any] = {field: None if field in ("amount", "day") else ""}
    lost = row._replace(**nothing)
    pair = (row, lost) if side else (lost, row)
    assert bits(*pair) <= bits(row, row)


@settings(max_examples=40, deadline=None)
@given(ROW, ROW)
def test_missing_evidence_is_worth_exactly_nothing(source: Raw, target: Raw) -> None:
    both = sides([source], [target])
    levels = compare(both, ints(0), ints(0))
    rows, _ = score(levels, ENTRY)
    assert {float(rows[name][0]) for name in FEATURES if levels[name][0] == 0} <= {0.0}


@settings(max_examples=25, deadline=None)
@given(ROW)
def test_a_row_and_an_empty_one_are_worth_nothing(row: Raw) -> None:
    row = row._replace(credit=False)
    empty = Raw("e")
    if not row.due or row.day:
        assert bits(row, empty) == bits(empty, row) == 0.0


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 300_000),
    st.integers(1, 300_000),
    st.integers(1, 300_000),
    st.sampled_from([1, -1]),
)
def test_a_nearer_amount_never_scores_below_a_farther_one(
    total: int, one: int, other: int, sign: int
) -> None:
    """But where tax, a part or a double explains the farther one."""
    source = Raw("s", amount=sign * total)
    near, far = (
        Raw("t", amount=sign * some) for some in sorted((one, other), key=lambda x: abs(x - total))
    )
    explained = ("net of VAT", "VAT on top", "a half or a third", "twice")
    if levels_of(source, far)["amount"] not in explained:
        assert bits(source, near) >= bits(source, far)


@pytest.mark.parametrize(
    ("total", "near", "far"), [(10_000, 8_799, 11_201), (10_000, 8_700, 11_350)]
)
def test_a_nearer_amount_below_is_not_farther_than_one_above(
    total: int, near: int, far: int
) -> None:
    source = Raw("s", amount=total)
    assert bits(source, Raw("t", amount=near)) >= bits(source, Raw("t", amount=far))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 10**6), st.integers(1, 10**6), st.booleans())
def test_a_sign_is_never_dropped(one: int, other: int, turned: bool) -> None:
    pair = Raw("s", amount=one), Raw("t", amount=-other)
    assert bits(*(pair[::-1] if turned else pair)) == ENTRY["amount"]["opposite sign"]


def test_two_empty_numbers_are_no_evidence() -> None:
    assert bits(Raw("s", amount=5), Raw("t", amount=5)) == ENTRY["amount"]["equal"]


SYMMETRIC = [name for name in FEATURES if name not in ("amount", "date", "habit", "owner")]


@settings(max_examples=40, deadline=None)
@given(ROW, ROW)
def test_it_does_not_matter_which_side_a_row_is_on(one: Raw, other: Raw) -> None:
    there, back = levels_of(one, other), levels_of(other, one)
    assert [there[name] for name in SYMMETRIC] == [back[name] for name in SYMMETRIC]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_totals_that_agree_or_clash_do_so_either_way(one: int, other: int) -> None:
    there = levels_of(Raw("s", amount=one), Raw("t", amount=other))["amount"]
    back = levels_of(Raw("s", amount=other), Raw("t", amount=one))["amount"]
    turned = {"net of VAT": "VAT on top", "VAT on top": "net of VAT", "twice": "a half or a third"}
    if there in ("equal", "cents apart", *turned):
        assert back == turned.get(there, there)


@settings(max_examples=25, deadline=None)
@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(source: list[Raw], target: list[Raw], by: Any) -> None:
    first, second = list(range(len(source))), list(range(len(target)))
    by.shuffle(first)
    by.shuffle(second)
    straight = sides(source, target)
    mixed = sides([source[n] for n in first], [target[n] for n in second])
    found, other = (compare(both, *every_pair(both)) for both in (straight, mixed))
    wide = len(target)
    place = [row * wide + column for row in first for column in second]
    for name in FEATURES:
        assert other[name].tolist() == found[name][place].tolist()


@settings(max_examples=25, deadline=None)
@given(ROWS, ROWS)
def test_a_document_alone_reaches_bit_for_bit_what_it_does_among_others(
    source: list[Raw], target: list[Raw]
) -> None:
    both = sides(source, target)
    whole = score(compare(both, *every_pair(both)), ENTRY)[1]
    alone = [bits_of(row, *target) for row in source]
    assert whole.tolist() == [worth for row in alone for worth in row]


@settings(max_examples=25, deadline=None)
@given(ROWS, ROWS)
def test_the_order_of_pairs_never_matters(source: list[Raw], target: list[Raw]) -> None:
    both = sides(source, target)
    i, j = every_pair(both)
    straight, turned = compare(both, i, j), compare(both, i[::-1].copy(), j[::-1].copy())
    for name in FEATURES:
        assert straight[name].tolist() == turned[name].tolist()[::-1]


@settings(max_examples=25, deadline=None)
@given(ROWS, ROWS)
def test_every_score_is_a_multiple_of_the_grain_and_the_sum_of_its_rows(
    source: list[Raw], target: list[Raw]
) -> None:
    both = sides(source, target)
    rows, whole = score(compare(both, *every_pair(both)), ENTRY)
    assert np.array_equal(whole * GRAIN, np.round(whole * GRAIN))
    assert np.array_equal(sum(rows[name] for name in sorted(FEATURES)), whole)


@settings(max_examples=25, deadline=None)
@given(ROWS, ROWS)
def test_rows_of_other_documents_change_nothing(source: list[Raw], target: list[Raw]) -> None:
    for name in ("reference", "amount", "name"):
        found = words_of(sides(source, target), name)
        assert found[: len(target)] == words_of(sides(source[:1], target), name)
