"""Small believable invoices, entries and counterparties for tests of matching and policy.

Invariant: every value has a plain default, so a test names only what it is about.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from well.domain.counterparty import Counterparty
from well.domain.entry import TargetEntry
from well.domain.ids import record_id
from well.domain.invoice import FieldReading, Invoice, Origin, Seller
from well.domain.money import Money

NOON = datetime(2026, 4, 23, 12, tzinfo=UTC)
ALGOLIA_VAT = "FR75814107155"
IBAN = "FR7630001007941234567890185"
OTHER_IBAN = "DE89370400440532013000"


def euros(text: str) -> Money:
    return Money.of(text, "EUR")


def an_invoice(**changes: Any) -> Invoice:
    base = Invoice(
        number="INV-2026-04-100",
        issue_date=date(2026, 4, 22),
        due_date=date(2026, 5, 22),
        currency="EUR",
        gross_total=euros("1284.37"),
        seller=Seller(name="Algolia SAS", source_id="56"),
    )
    invoice = replace(base, **changes)
    return replace(invoice, readings=invoice.readings or api_readings(invoice))


def api_readings(invoice: Invoice) -> tuple[FieldReading, ...]:
    values = {
        "number": invoice.number,
        "issue_date": invoice.issue_date,
        "gross_total": invoice.gross_total.decimal if invoice.gross_total else None,
        "currency": invoice.currency,
        "seller.name": invoice.seller.name,
    }
    return tuple(
        FieldReading(field, str(value), Origin.API, 0.97)
        for field, value in values.items()
        if value is not None
    )


def page_readings(invoice: Invoice, confidence: float = 0.9) -> tuple[FieldReading, ...]:
    return tuple(
        replace(reading, origin=Origin.TEXT, confidence=confidence)
        for reading in api_readings(invoice)
    )


def an_entry(**changes: Any) -> TargetEntry:
    base = TargetEntry(
        id="entry-1",
        file_name="scan-0042.pdf",
        status="to_review",
        created_at=NOON,
        updated_at=NOON,
        analyzed_at=NOON,
        invoice_number="INV-2026-04-100",
        supplier_name="Algolia",
        gross_total=euros("1284.37"),
        issue_date=date(2026, 4, 22),
    )
    return replace(base, **changes)


def a_party(**changes: Any) -> Counterparty:
    base = Counterparty(
        id="party-1",
        names=("Algolia SAS",),
        country="FR",
        source_ids=(record_id("qb", "vendors", "56"),),
    )
    return replace(base, **changes)
