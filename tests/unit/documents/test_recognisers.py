"""Recognisers of values in text: round trips over invented values, and no text that raises."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.documents.reading.check_digits import iban_is_valid, luhn, vat_id_is_valid
from well.documents.reading.labels import find_labels
from well.documents.reading.recognise import amounts, currencies, dates, ibans, vat_ids
from well.documents.reading.words import fold, tokens

STYLES = {
    "english": (",", "."),
    "german": (".", ","),
    "french": ("\u202f", ","),
    "swiss": ("'", "."),
    "plain": ("", "."),
}


def written(amount: Decimal, style: str) -> str:
    group, mark = STYLES[style]
    whole, cents = f"{abs(amount):,.2f}".split(".")
    return whole.replace(",", group) + mark + cents


@given(st.decimals(0, 10**9, places=2), st.sampled_from(sorted(STYLES)))
def test_an_amount_is_read_in_every_style(amount: Decimal, style: str) -> None:
    found = list(amounts(f"Total {written(amount, style)} €"))
    assert [one.amount for one in found] == [amount]
    assert found[0].marked and found[0].cents == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-20,48 €", "-20.48"),
        ("(12.00)", "-12.00"),
        ("12.00-", "-12.00"),
        ("$1,005.55", "1005.55"),
        ("USD 7,650", "7650"),
        ("1.005,55 EUR", "1005.55"),
        ("EUR 1 234,50", "1234.50"),
    ],
)
def test_signs_and_currencies_around_an_amount(text: str, value: str) -> None:
    assert [one.value for one in amounts(text)] == [value]


@pytest.mark.parametrize("text", ["19 %", "20,0%", "05.03.2018", "12/04/2026", "A12.50B"])
def test_what_is_no_amount_of_money(text: str) -> None:
    assert not [one for one in amounts(text) if one.cents == 2 or one.marked]


@given(st.dates(date(1990, 1, 1), date(2079, 12, 31)))
def test_a_date_is_read_in_every_form(day: date) -> None:
    forms = [
        day.isoformat(),
        f"{day:%d.%m.%Y}",
        f"{day:%d %B %Y}",
        f"{day:%B} {day.day}, {day.year}",
    ]
    for form in forms:
        found = dates(f"Date: {form}")
        assert [one.value for one in found] == [day.isoformat()], form
        assert found[0].sure


@given(st.dates(date(1990, 1, 1), date(2079, 12, 31)))
def test_a_month_first_date_is_read_and_marked_when_it_may_be_swapped(day: date) -> None:
    (found,) = dates(f"{day:%m/%d/%Y}", month_first=True)
    assert found.value == day.isoformat()
    assert found.sure == (day.day > 12 or day.day == day.month)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("11. Juli 2014", "2014-07-11"),
        ("1er février 2024", "2024-02-01"),
        ("3 de agosto de 2025", "2025-08-03"),
        ("7 mrt 2025", "2025-03-07"),
        ("22-Apr-2026", "2026-04-22"),
        ("15 ottobre 2026", "2026-10-15"),
    ],
)
def test_months_are_known_by_name(text: str, value: str) -> None:
    assert [one.value for one in dates(text)] == [value]


@pytest.mark.parametrize("text", ["31.02.2026", "99/99/2026", "2026-13-01", "tel 01.02.03.04.05"])
def test_days_that_do_not_exist_are_no_dates(text: str) -> None:
    assert dates(text) == []


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    for find in (amounts, dates, ibans, vat_ids, currencies, find_labels):
        for match in find(text):  # type: ignore[operator]
            assert 0 <= match.start < match.end <= len(text)
    assert len(fold(text)) == len(text)
    assert all(0 <= start < end <= len(text) for _, start, end in tokens(text))


@given(st.text(alphabet="0123456789., €-/:FRDE", max_size=200))
def test_no_number_like_text_raises(text: str) -> None:
    for find in (amounts, dates, ibans, vat_ids):
        list(find(text))  # type: ignore[operator]


def with_check_digits(country: str, account: str) -> str:
    rest = int("".join(str(int(char, 36)) for char in f"{account}{country}00")) % 97
    return f"{country}{98 - rest:02d}{account}"


@given(st.text("0123456789", min_size=18, max_size=18), st.integers(0, 17), st.integers(1, 9))
def test_an_iban_with_one_wrong_digit_is_found_out(account: str, at: int, step: int) -> None:
    iban = with_check_digits("DE", account)
    assert iban_is_valid(iban)
    digit = (int(account[at]) + step) % 10
    assert not iban_is_valid(iban[: 4 + at] + str(digit) + iban[5 + at :])


@given(st.text("0123456789", min_size=18, max_size=18))
def test_an_iban_is_found_in_groups_with_words_around(account: str) -> None:
    iban = with_check_digits("DE", account)
    grouped = " ".join(iban[i : i + 4] for i in range(0, 22, 4))
    (found,) = ibans(f"IBAN: {grouped} BIC COBADEFFXXX")
    assert (found.value, found.sure) == (iban, True)


@pytest.mark.parametrize(
    "vat_id",
    [
        "FR40303265045",
        "DE136695976",
        "BE0428759497",
        "IT00743110157",
        "NL820098395B01",
        "ATU13585627",
        "LU15027442",
        "PT501964843",
        "DK13585628",
        "PL8567346215",
        "ESA13585625",
    ],
)
def test_known_vat_ids_pass_and_a_wrong_digit_does_not(vat_id: str) -> None:
    assert vat_id_is_valid(vat_id) is True
    wrong = vat_id[:4] + str((int(vat_id[4]) + 1) % 10) + vat_id[5:]
    assert vat_id_is_valid(wrong) is not True
    assert [one.value for one in vat_ids(f"VAT: {vat_id}")] == [vat_id]


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", max_size=16))
def test_checking_a_vat_id_never_raises(text: str) -> None:
    for country in ("FR", "DE", "BE", "IT", "NL", "AT", "LU", "PT", "DK", "PL", "ES", "GB", ""):
        assert vat_id_is_valid(country + text) in (True, False, None)


def test_luhn_knows_a_siren() -> None:
    assert luhn("732829320")
    assert not luhn("732829321")


def test_the_longest_label_wins() -> None:
    (label,) = find_labels("Date d'échéance :")
    assert label.field == "due_date"
    assert [one.field for one in find_labels("N° de facture associée")] == ["none"]
