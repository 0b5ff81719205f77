"""A bill, credit or purchase of QuickBooks as a target entry.

Invariant: a mirror; what QuickBooks does not tell or tells in another form is None. A deleted
object keeps its id and nothing else.
"""

from datetime import datetime
from decimal import Decimal

from well.connectors.jsontext import day, mapping, moment, number, text
from well.connectors.quickbooks.reading import body_of
from well.domain.entry import TargetEntry
from well.domain.money import Money
from well.domain.source_record import Kind, SourceRecord

_SINGULAR = {"bills": "bill", "vendor_credits": "vendorcredit", "purchases": "purchase"}


def entry_of(record: SourceRecord, link: str, as_of: datetime) -> TargetEntry:
    """The entry; `as_of` stands in for a time that is missing."""
    body = body_of(record)
    times = mapping(body.get("MetaData"))
    currency = text(mapping(body.get("CurrencyRef")).get("value"))
    gross = _money(number(body.get("TotalAmt")), currency)
    supplier = mapping(body.get("VendorRef")) or mapping(body.get("EntityRef"))
    tax = mapping(body.get("TxnTaxDetail")).get("TotalTax")
    credit = record.kind is Kind.SUPPLIER_CREDIT_NOTE or body.get("Credit") is True
    return TargetEntry(
        id=f"{_SINGULAR[record.key.stream]}-{record.key.source_id}",
        file_name=text(body.get("PrivateNote")) or "",
        status="deleted" if record.deleted else "",
        created_at=moment(times.get("CreateTime")) or as_of,
        updated_at=record.changed_at,
        analyzed_at=record.changed_at,
        invoice_number=text(body.get("DocNumber")),
        supplier_name=text(supplier.get("name")),
        gross_total=gross,
        tax_total=_money(number(tax), currency),
        issue_date=day(body.get("TxnDate")),
        due_date=day(body.get("DueDate")),
        credit_note=credit,
        link=link,
        deleted=record.deleted,
    )


def _money(amount: Decimal | None, currency: str | None) -> Money | None:
    if amount is None or currency is None:
        return None
    try:
        return Money.of(abs(amount), currency)
    except ValueError:
        return None
