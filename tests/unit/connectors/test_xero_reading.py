"""Xero's bodies as records, invoices and companies; its dates, its answers, its table of fields."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.connectors import NOW
from builders.xero import CONTACT_ID, INVOICE_ID, invoice_text
from well.connectors.http import Answer
from well.connectors.jsontext import parse
from well.connectors.xero.dates import day_of, spell, time_of
from well.connectors.xero.limits import Day, failure_of, is_dead_token, told_by_text
from well.connectors.xero.mapping import DEFAULT
from well.connectors.xero.paging import TICK, Place, place
from well.connectors.xero.reading import invoice_of
from well.connectors.xero.records import record_of
from well.connectors.xero.shapes import body_of
from well.connectors.xero.streams import BY_NAME, LISTINGS
from well.domain.failure import Failed, FailureKind
from well.domain.mapping import FieldMapping
from well.domain.money import Money
from well.domain.source_record import RecordKey, SourceRecord

BILL: dict[str, Any] = {
    "Type": "ACCPAY",
    "InvoiceID": INVOICE_ID,
    "InvoiceNumber": "INV-2026-04-100",
    "Reference": "PO 7",
    "Contact": {"ContactID": CONTACT_ID, "Name": "Algolia SAS"},
    "Date": "/Date(1776816000000+0000)/",
    "DueDate": "/Date(1779408000000)/",
    "Status": "AUTHORISED",
    "LineAmountTypes": "Exclusive",
    "LineItems": [
        {
            "Description": "Search units",
            "Quantity": 1.0,
            "UnitAmount": 1070.0,
            "LineAmount": 1070.0,
            "TaxAmount": 214.0,
            "AccountCode": "6156",
        }
    ],
    "SubTotal": 1070.0,
    "TotalTax": 214.0,
    "Total": 1284.0,
    "CurrencyCode": "EUR",
    "UpdatedDateUTC": "/Date(1776850000000+0000)/",
    "AmountDue": 1284.0,
    "HasAttachments": True,
}


def record(stream: str = "bills", **changed: Any) -> SourceRecord:
    node = parse(json.dumps(BILL | changed).encode())
    return record_of("c1", BY_NAME[stream], node, NOW)


def told(block: str, stream: str = "bills") -> SourceRecord:
    key = RecordKey("c1", stream, INVOICE_ID)
    return SourceRecord(key, BY_NAME[stream].stream.kind, "d", block.encode(), NOW)


def test_a_bill_is_an_invoice_with_exact_amounts() -> None:
    invoice = invoice_of(record(), DEFAULT)
    assert invoice.number == "INV-2026-04-100" and invoice.note == "PO 7"
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 4, 22), date(2026, 5, 22))
    assert invoice.gross_total == Money(128400, "EUR") and invoice.tax_total == Money(21400, "EUR")
    assert invoice.net_total == Money(107000, "EUR") and invoice.findings == ()
    assert (invoice.seller.name, invoice.seller.source_id) == ("Algolia SAS", CONTACT_ID)
    line = invoice.lines[0]
    assert (line.net_amount, line.tax_rate, line.ledger_account) == (1070, Decimal("20.0"), "6156")


def test_the_same_bill_told_by_a_tool_reads_the_same_but_for_its_lines() -> None:
    by_api = invoice_of(record(InvoiceNumber="INV-1", LineItems=[]), DEFAULT)
    by_tool = invoice_of(told(invoice_text(Total_Tax="214", reference="PO 7")), DEFAULT)
    for field in ("number", "issue_date", "due_date", "gross_total", "tax_total", "seller", "note"):
        assert getattr(by_api, field) == getattr(by_tool, field), field


def test_a_bill_whose_files_cannot_be_seen_is_released_by_a_person() -> None:
    findings = invoice_of(told(invoice_text()), DEFAULT).findings
    assert [(f.code, f.stops_auto_post) for f in findings] == [("file_unseen", True)]
    assert invoice_of(told(invoice_text(Type="ACCREC"), "sales_invoices"), DEFAULT).findings == ()


def test_a_bill_in_another_currency_tells_its_worth_in_that_of_the_books() -> None:
    worth = invoice_of(record(CurrencyCode="USD", CurrencyRate=1.25), DEFAULT, "EUR").converted
    assert worth is not None
    assert (worth.amount, worth.currency) == (Decimal("1027.2"), "EUR")
    assert (worth.rate, worth.on) == (Decimal("0.8"), date(2026, 4, 22))
    assert invoice_of(record(CurrencyRate=1.0), DEFAULT, "EUR").converted is None
    assert invoice_of(record(CurrencyCode="USD", CurrencyRate=0), DEFAULT, "EUR").converted is None


def test_the_reference_is_the_number_where_a_bill_has_none() -> None:
    assert invoice_of(record(InvoiceNumber=""), DEFAULT).number == "PO 7"
    assert invoice_of(record(InvoiceNumber=None, Reference=""), DEFAULT).number is None


def test_lines_with_tax_inside_are_read_net() -> None:
    line = BILL["LineItems"][0] | {"LineAmount": 1284.0, "UnitAmount": 1284.0}
    invoice = invoice_of(record(LineAmountTypes="Inclusive", LineItems=[line]), DEFAULT)
    assert invoice.lines[0].net_amount == 1070 and invoice.lines[0].unit_price is None
    assert invoice.findings == ()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Status": "DRAFT"}, "not_approved"),
        ({"Status": "SUBMITTED"}, "not_approved"),
        ({"Total": -1284.0}, "negative_total"),
        ({"TotalTax": 2000.0}, "totals_disagree"),
        ({"Total": 1284.03}, "totals_disagree"),
    ],
)
def test_what_does_not_fit_stops_the_automatic_posting(changed: dict[str, Any], code: str) -> None:
    findings = invoice_of(record(**changed), DEFAULT).findings
    assert [f.code for f in findings if f.stops_auto_post] == [code]


def test_sums_may_differ_by_two_cents() -> None:
    assert invoice_of(record(Total=1284.02), DEFAULT).findings == ()


def test_a_row_that_is_off_is_not_read() -> None:
    rows = tuple(row for row in DEFAULT.rows if row.target_field != "due_date")
    assert invoice_of(record(), FieldMapping(2, rows)).due_date is None


def test_a_sale_has_a_buyer_and_no_seller() -> None:
    invoice = invoice_of(record("sales_invoices", Type="ACCREC"), DEFAULT)
    assert invoice.buyer_name == "Algolia SAS" and invoice.seller.name is None


def test_a_credit_note_is_positive_and_named_by_its_own_number() -> None:
    credit = {
        "Type": "ACCPAYCREDIT",
        "CreditNoteID": "n1",
        "CreditNoteNumber": "CN-1",
        "InvoiceNumber": None,
    }
    invoice = invoice_of(record("credit_notes", **credit, Total=-1284.0), DEFAULT)
    assert invoice.credit_note and invoice.gross_total == Money(128400, "EUR")


def test_a_payment_names_the_bill_it_settles() -> None:
    payment = {
        "PaymentID": "p1",
        "Amount": 1284.0,
        "Date": "/Date(1776816000000)/",
        "Invoice": {
            "InvoiceNumber": "INV-1",
            "CurrencyCode": "EUR",
            "Contact": BILL["Contact"],
        },
    }
    node = parse(json.dumps(payment).encode())
    found = invoice_of(record_of("c1", BY_NAME["payments"], node, NOW), DEFAULT)
    assert (found.number, found.gross_total) == ("INV-1", Money(128400, "EUR"))


def test_what_xero_changes_by_itself_is_no_edit() -> None:
    paid = record(
        Status="PAID", AmountDue=0, AmountPaid=1284.0, UpdatedDateUTC="/Date(1779408000000)/",
        Payments=[{"PaymentID": "p"}], FullyPaidOnDate="/Date(1779408000000)/",
        HasAttachments=False, Contact=BILL["Contact"] | {"Name": "Algolia (renamed)"},
    )  # fmt: skip
    assert paid.digest == record().digest and paid.body != record().body
    assert record(Total=1284.01).digest != record().digest
    assert record(Contact={"ContactID": "other"}).digest != record().digest
    assert record(Status="DRAFT").digest != record().digest


@pytest.mark.parametrize(
    "gone",
    [{"Status": "VOIDED"}, {"Status": "DELETED"}, {"MergedToContactID": CONTACT_ID}],
)
def test_what_xero_no_longer_counts_is_a_tombstone(gone: dict[str, str]) -> None:
    assert record(**gone).deleted and not record().deleted


def test_an_object_without_its_id_fails_the_page() -> None:
    for bad in ("", None, 7, "x" * 65, "a\nb"):
        with pytest.raises(Failed):
            record(InvoiceID=bad)


def test_a_body_that_is_no_object_is_a_sentence() -> None:
    with pytest.raises(ValueError, match="cannot read"):
        body_of(told("{not json"))


def test_the_table_of_fields_is_the_published_one() -> None:
    published = [
        ("Invoice.Total.total", "total_amount"),
        ("Invoice.CurrencyCode.currency", "currency"),
        ("Invoice.Date.issue_date", "issue_date"),
        ("Invoice.DueDate.due_date", "due_date"),
        ("Invoice.InvoiceNumber.invoice_number", "invoice_number"),
        ("Invoice.TotalTax.tax", "tax_amount"),
        ("BankTransaction.Total.amount", "amount"),
        ("BankTransaction.CurrencyCode.currency", "currency"),
        ("BankTransaction.Date.created", "emitted_at"),
        ("BankTransaction.Reference.description", "label"),
        ("BankTransaction.BankTransactionID.transaction_id", "transaction_id"),
        ("Contact.Name.name", "supplier_name"),
        ("Contact.Website.website", "supplier_website"),
        ("Contact.TaxNumber.tax_id", "supplier_tax_id"),
    ]
    assert [(f"{r.source_field}.{r.label}", r.target_field) for r in DEFAULT.rows] == published


def test_every_stream_has_its_sentence() -> None:
    sentences = {listing.stream.trigger for listing in LISTINGS}
    assert "When a Xero bank transaction is read" in sentences
    assert all(s.startswith("When a Xero ") and s.endswith(" is read") for s in sentences)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("/Date(1776816000000+0000)/", date(2026, 4, 22)),
        ("/Date(1776816000000+1300)/", date(2026, 4, 22)),
        ("/Date(1776816000000)/", date(2026, 4, 22)),
        ("/Date(-86400000)/", date(1969, 12, 31)),
        ("2026-04-22T00:00:00", date(2026, 4, 22)),
        ("2026-04-22", date(2026, 4, 22)),
        ("Wed Apr 22 2026 00:00:00 GMT+0000 (Coordinated Universal Time)", date(2026, 4, 22)),
        ("Wed Apr 22 2026 02:00:00 GMT+0200", date(2026, 4, 22)),
        ("2026-02-30", None),
        ("22.04.2026", None),
        ("/Date(99999999999999999)/", None),
        (1776816000000, None),
        (None, None),
    ],
)
def test_dates_come_in_many_forms(written: object, day: date | None) -> None:
    assert day_of(written) == day


@given(st.text() | st.from_regex(r"/Date\(-?[0-9]+[+-]?[0-9]*\)/"))
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    found = time_of(text)
    assert found is None or found.tzinfo is not None


def test_modified_since_has_no_zone_and_whole_seconds() -> None:
    assert spell(datetime(2026, 4, 22, 9, 0, 1, 999, tzinfo=UTC)) == "2026-04-22T09:00:01"


def test_a_page_goes_on_from_the_last_second_and_counts_only_inside_it() -> None:
    times = [NOW + timedelta(seconds=n) for n in range(200)]
    onward = Place(2).after(times)
    assert onward == Place(2, times[-1] - TICK)
    assert onward.after([times[-1]] * 200) == Place(2, times[-1] - TICK, 2)
    assert place(onward.dump()) == onward and place(None) is None
    for cursor in ("", "[1]", '["a",null,1]', "[0,null,0]", '[0,"noon",1]', "[-1,null,1]"):
        with pytest.raises(Failed):
            place(cursor)


def answer(status: int, body: object = "", **headers: str) -> Answer:
    text = body if isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, httpx.Headers(named), text.encode())


@pytest.mark.parametrize(
    ("got", "kind"),
    [
        (answer(400, {"Type": "ValidationException", "Message": "bad"}), FailureKind.REJECTED),
        (answer(401, {"Detail": "TokenExpired"}), FailureKind.GRANT_LOST),
        (answer(403, {"Detail": "AuthenticationUnsuccessful"}), FailureKind.GRANT_LOST),
        (answer(404), FailureKind.REJECTED),
        (answer(429, Retry_After="7"), FailureKind.RATE_LIMITED),
        (answer(500), FailureKind.TRANSIENT),
        (answer(501), FailureKind.TRANSIENT),
        (answer(503, "<html>offline</html>"), FailureKind.TRANSIENT),
        (answer(302), FailureKind.TRANSIENT),
    ],
)
def test_each_answer_has_its_kind(got: Answer, kind: FailureKind) -> None:
    failed = failure_of(got, NOW)
    assert failed is not None and failed.failure.kind is kind


def test_a_refused_request_waits_as_long_as_xero_says() -> None:
    failed = failure_of(answer(429, Retry_After="7", X_Rate_Limit_Problem="day"), NOW)
    assert failed is not None and failed.failure.retry_at == NOW + timedelta(seconds=7)
    assert "Problem: day" in failed.failure.operator_note
    assert failure_of(answer(200), NOW) is None


def test_a_missing_permission_is_not_cured_by_a_new_token() -> None:
    assert is_dead_token(answer(401)) and not is_dead_token(answer(403))
    assert not is_dead_token(answer(401, WWW_Authenticate="insufficient_scope"))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Error listing invoices: Rate limit exceeded", FailureKind.RATE_LIMITED),
        ("Error listing invoices: Request failed with status code 429", FailureKind.RATE_LIMITED),
        ("Error listing invoices: Unauthorized", FailureKind.GRANT_LOST),
        ("Error listing invoices: TokenExpired: token expired", FailureKind.TRANSIENT),
        ("Error listing invoices: Forbidden", FailureKind.GRANT_LOST),
        ("Error listing invoices: 503 Service Unavailable", FailureKind.TRANSIENT),
        ("Error listing invoices: something else", FailureKind.REJECTED),
    ],
)
def test_the_words_of_a_tool_tell_the_kind(said: str, kind: FailureKind) -> None:
    assert told_by_text(said, NOW).failure.kind is kind


def test_a_first_sync_leaves_a_fifth_of_the_day_to_new_records() -> None:
    day = Day(5000)
    day.check_reserve(NOW)
    day.note(answer(200, X_DayLimit_Remaining="1001"), NOW)
    day.check_reserve(NOW)
    day.note(answer(200, X_DayLimit_Remaining="1000"), NOW)
    with pytest.raises(Failed) as failed:
        day.check_reserve(NOW + timedelta(minutes=59, seconds=59))
    assert failed.value.failure.kind is FailureKind.RATE_LIMITED
    assert failed.value.failure.retry_at == NOW + timedelta(hours=1)
    day.check_reserve(NOW + timedelta(hours=1))
