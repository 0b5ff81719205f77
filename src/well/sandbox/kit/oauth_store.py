"""Grants, codes and tokens of a stand-in's OAuth server, in its state.

Invariant: a code is spent once, and ending a grant ends every token of it at that instant. It
decides nothing about protocols: that is oauth.py.
"""

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.state import State

CODE_SECONDS = 60
TABLES = """
create table if not exists oauth_grant (
    id integer primary key, client text not null, scope text not null, extra text not null,
    ended integer not null default 0);
create table if not exists oauth_code (
    code text primary key, client text not null, redirect text not null, scope text not null,
    challenge text not null, expires integer not null, grant_id integer);
create table if not exists oauth_token (
    token text primary key, kind text not null, grant_id integer not null,
    made integer not null, expires integer not null, rotated integer not null default 0);
create index if not exists oauth_token_of_grant on oauth_token (grant_id);
create table if not exists oauth_redirect (uri text primary key);
"""


@dataclass(frozen=True)
class Token:
    """A token that is known. Times are seconds since 1970."""

    value: str
    kind: str
    grant: int
    client: str
    scopes: frozenset[str]
    extra: Mapping[str, str]
    made: int
    expires: int
    rotated: bool


@dataclass(frozen=True)
class Code:
    """An authorization code as it was given out."""

    code: str
    client: str
    redirect: str
    scope: str
    challenge: str
    expires: int
    grant: int | None


class OAuthStore:
    """Reads and writes the tables; each method is one step inside a transaction."""

    def __init__(self, state: State, clock: StandInClock) -> None:
        """Make the tables where they are missing."""
        self._state = state
        self._clock = clock
        state.script(TABLES)

    def client(self, name: str) -> tuple[str, str]:
        """The one app that is registered here: (client id, client secret), made once."""
        if self._state.note("client_id") is None:
            with self._state.transaction():
                self._state.remember("client_id", f"well-{name}-{secrets.token_hex(8)}")
                self._state.remember("client_secret", secrets.token_urlsafe(32))
        return self._state.note("client_id") or "", self._state.note("client_secret") or ""

    def redirects(self) -> set[str]:
        """The redirect addresses that were registered; empty: none was."""
        rows = self._state.db().execute("select uri from oauth_redirect")
        return {row["uri"] for row in rows}

    def register_redirect(self, uri: str) -> None:
        """From the first registered one on, only registered ones are accepted."""
        with self._state.transaction() as db:
            db.execute("insert or ignore into oauth_redirect (uri) values (?)", (uri,))

    def new_code(self, client: str, redirect: str, scope: str, challenge: str) -> str:
        """Give out a code that lives 60 s."""
        code = secrets.token_urlsafe(24)
        row = (code, client, redirect, scope, challenge, self._clock.seconds() + CODE_SECONDS)
        with self._state.transaction() as db:
            db.execute("insert into oauth_code values (?, ?, ?, ?, ?, ?, null)", row)
        return code

    def code(self, code: str) -> Code | None:
        """A code that was given out, spent or not."""
        row = self._state.db().execute("select * from oauth_code where code = ?", (code,))
        found = row.fetchone()
        return None if found is None else Code(*tuple(found))

    def new_grant(self, code: Code, extra: Mapping[str, str]) -> int:
        """Spend the code on a grant."""
        db = self._state.db()
        made = db.execute(
            "insert into oauth_grant (client, scope, extra) values (?, ?, ?)",
            (code.client, code.scope, json.dumps(dict(extra))),
        )
        grant = made.lastrowid
        assert grant is not None
        db.execute("update oauth_code set grant_id = ? where code = ?", (grant, code.code))
        return grant

    def new_token(self, kind: str, grant: int, seconds: int) -> str:
        """Give out a token (access or refresh) that lives this long."""
        token = secrets.token_urlsafe(32)
        now = self._clock.seconds()
        self._state.db().execute(
            "insert into oauth_token (token, kind, grant_id, made, expires) values (?, ?, ?, ?, ?)",
            (token, kind, grant, now, now + seconds),
        )
        return token

    def token(self, value: str) -> Token | None:
        """A token of a grant that has not ended; it may have expired or been rotated."""
        row = (
            self._state.db()
            .execute(
                "select * from oauth_token join oauth_grant on oauth_grant.id = grant_id"
                " where token = ? and not ended",
                (value,),
            )
            .fetchone()
        )
        return None if row is None else _token(row)

    def newest_refresh(self, grant: int) -> str | None:
        """The refresh token of the grant that has no successor."""
        row = (
            self._state.db()
            .execute(
                "select token from oauth_token where grant_id = ? and kind = 'refresh'"
                " and not rotated order by made desc, rowid desc limit 1",
                (grant,),
            )
            .fetchone()
        )
        return None if row is None else str(row["token"])

    def rotate(self, token: Token, expires: int) -> None:
        """The token has a successor; it stays valid until then at most."""
        self._state.db().execute(
            "update oauth_token set rotated = 1, expires = min(expires, ?) where token = ?",
            (expires, token.value),
        )

    def prolong(self, token: Token, expires: int) -> None:
        """Move the end of a rolling token."""
        self._state.db().execute(
            "update oauth_token set expires = ? where token = ?", (expires, token.value)
        )

    def end_grant(self, grant: int) -> None:
        """All tokens of the grant are dead."""
        self._state.db().execute("update oauth_grant set ended = 1 where id = ?", (grant,))

    def end_client(self, client: str) -> None:
        """All grants of this app are dead."""
        self._state.db().execute("update oauth_grant set ended = 1 where client = ?", (client,))

    def end_all(self) -> int:
        """End every grant; returns how many were alive."""
        return self._state.db().execute("update oauth_grant set ended = 1 where ended = 0").rowcount

    def expire(self, kind: str) -> int:
        """Every living token of the kind expires now; returns how many."""
        now = self._clock.seconds()
        done = self._state.db().execute(
            "update oauth_token set expires = ? where kind = ? and expires > ?", (now, kind, now)
        )
        return done.rowcount


def _token(row: sqlite3.Row) -> Token:
    return Token(
        value=row["token"],
        kind=row["kind"],
        grant=row["grant_id"],
        client=row["client"],
        scopes=frozenset(row["scope"].split()),
        extra=json.loads(row["extra"]),
        made=row["made"],
        expires=row["expires"],
        rotated=bool(row["rotated"]),
    )
