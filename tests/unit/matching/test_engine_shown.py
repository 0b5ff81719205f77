"""What a person reads of a record beside each level."""

import pytest

from well.matching.columns import Raw
from well.matching.levels import FEATURES
from well.matching.shown import shown

FULL = Raw(
    "r1",
    names=("Algolia", "Algolia SAS"),
    memo="SEPA ALGOLIA",
    reference="INV-1",
    file_name="scan.pdf",
    amount=123_456,
    currency="EUR",
    day=739_000,
    numbers=("FR40303265045", "303265045"),
    ibans="DE89370400440532013000",
    sites=("algolia.com", "https://www.algolia.com"),
    address="55 rue d'Amsterdam, Paris",
    phone="+33 1 23 45 67 89",
    country="FR",
)


def test_every_feature_has_its_text_as_it_came() -> None:
    assert shown(FULL) == {
        "reference": "INV-1",
        "amount": "1234.56 EUR",
        "date": "2024-04-24",
        "name": "Algolia, Algolia SAS",
        "memo": "SEPA ALGOLIA",
        "tax number": "FR40303265045, 303265045",
        "bank account": "DE89370400440532013000",
        "domain": "algolia.com, https://www.algolia.com",
        "address": "55 rue d'Amsterdam, Paris",
        "phone": "+33 1 23 45 67 89",
        "country": "FR",
        "habit": "",
        "owner": "",
    }


def test_every_feature_is_shown() -> None:
    assert set(shown(FULL)) == set(FEATURES)


def test_of_an_empty_record_nothing_is_shown() -> None:
    assert set(shown(Raw("r")).values()) == {""}


def test_without_a_number_the_file_name_or_else_the_memo_is_what_was_searched() -> None:
    assert shown(Raw("r", file_name="scan.pdf", memo="text"))["reference"] == "scan.pdf"
    assert shown(Raw("r", memo="text"))["reference"] == "text"


def test_without_a_name_the_memo_is_what_was_searched() -> None:
    assert shown(Raw("r", memo="SEPA ALGOLIA"))["name"] == "SEPA ALGOLIA"
    assert shown(Raw("r", names=(), memo="SEPA ALGOLIA"))["name"] == "SEPA ALGOLIA"


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (0, "EUR", "0.00 EUR"),
        (5, "EUR", "0.05 EUR"),
        (99, "EUR", "0.99 EUR"),
        (100, "EUR", "1.00 EUR"),
        (-5, "EUR", "-0.05 EUR"),
        (-123_456, "USD", "-1234.56 USD"),
        (1_234, "JPY", "1234 JPY"),
        (-7, "JPY", "-7 JPY"),
        (0, "JPY", "0 JPY"),
        (1_234, "TND", "1.234 TND"),
        (7, "TND", "0.007 TND"),
        (100, "", "1.00"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency_and_its_sign(
    minor: int, currency: str, text: str
) -> None:
    assert shown(Raw("r", amount=minor, currency=currency))["amount"] == text


def test_the_first_day_there_is_can_be_shown() -> None:
    assert shown(Raw("r", day=1))["date"] == "0001-01-01"
