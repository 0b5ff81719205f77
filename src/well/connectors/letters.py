"""The letter that carries a document to a system which is fed by e-mail: its subject and its text.

Invariant: the source record's id stands in the subject and in the text, whatever else is missing
or long; every value is one line of visible text. It sends nothing.
Source of the form: the receivers read one document a message (docs/connectors/freshbooks.md).
"""

import re
import unicodedata
from collections.abc import Iterator

from well.connectors.jsontext import text
from well.domain.invoice import Invoice
from well.ports.mailer import Letter
from well.ports.target import Cover, Shipment

SUBJECT_MAX = 150
_NUMBER_MAX = 30
_RECORD_MAX = 64


def letter_of(shipment: Shipment) -> Letter:
    """The letter of one shipment; one without a cover says no more than its file's name."""
    name = shipment.document.name
    cover = shipment.cover
    subject = subject_of(cover) if cover else name[:SUBJECT_MAX]
    body = body_of(cover) if cover else f"{name}\n"
    return Letter(shipment.posting, subject, body, shipment.document)


def subject_of(cover: Cover) -> str:
    """For instance `INV-100 Algolia SAS 1284.00 EUR [QONTO-4d54]`; at most 150 characters."""
    invoice = cover.invoice
    number = (text(invoice.number) or "")[:_NUMBER_MAX]
    total = str(invoice.gross_total) if invoice.gross_total else ""
    mark = f"[{record_mark(cover)}]"
    room = SUBJECT_MAX - sum(len(part) + 1 for part in (number, total, mark))
    supplier = (text(invoice.seller.name) or "")[:room].strip()
    return " ".join(part for part in (number, supplier, total, mark) if part)


def record_mark(cover: Cover) -> str:
    """The source and its record's id as one word of ASCII: `QONTO-4d5418bb`."""
    plain = unicodedata.normalize("NFKD", cover.source).encode("ascii", "ignore").decode()
    source = re.sub(r"[^A-Z0-9]+", "", plain.upper())[:20] or "RECORD"
    return f"{source}-{re.sub(r'[^0-9A-Za-z._-]+', '-', cover.record)[:_RECORD_MAX]}"


def body_of(cover: Cover) -> str:
    """Plain text: the readable fields, each on its line, then the record and where it opens."""
    kind = "Credit note" if cover.invoice.credit_note else "Invoice"
    lines = [f"{label}: {value}" for label, value in _fields(kind, cover.invoice) if value]
    lines += ["", f"{text(cover.source) or 'Source'} record: {text(cover.record) or ''}"]
    lines += [cover.link] if cover.link else []
    lines += ["", "Sent by Well. The document is attached as it was received or drawn up."]
    return "\n".join(lines) + "\n"


def _fields(kind: str, invoice: Invoice) -> Iterator[tuple[str, str | None]]:
    yield f"{kind} number", text(invoice.number)
    yield "Supplier", text(invoice.seller.name)
    yield "Supplier's VAT number", text(invoice.seller.vat_id)
    yield "Date", invoice.issue_date.isoformat() if invoice.issue_date else None
    yield "Due date", invoice.due_date.isoformat() if invoice.due_date else None
    yield "Total without tax", str(invoice.net_total) if invoice.net_total else None
    yield "Tax", str(invoice.tax_total) if invoice.tax_total else None
    yield "Total", str(invoice.gross_total) if invoice.gross_total else None
