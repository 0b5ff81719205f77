"""The first filling: what the company already has at FreshBooks.

Invariant: it happens once and wholly, in one transaction with the note that says so. Every entry
is an expense: bills come by mail.
"""

from datetime import datetime

from well.sandbox.analysis import Reading, analyse
from well.sandbox.freshbooks.bodies import objects
from well.sandbox.freshbooks.books import Books
from well.sandbox.freshbooks.drafts import CATEGORY
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.own_names import own_names
from well.sandbox.kit.state import State

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
    """Take over the company's objects, unless that was done before."""
    if state.note("filled") is not None:
        return
    now = clock.now()
    entries = list(objects(company.qonto_entries(), lambda key: _page(company, key)))
    with state.transaction():
        books.add("category", dict(UNCATEGORIZED), now)
        for kind, body in entries:
            moment = min(datetime.fromisoformat(body["_at"]), now)
            told = {name: value for name, value in body.items() if not name.startswith("_")}
            books.add(kind, told, moment, document=body.get("_document"))
        state.remember("filled", now.isoformat())


def _page(company: Company, key: str) -> Reading:
    return analyse(company.file(key)[2], own_names(company.company))
