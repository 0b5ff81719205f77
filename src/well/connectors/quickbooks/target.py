"""QuickBooks as a target: documents go to the company's inbox, its books are only read.

Invariant: a document is mailed at most once, and nothing is written through the API. What lies in
the list "For review" no API shows: an entry is seen only once a person has confirmed it there.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from well.connectors.mailed import BATCH, FILE_BYTES, KINDS, hand_over_all
from well.connectors.quickbooks.entries import entry_of
from well.connectors.quickbooks.limits import TITLE
from well.connectors.quickbooks.paging import lost_place
from well.connectors.quickbooks.source import QuickBooksSource
from well.domain.delivery import MailRoute
from well.domain.entry import TargetEntry
from well.domain.marker import Window
from well.ports.clock import Clock
from well.ports.mailer import Mailer
from well.ports.source import Page
from well.ports.target import EntryPage, Sent, Shipment, TargetLimits

STREAMS = ("bills", "vendor_credits", "purchases")
"""What a mailed receipt or bill becomes, and what a document may already be."""

SETTLE = 24 * 3600.0
"""Seconds; a person has to confirm the document in QuickBooks before it can be seen."""

_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=36_525)


class QuickBooksTarget:
    """One company; `books` is None where no grant lets Well see it."""

    def __init__(
        self,
        books: QuickBooksSource | None,
        mailer: Mailer,
        route: MailRoute | None,
        clock: Clock,
    ) -> None:
        self._books = books
        self._mailer = mailer
        self._route = route
        self._clock = clock

    @property
    def limits(self) -> TargetLimits:
        """One mail at a time, never repeated."""
        return TargetLimits(
            batch_max=BATCH,
            file_bytes_max=FILE_BYTES,
            key_lifetime=0.0,
            settle=SETTLE if self._books else 0.0,
            sees_entries=self._books is not None,
            sends_again=False,
            takes=frozenset(KINDS),
        )

    def entries(self, window: Window | None, cursor: str | None) -> EntryPage:
        """Bills, credits and purchases changed in the window; all of them when it is None."""
        if self._books is None:
            return EntryPage((), None, self._clock.now())
        if window is None:
            return self._history(self._books, cursor)
        page = self._books.changes(STREAMS, window, cursor)
        return _told(self._books, page, page.next_cursor)

    def created_since(self, since: datetime) -> Sequence[TargetEntry]:
        """Every bill, credit or purchase that was entered at or after `since`."""
        found: dict[str, TargetEntry] = {}
        cursor: str | None = None
        while self._books is not None:
            page = self.entries(Window(since, self._clock.now()), cursor)
            found |= {entry.id: entry for entry in page.entries}
            cursor = page.next_cursor
            if cursor is None:
                break
        return [e for e in found.values() if e.created_at >= since and not e.deleted]

    def send(self, shipments: Sequence[Shipment]) -> Sequence[Sent]:
        """Mail each document once; one outcome for each, in order."""
        return hand_over_all(TITLE, self._mailer, self._route, shipments)

    def _history(self, books: QuickBooksSource, cursor: str | None) -> EntryPage:
        """One page of one stream after the other."""
        at, inner = _place(cursor)
        whole = Window(_FIRST, self._clock.now() + _AHEAD)
        page = books.history(STREAMS[at], whole, inner)
        if page.next_cursor is not None:
            return _told(books, page, json.dumps([at, page.next_cursor]))
        last = at + 1 == len(STREAMS)
        return _told(books, page, None if last else json.dumps([at + 1, None]))


def _told(books: QuickBooksSource, page: Page, cursor: str | None) -> EntryPage:
    entries = tuple(entry_of(record, books.link(record), page.as_of) for record in page.records)
    return EntryPage(entries, cursor, page.as_of)


def _place(cursor: str | None) -> tuple[int, str | None]:
    """The stream and its own cursor; `Failed` for a text that this version did not write."""
    if cursor is None:
        return 0, None
    try:
        at, inner = json.loads(cursor)
    except (ValueError, TypeError):
        raise lost_place() from None
    if at not in range(len(STREAMS)) or not isinstance(inner, (str, type(None))):
        raise lost_place()
    return at, inner
