"""QuickBooks bodies as invoices and counterparties, under a mapping."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.connectors import NOW, QUICKBOOKS, REDIRECT, FakeClock, MemoryGrants, connection
from well.connectors import quickbooks
from well.connectors.quickbooks.company import company_of
from well.domain.invoice import Invoice, Origin
from well.domain.mapping import FieldMapping
from well.domain.source_record import Kind, RecordKey, SourceRecord

MAPPING = quickbooks.DEFAULT
CONNECTOR = quickbooks.connect(QUICKBOOKS, REDIRECT, FakeClock())
SOURCE = CONNECTOR.source(connection("quickbooks", "1"), MemoryGrants(None))
BILL = """{"Id":"145","SyncToken":"0","DocNumber":"INV-2026-04-100","TxnDate":"2026-04-22",
"DueDate":"2026-05-22","CurrencyRef":{"value":"EUR","name":"Euro"},"ExchangeRate":1,
"VendorRef":{"value":"56","name":"Algolia SAS"},"PrivateNote":"Search, April",
"Line":[{"Id":"1","Description":"Search units","Amount":1027.20,
"DetailType":"AccountBasedExpenseLineDetail",
"AccountBasedExpenseLineDetail":{"AccountRef":{"value":"61","name":"6156 Search infra"}}}],
"TxnTaxDetail":{"TotalTax":256.80,"TaxLine":[{"Amount":256.80,"TaxLineDetail":{"TaxPercent":25}}]},
"TotalAmt":1284.00,"Balance":1284.00}"""


def record(
    body: str | dict[str, Any], stream: str = "bills", kind: Kind | None = None
) -> SourceRecord:
    raw = body if isinstance(body, str) else json.dumps(body)
    kind = kind or Kind.SUPPLIER_INVOICE
    return SourceRecord(RecordKey("c1", stream, "145"), kind, "", raw.encode(), NOW)


def bill(**changes: Any) -> dict[str, Any]:
    return {**json.loads(BILL), **changes}


def read(body: str | dict[str, Any], mapping: FieldMapping = MAPPING) -> Invoice:
    return SOURCE.read_invoice(record(body), mapping)


def stops(invoice: Invoice) -> list[str]:
    return [finding.code for finding in invoice.findings if finding.stops_auto_post]


def test_a_bill_is_read_with_every_field_and_its_origin() -> None:
    invoice = read(BILL)
    assert (invoice.number, invoice.currency) == ("INV-2026-04-100", "EUR")
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 4, 22), date(2026, 5, 22))
    assert str(invoice.gross_total) == "1284.00 EUR" and str(invoice.tax_total) == "256.80 EUR"
    assert str(invoice.net_total) == "1027.20 EUR" and invoice.note == "Search, April"
    assert (invoice.seller.name, invoice.seller.source_id) == ("Algolia SAS", "56")
    line = invoice.lines[0]
    assert (line.net_amount, line.tax_rate) == (Decimal("1027.20"), Decimal(25))
    assert line.ledger_account == "6156 Search infra"
    values = {reading.field: reading.value for reading in invoice.readings}
    assert values == {
        "number": "INV-2026-04-100",
        "issue_date": "2026-04-22",
        "due_date": "2026-05-22",
        "currency": "EUR",
        "gross_total": "1284.00",
        "tax_total": "256.80",
        "seller.name": "Algolia SAS",
    }
    assert all(r.origin is Origin.API and r.confidence == 0.97 for r in invoice.readings)
    assert invoice.findings == ()


@pytest.mark.parametrize(
    ("target", "field"),
    [
        ("total_amount", "gross_total"),
        ("currency", "currency"),
        ("issue_date", "issue_date"),
        ("due_date", "due_date"),
        ("invoice_number", "number"),
        ("tax_amount", "tax_total"),
    ],
)
def test_a_row_that_is_off_leaves_its_field_empty(target: str, field: str) -> None:
    rows = tuple(
        replace(row, enabled=row.target_field != target or row.group != "invoice")
        for row in MAPPING.rows
    )
    invoice = read(BILL, FieldMapping(2, rows))
    assert getattr(invoice, field) is None
    assert field not in {reading.field for reading in invoice.readings}


def test_another_source_field_can_be_mapped() -> None:
    rows = tuple(
        replace(row, source_field="Bill.PrivateNote")
        if row.target_field == "invoice_number"
        else row
        for row in MAPPING.rows
    )
    assert read(BILL, FieldMapping(2, rows)).number == "Search, April"


def test_the_default_mapping_is_the_published_table() -> None:
    table = [(row.group, row.source_field, row.target_field) for row in MAPPING.rows]
    assert len(table) == 14 and all(row.enabled for row in MAPPING.rows)
    assert table[0] == ("invoice", "Bill.TotalAmt", "total_amount")
    assert table[10] == ("transaction", "Purchase.Id", "transaction_id")
    assert table[13] == ("company", "Vendor.TaxIdentifier", "supplier_tax_id")


def test_a_vendor_credit_has_positive_totals() -> None:
    credit = record(bill(TotalAmt=-1284), "vendor_credits", Kind.SUPPLIER_CREDIT_NOTE)
    invoice = SOURCE.read_invoice(credit, MAPPING)
    assert invoice.credit_note and str(invoice.gross_total) == "1284.00 EUR"


def test_a_purchase_is_read_by_the_transaction_rows() -> None:
    body = bill(EntityRef={"value": "9", "name": "Shop", "type": "Vendor"}, Credit=True)
    del body["VendorRef"]
    invoice = SOURCE.read_invoice(record(body, "purchases", Kind.TRANSACTION), MAPPING)
    assert (invoice.number, invoice.note) == ("145", "Search, April")
    assert invoice.credit_note and invoice.seller.source_id == "9"
    assert str(invoice.gross_total) == "1284.00 EUR"


def test_amounts_that_do_not_add_up_stop_auto_post() -> None:
    assert stops(read(bill(TotalAmt=1290))) == ["totals_disagree"]
    assert stops(read(bill(TxnTaxDetail={"TotalTax": 2000}))) == ["totals_disagree"]
    assert stops(read(bill(TotalAmt=-5))) == ["negative_total"]
    assert stops(read(bill(TotalAmt=1284.01))) == []
    inclusive = bill(Line=[{"Amount": 1284, "DetailType": "ItemBasedExpenseLineDetail"}])
    assert stops(read(inclusive)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"TotalAmt": "a lot"},
        {"TotalAmt": 10**30},
        {"TotalAmt": [1]},
        {"TotalAmt": 12.345},
        {"CurrencyRef": {"value": "EURO"}},
        {"CurrencyRef": None},
        {"CurrencyRef": 5},
    ],
)
def test_an_amount_that_is_none_stays_empty_and_is_told(changes: dict[str, Any]) -> None:
    invoice = read(bill(**changes))
    assert invoice.gross_total is None
    assert "unusable_value" in {finding.code for finding in invoice.findings}


@pytest.mark.parametrize("value", ["22/04/2026", "2026-02-30", 5, {}, "2026-04-22T00:00:00Z"])
def test_a_date_that_is_none_stays_empty(value: Any) -> None:
    assert read(bill(TxnDate=value)).issue_date is None


def test_yen_have_no_cents() -> None:
    body = bill(CurrencyRef={"value": "JPY"}, TotalAmt=5000, TxnTaxDetail=None, Line=[])
    assert str(read(body).gross_total) == "5000 JPY"


@pytest.mark.parametrize("raw", ["", "[]", "<html>", "null", '{"a":NaN}', "\x00"])
def test_a_broken_body_is_a_value_error_with_a_sentence(raw: str) -> None:
    with pytest.raises(ValueError, match="Well cannot read"):
        read(raw)
    assert SOURCE.read_company(record(raw, "vendors", Kind.COMPANY), MAPPING) is None


def test_a_list_is_not_read_as_an_invoice() -> None:
    with pytest.raises(ValueError, match="not read as invoices"):
        SOURCE.read_invoice(record("{}", "vendors", Kind.COMPANY), MAPPING)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*json.loads(BILL), "Credit", "EntityRef"]), JSON))
def test_no_body_makes_reading_crash(changes: dict[str, Any]) -> None:
    read(bill(**changes))


VENDOR = {
    "Id": "56",
    "DisplayName": "Algolia",
    "CompanyName": "Algolia SAS",
    "PrintOnCheckName": "Algolia",
    "WebAddr": {"URI": "https://www.Algolia.com/fr?x=1"},
    "PrimaryEmailAddr": {"Address": "billing@algolia.io"},
    "TaxIdentifier": "FR 75 814 107 155",
    "BusinessNumber": "814 107 155",
    "BillAddr": {"Country": "France"},
    "VendorPaymentBankDetail": {"BankAccountNumber": "FR76 3000 1007 9412 3456 7890 185"},
}


def test_a_vendor_becomes_a_counterparty() -> None:
    party = company_of(VENDOR, MAPPING, "rid")
    assert party is not None
    assert party.names == ("Algolia", "Algolia SAS") and party.id == ""
    assert party.vat_ids == ("FR75814107155",) and party.legal_ids == ("814107155",)
    assert party.domains == ("algolia.com", "algolia.io") and party.country == "FR"
    assert party.ibans == ("FR7630001007941234567890185",) and party.source_ids == ("rid",)


@pytest.mark.parametrize("masked", ["XXXXX7155", "*****7155", "XX-XXX1234", "", "none", None, 5])
def test_a_masked_or_empty_tax_id_is_not_taken(masked: Any) -> None:
    party = company_of(VENDOR | {"TaxIdentifier": masked}, MAPPING, "rid")
    assert party is not None and party.vat_ids == ()


@pytest.mark.parametrize("account", ["FR7630001007941234567890186", "XXXX1234", "12345678", None])
def test_an_account_number_that_is_no_iban_is_not_kept(account: Any) -> None:
    bank = {"BankAccountNumber": account}
    party = company_of(VENDOR | {"VendorPaymentBankDetail": bank}, MAPPING, "rid")
    assert party is not None and party.ibans == ()


def test_a_mailbox_at_a_public_provider_is_no_domain() -> None:
    body = VENDOR | {"PrimaryEmailAddr": {"Address": "algolia@gmail.com"}, "WebAddr": None}
    party = company_of(body, MAPPING, "rid")
    assert party is not None and party.domains == ()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("France", "FR"),
        ("Allemagne", "DE"),
        ("UK", "GB"),
        ("ie", "IE"),
        ("Spanien", "ES"),
        ("?", None),
    ],
)
def test_countries_are_known_by_code_and_name(name: str, code: str | None) -> None:
    party = company_of(VENDOR | {"BillAddr": {"Country": name}}, MAPPING, "rid")
    assert party is not None and party.country == code


def test_a_person_without_a_company_is_named_by_both_names() -> None:
    party = company_of({"GivenName": "Zoé", "FamilyName": "O’Hara"}, MAPPING, "rid")
    assert party is not None and party.names == ("Zoé O’Hara",)
    assert company_of({"Id": "1"}, MAPPING, "rid") is None


@given(st.dictionaries(st.sampled_from([*VENDOR]), JSON))
def test_no_body_makes_reading_a_company_crash(changes: dict[str, Any]) -> None:
    company_of(VENDOR | changes, MAPPING, "rid")


def test_a_record_has_its_page_at_quickbooks() -> None:
    assert SOURCE.link(record(BILL)) == "https://app.example.com/app/bill?txnId=145"
    assert "vendordetail?nameId=145" in SOURCE.link(record("{}", "vendors", Kind.COMPANY))
    assert SOURCE.link(record("{}", "attachments", Kind.ATTACHMENT)) == ""


def test_a_credit_memo_is_read_with_customer_totals_and_tax() -> None:
    body = bill(CustomerRef={"value": "7", "name": "Boulangerie Nord"}, DocNumber="CM-7")
    del body["VendorRef"]
    memo = SOURCE.read_invoice(record(body, "credit_memos", Kind.SALES_CREDIT_NOTE), MAPPING)
    assert memo.credit_note and memo.number == "CM-7"
    assert (memo.buyer_name, memo.seller.name) == ("Boulangerie Nord", None)
    assert (str(memo.gross_total), str(memo.tax_total)) == ("1284.00 EUR", "256.80 EUR")
    assert str(memo.net_total) == "1027.20 EUR"
