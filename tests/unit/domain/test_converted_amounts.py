"""What a total is worth in the books: exact, with its rate and day, and never guessed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.domain.money import Converted, Money, converted

DAY = date(2026, 4, 22)
DOLLARS = Money(128_437, "USD")
RATE = Decimal("0.921345678")


def test_the_amount_the_source_told_stands_above_the_product() -> None:
    worth = converted(DOLLARS, "EUR", RATE, DAY, Decimal("1183.35"))
    assert worth == Converted(Decimal("1183.35"), "EUR", RATE, DAY, told=True)
    without = converted(DOLLARS, "EUR", None, DAY, Decimal("1.5"))
    assert without == Converted(Decimal("1.5"), "EUR", None, DAY, told=True)


def test_books_of_an_unknown_currency_are_not_given_one() -> None:
    worth = converted(DOLLARS, "", RATE, DAY)
    assert worth is not None
    assert worth.currency == ""
    assert converted(DOLLARS, "", Decimal(1), DAY) is None, "most likely the same currency"


@pytest.mark.parametrize("rate", [None, Decimal(0), Decimal(-1), Decimal("NaN")])
def test_without_a_usable_rate_nothing_is_converted(rate: Decimal | None) -> None:
    assert converted(DOLLARS, "EUR", rate, DAY) is None


def test_a_total_in_the_currency_of_the_books_is_not_converted() -> None:
    assert converted(DOLLARS, "USD", RATE, DAY, Decimal(5)) is None


@given(st.integers(0, 10**15 - 1), st.decimals("0.000000001", "999999.999999999", places=9))
def test_any_total_times_any_rate_keeps_every_digit(minor: int, rate: Decimal) -> None:
    worth = converted(Money(minor, "USD"), "EUR", rate, DAY)
    assert worth is not None
    assert Fraction(worth.amount) == Fraction(minor, 100) * Fraction(rate)
