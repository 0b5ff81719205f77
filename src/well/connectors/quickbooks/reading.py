"""A QuickBooks transaction as an invoice, under a mapping.

Invariant: pure; each value has a reading with origin API; what is absent, off in the mapping or
no value stays None. Sums are checked on the body itself, so a row that is off hides no mistake.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from well.connectors.fields import Fields, currency_of
from well.connectors.identifiers import country_of
from well.connectors.jsontext import day, mapping, number, parse, sequence, text
from well.connectors.quickbooks.limits import TITLE
from well.connectors.quickbooks.mapping import INSIDE, INVOICE, TRANSACTION
from well.connectors.quickbooks.streams import BY_NAME
from well.domain.invoice import Finding, Invoice, InvoiceLine, Seller
from well.domain.mapping import FieldMapping
from well.domain.money import Converted, Money, converted
from well.domain.source_record import Kind, SourceRecord

LINES_MAX = 1000
TOLERANCE = Decimal("0.02")
CREDITS = (Kind.SUPPLIER_CREDIT_NOTE, Kind.SALES_CREDIT_NOTE)
_FIELDS = {
    INVOICE: ("invoice_number", "issue_date", "due_date", "currency", "total_amount", ""),
    TRANSACTION: ("transaction_id", "emitted_at", "", "currency", "amount", "label"),
}
"""Target fields by group: number, issue date, due date, currency, gross total, note."""


def body_of(record: SourceRecord) -> Mapping[str, Any]:
    """The parsed body. ValueError with a sentence when it is no JSON object."""
    try:
        body = parse(record.body).value
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ValueError("QuickBooks sent a record that Well cannot read.")
    return body


def invoice_of(record: SourceRecord, table: FieldMapping, home: str = "") -> Invoice:
    """The record as an invoice; `home` is the currency of the books, "" where it is not known.

    ValueError with a sentence when it is none."""
    listing = BY_NAME.get(record.key.stream)
    if listing is None or not listing.stream.dated:
        raise ValueError(f"QuickBooks {record.key.stream} are not read as invoices.")
    body = body_of(record)
    group = TRANSACTION if record.kind is Kind.TRANSACTION else INVOICE
    fields = Fields(body, table, group, TITLE, INSIDE)
    number_field, issued, due, currency_field, total, note = _FIELDS[group]
    credit = record.kind in CREDITS or body.get("Credit") is True
    told = currency_of(mapping(body.get("CurrencyRef")).get("value"))
    totals = fields.totals(currency_field, total, told, credit)
    return Invoice(
        credit_note=credit,
        number=fields.text("number", number_field),
        issue_date=fields.day("issue_date", issued),
        due_date=fields.day("due_date", due) if due else None,
        currency=totals.currency,
        net_total=totals.net,
        tax_total=totals.tax,
        gross_total=totals.gross,
        seller=_seller(fields),
        buyer_name=text(mapping(body.get("CustomerRef")).get("name")),
        note=fields.text("note", note) if note else text(body.get("PrivateNote")),
        lines=_lines(body),
        readings=tuple(fields.readings),
        findings=(*fields.findings, *_sums(body, credit)),
        converted=_worth(body, totals.gross, home),
    )


def _worth(body: Mapping[str, Any], total: Money | None, home: str) -> Converted | None:
    """ExchangeRate is units of the home currency for one of the transaction's; HomeTotalAmt is
    the total in it. A total that is not the body's own has no worth that was told."""
    if total is None or abs(number(body.get("TotalAmt")) or 0) != abs(total.decimal):
        return None
    told = number(body.get("HomeTotalAmt"))
    rate, on = number(body.get("ExchangeRate")), day(body.get("TxnDate"))
    return converted(total, home, rate, on, abs(told) if told is not None else None)


def _seller(fields: Fields) -> Seller:
    body = fields.body
    reference = mapping(body.get("VendorRef"))
    entity = mapping(body.get("EntityRef"))
    if not reference and str(entity.get("type", "Vendor")).lower() == "vendor":
        reference = entity
    name = text(reference.get("name"))
    fields.keep("seller.name", name)
    return Seller(
        name=name,
        source_id=text(reference.get("value")),
        country=country_of(mapping(body.get("VendorAddr"))),
    )


def _lines(body: Mapping[str, Any]) -> tuple[InvoiceLine, ...]:
    rate = _rate(body)
    found = (_line(mapping(line), rate) for line in sequence(body.get("Line"))[:LINES_MAX])
    return tuple(line for line in found if line is not None)


def _rate(body: Mapping[str, Any]) -> Decimal | None:
    """The percentage of the only tax line; None when there are several."""
    lines = sequence(mapping(body.get("TxnTaxDetail")).get("TaxLine"))
    if len(lines) != 1:
        return None
    return number(mapping(mapping(lines[0]).get("TaxLineDetail")).get("TaxPercent"))


def _line(line: Mapping[str, Any], rate: Decimal | None) -> InvoiceLine | None:
    amount = number(line.get("Amount"))
    kind = line.get("DetailType")
    if amount is None or not isinstance(kind, str) or kind == "SubTotalLineDetail":
        return None
    detail = mapping(line.get(kind))
    account = mapping(detail.get("AccountRef"))
    return InvoiceLine(
        description=text(line.get("Description")) or "",
        net_amount=amount,
        quantity=number(detail.get("Qty")),
        unit_price=number(detail.get("UnitPrice")),
        tax_rate=rate,
        ledger_account=text(account.get("name")) or text(account.get("value")),
    )


def _sums(body: Mapping[str, Any], credit: bool) -> list[Finding]:
    """Findings about amounts of the body that do not fit together."""
    gross = number(body.get("TotalAmt"))
    tax = number(mapping(body.get("TxnTaxDetail")).get("TotalTax")) or Decimal(0)
    if gross is None:
        return []
    if gross < 0 and not credit:
        sentence = f"The total is negative ({gross}) although this is no credit note."
        return [Finding("negative_total", sentence, stops_auto_post=True)]
    if not 0 <= abs(tax) <= abs(gross):
        sentence = f"The tax ({tax}) is larger than the total ({gross})."
        return [Finding("totals_disagree", sentence, stops_auto_post=True)]
    lines = _lines(body)
    total = sum((line.net_amount for line in lines), Decimal(0))
    # Amounts of lines may hold the tax or not (GlobalTaxCalculation); either sum is sound.
    expected = (abs(gross), abs(gross) - abs(tax))
    if lines and all(abs(abs(total) - amount) > TOLERANCE for amount in expected):
        sentence = f"The lines add up to {total}; the total is {gross} with {tax} of tax."
        return [Finding("totals_disagree", sentence, stops_auto_post=True)]
    return []
