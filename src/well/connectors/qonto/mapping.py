"""Qonto's supplier invoices as records and invoices: the default table, and how it is read.

Invariant: pure; missing is None; what Qonto changes by itself (a status, a payment) is no edit.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from well.connectors.failures import malformed
from well.connectors.fields import Fields, currency_of
from well.connectors.jsontext import Node, canonical, mapping, moment, parse, text
from well.connectors.qonto.entries import identifier, money
from well.connectors.qonto.limits import TITLE
from well.domain.counterparty import Counterparty
from well.domain.invoice import Finding, Invoice, Seller
from well.domain.mapping import FieldMapping, MappingRow
from well.domain.source_record import Kind, RecordKey, SourceRecord
from well.ports.source import NotYetError

INVOICES, ATTACHMENTS, SUPPLIERS = "supplier_invoices", "attachments", "suppliers"
REJECTED = "rejected"
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
    """The invoice as a record, its file as an attachment record where it has one, and the supplier
    that Qonto read on it."""
    body = mapping(node.value)
    invoice = text(body.get("id"))
    if invoice is None:
        raise malformed(TITLE, "a supplier invoice without an id")
    changed = moment(body.get("updated_at")) or as_of
    key = RecordKey(connection, INVOICES, invoice)
    kind = Kind.SUPPLIER_INVOICE
    if body.get("is_credit_note") is True:
        kind = Kind.SUPPLIER_CREDIT_NOTE
    record = SourceRecord(key, kind, _edits(body), node.raw, changed)
    beside = (_file(connection, invoice, body, changed), _supplier(connection, body, changed))
    return (record, *(one for one in beside if one is not None))


def _edits(body: Mapping[str, Any]) -> str:
    """Digest of what matters: a payment or an approval is no edit; the end of Qonto's own reading
    and a refusal in Qonto are."""
    kept = {key: value for key, value in body.items() if key in KEPT}
    if _unread(body):
        kept["analyzed"] = False
    if body.get("status") == REJECTED:
        kept["status"] = REJECTED
    return sha256(canonical(kept)).hexdigest()


def _file(
    connection: str, invoice: str, body: Mapping[str, Any], changed: datetime
) -> SourceRecord | None:
    file = text(body.get("attachment_id"))
    if file is None:
        return None
    extract = canonical({"id": file, "file_name": body.get("file_name")})
    key, digest = RecordKey(connection, ATTACHMENTS, file), sha256(extract).hexdigest()
    parents = ((INVOICES, invoice),)
    return SourceRecord(key, Kind.ATTACHMENT, digest, extract, changed, parents=parents)


def _supplier(connection: str, body: Mapping[str, Any], changed: datetime) -> SourceRecord | None:
    """One record for each spelling of a name with its VAT number, so that it never changes; the
    same VAT number makes them one counterparty."""
    name, vat = text(body.get("supplier_name")), identifier(body.get("vat_number"))
    if name is None or _unread(body):
        return None
    extract = canonical({"name": name, "vat_number": vat})
    digest = sha256(extract).hexdigest()
    key = RecordKey(connection, SUPPLIERS, f"name-{digest[:24]}")
    return SourceRecord(key, Kind.COMPANY, digest, extract, changed)


def _unread(body: Mapping[str, Any]) -> bool:
    """Whether Qonto is still reading the file; a body that does not tell counts by its total."""
    if "analyzed_at" in body:
        return body["analyzed_at"] is None
    return body.get("total_amount") is None


def company_of(record: SourceRecord) -> Counterparty | None:
    """A supplier's record as a counterparty with no id yet; None when it cannot be read."""
    try:
        body = mapping(parse(record.body).value)
    except ValueError:
        return None
    name, vat = text(body.get("name")), identifier(body.get("vat_number"))
    if name is None:
        return None
    source = (record.key.record_id,)
    return Counterparty(id="", names=(name,), vat_ids=(vat,) if vat else (), source_ids=source)


def invoice_of(record: SourceRecord, table: FieldMapping) -> Invoice:
    """The record as an invoice under the mapping. ValueError with a sentence when it is none,
    NotYetError while Qonto has not read the file."""
    try:
        body = parse(record.body).value
    except ValueError:
        body = None
    if not isinstance(body, dict) or record.key.stream != INVOICES:
        raise ValueError("Qonto sent a record that Well cannot read as an invoice.")
    invoice = _invoice(body, table)
    if _unread(body):
        raise NotYetError("Qonto is still reading this file; Well waits until it is done.", invoice)
    return invoice


def _invoice(body: Mapping[str, Any], table: FieldMapping) -> Invoice:
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
        findings=(*fields.findings, *_findings(body)),
    )


def _findings(body: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What people or Qonto said against the document; each waits for a person here, too."""
    found = []
    if body.get("status") == REJECTED:
        found.append(Finding("rejected_at_source", "It was rejected in Qonto.", True))
    if body.get("is_attachment_non_financial") is True:
        found.append(Finding("no_invoice", "Qonto says that the file is no invoice.", True))
    return tuple(found)
