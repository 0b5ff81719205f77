"""Walking FreshBooks' lists, which can only be paged by number while they change.

Invariant: a row that stays in a list is never skipped. A list that shrinks between two pages has
moved rows forward past the border, so it is read again from its beginning; rows that come twice
do no harm. Filters are not believed: whether a row belongs to the window is looked at here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from well.connectors.failures import malformed, rejected
from well.connectors.freshbooks.client import Client, Params, Rows
from well.connectors.freshbooks.limits import TITLE
from well.connectors.freshbooks.mapping import DELETED, bill_of, expense_of, vendor_of
from well.connectors.freshbooks.times import OVERLAP, updated_min
from well.domain.entry import TargetEntry
from well.domain.failure import WayOut
from well.domain.marker import Window
from well.ports.target import EntryPage

EXPENSES, GONE_EXPENSES, BILLS, GONE_BILLS = 0, 1, 2, 3
AGAIN_MAX = 3
"""How often a list that keeps shrinking is begun again; then the next sync brings what is left."""

PAGES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """Page `page` of list `list`; `total` rows were told of at its first page, and it was begun
    `again` times."""

    list: int = EXPENSES
    page: int = 1
    total: int = 0
    again: int = 0

    def dump(self) -> str:
        """As a cursor."""
        return json.dumps([self.list, self.page, self.total, self.again])

    def after(self, found: Rows, lists: Sequence[int]) -> "Place | None":
        """Where to go on after a page of this place; None after the last page of the last list."""
        shrunk = self.page > 1 and found.total < self.total
        if shrunk and self.again < AGAIN_MAX:
            return Place(self.list, 1, 0, self.again + 1)
        if found.rows and self.page < found.pages:
            if self.page >= PAGES_MAX:
                raise malformed(TITLE, "a list without an end")
            return Place(self.list, self.page + 1, found.total, self.again)
        further = [one for one in lists if one > self.list]
        return Place(further[0]) if further else None


def place(cursor: str | None) -> Place:
    """The place of a cursor made by `dump`; `Failed` for any other text."""
    if cursor is None:
        return Place()
    try:
        which, page, total, again = (int(part) for part in json.loads(cursor))
        found = Place(which, page, total, again)
    except (ValueError, TypeError):
        found = Place(page=0)
    if found.page < 1 or found.list not in (EXPENSES, GONE_EXPENSES, BILLS, GONE_BILLS):
        sentence = "Well lost its place in a list. Start this part of the sync again."
        raise rejected(sentence, "unreadable cursor", WayOut.RETRY)
    return found


class Ledger:
    """The expenses and bills of one account; `with_bills` when their scopes were granted."""

    def __init__(self, client: Client, account: str, app: str, with_bills: bool) -> None:
        self._client = client
        self._account = account
        self._app = app
        bills = (BILLS, GONE_BILLS) if with_bills else ()
        self._lists = (EXPENSES, GONE_EXPENSES, *bills)
        self._vendors: dict[str, str] | None = None

    def page(self, window: Window | None, cursor: str | None) -> EntryPage:
        """One page of what changed at or after the window's start, less the overlap; of
        everything when the window is None. Deleted entries are told as deleted."""
        at = place(cursor)
        since = window.since - OVERLAP if window else None
        found = self._rows(at, since)
        entries = [self._entry(at, row, found.as_of) for row in found.rows]
        kept = [e for e in entries if since is None or e.updated_at >= since]
        after = at.after(found, self._lists)
        return EntryPage(tuple(kept), after.dump() if after else None, found.as_of)

    def since(self, since: datetime) -> list[TargetEntry]:
        """Every entry that is new or changed at or after `since`, each once."""
        window, cursor = Window(since + OVERLAP, since + OVERLAP), None
        found: dict[str, TargetEntry] = {}
        while True:
            page = self.page(window, cursor)
            found |= {entry.id: entry for entry in page.entries}
            cursor = page.next_cursor
            if cursor is None:
                return [e for e in found.values() if e.created_at >= since and not e.deleted]

    def _rows(self, at: Place, since: datetime | None) -> Rows:
        params: list[tuple[str, str]] = []
        if at.list in (GONE_EXPENSES, GONE_BILLS):
            params.append(("search[vis_state]", str(DELETED)))
        if at.list in (BILLS, GONE_BILLS):
            return self._client.bills(self._account, at.page, [*params, ("include[]", "vendor")])
        return self._client.expenses(self._account, at.page, [*params, *_since(since)])

    def _entry(self, at: Place, row: object, as_of: datetime) -> TargetEntry:
        if at.list in (BILLS, GONE_BILLS):
            return bill_of(row, self._names(), self._app, as_of)
        return expense_of(row, self._app, as_of)

    def _names(self) -> dict[str, str]:
        """Vendors by id, walked once for each opening of the connection."""
        if self._vendors is None:
            self._vendors = dict(self._walk_vendors())
        return self._vendors

    def _walk_vendors(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for page in range(1, PAGES_MAX + 1):
            rows = self._client.vendors(self._account, page)
            found += [pair for pair in map(vendor_of, rows.rows) if pair is not None]
            if not rows.rows or page >= rows.pages:
                return found
        raise malformed(TITLE, "a list of vendors without an end")


def _since(since: datetime | None) -> Params:
    return [] if since is None else [("search[updated_min]", updated_min(since).isoformat())]
