"""An object of Xero as a source record.

Invariant: the body is Xero's own bytes; the digest leaves out what Xero changes by itself (a bill
that is paid is not edited). An object that cannot be identified fails the page, so nothing drops
silently.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from well.connectors.jsontext import Node, canonical, mapping, text
from well.connectors.xero.client import unreadable
from well.connectors.xero.dates import time_of
from well.connectors.xero.streams import ATTACHMENTS, BY_NAME, Listing
from well.domain.source_record import RecordKey, SourceRecord

VOLATILE = frozenset(
    {
        *("UpdatedDateUTC", "UpdatedDateUTCString", "HasErrors", "HasValidationErrors"),
        *("ValidationErrors", "Warnings", "StatusAttributeString", "SentToContact"),
        *("AmountDue", "AmountPaid", "AmountCredited", "RemainingCredit", "AppliedAmount"),
        *("Payments", "CreditNotes", "Prepayments", "Overpayments", "Allocations"),
        *("FullyPaidOnDate", "ExpectedPaymentDate", "PlannedPaymentDate", "HasAttachments"),
        *("Attachments", "IsReconciled", "Balances", "IsSupplier", "IsCustomer", "Url"),
        *("SalesTrackingCategories", "PurchasesTrackingCategories", "ContactGroups"),
    }
)
GONE = frozenset({"DELETED", "VOIDED", "GDPRREQUEST"})
SETTLED = {"PAID": "AUTHORISED", "BILLED": "AUTHORISED"}
"""States that a document reaches without being edited, as the one before them."""

ID_MAX = 64


def record_of(connection: str, listing: Listing, node: Node, as_of: datetime) -> SourceRecord:
    """One object of an answer; the answer's time stands in where it has none of its own."""
    body = mapping(node.value)
    gone = is_gone(body)
    return SourceRecord(
        key=RecordKey(connection, listing.stream.name, _id(body, listing)),
        kind=listing.stream.kind,
        digest=digest_of(body, gone),
        body=node.raw,
        changed_at=time_of(body.get("UpdatedDateUTC")) or as_of,
        deleted=gone,
    )


def file_record(holder: SourceRecord, node: Node) -> SourceRecord:
    """A file attached to a document."""
    body = mapping(node.value)
    return SourceRecord(
        key=RecordKey(holder.key.connection, ATTACHMENTS, _id(body, BY_NAME[ATTACHMENTS])),
        kind=BY_NAME[ATTACHMENTS].stream.kind,
        digest=digest_of(body, False),
        body=node.raw,
        changed_at=holder.changed_at,
        parents=((holder.key.stream, holder.key.source_id),),
    )


def is_gone(body: Mapping[str, Any]) -> bool:
    """Whether Xero no longer counts it: deleted, voided, forgotten, or merged into another."""
    states = (body.get("Status"), body.get("ContactStatus"))
    return any(isinstance(s, str) and s in GONE for s in states) or bool(
        text(body.get("MergedToContactID"))
    )


def digest_of(body: Mapping[str, Any], gone: bool) -> str:
    """What matters for us; `Failed` when the body is nested too deep."""
    if gone:
        return sha256(b"deleted").hexdigest()
    kept = {key: value for key, value in body.items() if key not in VOLATILE}
    if "Status" in kept:
        kept["Status"] = SETTLED.get(str(kept["Status"]), kept["Status"])
    for inside in ("Contact", "BankAccount", "Account", "Invoice"):
        # A renamed contact is no edit of its bills.
        if isinstance(kept.get(inside), dict):
            kept[inside] = {k: v for k, v in kept[inside].items() if k.endswith("ID")}
    try:
        return sha256(canonical(kept)).hexdigest()
    except ValueError as error:
        raise unreadable(str(error)) from error


def _id(body: Mapping[str, Any], listing: Listing) -> str:
    source_id = body.get(listing.id)
    if isinstance(source_id, str) and 0 < len(source_id) <= ID_MAX and source_id.isprintable():
        return source_id
    raise unreadable(f"one of {listing.endpoint} without {listing.id}")
