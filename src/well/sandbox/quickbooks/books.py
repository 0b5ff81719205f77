"""The books: every object of the company in one table, with the columns that queries need.

Invariant: the JSON text is the truth and the columns follow it in the same transaction; a deleted
object leaves a tombstone for change data capture. It does not judge what is written.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.json_text import from_json, to_json
from well.sandbox.kit.state import State
from well.sandbox.quickbooks.compiling import Compiled
from well.sandbox.quickbooks.wire import Body, millis, read_time, stamp

TABLES = """
create table if not exists object (
    entity text not null, num integer not null, id text not null,
    created integer not null, updated integer not null, deleted integer not null default 0,
    active integer not null default 1, txn_date text, doc_number text, party text, name text,
    amount numeric, body text not null);
create unique index if not exists object_key on object (entity, num);
create index if not exists object_changed on object (entity, updated, num);
create index if not exists object_alive on object (entity, num) where deleted = 0;
create index if not exists object_updated on object (entity, updated, num) where deleted = 0;
create index if not exists object_date on object (entity, txn_date, num) where deleted = 0;
create index if not exists object_number on object (entity, doc_number) where deleted = 0;
create index if not exists object_party on object (entity, party) where deleted = 0;
create index if not exists object_name on object (entity, name) where deleted = 0;
create table if not exists link (attachable integer not null, type text not null collate nocase,
    value text not null collate nocase);
