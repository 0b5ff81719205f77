"""An amount and the same with value added tax on top: to two cents, at rates in force."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.engine import ints
from well.matching.columns import Book
from well.matching.vat import ANYWHERE, RATES, net_of
from well.matching.vocabulary import ABSENT

PER_CENT = """
AT 20 13 10    AU 10          BE 21 12 6     CA 5 13 15      CH 8.1 3.8 2.6
CZ 21 12       DE 19 7        DK 25          ES 21 10 4      FI 25.5 14 10
FR 20 10 5.5 2.1   GB 20 5    GR 24 13 6     HU 27 18 5      IE 23 13.5 9
IN 18 12 5     IT 22 10 5 4   LU 17 14 8 3   NL 21 9         NO 25 15 12
NZ 15          PL 23 8 5      PT 23 13 6     RO 21 11        SE 25 12 6
SG 9           SK 23 19 5
"""


def rates_written() -> dict[str, tuple[int, ...]]:
    """The list above in per mille."""
    found: dict[str, list[int]] = {}
    rates: list[int] = []
    for word in PER_CENT.split():
        if word.isalpha():
            rates = found[word] = []
        else:
            rates.append(int(Decimal(word) * 10))
    return {code: tuple(some) for code, some in found.items()}


def taxed(net: int, gross: int, country: str = "") -> bool:
    """Whether `gross` is `net` with the tax of the country."""
    book = Book()
    number = book.ids.number(country)
    return bool(net_of(book, ints(net), ints(gross), ints(number))[0])


def test_the_rates_are_those_in_force_standard_rate_first() -> None:
    assert rates_written() == RATES


def test_without_a_country_the_rates_are_european_ones() -> None:
    wanted = "20 19 21 22 17 25 23 10 7 5.5 5"
    assert tuple(int(Decimal(rate) * 10) for rate in wanted.split()) == ANYWHERE


@pytest.mark.parametrize(
    ("net", "gross", "is_it"),
    [
        (10_000, 11_997, False),
        (10_000, 11_998, True),
        (10_000, 12_000, True),
        (10_000, 12_002, True),
        (10_000, 12_003, False),
        (10_001, 12_003, True),
        (10_001, 12_004, False),
        (10_004, 12_003, True),
        (10_004, 12_002, False),
    ],
)
def test_two_cents_off_the_exact_product_are_allowed(net: int, gross: int, is_it: bool) -> None:
    assert taxed(net, gross, "FR") is is_it


@pytest.mark.parametrize(("country", "rates"), RATES.items())
def test_every_rate_of_a_country_is_tried_and_no_other(
    country: str, rates: tuple[int, ...]
) -> None:
    some = {rate for others in RATES.values() for rate in others} | {160}
    assert {rate for rate in some if taxed(100_000, 100_000 + rate * 100, country)} == set(rates)


@pytest.mark.parametrize("country", ["", "US"])
def test_where_no_rate_is_known_every_usual_one_is_tried(country: str) -> None:
    found = {rate for rate in range(301) if taxed(100_000, 100_000 + rate * 100, country)}
    assert found == set(ANYWHERE)


def test_each_pair_is_asked_at_the_rates_of_its_own_country() -> None:
    book = Book()
    fr, de = book.ids.number("FR"), book.ids.number("DE")
    net, gross = ints(*[10_000] * 6), ints(12_000, 11_900, 12_000, 11_900, 12_000, 11_900)
    country = ints(fr, fr, de, de, ABSENT, ABSENT)
    assert net_of(book, net, gross, country).tolist() == [True, False, False, True, True, True]


def test_the_same_amount_is_not_taxed_however_small() -> None:
    assert not taxed(10, 10, "FR")
    assert taxed(10, 11, "FR")


def test_a_smaller_amount_is_not_taxed() -> None:
    assert not taxed(11, 10, "FR")
    assert not taxed(12_000, 10_000, "FR")


def test_nothing_with_tax_is_nothing() -> None:
    assert not taxed(0, 1, "FR")


def test_the_highest_rate_of_all_is_within_reach() -> None:
    assert taxed(10_000, 12_700, "HU")
    assert taxed(10**15, 127 * 10**13, "HU")


def test_no_pairs_have_no_answer() -> None:
    assert net_of(Book(), ints(), ints(), ints()).tolist() == []


@given(st.sampled_from(sorted(RATES)), st.integers(200, 10**12))
def test_a_total_at_the_standard_rate_is_known_again(country: str, net: int) -> None:
    assert taxed(net, net + round(Decimal(net * RATES[country][0]) / 1000), country)
