"""Letters, numbers and units of the page, at both sides of each rule."""

from datetime import date
from decimal import Decimal

import pytest

from well.documents.writing.bill import Party
from well.documents.writing.bill_of_invoice import printable
from well.documents.writing.fonts import not_shown
from well.documents.writing.json_model import clean
from well.documents.writing.sheet import breakable
from well.documents.writing.siren import siren_of
from well.documents.writing.units import unit_code, unit_words
from well.documents.writing.wording import WORDS, amount, day, number


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        ("0", "0.00", "0,00"),
        ("1234.5", "1,234.50", "1\u00a0234,50"),
        ("-1234567.89", "-1,234,567.89", "-1\u00a0234\u00a0567,89"),
        ("0.1234", "0.1234", "0,1234"),
    ],
)
def test_amounts_are_grouped_and_lose_no_decimal(value: str, english: str, french: str) -> None:
    assert amount(Decimal(value), "en") == english
    assert amount(Decimal(value), "fr") == french


def test_currencies_without_cents_show_none() -> None:
    assert amount(Decimal(1000), "en", 0) == "1,000"


def test_numbers_lose_idle_zeros_only() -> None:
    assert [number(Decimal(x), "fr") for x in ("5.50", "20.00", "100", "0.125")] == [
        "5,5",
        "20",
        "100",
        "0,125",
    ]


def test_dates_follow_the_language() -> None:
    assert day(date(2026, 4, 3), "fr") == "03/04/2026"
    assert day(date(2026, 4, 3), "en") == "2026-04-03"


def test_scripts_with_a_font_are_shown_and_others_named() -> None:
    assert not_shown("Ελλάς ООО Łódź 株式会社 上海 한국 شركة €") == ""
    assert not_shown("a😀b\u0e01") == "😀\u0e01"
    assert printable("Thanks 😀!") == "Thanks [U+1F600]!"


def test_marks_that_turn_or_hide_text_are_removed() -> None:
    assert clean("a\u202egpj\u2066.exe\u00ad\ufeff") == "agpj.exe"
    assert clean("می\u200cخواهم \x00 b\tc\n") == "می\u200cخواهم b c"


def test_a_long_word_may_break_after_thirty_letters() -> None:
    assert breakable("x" * 30) == "x" * 30
    assert breakable("x" * 31) == "x" * 30 + "\u200b" + "x"


def test_units_are_codes_or_plain_words() -> None:
    assert [unit_code(x) for x in ("HUR", "hours", "Jours", "pcs", "XYZ", None)] == [
        "HUR",
        "HUR",
        "DAY",
        "H87",
        "XYZ",
        None,
    ]
    assert (unit_words("DAY", "fr"), unit_words("DAY", "en"), unit_words("XYZ", "fr")) == (
        "j",
        "d",
        "XYZ",
    )


def test_every_word_is_there_in_both_languages() -> None:
    assert all(english and french for english, french in WORDS.values())


@pytest.mark.parametrize(
    ("party", "siren"),
    [
        (Party(legal_id="303265045"), "303265045"),
        (Party(legal_id="303 265 045 00017"), "303265045"),
        (Party(vat_id="FR40303265045"), "303265045"),
        (Party(vat_id="DE136695976"), None),
        (Party(legal_id="30326504"), None),
    ],
)
def test_the_siren_comes_from_what_holds_it(party: Party, siren: str | None) -> None:
    assert siren_of(party) == siren
