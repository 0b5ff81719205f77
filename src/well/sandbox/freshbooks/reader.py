"""The account's own reader: when a mailed document's time has come, it becomes a draft.

Invariant: a message becomes one draft, at the time that was fixed when it came, and before any
answer given after that time; the draft and the message's end are one transaction. Two equal
messages are two drafts.
"""

import sqlite3
import threading
from datetime import UTC, datetime
from decimal import Decimal

from well.sandbox.analysis import Reading
from well.sandbox.freshbooks.books import Books
from well.sandbox.freshbooks.drafts import Draft, bill, draft_of, expense, vendor
from well.sandbox.kit.eyes import Eyes
from well.sandbox.kit.mailbox import Mailbox
from well.sandbox.kit.state import State

SLIP = Decimal("10.00")


class Reader:
    """Reads what is due; called before every answer that shows entries."""

    def __init__(
        self, state: State, books: Books, mailbox: Mailbox, eyes: Eyes, settings: dict[str, int]
    ) -> None:
        """One reader per stand-in."""
        self._state, self._books, self._mailbox = state, books, mailbox
        self._eyes, self._settings = eyes, settings
        self._lock = threading.Lock()

    def catch_up(self) -> None:
        """Make drafts of everything that is due."""
        if not self._mailbox.due(1):
            return
        with self._lock:
            while rows := self._mailbox.due():
                read = [(row, self._eyes.read(row["sha256"])) for row in rows]
                with self._state.transaction() as db:
                    for row, reading in read:
                        self._mailbox.done(db, row["id"], self._keep(row, reading))

    def _keep(self, row: sqlite3.Row, reading: Reading) -> str:
        moment = datetime.fromtimestamp(row["due"] / 1000, UTC)
        draft = draft_of(reading, moment.date(), self._slip())
        kind, body = "expense", expense(draft)
        if self._settings["select_plan"]:
            kind, body = "bill", bill(draft, self._vendor(draft, moment))
        told = {name: row[name] for name in ("sha256", "file_name", "media_type")}
        return str(self._books.add(kind, body, moment, **told))

    def _vendor(self, draft: Draft, moment: datetime) -> int:
        name = draft.vendor or "Unknown vendor"
        known = self._books.vendor(name)
        if known is not None:
            return int(known["id"])
        return self._books.add("bill_vendor", vendor(name, draft.currency), moment)

    def _slip(self) -> Decimal:
        left = self._settings["wrong_totals"]
        self._settings["wrong_totals"] = max(0, left - 1)
        return SLIP if left else Decimal(0)
