"""Amounts, dates, shares and differences as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from well.domain.money import Money
from well.web import formats
from well.web.differences import marked


@pytest.mark.parametrize(
    ("amount", "english", "french"),
    [
        (Money(128_400, "EUR"), "€1,284.00", "1\u202f284,00\u00a0€"),
        (Money(-5, "EUR"), "-€0.05", "-0,05\u00a0€"),
        (Money(128_400, "JPY"), "JP¥128,400", "128\u202f400\u00a0JPY"),
        (Money(128_400, "TND"), "TND\u00a0128.400", "128,400\u00a0TND"),
        (Money(1, "PLN"), "PLN\u00a00.01", "0,01\u00a0PLN"),
    ],
)
def test_an_amount_is_written_with_its_currency_in_both_languages(
    amount: Money, english: str, french: str
) -> None:
    with translation.override("en"):
        assert formats.money(amount) == english
    with translation.override("fr"):
        assert formats.money(amount) == french


def test_a_confidence_below_a_limit_is_never_shown_as_reaching_it() -> None:
    assert formats.share(0.8499) == "84 %"
    assert formats.share(0.85) == "85 %"
    assert formats.share(0.9999) == "99 %"
    assert formats.share(1.0) == "100 %"


def test_what_is_missing_is_a_dash() -> None:
    assert {formats.money(None), formats.day(None), formats.moment(None), formats.share(None)} == {
        "–"
    }
    assert formats.minor(100, "") == "–"


def test_a_moment_says_its_zone() -> None:
    assert formats.moment(datetime(2026, 4, 22, 14, 5, tzinfo=UTC)) == "22 Apr 2026, 14:05 UTC"
    assert formats.day(date(2026, 4, 2)) == "2 Apr 2026"
    assert formats.span(timedelta(minutes=60)) == "60 minutes"
    assert formats.size(52_344) == "52.3 kB"


def test_differences_are_struck_and_underlined_and_escaped() -> None:
    assert marked("Café Lumière", "Café et fils") == "Café <del>et fils</del> <ins>Lumière</ins>"
    assert marked("ACME", "acme") == "acme"
    assert "<script>" not in marked("<script>a</script>", "<script>b</script>")
    assert marked("x", "y " * 200) == f"<del>{'y ' * 200}</del>"
