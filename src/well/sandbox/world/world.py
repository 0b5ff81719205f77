"""The invented company as the stand-ins see it: records, files, and what ought to happen.

Invariant: everything follows from (bills, seed, today); two worlds of equal arguments give equal
bytes in any order of calls and from any thread. It speaks no protocol: the stand-ins do.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from well.sandbox.world import bodies, entries, ledger, sequel
from well.sandbox.world.already import strangers
from well.sandbox.world.desk import Desk
from well.sandbox.world.mess import make_mess, twin_count
from well.sandbox.world.model import Booking, Card, Document, Entry, Form
from well.sandbox.world.numbering import Numbering
from well.sandbox.world.pages.files import declared, file_name, render
from well.sandbox.world.paper import printed
from well.sandbox.world.people import cards, people
from well.sandbox.world.plan import (
    booked,
    credit_notes,
    documents,
    give_numbers,
    monthly_count,
    vendor_count,
)
from well.sandbox.world.sales import Sales, accounts, customers, tax_codes, tax_rates
from well.sandbox.world.settle import FIRST_FILE, Settled, settle
from well.sandbox.world.timing import stamp, text
from well.sandbox.world.verdicts import truth_of

Record = tuple[str, bodies.Body]
QONTO, PAGE = "qonto-", "page-"
ILLEGIBLE = frozenset({Form.ENCRYPTED, Form.BROKEN, Form.NOTE, Form.DELIVERY})


class World:
    """One company. Made by `build_world`."""

    def __init__(self, bills: int, seed: int, today: date, desk: Desk, settled: Settled) -> None:
        self.bills, self.seed, self.today = bills, seed, today
        self._desk, self._settled = desk, settled
        self._cards = [card for pair in desk.cards.values() for card in pair]
        self._sales = Sales(bills, seed, today, settled.next_id + 1000 + bills)
        self._booked = {booking.id: booking for booking in desk.bookings}
        self._entries = {entry.id: entry for entry in desk.entries}
        self._late = {
            str(FIRST_FILE + len(settled.files) + i): booking
            for i, booking in enumerate(sequel.late_files(desk.bookings))
        }
        self._served: dict[str, str] = {}
        self._legible: dict[str, Document] = {}
        self.company = company(today)

    def quickbooks_objects(self) -> Iterator[Record]:
        """(entity name, full body) of everything in QuickBooks before the second act."""
        today = self.today
        yield from (("Account", body) for body in accounts(today))
        yield from (("TaxCode", body) for body in tax_codes(today))
        yield from (("TaxRate", body) for body in tax_rates(today))
        yield from (("Customer", body) for body in customers(self.bills, self.seed, today))
        yield from self._vendors()
        first = [booking for booking in self._desk.bookings if booking.act == 1]
        yield from ((booking.entity, bodies.bill(booking, today)) for booking in first)
        for booking in self._settled.ordered:
            yield "PurchaseOrder", bodies.purchase_order(booking, today)
        for key, paid in self._settled.payments.items():
            yield "BillPayment", bodies.bill_payment(key, paid, today)
        for key, (booking, form) in self._settled.files.items():
            if booking.act == 1:
                yield "Attachable", self._attachable(key, booking, form)
        yield from (("Purchase", b) for b in self._sales.card_purchases(self._cards))
        yield from self._sales.sales()

    def _vendors(self) -> Iterator[Record]:
        owed: Counter[str] = Counter()
        for booking in self._desk.bookings:
            if booking.act == 1 and not booking.paid:
                owed[booking.card.id] += (
                    -booking.total if booking.document.credit else booking.total
                )
        for card in self._cards:
            yield "Vendor", bodies.vendor(card, self.today, max(0, owed[card.id]))

    def _attachable(self, key: str, booking: Booking, form: Form) -> bodies.Body:
        document = booking.document
        name, kind = file_name(document, form)
        when = booking.created or stamp(booking.dated, self.today, "file", key)
        size = declared(document, form)
        return bodies.attachable(key, booking, name, kind, size, when)

    def qonto_entries(self) -> Iterator[dict[str, Any]]:
        """Supplier invoices that Qonto has before the first sync."""
        for entry in self._entries.values():
            yield entries.body(entry, self._entry_file(entry), self.today, QONTO + entry.id)

    def _entry_file(self, entry: Entry) -> str:
        return file_name(entry.document, Form.TEXT)[0]

    def file(self, key: str) -> tuple[str, str, bytes]:
        """(file name, content type, bytes) of an Attachable id, a `_file` key or `page-<bill>`.

        Raises KeyError for a key this world does not have.
        """
        document, form, copy = self._file_of(key)
        name, kind = file_name(document, form)
        content = render(document, form, copy)
        digest = sha256(content).hexdigest()
        self._served[digest] = "" if form is Form.DELIVERY else document.id
        if form not in ILLEGIBLE:
            self._legible[digest] = document
        return name, kind, content

    def printed(self, digest: str) -> dict[str, Any] | None:
        """What stands on a page that was served before; None for any other file."""
        return printed(self._legible[digest]) if digest in self._legible else None

    def _file_of(self, key: str) -> tuple[Document, Form, bool]:
        if key in self._settled.files:
            booking, form = self._settled.files[key]
            return booking.document, form, False
        if key in self._late:
            return self._late[key].document, Form.TEXT, False
        if key.startswith(PAGE):
            # A bill that came without a file: its page from another download.
            return self._booked[key.removeprefix(PAGE)].document, Form.TEXT, True
        entry = self._entries[key.removeprefix(QONTO)]
        return entry.document, Form.TEXT, not entry.same_file

    def second_act(self) -> list[tuple[str, str, dict[str, Any]]]:
        """(op, entity, body) of what happens after the first sync, in order.

        Bodies carry times of the world's `today`; a stand-in moves `MetaData.LastUpdatedTime` to
        the moment it applies them.
        """
        bookings = self._desk.bookings
        done = list(sequel.steps(bookings, self.today, self._settled.next_id + 100))
        for key, booking in self._late.items():
            body = self._attachable(key, booking, Form.TEXT)
            moment = text(stamp(self.today, self.today, "late", key))
            body["MetaData"] = {"CreateTime": moment, "LastUpdatedTime": moment}
            done.append(("create", "Attachable", body))
        for key, (booking, form) in self._settled.files.items():
            if booking.act == 2:
                done.append(("create", "Attachable", self._attachable(key, booking, form)))
        return done

    def truth(self) -> dict[str, Any]:
        """What ought to happen to each bill and credit; JSON-able. See `verdicts`."""
        counts = self._counts()
        act_two = Counter(entity for op, entity, _ in self.second_act() if op == "create")
        return truth_of(
            self._desk.bookings,
            list(self._entries.values()),
            {"seed": self.seed, "bills": self.bills, "today": self.today.isoformat()},
            counts,
            act_two,
            dict(self._served),
        )

    def _counts(self) -> Counter[str]:
        """How many records of each entity the first sync finds inside the window."""
        counts = Counter({"Bill": 0, "VendorCredit": 0})
        counts.update(
            booking.entity
            for booking in self._desk.bookings
            if booking.act == 1 and booking.scenario != "outside_window"
        )
        counts["Vendor"] = len(self._cards)
        counts["Account"] = len(ledger.ACCOUNTS)
        counts["TaxCode"] = counts["TaxRate"] = len(ledger.RATES)
        counts["Customer"] = sum(1 for _ in customers(self.bills, self.seed, self.today))
        counts["PurchaseOrder"] = len(self._settled.ordered)
        counts["BillPayment"] = len(self._settled.payments)
        counts["Attachable"] = sum(b.act == 1 for b, _ in self._settled.files.values())
        counts["Purchase"] = self._sales.purchases
        counts.update(entity for entity, _ in self._sales.sales())
        return counts


def company(today: date) -> dict[str, Any]:
    """The CompanyInfo body."""
    street, postcode, city, country = ledger.ADDRESS
    made = stamp(today - timedelta(days=1500), today, "company")
    return bodies.common("1", made) | {
        "CompanyName": ledger.NAME,
        "LegalName": ledger.NAME,
        "CompanyAddr": {"Id": "1", "Line1": street, "City": city, "PostalCode": postcode},
        "Country": "FR",
        "Email": {"Address": "compta@atelier-boreal.example"},
        "FiscalYearStartMonth": "January",
        "SupportedLanguages": "fr",
        "EmployerId": ledger.SIREN,
        "CompanyStartDate": (today - timedelta(days=1600)).isoformat(),
        "NameValue": [{"Name": "NeoEnabled", "Value": "true"}],
        "LegalAddr": {"Id": "2", "Line1": street, "City": city, "Country": country},
    }


def build_world(bills: int, seed: int, today: date) -> World:
    """The company with `bills` bills before the second act; renders no file.

    Raises ValueError for a negative number of bills.
    """
    if bills < 0:
        raise ValueError("A world cannot have fewer than 0 bills.")
    persons = people(vendor_count(bills), monthly_count(bills), seed)
    written: dict[int, list[Card]] = {}
    for card in cards(persons, seed, today - timedelta(days=1500)):
        written.setdefault(card.person.index, []).append(card)
    made = documents(persons, bills - twin_count(bills), seed, today)
    made += credit_notes(made, max(1, round(bills * 0.02)) if made else 0, seed, today)
    numbering = Numbering(seed)
    give_numbers(made, numbering)
    bookings = [booked(document, written[document.seller.index], seed) for document in made]
    desk = Desk(seed, today, numbering, written, bookings)
    desk.count_invoices()
    make_mess(desk, bills)
    strangers(desk, persons, max(3, bills // 50) if bills else 0)
    sequel.choose(desk, bills)
    return World(bills, seed, today, desk, settle(desk.bookings, seed, today))
