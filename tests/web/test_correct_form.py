"""What a person may type for a field, and the one sentence for what is wrong."""

from dataclasses import replace

import pytest

from builders.office import an_invoice_of
from well.domain.invoice import Invoice
from well.policy.correction import texts_of
from well.web.pages.correct_form import inputs, typed_fields

INVOICE = an_invoice_of(0, "F-1")


def _typed(invoice: Invoice = INVOICE, **changes: str) -> dict[str, str]:
    return {**texts_of(invoice), **{k.replace("__", "."): v for k, v in changes.items()}}


def test_what_nobody_touched_is_right_however_it_was_read() -> None:
    seller = replace(INVOICE.seller, vat_id="no VAT id at all", iban="wrong")
    odd = replace(INVOICE, seller=seller, due_date=INVOICE.issue_date)
    read = typed_fields(odd, _typed(odd, number="F-2"))
    assert (dict(read.errors), read.texts["number"]) == ({}, "F-2")
    assert read.texts["seller.vat_id"] == "no VAT id at all"


@pytest.mark.parametrize(
    ("field", "typed", "text"),
    [
        ("seller.iban", "fr76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        ("seller.vat_id", "de 136 695 976", "DE136695976"),
        ("currency", "usd", "USD"),
        ("seller.name", "  Zeta   SARL ", "Zeta SARL"),
        ("due_date", "2026-12-31", "2026-12-31"),
        ("due_date", "", ""),
        ("credit_note", "yes", "yes"),
        ("credit_note", "", "no"),
    ],
)
def test_a_value_is_made_canonical(field: str, typed: str, text: str) -> None:
    read = typed_fields(INVOICE, _typed() | {field: typed})
    assert (dict(read.errors), read.texts[field]) == ({}, text)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("seller.iban", "FR7630006000011234567890188"),
        ("seller.vat_id", "FR41303265045"),
        ("seller.vat_id", "303265045"),
        ("currency", "EURO"),
        ("issue_date", "31/12/2026"),
        ("issue_date", "1889-01-01"),
        ("issue_date", "2101-01-01"),
        ("due_date", "2020-01-01"),
        ("gross_total", "1.284,00"),
        ("gross_total", "1284.0000"),
        ("gross_total", "NaN"),
        ("gross_total", "1e3"),
        ("net_total", "twelve"),
    ],
)
def test_a_wrong_value_gets_one_sentence_at_its_field(field: str, typed: str) -> None:
    read = typed_fields(INVOICE, _typed() | {field: typed})
    assert list(read.errors) == [field]
    assert read.errors[field].endswith(".")


def test_sums_are_held_together_to_the_cent_where_one_was_touched() -> None:
    totals = {"net_total": "1000.00", "tax_total": "200.00"}
    assert not typed_fields(INVOICE, _typed() | totals | {"gross_total": "1200,01"}).errors
    wrong = typed_fields(INVOICE, _typed() | totals | {"gross_total": "1200.02"})
    assert wrong.errors == {"gross_total": "Net 1000.00 and tax 200.00 make 1200.00."}
    alone = {"net_total": "", "tax_total": "", "gross_total": "77 000.5"}
    assert typed_fields(INVOICE, _typed() | alone).texts["gross_total"] == "77000.5"


def test_an_amount_needs_a_currency_that_can_hold_it() -> None:
    assert list(typed_fields(INVOICE, _typed(currency="")).errors) == ["currency"]
    yen = typed_fields(INVOICE, _typed(currency="JPY", gross_total="12.50", net_total=""))
    assert "gross_total" in yen.errors


def test_the_form_shows_what_was_typed_with_its_sentence() -> None:
    rows = {row.name: row for row in inputs({"number": "F"}, {"number": "Wrong."}, ())}
    assert (rows["number"].text, rows["number"].error) == ("F", "Wrong.")
    assert (rows["gross_total"].kind, rows["credit_note"].kind) == ("decimal", "checkbox")
