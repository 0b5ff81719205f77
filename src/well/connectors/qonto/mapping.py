"""Qonto's supplier invoices as records and invoices: the default table, and how it is read.

Invariant: pure; missing is None; what Qonto changes by itself (a status, a payment) is no edit.
"""

from datetime import datetime
from hashlib import sha256

from well.connectors.failures import malformed
from well.connectors.fields import Fields, currency_of
from well.connectors.jsontext import Node, canonical, mapping, moment, parse, text
from well.connectors.qonto.entries import identifier, money
from well.connectors.qonto.limits import TITLE
from well.domain.invoice import Invoice, Seller
from well.domain.mapping import FieldMapping, MappingRow
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
    fields = Fields(body, table, "invoice", TITLE, ("value",), confidence=CONFIDENCE)
    told = currency_of(mapping(body.get("total_amount")).get("currency"))
    taxed = currency_of(mapping(body.get("total_tax_amount")).get("currency"))
    gross = fields.money("gross_total", "total_amount", told or taxed)
    tax = fields.money("tax_total", "tax_amount", taxed or told)
    seller = Seller(
        name=fields.text("seller.name", "supplier_name"),
        vat_id=fields.text("seller.vat_id", "supplier_tax_id", identifier),
        iban=fields.text("seller.iban", "supplier_iban", identifier),
    )
    return Invoice(
        credit_note=body.get("is_credit_note") is True,
        number=fields.text("number", "invoice_number"),
        issue_date=fields.day("issue_date", "issue_date"),
        due_date=fields.day("due_date", "due_date"),
        currency=gross.currency if gross else None,
        net_total=money(body.get("total_amount_excluding_taxes")),
        tax_total=tax,
        gross_total=gross,
        seller=seller,
        note=text(body.get("description")),
        readings=tuple(fields.readings),
        findings=tuple(fields.findings),
    )
