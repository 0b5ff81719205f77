"""One receiver's mailbox: who may write, what a message carries, what is kept of it.

Invariant: a message that was taken is in the state with its document's bytes on disk, or its
refusal is on its way back: never neither. Equal messages are kept twice, as receivers do. It does
not read documents.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from pathlib import PurePosixPath
from typing import Any

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.files import Files
from well.sandbox.kit.smtp_returns import (
    About,
    Outcome,
    Returns,
    notification,
    plain_refusal,
)
from well.sandbox.kit.state import State

TABLES = """
create table if not exists mail (
    id integer primary key, at integer not null, envelope text not null, sender text not null,
    message_id text, subject text, file_name text, media_type text, sha256 text, size integer,
    parts integer, reason text, due integer, made text);
create index if not exists mail_due on mail (due) where due is not null;
create table if not exists mail_sender (address text primary key);
"""
MEDIA = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG"}
KEPT_HEADERS = ("Message-ID", "From", "To", "Subject", "Date")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as the server took it; `notify` in the words of RFC 3461, or empty."""

    envelope: str
    recipient: str
    content: bytes
    notify: frozenset[str] = frozenset()
    envelope_id: str = ""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a receiver behaves. `standard_refusals`: a real notification, else a text of its own.

    `plus_fails`: a sender with a plus sign never counts as registered.
    """

    server: str
    standard_refusals: bool
    plus_fails: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """What a message carries; `reason` says why it is refused, empty when it is not."""

    sender: str
    headers: dict[str, str]
    file_name: str = ""
    media_type: str = ""
    document: bytes = b""
    parts: int = 0
    reason: str = ""
    status: str = ""


@dataclass
class Mailbox:
    """The mailbox of one address; `delay` says in ms when a message is read."""

    address: str
    state: State
    clock: StandInClock
    files: Files
    manner: Manner
    delay: Callable[[], int]
    returns: Returns = field(init=False)

    def __post_init__(self) -> None:
        """Make the tables where they are missing."""
        self.state.script(TABLES)
        self.returns = Returns(self.state)

    def register(self, sender: str) -> list[str]:
        """From now on this person may send; returns everybody who may."""
        with self.state.transaction() as db:
            db.execute("insert or ignore into mail_sender values (?)", (sender.strip().lower(),))
        return self.senders()

    def senders(self) -> list[str]:
        """Who may send."""
        rows = self.state.db().execute("select address from mail_sender order by address")
        return [row["address"] for row in rows]

    def knows(self, recipient: str) -> bool:
        """Whether mail for this address ends here."""
        return recipient.strip().lower() == self.address.lower()

    def take(self, letter: Letter) -> int:
        """Keep the message or queue its refusal; returns its number."""
        found = self._judged(carried(letter.content))
        good = not found.reason
        digest = self.files.put(found.document) if good else None
        now = self.clock.now()
        due = int(now.timestamp() * 1000) + self.delay() if good else None
        values = (
            int(now.timestamp() * 1000),
            letter.envelope,
            found.sender,
            found.headers.get("Message-ID"),
            found.headers.get("Subject"),
            found.file_name,
            found.media_type,
            digest,
            len(found.document),
            found.parts,
            found.reason or None,
            due,
        )
        with self.state.transaction() as db:
            made = db.execute(
                "insert into mail (at, envelope, sender, message_id, subject, file_name,"
                " media_type, sha256, size, parts, reason, due)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            self._answer(db, letter, found, now)
        return made.lastrowid or 0

    def _judged(self, found: Carried) -> Carried:
        """The sender counts before the document does."""
        known = found.sender in self.senders()
        if known and not (self.manner.plus_fails and "+" in found.sender):
            return found
        reason = f"The sender {found.sender or '(none)'} is not registered for this address."
        return Carried(found.sender, found.headers, reason=reason, status="5.7.1")

    def _answer(
        self, db: sqlite3.Connection, letter: Letter, found: Carried, now: datetime
    ) -> None:
        about = About(
            letter.envelope,
            letter.recipient,
            self.manner.server,
            now,
            found.headers,
            letter.envelope_id,
        )
        if found.reason and not self.manner.standard_refusals:
            message = plain_refusal(about, found.reason)
            self.returns.keep(db, letter.envelope, "text", message)
        elif found.reason and not (letter.notify and "FAILURE" not in letter.notify):
            outcome = Outcome("failed", found.status, found.reason)
            self.returns.keep(db, letter.envelope, "failed", notification(about, outcome))
        elif not found.reason and "SUCCESS" in letter.notify:
            outcome = Outcome("delivered", "2.0.0", "It is in the mailbox.")
            self.returns.keep(db, letter.envelope, "delivered", notification(about, outcome))

    def due(self, most: int = 50) -> list[sqlite3.Row]:
        """Messages whose time to be read has come, oldest first."""
        now = int(self.clock.now().timestamp() * 1000)
        rows = self.state.db().execute(
            "select * from mail where due <= ? order by due, id limit ?", (now, most)
        )
        return rows.fetchall()

    def done(self, db: sqlite3.Connection, key: int, made: str) -> None:
        """The message was read; `made` names what came of it. In the open transaction."""
        db.execute("update mail set due = null, made = ? where id = ?", (made, key))

    def report(self, key: int, outcome: Outcome) -> bool:
        """Send word of a message that was taken before; one that failed is never read any more.

        False: there is no such message.
        """
        db = self.state.db()
        row = db.execute("select * from mail where id = ?", (key,)).fetchone()
        if row is None:
            return False
        names = {"Message-ID": row["message_id"], "Subject": row["subject"]}
        headers = {name: value for name, value in names.items() if value}
        server, now = self.manner.server, self.clock.now()
        about = About(row["envelope"], self.address, server, now, headers)
        with self.state.transaction():
            if outcome.action == "failed":
                db.execute(
                    "update mail set due = null, reason = ? where id = ?", (outcome.diagnostic, key)
                )
            report = notification(about, outcome)
            self.returns.keep(db, row["envelope"], outcome.action, report)
        self.returns.flush()
        return True

    def view(self) -> list[dict[str, Any]]:
        """Every message, oldest first."""
        return [dict(row) for row in self.state.db().execute("select * from mail order by id")]


def plain(text: str) -> str:
    """Text on one line of printable ASCII, fit for a header and for a reason."""
    ascii_only = text.encode("ascii", "replace").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in ascii_only).split())[:500]


def carried(content: bytes) -> Carried:
    """The sender, the headers and the first document of a message, whatever the bytes are."""
    try:
        message = message_from_bytes(content, policy=SMTP)
        sender = plain(parseaddr(str(message.get("From", "")))[1].lower())
        raw = {name.lower(): plain(str(value)) for name, value in message.raw_items()}
        headers = {name: raw[name.lower()] for name in KEPT_HEADERS if raw.get(name.lower())}
        files = _files(message)
    except (ValueError, LookupError, AttributeError, TypeError, IndexError):
        # The standard library's parser meets hostile headers with any of these.
        return Carried("", {}, reason="The message cannot be read.", status="5.6.0")
    if not files:
        reason = "The message carries no PDF, JPEG or PNG file."
        return Carried(sender, headers, reason=reason, status="5.6.1")
    name, media, document = files[0]
    return Carried(sender, headers, name, media, document, len(files))


def _files(message: EmailMessage) -> list[tuple[str, str, bytes]]:
    found = []
    for part in message.walk():
        document = part.get_payload(decode=True)
        if part.is_multipart() or not isinstance(document, bytes):
            continue
        media = next((kind for kind, mark in MEDIA.items() if document.startswith(mark)), "")
        if media and (part.get_filename() or part.get_content_disposition() == "attachment"):
            found.append((_label(part.get_filename()), media, document))
    return found


def _label(name: str | None) -> str:
    bare = PurePosixPath(str(name or "").replace("\\", "/")).name
    return "".join(c for c in bare if c.isprintable())[:255] or "document"
