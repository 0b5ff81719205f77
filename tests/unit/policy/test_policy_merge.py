"""The record's fields and its page in one invoice, and what they disagree on."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from builders.matching import IBAN, OTHER_IBAN, an_invoice, api_readings, euros, page_readings
from well.domain.invoice import Finding, Invoice, Origin, Seller
from well.domain.money import Money
from well.domain.reading import Reading
from well.policy import Facts, merge_reading, record_confidence


def page(confidence: float = 0.9, kind: str = "invoice", **changes: Any) -> Reading:
    seen = an_invoice(**changes)
    seen = replace(seen, readings=page_readings(replace(seen, readings=()), confidence))
    return Reading(kind, None, seen, has_text=True, pages=1)


def codes(invoice: Invoice) -> dict[str, bool]:
    return {finding.code: finding.stops_auto_post for finding in invoice.findings}


def test_no_file_changes_nothing() -> None:
    assert merge_reading(an_invoice(), None) == an_invoice()


def test_an_agreeing_page_gives_no_finding_and_keeps_both_readings() -> None:
    merged = merge_reading(an_invoice(), page())
    assert merged.findings == ()
    assert {r.origin for r in merged.readings} == {Origin.API, Origin.TEXT}


def test_a_number_missing_at_the_source_is_taken_from_the_page() -> None:
    api = an_invoice(number=None)
    merged = merge_reading(api, page())
    assert merged.number == "INV-2026-04-100"
    assert [r.origin for r in merged.readings if r.field == "number"] == [Origin.TEXT]
    own, _ = record_confidence(Facts(merged))
    assert own > record_confidence(Facts(api))[0]


def test_the_sources_value_is_never_replaced() -> None:
    merged = merge_reading(an_invoice(), page(gross_total=euros("9.00"), number="X-9"))
    assert merged.gross_total == euros("1284.37")
    assert merged.number == "INV-2026-04-100"


@pytest.mark.parametrize(
    ("changes", "code", "stops"),
    [
        ({"gross_total": euros("1248.37")}, "total_differs", True),
        ({"seller": Seller(name="Dupont Conseil")}, "seller_differs", True),
        ({"number": "X-9"}, "number_differs", False),
        ({"issue_date": date(2026, 4, 21)}, "issue_date_differs", False),
        ({"due_date": date(2026, 6, 21)}, "due_date_differs", False),
        ({"currency": "USD", "gross_total": Money.of("9", "USD")}, "currency_differs", True),
    ],
)
def test_a_contradiction_is_a_finding(changes: dict[str, Any], code: str, stops: bool) -> None:
    merged = merge_reading(an_invoice(), page(**changes))
    assert codes(merged) == {code: stops}


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "2026-04-100"},
        {"number": "INV 2026/04/100"},
        {"seller": Seller(name="ALGOLIA")},
        {"seller": Seller(name="Algolia Search Technologies SAS")},
        {"gross_total": euros("-1284.37")},
    ],
)
def test_another_spelling_is_no_contradiction(changes: dict[str, Any]) -> None:
    assert merge_reading(an_invoice(), page(**changes)).findings == ()


def test_another_account_or_tax_number_stops() -> None:
    api = an_invoice(seller=Seller("Algolia SAS", vat_id="FR40303265045", iban=IBAN))
    seen = page(seller=Seller("Algolia SAS", vat_id="DE136695976", iban=OTHER_IBAN))
    assert codes(merge_reading(api, seen)) == {"iban_differs": True, "seller_differs": True}


def test_an_unsure_page_contradicts_without_stopping() -> None:
    merged = merge_reading(an_invoice(), page(0.3, gross_total=euros("9.00")))
    assert codes(merged) == {"total_differs": False}


def test_a_page_read_as_credit_note_stops_an_invoice() -> None:
    merged = merge_reading(an_invoice(), page(kind="credit_note"))
    assert codes(merged) == {"sign_differs": True}


def test_a_differing_date_lowers_the_confidence_below_auto() -> None:
    merged = merge_reading(an_invoice(), page(issue_date=date(2026, 4, 2)))
    assert record_confidence(Facts(merged))[0] < 0.85
    assert record_confidence(Facts(merge_reading(an_invoice(), page())))[0] > 0.9


def test_an_unreadable_page_hands_on_its_findings_only() -> None:
    finding = Finding("hidden_text", "Hidden text.", True)
    reading = Reading("unreadable", None, None, (finding,), error="Broken.")
    assert merge_reading(an_invoice(), reading).findings == (finding,)


def test_merging_twice_adds_no_finding_twice() -> None:
    seen = page(number="X-9")
    once = merge_reading(an_invoice(), seen)
    assert merge_reading(once, seen).findings == once.findings


def test_no_amount_comes_in_another_currency_than_the_records() -> None:
    api = replace(an_invoice(net_total=None), readings=api_readings(an_invoice()))
    merged = merge_reading(api, page(net_total=Money.of("5", "USD")))
    assert merged.net_total is None
