"""QuickBooks as the place where documents are mailed to: only what was there before is booked.

Invariant: the API is that of the source, to the last byte; only what it is filled with differs. It
has no second act: what happens later happens at the source.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.applications import Starlette

from well.sandbox.analysis import Reading
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Body, Company
from well.sandbox.kit.entry_numbers import entry_number
from well.sandbox.kit.entry_readings import entry_readings
from well.sandbox.kit.faults import Faults
from well.sandbox.kit.state import State
from well.sandbox.quickbooks.app import create
from well.sandbox.quickbooks.receipts import booked

KEPT = frozenset({"Account", "TaxCode", "TaxRate"})


@dataclass(frozen=True)
class Ledger:
    """The company, whose books hold the entries that the target has before the first sync."""

    books: Company

    @property
    def company(self) -> Body:
        """Its description."""
        return self.books.company

    def quickbooks_objects(self) -> Iterator[tuple[str, Body]]:
        """The chart of accounts, the vendors of the entries, and the entries."""
        yield from (pair for pair in self.books.quickbooks_objects() if pair[0] in KEPT)
        vendors: dict[str, str] = {}
        for entry, reading in entry_readings(self.books):
            name = reading.supplier or "Unknown vendor"
            times = _times(entry)
            if name not in vendors:
                vendors[name] = str(len(vendors) + 1)
                told = {"DisplayName": name, "Active": True, "Balance": 0}
                yield "Vendor", _head(vendors[name], times) | told
            yield _entry(entry, reading, {"value": vendors[name], "name": name}, times)

    def qonto_entries(self) -> Iterator[Body]:
        """The entries as the world tells them."""
        return self.books.qonto_entries()

    def file(self, key: str) -> tuple[str, str, bytes]:
        """A file of the company's."""
        return self.books.file(key)

    def printed(self, digest: str) -> Body | None:
        """What stands on a page."""
        return self.books.printed(digest)

    def second_act(self) -> list[tuple[str, str, Body]]:
        """Nothing."""
        return []

    def truth(self) -> Body:
        """What ought to happen, in the words in which the books are written."""
        return self.books.truth()


def _times(entry: Body) -> Body:
    return {"CreateTime": entry["created_at"], "LastUpdatedTime": entry["updated_at"]}


def _head(key: str, times: Body) -> Body:
    return {"Id": key, "SyncToken": "0", "domain": "QBO", "sparse": False, "MetaData": times}


def _entry(entry: Body, reading: Reading, party: Body, times: Body) -> tuple[str, Body]:
    kind = "VendorCredit" if reading.credit_note else "Bill"
    body = booked(reading, party, str(entry["issue_date"] or entry["updated_at"])[:10])
    return kind, _head(entry_number(str(entry["id"])), times) | body


def create_target(
    state: State, world: Company, clock: StandInClock, faults: Faults, base_url: str
) -> Starlette:
    """The stand-in, filled as a target."""
    return create(state, Ledger(world), clock, faults, base_url)
