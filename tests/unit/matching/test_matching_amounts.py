"""Amounts are exact, however they are written, or refused with a sentence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.domain.money import Money
from well.matching.amounts import TEXT_MAX, VERSION, Amount, amount, currency_code, minor


def test_the_rules_have_a_version() -> None:
    assert VERSION == "amounts-1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234.56", 123456),
        ("-5", -500),
        ("-5.00", -500),
        ("+5", 500),
        ("0", 0),
        (".5", None),
        ("5.", None),
        ("5.5", 550),
        ("5,5", 550),
        ("1,234.56", 123456),
        ("1.234,56", 123456),
        ("1 234,56", 123456),
        ("1\u00a0234,56", 123456),
        ("1\u202f234.56", 123456),
        ("1'234.50", 123450),
        ("1’234.50", 123450),
        ("1 234", 123400),
        ("1,234", 123400),
        ("1.234", 123400),
        ("12.345", 1234500),
        ("123,456", 12345600),
        ("1234,567", None),
        ("1234.500", 123450),
        ("0.500", 50),
        ("0.125", None),
        ("1,234,567", 123456700),
        ("1.234.567", 123456700),
        ("1,234,567.8", 123456780),
        ("12,34,567.80", 123456780),
        ("1,23,456", 12345600),
        ("1.2.3", None),
        ("1,23,45", None),
        ("1234,567.00", None),
        ("1.234,567", None),
        ("1.234 567", None),
        ("12.3456", None),
        ("12.3400", 1234),
        ("(12.30)", -1230),
        ("( 12.30 )", -1230),
        ("(12.30", None),
        ("12.30)", None),
        ("(-12.30)", None),
        ("12.3-", -1230),
        ("12.30 -", -1230),
        ("12.30+", 1230),
        ("-12.3-", None),
        ("--5", None),
        ("−5,00", -500),
        ("€ 12.30", 1230),
        ("€12.30", 1230),
        ("12,30 €", 1230),
        ("-€12.30", -1230),
        ("€-12.30", -1230),
        ("12,30 EUR", 1230),
        ("eur 12,30", 1230),
        ("12,30- EUR", -1230),
        ("12,30 EUR-", -1230),
        ("€ 12,30 EUR", None),
        ("12,30 USD", None),
        ("12,30 xy", None),
        ("$12.30", 1230),
        ("1e3", None),
        ("NaN", None),
        ("", None),
        ("   ", None),
        ("12 30", None),
        ("٣", None),
        ("999999999999999", None),
        ("9999999999999.99", 999999999999999),
        ("10000000000000.00", None),
        ("1" * TEXT_MAX + "1", None),
    ],
)
def test_an_amount_in_euro(text: str, expected: int | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match=r"amount"):
            minor(text, "EUR")
    else:
        assert minor(text, "EUR") == expected


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("1234", "JPY", 1234),
        ("1,234", "JPY", 1234),
        ("1234.00", "JPY", 1234),
        ("1.234", "BHD", 1234),
        ("1,234", "BHD", 1234),
        ("12.5", "BHD", 12500),
        ("12.50", "BHD", 12500),
        ("1,234.567", "BHD", 1234567),
        ("12.30", None, 1230),
        ("12.30", "", 1230),
        ("¥1200", "JPY", 1200),
        ("12.30", "XYZ", 1230),
    ],
)
def test_the_currency_tells_the_number_of_decimals(
    text: str, currency: str | None, expected: int
) -> None:
    assert minor(text, currency) == expected


@pytest.mark.parametrize(
    ("text", "currency", "sentence"),
    [
        ("twelve", "EUR", "'twelve' is not an amount."),
        ("12,30 USD", "EUR", "The amount '12,30 USD' is not in EUR."),
        ("12.345,678", "EUR", "The amount '12.345,678' has more than 2 decimals."),
        ("12.5", "JPY", "The amount '12.5' has more than 0 decimals."),
        ("10000000000000,00", "EUR", "The amount '10000000000000,00' is too large."),
        ("x" * 99, "EUR", f"'{'x' * TEXT_MAX}' is not an amount."),
    ],
)
def test_a_refusal_names_the_value(text: str, currency: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:
        minor(text, currency)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("12.30", "", Amount(1230, "")),
        ("12.30", "EUR", Amount(1230, "EUR")),
        ("12,30 €", "", Amount(1230, "EUR")),
        ("usd 12,30", "", Amount(1230, "USD")),
        ("1200 JPY", "", Amount(1200, "JPY")),
        ("12,30 zł", "", Amount(1230, "PLN")),
        ("$ 12,30", "", Amount(1230, "")),
        ("12,30 kr", "SEK", Amount(1230, "SEK")),
    ],
)
def test_the_currency_may_stand_beside_the_number(
    text: str, currency: str, expected: Amount
) -> None:
    assert amount(text, currency) == expected


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        *(("€", "EUR"), ("£", "GBP"), ("₹", "INR"), ("₺", "TRY"), ("₽", "RUB"), ("₩", "KRW")),
        *(("zł", "PLN"), ("kč", "CZK"), ("Kč", "CZK"), ("ft", "HUF"), ("lei", "RON")),
    ],
)
def test_a_sign_of_one_currency_names_it(sign: str, code: str) -> None:
    assert amount(f"12 {sign}", "").currency == currency_code(sign) == code


@pytest.mark.parametrize("sign", ["$", "¥", "kr", "kr.", "Fr.", "R$", "US$", "Rs", "Rs."])
def test_a_sign_of_many_currencies_names_none(sign: str) -> None:
    assert amount(f"{sign} 12", "CHF") == amount(f"12 {sign}", "CHF") == (1200, "CHF")
    with pytest.raises(ValueError, match="is not an amount"):
        amount(f"{sign} 12 CHF", "CHF")


def test_a_text_of_sixty_signs_is_read() -> None:
    assert minor(".50".rjust(TEXT_MAX, "0"), "EUR") == 50
    with pytest.raises(ValueError, match="is not an amount"):
        minor(".50".rjust(TEXT_MAX + 1, "0"), "EUR")
    assert TEXT_MAX == 60


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("eur", "EUR"),
        (" EUR ", "EUR"),
        ("€", "EUR"),
        ("Kč", "CZK"),
        ("$", ""),
        ("euro", ""),
        ("", ""),
    ],
)
def test_a_currency_is_a_code_or_a_sign_of_one(text: str, code: str) -> None:
    assert currency_code(text) == code


@given(st.integers(-(10**14), 10**14), st.sampled_from(["EUR", "USD", "JPY", "BHD", "CHF", "KWD"]))
def test_an_amount_written_out_is_read_back(value: int, currency: str) -> None:
    money = Money(value, currency)
    assert minor(str(money.decimal), currency) == value
    assert amount(str(money), "") == (value, currency)
    whole = f"{money.decimal:,}"
    if money.decimal % 1 or money.decimal < 1000 or currency not in ("BHD", "KWD"):
        assert minor(whole, currency) == value
    german = whole.replace(",", "_").replace(".", ",").replace("_", ".")
    if money.decimal % 1 and abs(money.decimal) >= Decimal(1000):
        assert minor(german, currency) == value


@given(st.text("0123456789.,-+()' €EUR", max_size=20))
def test_any_text_is_an_amount_or_a_sentence(text: str) -> None:
    try:
        found = amount(text, "EUR")
    except ValueError as refusal:
        assert str(refusal).endswith(".")
    else:
        assert found.currency == "EUR"
        assert abs(found.minor) < 10**15
