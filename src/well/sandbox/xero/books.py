"""The books as Xero keeps them: one table of things, one of files.

Invariant: the JSON text is the truth and the columns follow it in the same transaction; nothing is
ever taken away, a thing that is gone has a state that says so. It does not judge what is written.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Body, Company
from well.sandbox.kit.json_text import from_json, to_json
from well.sandbox.kit.state import State
from well.sandbox.world.views import Record
from well.sandbox.xero import view
from well.sandbox.xero.contacts import merged
from well.sandbox.xero.dates import millis, ticks, ticks_millis
from well.sandbox.xero.kinds import BY_NAME
from well.sandbox.xero.where import Filter

TABLES = """
create table if not exists thing (
    kind text not null, id text not null, updated integer not null, date integer, due integer,
    type text, status text, contact text, number text, name text, body text not null,
    primary key (kind, id)) without rowid;
create index if not exists thing_updated on thing (kind, updated, id);
create index if not exists thing_date on thing (kind, date, id);
create index if not exists thing_contact on thing (kind, contact);
create index if not exists thing_number on thing (kind, number);
create table if not exists file (
    id text primary key, kind text not null, parent text not null, name text not null,
    made integer not null, company_key text not null, body text not null);
create index if not exists file_parent on file (parent, made, id);
"""
INSERT = "insert or replace into thing values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_FILE = "insert or replace into file values (?, ?, ?, ?, ?, ?, ?)"
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Wish:
    """Which things of a kind, in which order. `size` None: all."""

    kind: str
    where: tuple[Filter, ...]
    order: str
    page: int
    size: int | None


class Books:
    """Reads and writes things; bodies come out as JSON text."""

    def __init__(self, state: State, clock: StandInClock) -> None:
        """Make the tables where they are missing."""
        self._state = state
        self._clock = clock
        state.script(TABLES)

    def fill(self, company: Company) -> None:
        """Take over the company's books, once."""
        if self._state.note("filled") is not None:
            return
        now = millis(self._clock.now())
        with self._state.transaction() as db:
            self._state.remember("company", str(company.company.get("CompanyName", "Company")))
            records = _with_merged(view.objects(company.quickbooks_objects()))
            while batch := list(islice(records, BATCH)):
                self._put(db, batch, now)
            _mark_parents(db)
            self._state.remember("filled", str(now))
        self._state.db().execute("pragma wal_checkpoint(truncate)")

    def _put(self, db: sqlite3.Connection, batch: Iterable[Record], now: int) -> None:
        things, files = [], []
        for kind, body in batch:
            # Nothing was written in the future: a marker taken now must not hide it for ever.
            at = min(ticks_millis(body.get("UpdatedDateUTC")) or 0, now)
            if kind == "Attachment":
                files.append(_file_row(body, at))
            else:
                dated = body | {"UpdatedDateUTC": ticks(at)} if "UpdatedDateUTC" in body else body
                things.append(_row(kind, dated, at))
        db.executemany(INSERT, things)
        db.executemany(INSERT_FILE, files)

    def select(self, wish: Wish) -> tuple[int, list[str]]:
        """How many there are, and the JSON texts of the page."""
        where = " and ".join(("kind = ?", *(f"({one.sql})" for one in wish.where)))
        values = (wish.kind, *(value for one in wish.where for value in one.values))
        sql = f"select count(*) as found from thing where {where}"  # noqa: S608 - own expressions
        found = int(self._state.db().execute(sql, values).fetchone()["found"])
        rows = self._state.db().execute(
            f"select body from thing where {where}"  # noqa: S608 - own expressions
            f" order by {wish.order}, id limit ? offset ?",
            (*values, wish.size or -1, (wish.page - 1) * (wish.size or 0)),
        )
        return found, [str(row["body"]) for row in rows]

    def body(self, kind: str, key: str) -> Body | None:
        """One thing by its id or number."""
        row = self._state.db().execute(
            "select body from thing where kind = ? and (id = ? or number = ?) order by id = ? desc",
            (kind, key.lower() if "-" in key else key, key, key.lower()),
        )
        found = row.fetchone()
        return None if found is None else from_json(found["body"])

    def files(self, parent: str) -> list[Body]:
        """What hangs on a thing."""
        rows = self._state.db().execute(
            "select body from file where parent = ? order by made, id", (parent,)
        )
        return [from_json(row["body"]) for row in rows]

    def file_key(self, parent: str, asked: str) -> str | None:
        """Under which key the company has a file, asked for by its id or name."""
        row = self._state.db().execute(
            "select company_key from file where parent = ? and (id = ? or name = ?)",
            (parent, asked.lower(), asked),
        )
        found = row.fetchone()
        return None if found is None else str(found["company_key"])

    def change(self, kind: str, key: str, values: Mapping[str, Any]) -> bool:
        """Lay values over a thing, written now; False when there is none."""
        with self._state.transaction():
            return self._change(kind, key, values)

    def _change(self, kind: str, key: str, values: Mapping[str, Any]) -> bool:
        known = self.body(kind, key)
        if known is None:
            return False
        now = millis(self._clock.now())
        body = known | dict(values)
        stamp = {"UpdatedDateUTC": ticks(now)} if "UpdatedDateUTC" in known else {}
        self._put(self._state.db(), [(kind, body | stamp)], now)
        return True

    def second_act(self, changes: Iterable[tuple[str, str, Body]]) -> list[tuple[str, str, str]]:
        """Apply what happens later, once; (kind, id, CREATE or UPDATE) of each change.

        Empty when it was done before.
        """
        done: list[tuple[str, str, str]] = []
        with self._state.transaction():
            if self._state.note("second_act") is not None:
                return []
            for operation, kind, body in changes:
                done.append(self._apply(operation, kind, body))
            self._state.remember("second_act", str(millis(self._clock.now())))
        return done

    def _apply(self, operation: str, kind: str, body: Body) -> tuple[str, str, str]:
        key = view.id_of(kind, body)
        if operation == "update":
            self._change(kind, key, _after(kind, body))
            return kind, key, "UPDATE"
        now = millis(self._clock.now())
        self._put(self._state.db(), [(kind, body | {"UpdatedDateUTC": ticks(now)})], now)
        if kind == "Attachment":
            self._change(body["_kind"], body["_parent"], {"HasAttachments": True})
            return body["_kind"], body["_parent"], "UPDATE"
        if kind == "Payment":
            self._pay(body)
        return kind, key, "CREATE"

    def _pay(self, payment: Body) -> None:
        """The invoice shows what paid it."""
        key = str(payment["Invoice"]["InvoiceID"])
        paid = {name: payment[name] for name in ("PaymentID", "Date", "Amount")}
        known = self.body("Invoice", key)
        if known is not None:
            self._change("Invoice", key, {"Payments": [*known.get("Payments", []), paid]})


