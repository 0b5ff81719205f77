"""Days are read where they can be only one day, and refused otherwise."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.dates import VERSION, day

DAY = date(2026, 11, 20)


def test_the_rules_have_a_version() -> None:
    assert VERSION == "dates-1"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20",
        " 2026-11-20 ",
        "2026/11/20",
        "2026.11.20",
        "20261120",
        "2026-11-20T23:59:59Z",
        "2026-11-20T23:59:59.123+02:00",
        "2026-11-20 23:59",
        "20261120 23:59",
        "20/11/2026",
        "11/20/2026",
        "20-11-2026",
        "20.11.2026",
        "20. 11. 2026",
        "20.11.26",
        "20/11/26",
        "20/11/2026 10:15",
        "11/20/2026, 10:15 AM",
        "20 Nov 2026",
        "20-Nov-2026",
        "20 nov. 2026",
        "20 November 2026 at 10:15",
        "20. November 2026",
        "20 novembre 2026",
        "20 de noviembre de 2026",
        "Fri, 20 Nov 2026 10:15:00 +0000",
        "20th of November 2026",
        "Nov 20, 2026",
        "November 20th, 2026",
        "Friday, November 20, 2026",
    ],
)
def test_a_day_is_read(text: str) -> None:
    assert day(text) == DAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 août 2026", date(2026, 8, 1)),
        ("1er février 2026", date(2026, 2, 1)),
        ("3. März 2026", date(2026, 3, 3)),
        ("12 Dez 2026", date(2026, 12, 12)),
        ("03.04.2026", date(2026, 4, 3)),
        ("05/05/2026", date(2026, 5, 5)),
        ("12/12/2026", date(2026, 12, 12)),
        ("13/12/2026", date(2026, 12, 13)),
        ("12/13/2026", date(2026, 12, 13)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2199-12-31", date(2199, 12, 31)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_other_days(text: str, expected: date) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-01",
        "2025-02-29",
        "1899-12-31",
        "2200-01-01",
        "31.02.2026",
        "20/13/2026",
        "20-11-26",
        "20/11-2026",
        "20 Foo 2026",
        "Foo 20, 2026",
        "2026",
        "2026-11",
        "2026-11-20x",
        "٢٠٢٦-١١-٢٠",
        "yesterday",
        "",
        "0000-00-00",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as refusal:
        day(text)
    assert str(refusal.value) == f"{text!r} is not a date."


def test_a_long_text_is_refused_and_shown_in_part() -> None:
    assert day(f"{'2026-11-20 10:15':<60}".ljust(60, "x")) == DAY
    with pytest.raises(ValueError) as refusal:
        day("2026-11-20 10:15" + "x" * 45)
    assert str(refusal.value) == f"'2026-11-20 10:15{'x' * 44}' is not a date."


def test_two_numbers_that_could_both_be_the_month_are_refused() -> None:
    with pytest.raises(ValueError) as refusal:
        day("03/04/2026")
    assert str(refusal.value) == "The date '03/04/2026' may be 2026-04-03 or 2026-03-04."


@pytest.mark.parametrize("text", ["11/12/2026", "12/11/2026", "01-12-2026"])
def test_twelve_may_be_a_month(text: str) -> None:
    with pytest.raises(ValueError, match="may be"):
        day(text)


def test_who_knows_the_order_can_tell() -> None:
    assert day("03/04/2026", day_first=True) == date(2026, 4, 3)
    assert day("03/04/2026", day_first=False) == date(2026, 3, 4)
    assert day("13/04/2026", day_first=False) == date(2026, 4, 13)
    assert day("04/13/2026", day_first=True) == date(2026, 4, 13)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_day_written_out_is_read_back(given_day: date) -> None:
    for form in ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y"):
        assert day(given_day.strftime(form)) == given_day
    assert day(given_day.strftime("%d/%m/%Y"), day_first=True) == given_day


@given(st.text(max_size=30) | st.text("0123456789-/. TNov", max_size=20))
def test_any_text_is_a_day_or_a_sentence(text: str) -> None:
    try:
        found = day(text)
    except ValueError as refusal:
        assert str(refusal).endswith(".")
    else:
        assert 1900 <= found.year <= 2199
