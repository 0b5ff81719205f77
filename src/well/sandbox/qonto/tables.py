"""The tables of the stand-in and the row that stands for one supplier invoice.

Invariant: `body` is the whole JSON answer and every other column is computed from it, so a list is
filtered by columns and answered by joining texts. Times in columns sort as text.
"""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from well.sandbox.qonto.wire import Body, dump, moment_of, stamp

TABLES = """
create table if not exists invoice (
    seq integer primary key, id text not null unique, status text, created_at text,
    updated_at text, issue_date text, due_date text, payment_date text, number text,
    supplier text, file_name text, total text, currency text, credit integer, matched integer,
    missing integer, attachment_id text, double_key text, sha256 text, analyse_at integer,
    document text, body text not null);
create index if not exists invoice_updated on invoice (updated_at);
create index if not exists invoice_created on invoice (created_at);
create index if not exists invoice_status_updated on invoice (status, updated_at);
create index if not exists invoice_status_created on invoice (status, created_at);
create index if not exists invoice_attachment on invoice (attachment_id);
create index if not exists invoice_double on invoice (double_key) where double_key is not null;
create index if not exists invoice_sha256 on invoice (sha256) where sha256 is not null;
create index if not exists invoice_waiting on invoice (analyse_at) where analyse_at is not null;
create table if not exists attachment (
    id text primary key, created_at text not null, file_name text not null,
    content_type text not null, size integer, sha256 text, company_key text);
create table if not exists idempotency (
    kind text not null, key text not null, until integer not null, status integer not null,
    answer text not null, primary key (kind, key));
"""
_COLUMNS = (
    "id",
    "status",
    "created_at",
    "updated_at",
    "issue_date",
    "due_date",
    "payment_date",
    "number",
    "supplier",
    "file_name",
    "total",
    "currency",
    "credit",
    "matched",
    "missing",
    "attachment_id",
    "double_key",
    "body",
)
_UPDATE = "update invoice set " + ", ".join(f"{c} = :{c}" for c in _COLUMNS)  # noqa: S608
_INSERT = (
    f"insert into invoice ({', '.join(_COLUMNS)}, sha256, analyse_at, document)"  # noqa: S608
    f" values ({', '.join(f':{c}' for c in _COLUMNS)}, :sha256, :analyse_at, :document)"
)


def row_of(body: Body) -> dict[str, Any]:
    """The columns of an invoice."""
    total = body.get("total_amount") or {}
    number, supplier = body.get("invoice_number"), body.get("supplier_name")
    return {
        "id": body["id"],
        "status": body.get("status"),
        "created_at": _time(body.get("created_at")),
        "updated_at": _time(body.get("updated_at")),
        "issue_date": body.get("issue_date"),
        "due_date": body.get("due_date"),
        "payment_date": body.get("payment_date"),
        "number": number,
        "supplier": supplier,
        "file_name": body.get("file_name"),
        "total": str(total["value"]) if "value" in total else None,
        "currency": total.get("currency"),
        "credit": int(bool(body.get("is_credit_note"))),
        "matched": int(bool(body.get("matched_transactions"))),
        "missing": int(not (number and supplier and total and body.get("issue_date"))),
        "attachment_id": body.get("attachment_id"),
        "double_key": _double_key(supplier, number, total),
        "body": dump(body),
    }


def _time(text: object) -> str | None:
    moment = moment_of(text) if isinstance(text, str) else None
    return stamp(moment) if moment else None


def _double_key(supplier: object, number: object, total: Mapping[str, Any]) -> str | None:
    """Same supplier, number and total, whatever the case and punctuation."""
    if not (supplier and number and total):
        return None
    parts = (str(supplier), str(number))
    bare = ("".join(c for c in part.casefold() if c.isalnum()) for part in parts)
    return "|".join((*bare, str(total.get("value")), str(total.get("currency"))))


def add_invoice(
    db: sqlite3.Connection,
    body: Body,
    sha256: str | None = None,
    analyse_at: int | None = None,
    document: str | None = None,
) -> None:
    """Store a new invoice. `analyse_at` in ms since 1970, None when it is not to be read."""
    extra = {"sha256": sha256, "analyse_at": analyse_at, "document": document}
    db.execute(_INSERT, row_of(body) | extra)


def change_invoice(db: sqlite3.Connection, body: Body, *, read: bool = False) -> None:
    """Store another state of an invoice; `read` ends its waiting for analysis."""
    done = ", analyse_at = null" if read else ""
    db.execute(f"{_UPDATE}{done} where id = :id", row_of(body))


def invoice(db: sqlite3.Connection, id: str) -> Body | None:
    """One invoice."""
    row = db.execute("select body from invoice where id = ?", (id,)).fetchone()
    return None if row is None else _parsed(row["body"])


def invoices_like(db: sqlite3.Connection, id: str) -> list[Body]:
    """Other invoices with the same file, or the same supplier, number and total."""
    rows = db.execute(
        "select other.body from invoice me join invoice other on other.id <> me.id and"
        " (other.sha256 = me.sha256 or other.double_key = me.double_key) where me.id = ?",
        (id,),
    )
    return [_parsed(row["body"]) for row in rows]


def _parsed(text: str) -> Body:
    body: Body = json.loads(text)
    return body


def remembered(db: sqlite3.Connection, kind: str, key: str, now: int) -> sqlite3.Row | None:
    """The first answer to an idempotency key that still lives; `now` in seconds."""
    row: sqlite3.Row | None = db.execute(
        "select status, answer from idempotency where kind = ? and key = ? and until > ?",
        (kind, key, now),
    ).fetchone()
    return row


def remember(
    db: sqlite3.Connection, kind: str, key: str, until: int, answer: str, status: int = 200
) -> None:
    """Keep the answer to an idempotency key until then (seconds)."""
    db.execute(
        "insert or replace into idempotency (kind, key, until, status, answer)"
        " values (?, ?, ?, ?, ?)",
        (kind, key, until, status, answer),
    )
