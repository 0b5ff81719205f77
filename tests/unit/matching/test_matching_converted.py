"""An entry in the currency of the books against a document in another one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from builders.matching import a_party, an_entry, an_invoice, euros
from well.domain.candidate import Candidate
from well.domain.invoice import Invoice
from well.domain.money import Converted, Money
from well.matching import rank_entries
from well.policy.stops import link_stops
from well.ports.store import Block

DOLLARS = an_invoice(gross_total=Money(139_500, "USD"), currency="USD")
RATE = Decimal("0.92069534")


def told(amount: str, currency: str = "EUR") -> Invoice:
    worth = Converted(Decimal(amount), currency, RATE, date(2026, 4, 22))
    return replace(DOLLARS, converted=worth)


def best(invoice: Invoice) -> Candidate:
    ranking = rank_entries(invoice, a_party(), Block((an_entry(),)))
    assert ranking.best is not None
    return ranking.best


def amount_level(invoice: Invoice) -> str:
    return next(row.level for row in best(invoice).evidence if row.feature == "amount")


@pytest.mark.parametrize(
    ("amount", "level"),
    [
        ("1284.37", "the same at the rate told"),
        ("1284.3699993", "the same at the rate told"),
        ("1284.39", "the same at the rate told"),
        ("1284.40", "other currency"),
        ("1284.34", "other currency"),
    ],
)
def test_a_total_at_the_told_rate_is_the_same_to_two_cents(amount: str, level: str) -> None:
    assert amount_level(told(amount)) == level


def test_without_a_rate_or_in_a_third_currency_nothing_is_compared() -> None:
    assert amount_level(DOLLARS) == "other currency"
    assert amount_level(told("1284.37", "GBP")) == "other currency"
    assert amount_level(told("1284.37", "")) == "other currency"


def test_a_converted_total_is_weaker_evidence_than_an_equal_one() -> None:
    equal = replace(DOLLARS, gross_total=euros("1284.37"), currency="EUR")
    assert best(DOLLARS).confidence < best(told("1284.37")).confidence < best(equal).confidence


def test_two_currencies_stop_a_link_only_while_they_cannot_be_compared() -> None:
    assert [stop.code for stop in link_stops(best(DOLLARS))] == ["other_currency"]
    assert link_stops(best(told("1284.37"))) == ()
