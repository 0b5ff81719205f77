"""A QuickBooks object as a source record.

Invariant: the body is QuickBooks' own bytes; the digest leaves out what QuickBooks changes by
itself (a bill that is paid is not edited). An object that cannot be identified fails the page,
so nothing drops silently.
"""

from hashlib import sha256
from typing import Any

from well.connectors.jsontext import Node, canonical, mapping, moment, sequence, text
from well.connectors.quickbooks.client import Reply
from well.connectors.quickbooks.streams import BY_ENTITY, Listing
from well.domain.source_record import Kind, RecordKey, SourceRecord

VOLATILE = frozenset(
    {
        *("SyncToken", "MetaData", "sparse", "domain"),
        *("Balance", "HomeBalance", "LinkedTxn"),
        *("CurrentBalance", "CurrentBalanceWithSubAccounts", "BalanceWithJobs"),
        *("TempDownloadUri", "FileAccessUri"),
    }
)
GONE = frozenset({"deleted", "merged"})
ID_MAX = 64


def record_of(connection: str, listing: Listing, node: Node, reply: Reply) -> SourceRecord:
    """One object of an answer; the answer's time stands in where it has none of its own."""
    body = mapping(node.value)
    source_id = body.get("Id")
    if not isinstance(source_id, str) or not 0 < len(source_id) <= ID_MAX:
        raise reply.unreadable(f"a {listing.entity} without an Id")
    gone = str(body.get("status", "")).lower() in GONE
    changed = moment(mapping(body.get("MetaData")).get("LastUpdatedTime"))
    return SourceRecord(
        key=RecordKey(connection, listing.stream.name, source_id),
        kind=listing.stream.kind,
        digest=_digest(body, gone, reply),
        body=node.raw,
        changed_at=changed or reply.as_of,
        deleted=gone,
        parents=() if gone else parents_of(listing, body),
    )


def _digest(body: Any, gone: bool, reply: Reply) -> str:
    if gone:
        return sha256(b"deleted").hexdigest()
    kept = {key: value for key, value in body.items() if key not in VOLATILE}
    try:
        return sha256(canonical(kept)).hexdigest()
    except ValueError as error:
        raise reply.unreadable(str(error)) from error


def parents_of(listing: Listing, body: Any) -> tuple[tuple[str, str], ...]:
    """The records (stream, source id) an attachment belongs to; references to others are left."""
    if listing.stream.kind is not Kind.ATTACHMENT:
        return ()
    found: list[tuple[str, str]] = []
    for reference in sequence(body.get("AttachableRef")):
        entity = mapping(mapping(reference).get("EntityRef"))
        parent = BY_ENTITY.get((text(entity.get("type")) or "").lower())
        value = text(entity.get("value"))
        if parent is not None and value is not None:
            found.append((parent.stream.name, value))
    return tuple(dict.fromkeys(found))
