"""The lines that explain a difference: which are believed, to the cent, and what they cost."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.sets.residuals import explain, fee_limit, spans
from well.matching.sets.subsets import Span
from well.matching.sets.values import Limits, Residual, Terms, quantised, shown

NONE = Terms(discounts=(), fee_max=0, rounding=0)


def lines(owed: int, paid: int, terms: Terms, size: int = 1, in_time: bool = True) -> object:
    return explain(owed, paid, size, in_time, terms, "EUR")


def test_nothing_is_explained_without_tolerances() -> None:
    assert lines(10_000, 9_999, NONE) is None
    assert lines(10_000, 9_800, NONE) is None


@pytest.mark.parametrize(("short", "side"), [(2, "less"), (1, "less"), (-1, "more"), (-2, "more")])
def test_cents_are_a_rounding_either_way(short: int, side: str) -> None:
    terms = Terms(discounts=(), fee_max=0, rounding=2)
    text = f"0.0{abs(short)} EUR {side} than owed, a rounding."
    assert lines(10_000, 10_000 - short, terms) == Residual("rounding", short, text, -7.0)


@pytest.mark.parametrize("short", [3, -3])
def test_more_than_the_rounding_is_none(short: int) -> None:
    assert lines(10_000, 10_000 - short, Terms(discounts=(), fee_max=0, rounding=2)) is None


@pytest.mark.parametrize(
    ("short", "size", "fits"),
    [(200, 1, True), (201, 1, True), (202, 1, False), (199, 1, True), (198, 1, False),
     (202, 3, True), (203, 3, False)],
)  # fmt: skip
def test_a_discount_is_exact_to_the_rounding_of_each_item(
    short: int, size: int, fits: bool
) -> None:
    terms = Terms(discounts=(200,), fee_max=0, rounding=0)
    line = explain(10_000, 10_000 - short, size, True, terms, "EUR")
    assert (line is not None) is fits


def test_a_discount_is_said_and_costs_more_with_more_roundings() -> None:
    terms = Terms(discounts=(250,), discount_days=10, fee_max=0, rounding=0)
    text = "2.50 EUR discount, 2.5 % for paying within 10 days."
    assert lines(10_000, 9_750, terms) == Residual("discount", 250, text, -7.0)
    assert lines(10_000, 9_750, terms, size=3) == Residual("discount", 250, text, -8.0)
    assert lines(10_000, 9_750, terms, in_time=False) is None


def test_tax_withheld_does_not_depend_on_the_day() -> None:
    terms = Terms(discounts=(), withholdings=(1_500,), fee_max=0, rounding=0)
    text = "15.00 EUR tax withheld, 15 %."
    expected = Residual("withholding", 1_500, text, -7.0)
    assert lines(10_000, 8_500, terms, in_time=False) == expected


def test_no_rate_of_nothing_is_a_discount() -> None:
    terms = Terms(discounts=(100,), fee_max=0, rounding=0)
    assert lines(40, 40, terms) is None
    assert lines(40, 41, terms) is None
    assert lines(40, 39, terms) is not None


@pytest.mark.parametrize(("short", "fits"), [(1, True), (1_000, True), (1_001, False), (-1, False)])
def test_a_charge_is_at_most_its_limit(short: int, fits: bool) -> None:
    terms = Terms(discounts=(), fee_max=1_000, rounding=0)
    assert (lines(100_000, 100_000 - short, terms) is not None) is fits


def test_a_charge_is_said_and_costs_by_the_width_of_its_limit() -> None:
    terms = Terms(discounts=(), fee_max=1_024, rounding=0)
    text = "10.00 EUR taken off as a bank charge."
    assert lines(100_000, 99_000, terms) == Residual("fee", 1_000, text, -14.0)


def test_a_charge_is_at_most_a_tenth() -> None:
    terms = Terms(fee_max=3_000)
    assert fee_limit(9_999, terms) == 999
    assert fee_limit(30_000, terms) == 3_000
    assert fee_limit(40_000, terms) == 3_000


def test_the_likeliest_line_is_taken() -> None:
    terms = Terms(discounts=(200,), fee_max=3_000, rounding=2)
    line = explain(10_000, 9_800, 1, True, terms, "EUR")
    assert line is not None
    assert line.kind == "discount"


@given(
    owed=st.integers(1, 10**6),
    short=st.integers(-5, 4_000),
    size=st.integers(1, 6),
    swapped=st.booleans(),
)
def test_every_sum_that_a_line_explains_is_looked_for(
    owed: int, short: int, size: int, swapped: bool
) -> None:
    terms = Terms(discounts=(100, 200, 300), withholdings=(1_000,), fee_max=2_500, rounding=2)
    paid = owed - short
    if paid <= 0 or explain(owed, paid, size, True, terms, "EUR") is None:
        return
    known, looked_for = (owed, paid) if swapped else (paid, owed)
    found = spans(known, not swapped, Limits().size_max, terms)
    assert any(span.low <= looked_for <= span.high for span in found)


def test_spans_are_apart_and_ascending() -> None:
    terms = Terms(discounts=(100, 200), fee_max=500, rounding=2)
    assert spans(100_000, True, 1, terms) == (
        Span(99_998, 100_500), Span(101_010, 101_011), Span(102_040, 102_041),
    )  # fmt: skip
    assert spans(100_000, False, 1, terms) == (
        Span(97_999, 98_001), Span(98_999, 99_001), Span(99_500, 100_002),
    )  # fmt: skip


@pytest.mark.parametrize("rate", [0, -1, 10_000])
def test_impossible_rates_are_refused(rate: int) -> None:
    sentence = f"^A rate of {rate} basis points is not between 0 and 100 %[.]$"
    with pytest.raises(ValueError, match=sentence):
        Terms(discounts=(rate,))
    with pytest.raises(ValueError, match=sentence):
        Terms(withholdings=(rate,))


@pytest.mark.parametrize("name", ["fee_max", "rounding", "discount_days"])
def test_negative_tolerances_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"^A tolerance cannot be negative\.$"):
        Terms(**{name: -1})
    Terms(**{name: 0})


def test_amounts_are_shown_with_the_digits_of_their_currency() -> None:
    assert shown(123_456_789, "EUR") == "1,234,567.89 EUR"
    assert shown(-1_234, "JPY") == "-1,234 JPY"
    assert shown(1_234, "BHD") == "1.234 BHD"
    assert shown(5, "") == "0.05"


def test_bits_are_rounded_to_a_thousand_and_twenty_fourth() -> None:
    assert quantised(log2(3)) == 1623 / 1024
    assert quantised(-7.0) == -7.0
