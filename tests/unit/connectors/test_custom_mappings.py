"""Mappings that a person wrote, as the connectors read records under them."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.connectors import NOW
from well.connectors.qonto import mapping as qonto
from well.connectors.quickbooks.mapping import DEFAULT
from well.connectors.quickbooks.reading import invoice_of
from well.domain.invoice import Invoice
from well.domain.mapping import FieldMapping
from well.domain.source_record import Kind, RecordKey, SourceRecord
from well.policy.about import fields_of

BILL: dict[str, Any] = {
    "Id": "145",
    "DocNumber": "INV-1",
    "TxnDate": "2026-04-22",
    "CurrencyRef": {"value": "EUR"},
    "VendorRef": {"value": "56", "name": "Algolia SAS"},
    "PrivateNote": "PO 77",
    "TotalAmt": 1284.37,
    "CustomDue": "soon",
}
ROWS = {row.target_field: n for n, row in enumerate(DEFAULT.rows) if row.group == "invoice"}


def under(table: FieldMapping, target: str, **changes: Any) -> FieldMapping:
    rows = list(table.rows)
    at = next(n for n, row in enumerate(rows) if row.target_field == target)
    rows[at] = replace(rows[at], **changes)
    return FieldMapping(2, tuple(rows))


def read(target: str, **changes: Any) -> Invoice:
    key = RecordKey("c1", "bills", "145")
    record = SourceRecord(key, Kind.SUPPLIER_INVOICE, "", json.dumps(BILL).encode(), NOW)
    return invoice_of(record, under(DEFAULT, target, **changes))


def via(invoice: Invoice, field: str) -> list[str]:
    return [reading.via for reading in invoice.readings if reading.field == field]


def test_another_field_is_read_in_place_of_the_mapped_one_and_named() -> None:
    invoice = read("invoice_number", override="PrivateNote")
    assert invoice.number == "PO 77"
    assert via(invoice, "number") == ["PrivateNote"]
    assert via(invoice, "issue_date") == ["Bill.TxnDate"]


def test_a_computed_value_is_read_as_its_field() -> None:
    assert read("invoice_number", value="{DocNumber}-{VendorRef.name}").number == (
        "INV-1-Algolia SAS"
    )
    invoice = read("due_date", value="{TxnDate + 30 days}")
    assert invoice.due_date == date(2026, 5, 22)
    assert via(invoice, "due_date") == ["{TxnDate + 30 days}"]
    total = read("total_amount", value="{TotalAmt}").gross_total
    assert str(total) == "1284.37 EUR"


def test_a_fixed_currency_is_that_of_the_amounts_too() -> None:
    invoice = read("currency", value="usd")
    assert invoice.currency == "USD"
    assert str(invoice.gross_total) == "1284.37 USD"


@pytest.mark.parametrize(
    ("target", "field", "changes"),
    [
        ("invoice_number", "number", {"value": "{Nothing}"}),
        ("invoice_number", "number", {"override": "VendorRef"}),
        ("due_date", "due_date", {"override": "CustomDue"}),
        ("due_date", "due_date", {"value": "{TxnDate}x"}),
        ("total_amount", "gross_total", {"value": "{DocNumber}"}),
        ("total_amount", "gross_total", {"value": "1.234"}),
        ("currency", "currency", {"value": "Euro"}),
        ("issue_date", "issue_date", {"value": "{DocNumber + 1 day}"}),
    ],
)
def test_what_gives_no_value_is_a_finding_that_stops(
    target: str, field: str, changes: dict[str, Any]
) -> None:
    invoice = read(target, **changes)
    stops = [one for one in invoice.findings if one.stops_auto_post]
    if changes.get("override") == "VendorRef":
        # A reference has its value inside, as QuickBooks writes them.
        assert (invoice.number, stops) == ("56", [])
        return
    assert getattr(invoice, field) is None
    codes = [one.code for one in stops]
    assert f"mapping_value.{field}" in codes
    assert fields_of(f"mapping_value.{field}") == (field,)
    assert all("gives no value" in one.sentence for one in stops)


def test_a_field_the_record_lacks_is_missing_and_no_finding() -> None:
    invoice = read("due_date", override="DueDate")
    assert invoice.due_date is None
    assert invoice.findings == ()


def test_qonto_reads_under_the_same_rows() -> None:
    body = {
        "id": "a1",
        "invoice_number": "Q-1",
        "total_amount": {"value": "12.00", "currency": "EUR"},
        "description": "Desk",
        "vat_number": "FR 81 4107155",
    }
    key = RecordKey("c1", "supplier_invoices", "a1")
    record = SourceRecord(key, Kind.SUPPLIER_INVOICE, "", json.dumps(body).encode(), NOW)
    changed = under(qonto.DEFAULT, "invoice_number", value="{invoice_number}/{description}")
    invoice = qonto.invoice_of(record, changed)
    assert (invoice.number, str(invoice.gross_total)) == ("Q-1/Desk", "12.00 EUR")
    assert invoice.seller.vat_id == "FR814107155"
    exact = qonto.invoice_of(record, under(qonto.DEFAULT, "total_amount", value="7.50"))
    assert str(exact.gross_total) == "7.50 EUR"
    broken = qonto.invoice_of(record, under(qonto.DEFAULT, "supplier_iban", value="{iban}"))
    assert [one.code for one in broken.findings] == ["mapping_value.seller.iban"]
    assert fields_of("mapping_value.seller.iban") == ("seller.iban",)


@given(
    st.sampled_from(sorted(ROWS)),
    st.text(max_size=20) | st.sampled_from(["{TotalAmt}", "{TxnDate + 9 days}", "{VendorRef}"]),
)
def test_whatever_a_row_says_a_record_is_read_and_no_wrong_value_passes(
    target: str, value: str
) -> None:
    invoice = read(target, value=value)
    field = {"invoice_number": "number", "total_amount": "gross_total", "tax_amount": "tax_total"}
    name = field.get(target, target)
    assert (
        value == ""
        or getattr(invoice, name) is not None
        or any(one.stops_auto_post for one in invoice.findings)
    )
