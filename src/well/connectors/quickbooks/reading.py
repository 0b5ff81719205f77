"""A QuickBooks transaction as an invoice, under a mapping.

Invariant: pure; each value has a reading with origin API; what is absent, off in the mapping or
no value stays None. Sums are checked on the body itself, so a row that is off hides no mistake.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from well.connectors.identifiers import country_of
from well.connectors.jsontext import day, mapping, number, parse, sequence, text
from well.connectors.quickbooks.mapping import INVOICE, TRANSACTION, value_of
from well.connectors.quickbooks.streams import BY_NAME
from well.domain.invoice import FieldReading, Finding, Invoice, InvoiceLine, Origin, Seller
from well.domain.mapping import FieldMapping
from well.domain.money import Money
from well.domain.source_record import Kind, SourceRecord

CONFIDENCE = 0.97
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


class _Reader:
    """Collects values with their readings and findings."""

    def __init__(self, body: Mapping[str, Any], table: FieldMapping, group: str) -> None:
        self.body = body
        self.table = table
        self.group = group
        self.readings: list[FieldReading] = []
        self.findings: list[Finding] = []

    def raw(self, target: str) -> Any:
        """The body's value for a target field of the mapping."""
        return value_of(self.body, self.table, self.group, target) if target else None

    def keep(self, field: str, value: str | None, raw: Any = None) -> None:
        """Note where a value was read."""
        if value:
            shown = str(value if raw is None else raw)[:200]
            reading = FieldReading(field, value, Origin.API, CONFIDENCE, raw=shown)
            self.readings.append(reading)

    def text(self, field: str, target: str) -> str | None:
        """A text field."""
        found = text(self.raw(target))
        self.keep(field, found)
        return found

    def day(self, field: str, target: str) -> date | None:
        """A date field; a finding when it is no date."""
        raw = self.raw(target)
        found = day(raw)
        if raw is not None and found is None:
            self._unusable(field, raw)
        self.keep(field, found.isoformat() if found else None, raw)
        return found

    def money(self, field: str, raw: Any, currency: str | None, credit: bool) -> Money | None:
        """An amount; positive on a credit note; a finding when it is no usable amount."""
        amount = number(raw)
        if amount is None or currency is None:
            if raw is not None:
                self._unusable(field, raw)
            return None
        try:
            found = Money.of(abs(amount) if credit else amount, currency)
        except ValueError:
            self._unusable(field, raw)
            return None
        self.keep(field, str(found.decimal), raw)
        return found

    def _unusable(self, field: str, raw: Any) -> None:
        shown = text(str(raw)[:40]) or ""
        sentence = f"QuickBooks gives “{shown}” for {field.replace('_', ' ')}, which is no value."
        self.findings.append(Finding("unusable_value", sentence))


def invoice_of(record: SourceRecord, table: FieldMapping) -> Invoice:
    """The record as an invoice. ValueError with a sentence when it is none."""
    listing = BY_NAME.get(record.key.stream)
    if listing is None or not listing.stream.dated:
        raise ValueError(f"QuickBooks {record.key.stream} are not read as invoices.")
    body = body_of(record)
    group = TRANSACTION if record.kind is Kind.TRANSACTION else INVOICE
    reader = _Reader(body, table, group)
    number_field, issued, due, currency_field, total, note = _FIELDS[group]
    credit = record.kind in CREDITS or body.get("Credit") is True
    money = _currency(mapping(body.get("CurrencyRef")).get("value"))
    gross = reader.money("gross_total", reader.raw(total), money, credit)
    tax = reader.money("tax_total", reader.raw("tax_amount"), money, credit)
    net = Money(gross.minor - tax.minor, gross.currency) if gross and tax else None
    currency = _currency(reader.raw(currency_field))
    reader.keep("currency", currency)
    return Invoice(
        credit_note=credit,
        number=reader.text("number", number_field),
        issue_date=reader.day("issue_date", issued),
        due_date=reader.day("due_date", due),
        currency=currency,
        net_total=net,
        tax_total=tax,
        gross_total=gross,
        seller=_seller(reader),
        buyer_name=text(mapping(body.get("CustomerRef")).get("name")),
        note=reader.text("note", note) if note else text(body.get("PrivateNote")),
        lines=_lines(body),
        readings=tuple(reader.readings),
        findings=(*reader.findings, *_sums(body, credit)),
    )


def _currency(value: Any) -> str | None:
    code = value.strip().upper() if isinstance(value, str) else ""
    return code if len(code) == 3 and code.isascii() and code.isalpha() else None


def _seller(reader: _Reader) -> Seller:
    body = reader.body
    reference = mapping(body.get("VendorRef"))
    entity = mapping(body.get("EntityRef"))
    if not reference and str(entity.get("type", "Vendor")).lower() == "vendor":
        reference = entity
    name = text(reference.get("name"))
    reader.keep("seller.name", name)
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
