"""What a person says of a field, put into an invoice: pure."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.values import an_invoice
from well.domain.correction import CorrectedField, Correction
from well.domain.invoice import FieldReading, Finding, Invoice, Origin, Seller
from well.domain.money import Money
from well.domain.reading import Reading
from well.policy import Facts, corrected, record_confidence, settled_reading
from well.policy.about import fields_of
from well.policy.correction import CHANGED, FIELDS, STALE, texts_of, told

AT = datetime(2026, 3, 1, tzinfo=UTC)
FULL = Invoice(
    number="A1",
    issue_date=date(2026, 1, 2),
    currency="EUR",
    net_total=Money(10_00, "EUR"),
    tax_total=Money(2_00, "EUR"),
    gross_total=Money(12_00, "EUR"),
    seller=Seller("Acme", "FR40303265045"),
)


def _said(invoice: Invoice, **texts: str) -> Correction:
    names = {name.replace("__", "."): text for name, text in texts.items()}
    return Correction(told(invoice, None, names), "a@example.com", AT)


def test_every_field_can_be_corrected_and_taken_away() -> None:
    texts = {
        "number": "B2",
        "issue_date": "2026-02-03",
        "due_date": "2026-03-03",
        "currency": "EUR",
        "net_total": "20.00",
        "tax_total": "4.00",
        "gross_total": "24.00",
        "seller.name": "Zeta",
        "seller.vat_id": "DE136695976",
        "seller.iban": "FR7630006000011234567890189",
        "credit_note": "yes",
    }
    made = corrected(FULL, Correction(told(FULL, None, texts), "a", AT))
    assert texts_of(made) == texts
    gone = {name: "no" if name == "credit_note" else "" for name in FIELDS if name != "currency"}
    empty = corrected(made, Correction(told(made, None, gone), "a", AT))
    assert texts_of(empty) == {**gone, "currency": "EUR"}


def test_another_currency_changes_every_amount() -> None:
    made = corrected(FULL, _said(FULL, currency="USD"))
    assert (made.net_total, made.gross_total) == (Money(10_00, "USD"), Money(12_00, "USD"))
    with pytest.raises(ValueError, match="decimals"):
        corrected(replace(FULL, net_total=Money(10_50, "EUR")), _said(FULL, currency="JPY"))


def test_the_same_amount_with_other_digits_is_no_correction() -> None:
    assert told(FULL, None, {"gross_total": "12"}) == ()
    assert told(FULL, None, {"gross_total": "12.01"}) == (
        CorrectedField("gross_total", "12.00", "12.01"),
    )


def test_a_correction_holds_while_the_same_is_read_and_stops_when_it_is_not() -> None:
    correction = _said(FULL, number="B2")
    assert corrected(FULL, correction).number == "B2"
    assert corrected(replace(FULL, number="B2"), correction).findings == ()
    other = corrected(replace(FULL, number="C3"), correction)
    assert other.number == "C3"
    assert [(one.code, one.stops_auto_post) for one in other.findings] == [(STALE, True)]


def test_a_persons_reading_keeps_the_place_where_the_field_was_read() -> None:
    box = (0.1, 0.2, 0.3, 0.4)
    read = FieldReading("number", "Al", Origin.OCR, 0.5, 1, box, "Al")
    invoice = replace(FULL, readings=(read,))
    (made,) = corrected(invoice, _said(invoice, number="B2")).readings
    assert made == FieldReading("number", "B2", Origin.PERSON, 1.0, 1, box, "Al")


def test_findings_about_a_corrected_field_are_answered_but_another_account_is_not() -> None:
    codes = ["total_differs", "number_differs", "iban_differs", "page_total", "hidden_text"]
    findings = tuple(Finding(code, code, True) for code in codes)
    invoice = replace(FULL, findings=findings)
    correction = _said(invoice, gross_total="13.00", seller__iban="X", number="A1")
    left = [one.code for one in corrected(invoice, correction).findings]
    assert left == ["number_differs", "iban_differs", "page_total", "hidden_text", CHANGED]
    reading = Reading("invoice", None, None, findings)
    kept = settled_reading(reading, correction)
    assert kept is not None and [one.code for one in kept.findings] == left[:-1]
    assert settled_reading(reading, None) is reading


def test_a_persons_word_is_the_surest_reading() -> None:
    facts = Facts(invoice=corrected(an_invoice(), _said(an_invoice(), number="B2")))
    reasons = {reason.code: reason for reason in record_confidence(facts)[1]}
    assert reasons["field.number"].sentence == "The number B2 is given by a person."
    assert reasons["field.number"].weight == pytest.approx(-0.1, abs=0.06)


def test_a_finding_of_the_whole_document_is_about_no_field() -> None:
    assert fields_of("hidden_text") == ()
    assert fields_of("total_differs") == ("gross_total",)


@given(st.text(max_size=20), st.text(max_size=20))
def test_correcting_and_reading_the_texts_again_gives_what_was_said(one: str, two: str) -> None:
    texts = {"number": one, "seller.name": two}
    made = corrected(FULL, Correction(told(FULL, None, texts), "a", AT))
    assert {name: texts_of(made)[name] for name in texts} == texts


@pytest.mark.parametrize("field", ["number", "gross_total", "issue_date", "seller.name"])
def test_what_tells_documents_apart_goes_to_a_person_once_it_was_corrected(field: str) -> None:
    text = {"gross_total": "12.01", "issue_date": "2026-01-03"}.get(field, "B2")
    correction = Correction(told(FULL, None, {field: text}), "a", AT)
    (finding,) = corrected(FULL, correction).findings
    assert (finding.code, finding.stops_auto_post) == (CHANGED, True)
    due = Correction(told(FULL, None, {"due_date": "2026-01-03"}), "a", AT)
    assert corrected(FULL, due).findings == ()
