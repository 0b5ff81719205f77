"""Qonto's supplier invoices as records and invoices: the default table, and how it is read.

Invariant: pure; missing is None; what Qonto changes by itself (a status, a payment) is no edit.
"""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from well.connectors.failures import malformed
from well.connectors.jsontext import Node, canonical, day, mapping, moment, parse, text
from well.connectors.qonto.entries import identifier, money
from well.connectors.qonto.limits import TITLE
from well.domain.invoice import FieldReading, Invoice, Origin, Seller
from well.domain.mapping import FieldMapping, MappingRow
from well.domain.money import Money
from well.domain.source_record import Kind, RecordKey, SourceRecord

INVOICES, ATTACHMENTS = "supplier_invoices", "attachments"
CONFIDENCE = 0.9
"""Of a value that Qonto read from a file by itself."""

_ROWS = (
    ("supplier_invoice.total_amount", "total_amount", "total"),
    ("supplier_invoice.total_tax_amount", "tax_amount", "tax"),
    ("supplier_invoice.issue_date", "issue_date", "date"),
    ("supplier_invoice.due_date", "due_date", "due date"),
    ("supplier_invoice.invoice_number", "invoice_number", "number"),
    ("supplier_invoice.supplier_name", "supplier_name", "supplier"),
    ("supplier_invoice.vat_number", "supplier_tax_id", "VAT number"),
    ("supplier_invoice.iban", "supplier_iban", "IBAN"),
)
DEFAULT = FieldMapping(1, tuple(MappingRow("invoice", *row) for row in _ROWS))
KEPT = frozenset(
    {
        *("id", "file_name", "attachment_id", "invoice_number", "supplier_name", "issuer_name"),
        *("total_amount", "total_amount_excluding_taxes", "total_tax_amount", "issue_date"),
        *("due_date", "iban", "vat_number", "tin", "is_credit_note", "description"),
    }
)
"""Fields that make an edit; everything else may change by itself."""


def records_of(connection: str, node: Node, as_of: datetime) -> tuple[SourceRecord, ...]:
    """The invoice as a record, and its file as an attachment record where it has one."""
    body = mapping(node.value)
    invoice, file = text(body.get("id")), text(body.get("attachment_id"))
    if invoice is None:
        raise malformed(TITLE, "a supplier invoice without an id")
    changed = moment(body.get("updated_at")) or as_of
    edits = canonical({key: value for key, value in body.items() if key in KEPT})
    key = RecordKey(connection, INVOICES, invoice)
    kind = Kind.SUPPLIER_INVOICE
    if body.get("is_credit_note") is True:
        kind = Kind.SUPPLIER_CREDIT_NOTE
    record = SourceRecord(key, kind, sha256(edits).hexdigest(), node.raw, changed)
    if file is None:
        return (record,)
    extract = canonical({"id": file, "file_name": body.get("file_name")})
    attachment = SourceRecord(
        RecordKey(connection, ATTACHMENTS, file),
        Kind.ATTACHMENT,
        sha256(extract).hexdigest(),
        extract,
        changed,
        parents=((INVOICES, invoice),),
    )
    return record, attachment


def invoice_of(record: SourceRecord, table: FieldMapping) -> Invoice:
    """The record as an invoice under the mapping. ValueError with a sentence when it is none."""
    try:
        body = parse(record.body).value
    except ValueError:
        body = None
    if not isinstance(body, dict) or record.key.stream != INVOICES:
        raise ValueError("Qonto sent a record that Well cannot read as an invoice.")
    gross, tax = money(_raw(body, table, "total_amount")), money(_raw(body, table, "tax_amount"))
    issued = day(_raw(body, table, "issue_date"))
    due = day(_raw(body, table, "due_date"))
    seller = Seller(
        name=text(_raw(body, table, "supplier_name")),
        vat_id=identifier(_raw(body, table, "supplier_tax_id")),
        iban=identifier(_raw(body, table, "supplier_iban")),
    )
    return Invoice(
        credit_note=body.get("is_credit_note") is True,
        number=text(_raw(body, table, "invoice_number")),
        issue_date=issued,
        due_date=due,
        currency=gross.currency if gross else None,
        net_total=money(body.get("total_amount_excluding_taxes")),
        tax_total=tax,
        gross_total=gross,
        seller=seller,
        note=text(body.get("description")),
        readings=_readings(
            {
                "number": text(_raw(body, table, "invoice_number")),
                "issue_date": issued,
                "due_date": due,
                "gross_total": gross,
                "tax_total": tax,
                "seller.name": seller.name,
                "seller.vat_id": seller.vat_id,
                "seller.iban": seller.iban,
            }
        ),
    )


def _raw(body: Mapping[str, Any], table: FieldMapping, target: str) -> Any:
    path = table.source_of("invoice", target)
    return body.get(path.partition(".")[2]) if path else None


def _readings(values: Mapping[str, str | date | Money | None]) -> tuple[FieldReading, ...]:
    return tuple(
        FieldReading(name, _canonical(value), Origin.API, CONFIDENCE)
        for name, value in values.items()
        if value is not None
    )


def _canonical(value: str | date | Money) -> str:
    if isinstance(value, Money):
        return str(value.decimal)
    return value if isinstance(value, str) else value.isoformat()