create index if not exists link_target on link (value, type);
create index if not exists link_attachable on link (attachable);
"""
INSERT = "insert or replace into object values (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)"
BATCH = 2000
CHANGES = 1000


def _ref(body: Body, *names: str) -> str | None:
    for name in names:
        value = body.get(name)
        if isinstance(value, dict) and value.get("value") is not None:
            return str(value["value"])
    return None


def _text(body: Body, *names: str) -> str | None:
    for name in names:
        if body.get(name) is not None:
            return str(body[name])
    return None


def _time(body: Body, name: str) -> int:
    return millis(read_time(str(body["MetaData"][name])))


def _row(entity: str, body: Body) -> tuple[Any, ...]:
    amount = body.get("TotalAmt")
    return (
        entity,
        int(body["Id"]),
        str(body["Id"]),
        _time(body, "CreateTime"),
        _time(body, "LastUpdatedTime"),
        int(body.get("Active", True) is not False),
        _text(body, "TxnDate"),
        _text(body, "DocNumber"),
        _ref(body, "VendorRef", "CustomerRef", "EntityRef"),
        _text(body, "DisplayName", "Name", "CompanyName"),
        None if amount is None else str(amount),
        # The temporary link is made anew at each reading.
        to_json({name: value for name, value in body.items() if name != "TempDownloadUri"}),
    )


def _links(body: Body) -> Iterator[tuple[int, str, str]]:
    for reference in body.get("AttachableRef") or ():
        target = reference.get("EntityRef") if isinstance(reference, dict) else None
        if isinstance(target, dict):
            yield int(body["Id"]), str(target.get("type", "")), str(target.get("value", ""))


class Books:
    """Reads and writes objects. Bodies go in as dicts and come out as JSON text."""

    def __init__(self, state: State, clock: StandInClock) -> None:
        """Make the tables where they are missing."""
        self._state = state
        self._clock = clock
        state.script(TABLES)

    def fill(self, company: Company) -> None:
        """Take over the company's books, once."""
        if self._state.note("filled") is not None:
            return
        now = self._clock.now()
        with self._state.transaction() as db:
            body = {"Id": "1", "SyncToken": "0", "MetaData": _times(now, now)} | company.company
            self._put(db, [("CompanyInfo", body | {"Id": "1"})])
            self._state.remember("company", str(body.get("CompanyName", "The company")))
            objects = ((entity, _no_later(body, now)) for entity, body in _all(company))
            while batch := list(islice(objects, BATCH)):
                self._put(db, batch)
            self._state.remember("filled", stamp(now))
        self._state.db().execute("pragma wal_checkpoint(truncate)")

    def _put(self, db: sqlite3.Connection, batch: list[tuple[str, Body]]) -> None:
        db.executemany(INSERT, [_row(entity, body) for entity, body in batch])
        attached = [body for entity, body in batch if entity == "Attachable"]
        db.executemany("delete from link where attachable = ?", [(b["Id"],) for b in attached])
        links = [link for body in attached for link in _links(body)]
        db.executemany("insert into link values (?, ?, ?)", links)

    def put(self, entity: str, body: Body) -> Body:
        """Write an object with its times set to now, in the open transaction."""
        now = stamp(self._clock.now())
        known = body.get("MetaData")
        times = {"CreateTime": now} | (known if isinstance(known, dict) else {})
        body = body | {"MetaData": times | {"LastUpdatedTime": now}}
        self._put(self._state.db(), [(entity, body)])
        return body

    def delete(self, entity: str, key: str) -> None:
        """Leave a tombstone, in the open transaction."""
        now = self._clock.now()
        gone = {"domain": "QBO", "status": "Deleted", "Id": key}
        body = to_json(gone | {"MetaData": {"LastUpdatedTime": stamp(now)}})
        second = millis(now.replace(microsecond=0))
        self._state.db().execute(
            "update object set deleted = 1, updated = ?, body = ? where entity = ? and id = ?",
            (second, body, entity, key),
        )

    def text(self, entity: str, key: str) -> str | None:
        """The JSON text of a living object."""
        found = self._state.db().execute(
            "select body from object where entity = ? and num = ? and id = ? and deleted = 0",
            (entity, int(key) if key.isdecimal() and len(key) < 18 else -1, key),
        )
        row = found.fetchone()
        return None if row is None else str(row["body"])

    def body(self, entity: str, key: str) -> Body | None:
        """A living object as a dict, amounts as Decimal."""
        text = self.text(entity, key)
        if text is None:
            return None
        found: Body = from_json(text)
        return found

    def next_id(self) -> str:
        """An id that no object of any entity has."""
        row = self._state.db().execute("select max(num) as most from object").fetchone()
        return str((row["most"] or 0) + 1)

    def keys(self, *entities: str) -> list[tuple[str, str]]:
        """(entity, id) of every living object of these entities, oldest id first."""
        marks = ", ".join("?" * len(entities))
        rows = self._state.db().execute(
            f"select entity, id from object where entity in ({marks})"  # noqa: S608 - own marks
            " and deleted = 0 order by num",
            entities,
        )
        return [(row["entity"], row["id"]) for row in rows]

    def named(self, entity: str, name: str) -> str | None:
        """The id of the living object of that name."""
        found = self._state.db().execute(
            "select id from object where entity = ? and name = ? and deleted = 0", (entity, name)
        )
        row = found.fetchone()
        return None if row is None else str(row["id"])

    def count(self, query: Compiled) -> int:
        """How many objects the query means, whatever its page."""
        sql = f"select count(*) as found from object where {query.where}"  # noqa: S608 - own SQL
        return int(self._state.db().execute(sql, query.values).fetchone()["found"])

    def select(self, query: Compiled) -> list[tuple[str, str]]:
        """The page that the query means, as (id, JSON text)."""
        sql = (
            f"select id, body from object where {query.where}"  # noqa: S608 - own expressions
            f" order by {query.order} limit ? offset ?"
        )
        rows = self._state.db().execute(sql, (*query.values, query.rows, query.start - 1))
        return [(row["id"], row["body"]) for row in rows]

    def changed(self, entities: list[str], since: datetime) -> list[tuple[str, str, bool, str]]:
        """(entity, id, deleted, JSON text) changed since then, oldest first, 1000 at most."""
        marks = ", ".join("?" * len(entities))
        rows = self._state.db().execute(
            f"select entity, id, deleted, body from object where entity in ({marks})"  # noqa: S608
            " and updated >= ? order by updated, num limit ?",
            (*entities, millis(since), CHANGES),
        )
        return [(row["entity"], row["id"], bool(row["deleted"]), row["body"]) for row in rows]

    def second_act(self, changes: Iterable[tuple[str, str, Body]]) -> int:
        """Apply what happens later, once; returns how many changes, 0 when done before."""
        done = 0
        with self._state.transaction():
            if self._state.note("second_act") is not None:
                return 0
            for operation, entity, body in changes:
                self._apply(operation, entity, body)
                done += 1
            self._state.remember("second_act", stamp(self._clock.now()))
        return done

    def _apply(self, operation: str, entity: str, body: Body) -> None:
        if operation == "delete":
            self.delete(entity, str(body["Id"]))
            return
        if operation == "create":
            self.put(entity, body | {"MetaData": {}})
            return
        known = self.body(entity, str(body["Id"])) or {}
        token = str(int(known.get("SyncToken", "0")) + 1)
        times = known.get("MetaData", {})
        self.put(entity, known | body | {"SyncToken": token, "MetaData": times})


def _times(created: datetime, updated: datetime) -> dict[str, str]:
    return {"CreateTime": stamp(created), "LastUpdatedTime": stamp(updated)}


def _all(company: Company) -> Iterator[tuple[str, Body]]:
    for entity, body in company.quickbooks_objects():
        if entity != "CompanyInfo":
            yield entity, body


def _no_later(body: Body, now: datetime) -> Body:
    """Nothing was written in the future: a marker taken now must not hide it for ever."""
    times = body["MetaData"]
    if read_time(str(times["LastUpdatedTime"])) <= now:
        return body
    created = min(read_time(str(times["CreateTime"])), now)
    return body | {"MetaData": _times(created, now)}
