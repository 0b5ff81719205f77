"""The first filling: what the company already has at FreshBooks.

Invariant: it happens once and wholly, in one transaction with the note that says so. Every third
entry is a bill of a vendor, paid or not; the others, and every credit, are expenses.
"""

from datetime import datetime

from well.sandbox.analysis import Reading
from well.sandbox.freshbooks.books import Books
from well.sandbox.freshbooks.drafts import CATEGORY, Draft, bill, draft_of, expense, payment, vendor
from well.sandbox.freshbooks.wire import Body
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.entry_numbers import entry_number
from well.sandbox.kit.entry_readings import entry_readings
from well.sandbox.kit.state import State

BILLS = 3
UNCATEGORIZED = {
    "id": CATEGORY,
    "categoryid": CATEGORY,
    "category": "Uncategorized",
    "is_cogs": False,
    "is_editable": False,
    "parentid": None,
    "vis_state": 0,
}


def fill(state: State, books: Books, company: Company, clock: StandInClock) -> None:
    """Take over the company's entries, unless that was done before."""
    if state.note("filled") is not None:
        return
    now = clock.now()
    # Read first: a page may have to be rendered, which no transaction should wait for.
    known = list(entry_readings(company))
    with state.transaction():
        books.add("category", dict(UNCATEGORIZED), now)
        for entry, reading in known:
            _add(books, entry, reading, now)
        state.remember("filled", now.isoformat())


def _add(books: Books, entry: Body, reading: Reading, now: datetime) -> None:
    number = int(entry_number(str(entry["id"])))
    moment = min(datetime.fromisoformat(str(entry["updated_at"]).replace("Z", "+00:00")), now)
    draft = draft_of(reading, moment.date())
    document = entry.get("_document")
    if number % BILLS or draft.total <= 0:
        books.add(
            "expense", expense(draft, receipt=False) | {"id": number}, moment, document=document
        )
        return
    body = bill(draft, vendor_id(books, draft, moment)) | {"id": number}
    paid = entry.get("status") == "paid"
    if paid:
        body |= {"status": "paid", "paid": body["total_amount"]}
        body |= {"outstanding": body["paid"] | {"amount": "0.00"}}
    books.add("bill", body, moment, document=document)
    if paid:
        books.add("bill_payment", payment(draft, number), moment)


def vendor_id(books: Books, draft: Draft, moment: datetime) -> int:
    """The vendor of that name, made where there is none; in the open transaction."""
    name = draft.vendor or "Unknown vendor"
    known = books.vendor(name)
    if known is not None:
        return int(known["id"])
    return books.add("bill_vendor", vendor(name, draft.currency), moment)
