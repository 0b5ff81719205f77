"""The books: every object in one table, with the columns that lists filter by.

Invariant: `body` is what a client sees and every other column follows from it in the same
statement; ids are one sequence for all kinds; a delete only sets vis_state. It decides nothing.
"""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from well.sandbox.freshbooks.listing import Query
from well.sandbox.freshbooks.wire import Body, eastern, eastern_day, universal
from well.sandbox.kit.state import State

TABLES = """
create table if not exists object (
    id integer primary key, kind text not null, vis integer not null, day text,
    updated text not null, updated_day text not null, amount text, currency text, party text,
    category text, client text, project text, status text, receipt integer,
    document text, sha256 text, file_name text, media_type text, body text not null);
create index if not exists object_kind on object (kind, vis, id);
create index if not exists object_updated on object (kind, updated_day);
"""
_COLUMNS = (
    "id",
    "kind",
    "vis",
    "day",
    "updated",
    "updated_day",
    "amount",
    "currency",
    "party",
    "category",
    "client",
    "project",
    "status",
    "receipt",
    "body",
)
_INSERT = (
    f"insert into object ({', '.join(_COLUMNS)}, document, sha256, file_name, media_type)"  # noqa: S608
    f" values ({', '.join(f':{c}' for c in _COLUMNS)}, :document, :sha256, :file_name, :media_type)"
)
_UPDATE = f"update object set {', '.join(f'{c} = :{c}' for c in _COLUMNS)} where id = :id"  # noqa: S608
_PARTY = {"expense": "vendor", "bill": "vendorid", "bill_vendor": "vendor_name"}
_EXTRA = ("document", "sha256", "file_name", "media_type")
FIRST_ID = 43_200_001


def timed(kind: str, body: Body, moment: datetime, *, new: bool = False) -> Body:
    """The body with its times: US Eastern for an expense, UTC for the newer resources."""
    if kind == "expense":
        return body | {"updated": eastern(moment)}
    made = {"created_at": universal(moment)} if new or "created_at" not in body else {}
    return body | made | {"updated_at": universal(moment)}


def _row(kind: str, body: Body, moment: datetime) -> dict[str, Any]:
    amount = body.get("total_amount") or body.get("amount") or {}
    day = eastern_day(moment)
    texts = {"category": "categoryid", "client": "clientid", "project": "projectid"}
    return {
        "id": body["id"],
        "kind": kind,
        "vis": body.get("vis_state", 0),
        "day": body.get("date") or body.get("issue_date"),
        "updated": universal(moment),
        "updated_day": day.isoformat(),
        "amount": amount.get("amount"),
        "currency": amount.get("code"),
        "party": str(body.get(_PARTY.get(kind, ""), "")),
        **{column: str(body.get(name, "")) for column, name in texts.items()},
        "status": str(body.get("status", "")),
        "receipt": int(bool(body.get("has_receipt"))),
        "body": json.dumps(body, ensure_ascii=False),
    }


class Books:
    """Reads and writes objects; a writer opens the transaction."""

    def __init__(self, state: State) -> None:
        """Make the table where it is missing."""
        self._state = state
        state.script(TABLES)

    def next_id(self) -> int:
        """An id that no object has."""
        row = self._state.db().execute("select max(id) as most from object").fetchone()
        return max(FIRST_ID, (row["most"] or 0) + 1)

    def add(self, kind: str, body: Body, moment: datetime, **told: str | None) -> int:
        """Keep a new object; `told`: document, sha256, file_name and media_type of its file."""
        key = int(body.get("id") or self.next_id())
        body = timed(kind, _named(kind, key) | body, moment, new=True)
        extra = {name: told.get(name) for name in _EXTRA}
        self._state.db().execute(_INSERT, _row(kind, body, moment) | extra)
        return key

    def change(self, kind: str, body: Body, moment: datetime) -> None:
        """Another state of an object; its file stays."""
        self._state.db().execute(_UPDATE, _row(kind, timed(kind, body, moment), moment))

    def one(self, kind: str, key: int) -> Body | None:
        """One object, a deleted one included."""
        found = self._state.db().execute(
            "select body from object where kind = ? and id = ?", (kind, key)
        )
        row = found.fetchone()
        return None if row is None else _parsed(row["body"])

    def vendor(self, name: str) -> Body | None:
        """The living vendor of that name, whatever its case."""
        found = self._state.db().execute(
            "select body from object where kind = 'bill_vendor' and vis = 0"
            " and lower(party) = lower(?) order by id",
            (name,),
        )
        row = found.fetchone()
        return None if row is None else _parsed(row["body"])

    def page(self, query: Query) -> tuple[int, list[Body]]:
        """How many there are, and those of the page."""
        db = self._state.db()
        counted = f"select count(*) from object where {query.condition}"  # noqa: S608 - own SQL
        total = int(db.execute(counted, query.values).fetchone()[0])
        chosen = (
            f"select body from object where {query.condition}"  # noqa: S608 - own SQL
            f" order by {query.order} limit ? offset ?"
        )
        start = (query.page - 1) * query.per_page
        rows = db.execute(chosen, (*query.values, query.per_page, start))
        return total, [_parsed(row["body"]) for row in rows]

    def receipt(self, key: int) -> sqlite3.Row | None:
        """Digest, name and media type of the file of an object."""
        row: sqlite3.Row | None = (
            self._state.db()
            .execute(
                "select id, sha256, file_name, media_type from object"
                " where id = ? and sha256 is not null",
                (key,),
            )
            .fetchone()
        )
        return row

    def entries(self, kinds: Iterable[str] = ("expense", "bill")) -> list[Body]:
        """All living entries with what only the admin port tells: document, digest, file name."""
        marks = ", ".join(f"'{kind}'" for kind in kinds)
        rows = self._state.db().execute(
            f"select * from object where kind in ({marks}) and vis <> 1 order by id"  # noqa: S608
        )
        hidden = ("document", "sha256", "file_name", "kind", "party", "amount", "currency", "day")
        return [{"id": str(row["id"])} | {name: row[name] for name in hidden} for row in rows]


def _named(kind: str, key: int) -> Body:
    """The id under all the names that the resource gives it."""
    more = {"expense": "expenseid", "bill_vendor": "vendorid"}.get(kind)
    return {"id": key} | ({more: key} if more else {})


def _parsed(text: str) -> Body:
    body: Body = json.loads(text)
    return body


def amount_of(body: Body) -> Decimal:
    """The total of an expense or a bill."""
    return Decimal((body.get("total_amount") or body["amount"])["amount"])
