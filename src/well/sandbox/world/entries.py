"""Qonto's bodies of the supplier invoices that are already there.

Invariant: fields and types as Qonto publishes them (amounts are strings with a currency); what
begins with an underscore is for the stand-in and the score only, never sent to a client.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from well.sandbox.world.chance import number
from well.sandbox.world.model import Document, Entry, gross_of, money, net_of


def _amount(minor: int, currency: str) -> dict[str, str]:
    return {"value": str(money(minor, currency)), "currency": currency}


def _added(document: Document, today: date) -> datetime:
    """When it was uploaded: days after its date, before today begins."""
    day = min(document.issued + timedelta(days=2), today - timedelta(days=1))
    return datetime.combine(day, time(), UTC) + timedelta(
        seconds=number("added", document.id) % 80_000
    )


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _read(entry: Entry, added: datetime) -> dict[str, Any]:
    """What Qonto's analysis has read."""
    document = entry.document
    total = entry.total if entry.total is not None else gross_of(document.groups)
    currency, net = document.currency, net_of(document.groups)
    return {
        "invoice_number": entry.number,
        "supplier_name": entry.supplier,
        "total_amount": _amount(total, currency),
        "total_amount_excluding_taxes": _amount(net, currency),
        "total_tax_amount": _amount(total - net, currency),
        "payable_amount": _amount(total, currency),
        "issue_date": document.issued.isoformat(),
        "due_date": document.due.isoformat(),
        "iban": document.iban,
        "vat_number": document.seller.vat if number("vat", entry.id) % 3 else None,
        "analyzed_at": _stamp(added + timedelta(seconds=9)),
    }


UNREAD: dict[str, Any] = dict.fromkeys(
    (
        "invoice_number",
        "supplier_name",
        "total_amount",
        "total_amount_excluding_taxes",
        "total_tax_amount",
        "payable_amount",
        "issue_date",
        "due_date",
        "iban",
        "vat_number",
        "analyzed_at",
    )
)
EMPTY: dict[str, Any] = dict.fromkeys(
    (
        "supplier_id",
        "issuer_name",
        "description",
        "total_amount_credit_notes",
        "payment_date",
        "scheduled_date",
        "tin",
        "initiator_id",
        "request_transfer",
        "self_invoice_id",
        "e_invoice_type",
        "attachment_category",
        "declined_note",
        "approval_workflow",
    )
)


def body(entry: Entry, file_name: str, today: date, file_key: str) -> dict[str, Any]:
    """The supplier invoice of an entry; ids of organisation and attachments are the stand-in's."""
    added = _added(entry.document, today)
    read = _read(entry, added) if entry.analysed else UNREAD
    return {
        "id": entry.id,
        "status": "to_review" if number("status", entry.id) % 3 else "paid",
        "source_type": "email",
        "source": "email_forward",
        "file_name": file_name,
        **EMPTY,
        **read,
        "is_einvoice": False,
        "is_credit_note": entry.document.credit,
        "is_attachment_invoice": True,
        "is_attachment_non_financial": False,
        "has_duplicates": False,
        "has_discrepancies": False,
        "has_suggested_credit_notes": False,
        "related_invoices": [],
        "matched_transactions": [],
        "available_actions": {},
        "meta": {},
        "einvoicing_lifecycle_events": [],
        "created_at": _stamp(added),
        "updated_at": _stamp(added + timedelta(seconds=9)),
        "_file": file_key,
        "_document": entry.document.id,
    }
