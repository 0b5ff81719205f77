"""The first filling: what the company already has at FreshBooks.

Invariant: it happens once and wholly, in one transaction with the note that says so. On the plan
without bills every entry is an expense.
"""

from datetime import datetime
from typing import Any

from well.sandbox.freshbooks.books import Books
from well.sandbox.freshbooks.wire import Body
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.state import State

Told = dict[str, Any]


def fill(state: State, books: Books, company: Company, clock: StandInClock) -> None:
    """Take over the company's objects, unless that was done before."""
    if state.note("filled") is not None:
        return
    now = clock.now()
    objects = list(company.freshbooks_objects())
    with state.transaction():
        for kind, body in objects:
            moment = min(datetime.fromisoformat(body["_at"]), now)
            told = {name: value for name, value in body.items() if not name.startswith("_")}
            books.add(kind, told, moment, document=body.get("_document"))
        state.remember("filled", now.isoformat())


def blank_expense() -> Body:
    """The fields that every expense has, empty."""
    return {
        "accounting_systemid": "",
        "account_name": "",
        "accountid": None,
        "amount": {"amount": "0.00", "code": "EUR"},
        "bank_name": "",
        "categoryid": None,
        "clientid": 0,
        "compounded_tax": False,
        "date": None,
        "ext_invoiceid": 0,
        "ext_systemid": 0,
        "from_bulk_import": False,
        "has_receipt": False,
        "include_receipt": False,
        "invoiceid": None,
        "is_cogs": False,
        "isduplicate": False,
        "markup_percent": "0",
        "notes": "",
        "profileid": None,
        "projectid": 0,
        "staffid": 1,
        "status": 0,
        "taxAmount1": None,
        "taxName1": None,
        "taxPercent1": None,
        "taxAmount2": None,
        "taxName2": None,
        "taxPercent2": None,
        "transactionid": None,
        "vendor": "",
        "vis_state": 0,
    }
