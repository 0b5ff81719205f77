"""Attachments and the signed, short-lived links to their bytes.

Invariant: a link works for 30 minutes, for one attachment, and never together with an
Authorization header, as a storage provider's signed links do. Bytes of the company's own files
are rendered when they are asked for.
"""

import hashlib
import hmac
import sqlite3
from datetime import datetime
from uuid import uuid4

from well.sandbox.qonto.desk import LINK_SECONDS, Desk
from well.sandbox.qonto.wire import Body, Refusal, stamp


def add_attachment(
    db: sqlite3.Connection,
    name: str,
    kind: str,
    size: int,
    digest: str,
    now: datetime,
    made: str = "",
) -> str:
    """Store an uploaded attachment; returns its id, `made` where that is fixed already."""
    made = made or str(uuid4())
    db.execute(
        "insert into attachment (id, created_at, file_name, content_type, size, sha256)"
        " values (?, ?, ?, ?, ?, ?)",
        (made, stamp(now), name, kind, size, digest),
    )
    return made


def content(desk: Desk, id: str) -> tuple[sqlite3.Row, bytes]:
    """The attachment's row and bytes. Refusal 404 when there is none."""
    row = desk.state.db().execute("select * from attachment where id = ?", (id,)).fetchone()
    if row is None:
        raise Refusal(404, "not_found", "attachment not found")
    if row["sha256"] is not None:
        return row, desk.files.get(row["sha256"])
    try:
        return row, desk.company.file(row["company_key"])[2]
    except KeyError:
        raise Refusal(404, "not_found", "attachment not found") from None


def attachment_body(desk: Desk, id: str) -> Body:
    """The answer to a get, with a fresh link."""
    row, data = content(desk, id)
    until = desk.clock.seconds() + LINK_SECONDS
    query = f"expires={until}&signature={_sign(desk, id, until)}"
    return {
        "attachment": {
            "id": row["id"],
            "created_at": row["created_at"],
            "file_name": row["file_name"],
            "file_size": str(len(data)),
            "file_content_type": row["content_type"],
            "url": f"{desk.base_url}/_files/{id}?{query}",
        }
    }


def allowed(desk: Desk, id: str, expires: str, signature: str) -> bool:
    """Whether a link is one of ours and still lives."""
    if not expires.isascii() or not expires.isdigit() or len(expires) > 12:
        return False
    genuine = hmac.compare_digest(_sign(desk, id, int(expires)).encode(), signature.encode())
    return genuine and int(expires) > desk.clock.seconds()


def _sign(desk: Desk, id: str, until: int) -> str:
    secret = desk.secret("link_secret").encode()
    return hmac.new(secret, f"{id}\n{until}".encode(), hashlib.sha256).hexdigest()
