"""A Xero document as an invoice, under a mapping.

Invariant: pure; what is absent, off in the mapping or no value stays None. Sums are checked on
the body itself, so a row that is off hides no mistake.
"""

from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

from well.connectors.fields import Fields, currency_of
from well.connectors.jsontext import mapping, number, sequence, text
from well.connectors.xero.dates import day_of
from well.connectors.xero.forms import is_tool_text
from well.connectors.xero.limits import TITLE
from well.connectors.xero.mapping import INVOICE, TRANSACTION
from well.connectors.xero.shapes import body_of
from well.connectors.xero.streams import BY_NAME
from well.domain.invoice import Finding, Invoice, InvoiceLine, Seller
from well.domain.mapping import FieldMapping
from well.domain.money import Converted, Money, converted
from well.domain.source_record import Kind, SourceRecord

LINES_MAX = 1000
RATE = Context(prec=12)
"""Digits of a rate that is turned round: as many as Xero tells, and two more."""

TOLERANCE = Decimal("0.02")
CENT = Decimal("0.01")
CREDITS = (Kind.SUPPLIER_CREDIT_NOTE, Kind.SALES_CREDIT_NOTE)
POSTED = (Kind.SUPPLIER_INVOICE, Kind.SUPPLIER_CREDIT_NOTE)
SALES = ("ACCREC", "ACCRECCREDIT")
UNAPPROVED = ("DRAFT", "SUBMITTED")
_FIELDS = {
    INVOICE: ("invoice_number", "issue_date", "due_date", "currency", "total_amount", ""),
    TRANSACTION: ("transaction_id", "emitted_at", "", "currency", "amount", "label"),
}
"""Target fields by group: number, issue date, due date, currency, gross total, note."""


def invoice_of(record: SourceRecord, table: FieldMapping, home: str = "") -> Invoice:
    """The record as an invoice; `home` is the currency of the books, "" where it is not known.

    ValueError with a sentence when it is none.
    """
    listing = BY_NAME.get(record.key.stream)
    if listing is None or not listing.stream.dated:
        raise ValueError(f"Xero {record.key.stream} are not read as invoices.")
    body = body_of(record)
    group = TRANSACTION if record.kind is Kind.TRANSACTION else INVOICE
    fields = Fields(body, table, group, TITLE, day_of=day_of)
    number_field, issued, due, currency_field, total, note = _FIELDS[group]
    credit = record.kind in CREDITS
    told = currency_of(body.get("CurrencyCode"))
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
        seller=_seller(body, fields),
        buyer_name=_buyer(body),
        note=fields.text("note", note) if note else text(body.get("Reference")),
        lines=_lines(body),
        readings=tuple(fields.readings),
        findings=(*fields.findings, *_unseen(record), *_state(body), *_sums(body, credit)),
        converted=_worth(body, totals.gross, home),
    )


def _worth(body: Mapping[str, Any], total: Money | None, home: str) -> Converted | None:
    """CurrencyRate is units of the document's currency for one of the books. A total that is not
    the body's own has no worth that was told."""
    if total is None or abs(number(body.get("Total")) or 0) != abs(total.decimal):
        return None
    rate = number(body.get("CurrencyRate"))
    if rate is None or rate <= 0:
        return None
    return converted(total, home, RATE.divide(Decimal(1), rate), day_of(body.get("Date")))


def _is_sale(body: Mapping[str, Any]) -> bool:
    type = str(body.get("Type"))
    return type in SALES or type.startswith("RECEIVE")


def _seller(body: Mapping[str, Any], fields: Fields) -> Seller:
    """The contact of what was bought; nobody for what was sold."""
    if _is_sale(body):
        return Seller()
    contact = mapping(body.get("Contact"))
    name = text(contact.get("Name"))
    fields.keep("seller.name", name)
    return Seller(name=name, source_id=text(contact.get("ContactID")))


def _buyer(body: Mapping[str, Any]) -> str | None:
    return text(mapping(body.get("Contact")).get("Name")) if _is_sale(body) else None


def _lines(body: Mapping[str, Any]) -> tuple[InvoiceLine, ...]:
    inclusive = str(body.get("LineAmountTypes")) == "Inclusive"
    items = sequence(body.get("LineItems"))[:LINES_MAX]
    found = (_line(mapping(item), inclusive) for item in items)
    return tuple(line for line in found if line is not None)


def _line(item: Mapping[str, Any], inclusive: bool) -> InvoiceLine | None:
    amount = number(item.get("LineAmount"))
    if amount is None:
        return None
    tax = number(item.get("TaxAmount")) or Decimal(0)
    net = amount - tax if inclusive else amount
    return InvoiceLine(
        description=text(item.get("Description")) or "",
        net_amount=net,
        quantity=number(item.get("Quantity")),
        unit_price=None if inclusive else number(item.get("UnitAmount")),
        tax_rate=_rate(net, tax),
        ledger_account=text(item.get("AccountCode")),
    )


def _rate(net: Decimal, tax: Decimal) -> Decimal | None:
    """The percentage in tenths that makes this tax of this net amount, to the cent; else None."""
    if not net:
        return None
    rate = (tax * 100 / net).quantize(Decimal("0.1"))
    return rate if abs(net * rate / 100 - tax) <= CENT else None


def _unseen(record: SourceRecord) -> list[Finding]:
    """A tool tells neither the lines of a bill nor whether it has a file: what the page may say
    against the fields stays unread, so a person looks."""
    if record.kind not in POSTED or not is_tool_text(record.body):
        return []
    sentence = "Xero's server does not show the files of a bill, so nothing was compared with them."
    return [Finding("file_unseen", sentence, stops_auto_post=True)]


def _state(body: Mapping[str, Any]) -> list[Finding]:
    if body.get("Status") not in UNAPPROVED:
        return []
    sentence = "It is not approved in Xero yet."
    return [Finding("not_approved", sentence, stops_auto_post=True)]


def _sums(body: Mapping[str, Any], credit: bool) -> list[Finding]:
    """Findings about amounts of the body that do not fit together."""
    gross, tax = number(body.get("Total")), number(body.get("TotalTax")) or Decimal(0)
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
    if lines and abs(abs(total) - (abs(gross) - abs(tax))) > TOLERANCE:
        sentence = f"The lines add up to {total}; the total is {gross} with {tax} of tax."
        return [Finding("totals_disagree", sentence, stops_auto_post=True)]
    return []
