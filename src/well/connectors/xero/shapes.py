"""The members that every Xero document is read by, whatever it is and wherever it came from.

Invariant: pure; a member is only renamed or taken from inside, never made up. The record keeps
the bytes as they came: JSON of the API, or the text of a tool.
"""

from collections.abc import Mapping
from typing import Any

from well.connectors.jsontext import mapping, parse
from well.connectors.xero.forms import is_tool_text, members_of
from well.domain.source_record import SourceRecord

_NUMBERS = ("CreditNoteNumber", "PurchaseOrderNumber")


def body_of(record: SourceRecord) -> Mapping[str, Any]:
    """The record's members. ValueError with a sentence when it is no such record."""
    try:
        told = record.body.decode()
        if is_tool_text(record.body):
            return shaped(members_of(record.key.stream, told))
        body = parse(record.body).value
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ValueError("Xero sent a record that Well cannot read.")
    return shaped(body)


def shaped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body with the members of an invoice: a credit note's or an order's number as its own,
    a payment's amount as its total, and the reference where a bill has no number."""
    found = dict(body)
    invoice = mapping(found.get("Invoice"))
    if "PaymentID" in found:
        found.setdefault("Total", found.get("Amount"))
        found.setdefault("CurrencyCode", invoice.get("CurrencyCode"))
        found.setdefault("Contact", invoice.get("Contact"))
        found.setdefault("InvoiceNumber", invoice.get("InvoiceNumber"))
    for number in _NUMBERS:
        if found.get(number):
            found.setdefault("InvoiceNumber", found[number])
    if not found.get("InvoiceNumber"):
        found["InvoiceNumber"] = found.get("Reference")
    return found
