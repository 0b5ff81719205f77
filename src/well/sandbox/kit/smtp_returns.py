"""What a mail server sends back: delivery status notifications, and refusals in plain words.

Invariant: what is to go back is kept in the state in the transaction that decided it, goes to the
envelope sender with an empty sender of its own, and is tried until a server takes it. Where no
return server is known it waits. It decides nothing about a document.
"""

import smtplib
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any

from well.sandbox.kit.state import State

TABLES = """
create table if not exists returned (
    id integer primary key, recipient text not null, kind text not null, message blob not null,
    sent integer not null default 0, tries integer not null default 0, note text);
"""
HOST, PORT = "return_host", "return_port"
SECONDS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the notification says. `action` and `status` in the words of RFC 3464 and RFC 3463."""

    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class About:
    """The message that the notification is about; `headers` are the original's, in ASCII."""

    sender: str
    recipient: str
    server: str
    arrived: datetime
    headers: Mapping[str, str]
    envelope_id: str = ""


def notification(about: About, outcome: Outcome) -> bytes:
    """A delivery status notification: multipart/report as RFC 3462 and RFC 3464 want it."""
    report = MIMEMultipart("report", report_type="delivery-status")
    titles = {"failed": "Failure", "delivered": "Success", "delayed": "Delay"}
    title = titles.get(outcome.action, outcome.action)
    _head(report, about, "Mail Delivery System", "mailer-daemon")
    report["Subject"] = f"Delivery Status Notification ({title})"
    words = f"Your message to {about.recipient}: {outcome.action}.\n\n{outcome.diagnostic}\n"
    report.attach(MIMEText(words, "plain", "us-ascii"))
    report.attach(_status(about, outcome))
    kept = "".join(f"{name}: {value}\r\n" for name, value in about.headers.items())
    report.attach(MIMEText(kept, "rfc822-headers", "us-ascii"))
    return report.as_bytes(policy=SMTP)


def _head(message: Message, about: About, name: str, local: str) -> None:
    message["From"] = str(Address(name, local, about.server))
    message["To"] = about.sender
    message["Date"] = format_datetime(about.arrived)
    message["Message-ID"] = make_msgid(domain=about.server)
    message["Auto-Submitted"] = "auto-replied"
    original = about.headers.get("Message-ID")
    if original:
        message["In-Reply-To"] = original
        message["References"] = original


def _status(about: About, outcome: Outcome) -> Message:
    whole = Message()
    whole["Reporting-MTA"] = f"dns; {about.server}"
    if about.envelope_id:
        whole["Original-Envelope-Id"] = about.envelope_id
    whole["Arrival-Date"] = format_datetime(about.arrived)
    each = Message()
    each["Final-Recipient"] = f"rfc822; {about.recipient}"
    each["Action"] = outcome.action
    each["Status"] = outcome.status
    if outcome.action == "failed":
        code = f"550 {outcome.status} {outcome.diagnostic}"
        each["Diagnostic-Code"] = f"smtp; {code}"
    part = Message()
    part["Content-Type"] = "message/delivery-status"
    part.set_payload([whole, each])
    return part


def plain_refusal(about: About, reason: str) -> bytes:
    """A refusal as a person or a program without standards writes it: no report, a text alone."""
    message = EmailMessage(policy=SMTP)
    _head(message, about, "Receipts", "donotreply")
    del message["Auto-Submitted"]
    message["Subject"] = "We could not process your receipt"
    message.set_content(f"Hello,\n\n{reason}\n\nPlease try again.\n")
    return bytes(message)


class Returns:
    """The queue of what goes back, and the server that takes it."""

    def __init__(self, state: State) -> None:
        """Make the table where it is missing."""
        self._state = state
        self._lock = threading.Lock()
        state.script(TABLES)

    def keep(self, db: sqlite3.Connection, recipient: str, kind: str, message: bytes) -> None:
        """Queue one, in the open transaction. An empty envelope sender gets nothing back."""
        if recipient:
            values = (recipient, kind, message)
            db.execute("insert into returned (recipient, kind, message) values (?, ?, ?)", values)

    def lead_to(self, host: str, port: int) -> None:
        """From now on what goes back is handed to this server."""
        with self._state.transaction():
            self._state.remember(HOST, host)
            self._state.remember(PORT, str(port))

    def flush(self) -> int:
        """Hand over what waits; returns how much was taken. A server that fails gets it later."""
        host, port = self._state.note(HOST), self._state.note(PORT)
        if not host or not port:
            return 0
        with self._lock:
            rows = self._state.db().execute("select * from returned where not sent order by id")
            return sum(self._hand(row, host, int(port)) for row in rows.fetchall())

    def _hand(self, row: sqlite3.Row, host: str, port: int) -> bool:
        note, taken = "", True
        try:
            with smtplib.SMTP(host, port, timeout=SECONDS) as server:
                server.sendmail("", [row["recipient"]], row["message"])
        except (OSError, smtplib.SMTPException) as wrong:
            note, taken = str(wrong)[:300], False
        with self._state.transaction() as db:
            db.execute(
                "update returned set sent = ?, tries = tries + 1, note = ? where id = ?",
                (taken, note, row["id"]),
            )
        return taken

    def view(self) -> list[dict[str, Any]]:
        """Everything that went back or waits to, oldest first."""
        rows = self._state.db().execute(
            "select id, recipient, kind, sent, tries, note, message from returned order by id"
        )
        return [dict(row) | {"message": row["message"].decode("utf-8", "replace")} for row in rows]
