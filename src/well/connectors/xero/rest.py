"""Xero's lists as pages of records, through the API.

Invariant: an endpoint is walked by time of change, oldest first, and no record that stays is
skipped (see paging.py); a document comes into the stream of its type, one of a type that the
product does not read into none.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from well.connectors.jsontext import Node, mapping
from well.connectors.xero import streams
from well.connectors.xero.client import Client, Params
from well.connectors.xero.dates import day_of
from well.connectors.xero.files import files_of
from well.connectors.xero.paging import TICK, Place, place
from well.connectors.xero.records import record_of
from well.connectors.xero.streams import ATTACHMENTS, BY_NAME, HOLDERS, Listing
from well.domain.marker import Window
from well.domain.source_record import SourceRecord
from well.ports.source import PAGE_MAX, Page

ROWS = PAGE_MAX
HOLDERS_ROWS = 20
"""Documents of a page of attachments: with ten files each they fill a page of records."""

Leg = tuple[str, bool]
"""An endpoint, and whether its items' files are wanted instead of the items."""


def legs_of(wanted: Sequence[str]) -> list[Leg]:
    """The walk over what serves the streams, in their order; each endpoint once."""
    legs: list[Leg] = []
    for listing in streams.LISTINGS:
        if listing.stream.name not in wanted:
            continue
        files = listing.stream.name == ATTACHMENTS
        legs += [(e, files) for e in (HOLDERS if files else (listing.endpoint,))]
    return list(dict.fromkeys(legs))


class Walk:
    """Reads the lists of one connection."""

    def __init__(self, connection: str, client: Client) -> None:
        self._connection = connection
        self._client = client

    def changes(self, wanted: Sequence[str], window: Window, cursor: str | None) -> Page:
        """What changed since the window's start, endpoint by endpoint."""
        start = window.since - TICK
        return self._page(legs_of(wanted), wanted, start, None, cursor)

    def history(self, stream: str, window: Window, cursor: str | None) -> Page:
        """Documents dated in the window; of a list everything; files of the window's documents."""
        self._client.check_reserve()
        dated = BY_NAME[stream].stream.dated or stream == ATTACHMENTS
        return self._page(legs_of([stream]), [stream], None, window if dated else None, cursor)

    def _page(
        self,
        legs: Sequence[Leg],
        wanted: Sequence[str],
        start: datetime | None,
        dated: Window | None,
        cursor: str | None,
    ) -> Page:
        at = place(cursor) or Place(0, start)
        endpoint, files = legs[min(at.leg, len(legs) - 1)]
        rows = HOLDERS_ROWS if files else ROWS
        listing = streams.at(endpoint)[0]
        only = BY_NAME[wanted[0]] if len(wanted) == 1 and not files else None
        params = _params(only or listing, dated, rows, at.page, typed=only is not None)
        reply = self._client.list(endpoint, params, at.since)
        nodes = reply.items(endpoint)
        full = len(nodes) >= rows
        if not listing.paged:
            first = (at.page - 1) * ROWS
            nodes, full = nodes[first : first + ROWS], len(nodes) > first + ROWS
        found = [(node, self._record(endpoint, node, reply.as_of)) for node in nodes]
        after = self._after(at, listing, [r for _, r in found if r], full, len(legs), start)
        chosen = [(n, r) for n, r in found if r and (dated is None or _is_in(n, dated))]
        if files:
            holders = [r for n, r in chosen if _has_files(n) and not r.deleted]
            records = files_of(self._client, holders)
        else:
            records = [r for _, r in chosen if r.key.stream in wanted]
        return Page(tuple(records), after.dump() if after else None, reply.as_of)

    def _record(self, endpoint: str, node: Node, as_of: datetime) -> SourceRecord | None:
        listing = streams.listing_of(endpoint, mapping(node.value).get("Type"))
        return record_of(self._connection, listing, node, as_of) if listing else None

    def _after(
        self,
        at: Place,
        listing: Listing,
        records: Sequence[SourceRecord],
        full: bool,
        legs: int,
        start: datetime | None,
    ) -> Place | None:
        """The next page of this leg, else the next leg, else None."""
        if full and listing.paged and records:
            return at.after([record.changed_at for record in records])
        if full:
            return Place(at.leg, at.since, at.page + 1)
        return Place(at.leg + 1, start) if at.leg + 1 < legs else None


def _params(listing: Listing, dated: Window | None, rows: int, page: int, typed: bool) -> Params:
    asked: list[tuple[str, str]] = []
    if listing.paged:
        asked += [("page", str(page)), ("pageSize", str(rows)), ("order", "UpdatedDateUTC ASC")]
    if listing.archived:
        asked.append(("includeArchived", "true"))
    types = listing.types if typed or listing.endpoint == "Accounts" else ()
    where = [f'Type=="{type}"' for type in types]
    if dated is not None and listing.stream.dated:
        first, end = document_days(dated)
        if listing.where:
            where += [f"Date>={_spelled(first)}", f"Date<{_spelled(end)}"]
        else:
            last = end - timedelta(days=1)
            asked += [("DateFrom", first.isoformat()), ("DateTo", last.isoformat())]
    if where and listing.where:
        asked.append(("where", "&&".join(where)))
    return asked


def document_days(window: Window) -> tuple[date, date]:
    """The days whose midnight (UTC) lies in the window: neighbouring windows share no day."""
    return _first_day(window.since), _first_day(window.until)


def _first_day(at: datetime) -> date:
    utc = at.astimezone(UTC)
    return utc.date() if utc.time() == time.min else utc.date() + timedelta(days=1)


def _spelled(at: date) -> str:
    return f"DateTime({at.year:04},{at.month:02},{at.day:02})"


def _is_in(node: Node, window: Window) -> bool:
    """Whether a document is dated in the window; an undated one is, so that it is not lost."""
    dated = day_of(mapping(node.value).get("Date"))
    first, end = document_days(window)
    return dated is None or first <= dated < end


def _has_files(node: Node) -> bool:
    return mapping(node.value).get("HasAttachments") is True