def _after(kind: str, body: Body) -> Body:
    """What an update lays over a thing: what hangs on it stays, and nothing is owed once voided."""
    after = {name: value for name, value in body.items() if name != "HasAttachments"}
    if body.get("Status") == "VOIDED" and kind == "Invoice":
        after |= {"AmountDue": 0}
    return after


def _with_merged(records: Iterator[Record]) -> Iterator[Record]:
    """All, and beside the first supplier one that was merged into it."""
    waiting = True
    for kind, body in records:
        yield kind, body
        if waiting and kind == "Contact" and body["IsSupplier"]:
            waiting = False
            yield "Contact", merged(body)


def _mark_parents(db: sqlite3.Connection) -> None:
    db.execute(
        "update thing set body = json_set(body, '$.HasAttachments', json('true'))"
        " where id in (select parent from file)"
    )


def _row(kind: str, body: Body, at: int) -> tuple[Any, ...]:
    known = BY_NAME[kind]
    contact = body.get("Contact") or (body.get("Invoice") or {}).get("Contact") or {}
    return (
        kind,
        str(body[known.key]),
        at,
        ticks_millis(body.get("Date")),
        ticks_millis(body.get("DueDate")),
        body.get("Type"),
        body.get(known.status),
        contact.get("ContactID"),
        body.get(known.number) if known.number else None,
        body.get("Name"),
        to_json(body),
    )


def _file_row(body: Body, at: int) -> tuple[Any, ...]:
    shown = {name: value for name, value in body.items() if not name.startswith("_")}
    shown.pop("UpdatedDateUTC", None)
    return (
        body["AttachmentID"],
        body["_kind"],
        body["_parent"],
        body["FileName"],
        at,
        body["_file"],
        to_json(shown),
    )
