"""The receipts inbox of QuickBooks: mailed documents in a list for review, which no API shows.

Invariant: only a person's confirmation (or the setting that plays one) makes a bill of a document,
and one bill of one; the bill and the end of its review are one transaction. Refusals are letters
in words, not notifications.
"""

import json
import sqlite3
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.analysis import Reading
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Body, Company
from well.sandbox.kit.eyes import Eyes
from well.sandbox.kit.files import Files
from well.sandbox.kit.mailbox import Mailbox, Manner
from well.sandbox.kit.own_names import email_of, own_names
from well.sandbox.kit.state import State
from well.sandbox.quickbooks.books import Books

DOMAIN = "qbodocs.com"
SETTINGS = {"read_ms": 800, "good_eyes": 1, "confirms_itself": 0}
"""`confirms_itself`: 1 makes a bill of every document that was read, as a diligent person would."""
Row = dict[str, Any]


def inbox_address(company: Body) -> str:
    """The address that the company has chosen: its name before the provider's domain."""
    name = str(company.get("CompanyName") or "company").casefold()
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in name).split()
    return f"{'-'.join(kept) or 'company'}@{DOMAIN}"


def mailbox_of(
    state: State, company: Body, clock: StandInClock, settings: dict[str, int]
) -> Mailbox:
    """The inbox, in which the company's person is registered."""
    mailbox = Mailbox(
        address=inbox_address(company),
        state=state,
        clock=clock,
        files=Files(state.path.parent / "files"),
        manner=Manner(DOMAIN, standard_refusals=False, plus_fails=True),
        delay=lambda: settings["read_ms"],
    )
    mailbox.register(email_of(company))
    return mailbox


class Receipts:
    """The list for review, and what becomes of its lines."""

    def __init__(
        self,
        state: State,
        books: Books,
        mailbox: Mailbox,
        world: Company,
        settings: dict[str, int],
    ) -> None:
        """The reader shares the company's knowledge of its own pages."""
        self._state, self._books, self._mailbox = state, books, mailbox
        own = own_names(world.company)
        self._eyes = Eyes(mailbox.files, own, world.printed, settings)
        self._settings = settings
        self._lock = threading.Lock()

    def catch_up(self) -> None:
        """Put everything that is due on the list."""
        if not self._mailbox.due(1):
            return
        with self._lock:
            while rows := self._mailbox.due():
                read = [(row, self._eyes.read(row["sha256"])) for row in rows]
                with self._state.transaction() as db:
                    for row, reading in read:
                        self._keep(db, row, reading)

    def _keep(self, db: sqlite3.Connection, row: sqlite3.Row, reading: Reading) -> None:
        line = _line(reading, datetime.fromtimestamp(row["at"] / 1000, UTC).date())
        if self._settings["confirms_itself"] and reading.gross is not None:
            line |= {"bill": self._bill(line)}
        self._mailbox.done(db, row["id"], json.dumps(line))

    def listed(self) -> list[Row]:
        """The lines, confirmed ones with the id of their bill, oldest first."""
        self.catch_up()
        mails = [mail for mail in self._mailbox.view() if mail["made"]]
        return [_told(mail) for mail in mails]

    def confirm(self, key: int) -> Row | None:
        """A person makes a bill of a line; again, it is the same bill. None: no such line."""
        self.catch_up()
        with self._state.transaction() as db:
            mail = next((m for m in self._mailbox.view() if m["id"] == key and m["made"]), None)
            if mail is None:
                return None
            line = json.loads(mail["made"])
            if "bill" not in line:
                line |= {"bill": self._bill(line)}
                self._mailbox.done(db, key, json.dumps(line))
        return _told(mail | {"made": json.dumps(line)})

    def _bill(self, line: Row) -> str:
        """Write the bill, in the open transaction; returns its id."""
        currency = {"value": line["currency"] or "EUR"}
        total = Decimal(line["total"] or 0)
        entity = "VendorCredit" if line["credit"] else "Bill"
        body = {
            "SyncToken": "0",
            "domain": "QBO",
            "sparse": False,
            "DocNumber": line["number"],
            "TxnDate": line["date"],
            "DueDate": line["due"],
            "CurrencyRef": currency,
            "VendorRef": self._vendor(line["vendor"] or "Unknown vendor", currency),
            "TotalAmt": total,
            "Balance": total,
            "Line": [{"Id": "1", "Amount": total, "DetailType": "AccountBasedExpenseLineDetail"}],
        }
        known = {name: value for name, value in body.items() if value is not None}
        made = self._books.put(entity, {"Id": self._books.next_id()} | known)
        return str(made["Id"])

    def _vendor(self, name: str, currency: Row) -> Row:
        key = self._books.named("Vendor", name)
        if key is None:
            blank = {"SyncToken": "0", "domain": "QBO", "sparse": False, "Active": True}
            named = {"DisplayName": name, "CurrencyRef": currency, "Balance": Decimal(0)}
            made = self._books.put("Vendor", {"Id": self._books.next_id()} | blank | named)
            key = str(made["Id"])
        return {"value": key, "name": name}


def _line(reading: Reading, today: date) -> Row:
    issued = reading.issue_date or today
    due = reading.due_date or issued + timedelta(days=30)
    return {
        "vendor": reading.supplier,
        "number": reading.number,
        "date": issued.isoformat(),
        "due": due.isoformat(),
        "total": None if reading.gross is None else str(reading.gross),
        "currency": reading.currency,
        "credit": reading.credit_note,
    }


def _told(mail: Row) -> Row:
    """A line as the admin port shows it."""
    kept = ("id", "sha256", "file_name", "message_id", "subject")
    line: Row = json.loads(mail["made"])
    return {name: mail[name] for name in kept} | line


def review_routes(receipts: Receipts) -> list[Route]:
    """The routes, for the kit's admin app."""

    def listed(_: Request) -> Response:
        return JSONResponse(receipts.listed())

    def confirm(request: Request) -> Response:
        line = receipts.confirm(int(request.path_params["id"]))
        if line is None:
            return JSONResponse({"error": "There is no such line."}, 404)
        return JSONResponse(line)

    return [
        Route("/_admin/for-review", listed, methods=["GET"]),
        Route("/_admin/for-review/{id:int}/confirm", confirm, methods=["POST"]),
    ]
