"""E-invoices as bare XML: values, syntaxes, refusals."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.invoice_files import cii, ubl
from well.documents.reading.read_file import read_file
from well.documents.reading.xml_values import date_of, decimal_of
from well.domain.invoice import Origin
from well.domain.money import Money


def codes(content: bytes) -> set[str]:
    return {finding.code for finding in read_file(content).findings}


def test_a_cii_invoice_is_read_field_by_field() -> None:
    reading = read_file(cii())
    invoice = reading.invoice
    assert invoice is not None
    assert (reading.kind, reading.syntax) == ("invoice", "CII")
    assert (invoice.number, invoice.issue_date) == ("F-2026-17", date(2026, 4, 22))
    assert invoice.due_date == date(2026, 5, 22)
    assert invoice.gross_total == Money(12000, "EUR")
    assert invoice.tax_total == Money(2000, "EUR"), "the tax in the invoice currency"
    assert invoice.seller.vat_id == "FR40303265045", "scheme VA and not the tax number"
    assert invoice.seller.name == "Atelier Dupont SARL"
    assert invoice.buyer_name == "Buyer SAS"
    assert [line.net_amount for line in invoice.lines] == [Decimal("100.00")]
    assert {one.origin for one in invoice.readings} == {Origin.XML}
    assert reading.findings == ()


def test_the_seller_of_a_ubl_invoice_is_its_registered_name() -> None:
    invoice = read_file(ubl()).invoice
    assert invoice is not None
    assert invoice.seller.name == "Registered GmbH"
    assert invoice.seller.vat_id == "DE136695976"


def test_a_ubl_credit_note_is_a_credit_note_with_positive_totals() -> None:
    reading = read_file(ubl("CreditNote"))
    assert reading.kind == "credit_note"
    assert reading.invoice is not None and reading.invoice.credit_note
    assert reading.invoice.gross_total == Money(11900, "EUR")


def test_a_negative_invoice_becomes_a_credit_note_and_its_reading_keeps_the_sign() -> None:
    reading = read_file(cii(net="-100.00", tax="-20.00", gross="-120.00", line="-100.00"))
    assert reading.kind == "credit_note"
    assert reading.invoice is not None
    assert reading.invoice.gross_total == Money(12000, "EUR")
    values = {one.field: one.value for one in reading.invoice.readings}
    assert values["gross_total"] == "-120.00"


def test_sums_that_do_not_add_up_are_a_hard_stop() -> None:
    findings = read_file(cii(gross="121.00")).findings
    assert [(one.code, one.stops_auto_post) for one in findings] == [("sum_of_totals", True)]


def test_lines_that_do_not_add_up_are_found() -> None:
    assert "sum_of_net" in codes(cii(line="90.00"))


@pytest.mark.parametrize("amount", ["NaN", "1e9", "1,5", "INF", "99999999999999", "--1"])
def test_an_amount_outside_the_grammar_is_missing_and_noted(amount: str) -> None:
    reading = read_file(cii(gross=amount))
    assert reading.invoice is not None
    assert reading.invoice.gross_total is None
    assert "unusable_value" in codes(cii(gross=amount))


def test_a_day_that_does_not_exist_is_missing() -> None:
    invoice = read_file(cii(issued="20260231")).invoice
    assert invoice is not None and invoice.issue_date is None


@pytest.mark.parametrize(
    ("content", "syntax"),
    [
        (b"<p:FatturaElettronica xmlns:p='urn:x'/>", "FatturaPA"),
        (b"<M_INVOIC/>", "EDIFACT-XML"),
        (b"<a:SCRDMCCBDACIOMessageStructure xmlns:a='urn:y'/>", "Order-X"),
        (b"<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>", None),
        (b"UNB+UNOC:3+A+B'", "EDIFACT"),
        (b"<html/>", None),
    ],
)
def test_a_foreign_syntax_is_named_and_not_read(content: bytes, syntax: str | None) -> None:
    reading = read_file(content)
    assert (reading.kind, reading.invoice) == ("other", None)
    assert syntax is None or reading.syntax == syntax


LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><x>&b;</x>"
OUTSIDE = b"<?xml version='1.0'?><!-- c --><!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>"


@pytest.mark.parametrize(
    "content", [LAUGHS, OUTSIDE, OUTSIDE.decode().encode("utf-16"), b"\xef\xbb\xbf" + LAUGHS]
)
def test_a_document_type_is_refused_in_every_encoding(content: bytes) -> None:
    reading = read_file(content)
    assert reading.kind == "unreadable"
    assert reading.error is not None and "document type" in reading.error


@pytest.mark.parametrize(
    "content", [b"<a>" * 5000, b"<a" * 300, b"<a>&undefined;</a>", cii()[:900], b"<\x00\x01"]
)
def test_broken_xml_gives_a_sentence(content: bytes) -> None:
    reading = read_file(content)
    assert reading.invoice is None
    assert reading.kind == "other" or (reading.error or "").endswith(".")


def test_xml_over_the_limit_is_not_read() -> None:
    reading = read_file(b"<a>" + b" " * (8 * 1024 * 1024) + b"</a>")
    assert reading.error is not None and "8 MB" in reading.error


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    assert read_file(b"<" + content).kind in ("other", "unreadable", "invoice")


@given(st.decimals(-(10**9), 10**9, places=2))
def test_a_plain_decimal_is_read_exactly(amount: Decimal) -> None:
    assert decimal_of(f"{amount:f}") == amount


@given(st.dates(date(1, 1, 1)))
def test_a_date_is_read_from_both_forms(day: date) -> None:
    assert date_of(day.isoformat()) == day == date_of(day.isoformat().replace("-", ""))
