"""What QuickBooks tells of exchange rates, kept beside the original amount."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from builders.connectors import NOW
from well.connectors.quickbooks.company import home_currency
from well.connectors.quickbooks.mapping import DEFAULT
from well.connectors.quickbooks.reading import invoice_of
from well.domain.correction import CorrectedField, Correction
from well.domain.invoice import Invoice
from well.domain.mapping import FieldMapping
from well.domain.money import Converted, Money
from well.domain.source_record import Kind, RecordKey, SourceRecord
from well.policy import corrected

BILL: dict[str, Any] = {
    "DocNumber": "INV-1",
    "TxnDate": "2026-04-22",
    "CurrencyRef": {"value": "USD"},
    "ExchangeRate": 0.921345678,
    "TotalAmt": 1284.37,
}


def read(home: str = "EUR", table: FieldMapping = DEFAULT, **changes: Any) -> Invoice:
    key = RecordKey("c1", "bills", "145")
    body = json.dumps(BILL | changes).encode()
    record = SourceRecord(key, Kind.SUPPLIER_INVOICE, "", body, NOW)
    return invoice_of(record, table, home)


def test_both_amounts_are_kept_with_the_rate_and_its_day() -> None:
    invoice = read()
    assert invoice.gross_total == Money(128_437, "USD")
    rate = Decimal("0.921345678")
    amount = Decimal("1284.37") * rate
    assert invoice.converted == Converted(amount, "EUR", rate, date(2026, 4, 22))


def test_the_home_total_is_taken_as_it_was_told() -> None:
    worth = read(HomeTotalAmt=1183.35).converted
    assert worth is not None
    assert (worth.amount, worth.told) == (Decimal("1183.35"), True)


@pytest.mark.parametrize(
    ("home", "changes"),
    [
        ("USD", {}),
        ("", {"ExchangeRate": 1}),
        ("EUR", {"ExchangeRate": None}),
        ("EUR", {"ExchangeRate": "x"}),
        ("EUR", {"TotalAmt": None}),
    ],
)
def test_nothing_is_converted_without_two_currencies_and_a_rate(
    home: str, changes: dict[str, Any]
) -> None:
    assert read(home, **changes).converted is None


@pytest.mark.parametrize(
    ("preferences", "home"),
    [
        ({"CurrencyPrefs": {"HomeCurrency": {"value": "eur "}}}, "EUR"),
        ({"CurrencyPrefs": {"HomeCurrency": {"value": "Euro"}}}, ""),
        ({"CurrencyPrefs": {}}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_the_currency_of_the_books_is_what_the_preferences_say_or_nothing(
    preferences: Any, home: str
) -> None:
    assert home_currency(preferences) == home


def test_a_total_of_another_field_or_of_a_person_has_no_told_worth() -> None:
    rows = [
        replace(row, value="5.00") if row.target_field == "total_amount" else row
        for row in DEFAULT.rows
    ]
    assert read(table=FieldMapping(2, tuple(rows))).converted is None
    word = Correction((CorrectedField("gross_total", "1284.37", "1284.00"),), "a@b.example", NOW)
    assert corrected(read(), word).converted is None
    number = Correction((CorrectedField("number", "INV-1", "INV-2"),), "a@b.example", NOW)
    assert corrected(read(), number).converted == read().converted
