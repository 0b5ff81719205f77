"""JSON of a provider: exact numbers, own bytes, nothing hostile."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.connectors.jsontext import canonical, day, moment, number, parse, text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_an_amount_keeps_its_digits() -> None:
    assert parse(b'{"a":1027.20}').value == {"a": Decimal("1027.20")}
    assert str(parse(b"0.1").value) == "0.1"


@given(st.lists(JSON, max_size=5), st.integers(0, 4))
def test_each_item_keeps_its_own_bytes(values: list[object], indent: int) -> None:
    whole = json.dumps({"x": [1], "Q": {"Bill": values, "n": 1}}, indent=indent or None)
    inside = parse(whole.encode()).get("Q")
    assert inside is not None
    bills = inside.get("Bill")
    assert bills is not None
    items = bills.items()
    assert [item.value for item in items] == values
    assert [json.loads(item.raw) for item in items] == values
    assert all(item.raw in whole.encode() for item in items)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"<html>",
        b"{",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b"{} {}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 10_000,
    ],
)
def test_what_is_no_sound_json_is_a_value_error(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse(broken)


def test_equal_numbers_have_one_canonical_form() -> None:
    forms = [
        canonical(parse(t).value) for t in (b"[1284.00]", b"[1284.0]", b"[1284]", b"[1.284e3]")
    ]
    assert len(set(forms)) == 1
    assert canonical(parse(b"[true]").value) != canonical(parse(b"[1]").value)
    assert len(canonical(parse(b"[1e999999]").value)) < 100


def test_keys_in_another_order_are_the_same_text() -> None:
    assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1})


@pytest.mark.parametrize(
    ("given_", "meant"),
    [
        ("2026-04-22T02:01:33.123-07:00", datetime(2026, 4, 22, 9, 1, 33, 123000, UTC)),
        ("2026-03-04T17:58:30.000Z", datetime(2026, 3, 4, 17, 58, 30, 0, UTC)),
        ("2026-03-04T17:58:30+02:00", datetime(2026, 3, 4, 15, 58, 30, 0, UTC)),
    ],
)
def test_both_forms_of_time_are_read(given_: str, meant: datetime) -> None:
    assert moment(given_) == meant


@pytest.mark.parametrize(
    "wrong",
    ["2026-04-22T02:01:33", "yesterday", "", None, 5, "0001-01-01T00:00:00+14:00", "x" * 99],
)
def test_what_is_no_sure_time_is_none(wrong: object) -> None:
    assert moment(wrong) is None


@pytest.mark.parametrize(
    "wrong", [True, "NaN", "1,5", "1e9", "", None, [], "9" * 40, Decimal("1e30"), "١٢"]
)
def test_what_is_no_plain_number_is_none(wrong: object) -> None:
    assert number(wrong) is None


@given(st.text())
def test_text_is_short_visible_and_one_line(raw: str) -> None:
    found = text(raw * 50)
    assert found is None or (0 < len(found) <= 500 and "\n" not in found and found.encode())


@given(st.one_of(st.text(), st.integers(), st.none()))
def test_readers_of_values_never_raise(value: object) -> None:
    day(value)
    moment(value)
    number(value)
    text(value)
