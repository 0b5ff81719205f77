"""Xero's lists as pages of records, through the tools of its MCP server.

Invariant: a tool is asked page by page, newest change first, until what it tells is older than
the window, so that nothing of the window is missed; a record's body is the tool's own text. What
the tools do not tell (files, deletions of bank transactions older than REREAD) is not made up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from well.connectors.xero import streams
from well.connectors.xero.blocks import AmbiguousError, Form, FormError, members
from well.connectors.xero.dates import day_of, time_of
from well.connectors.xero.desk import Ask, Desk, ambiguous, changed
from well.connectors.xero.forms import BY_STREAM, PURCHASE_ORDERS
from well.connectors.xero.paging import PAGES_MAX, Place, place
from well.connectors.xero.records import ID_MAX, digest_of, is_gone
from well.connectors.xero.streams import BY_NAME, Listing
from well.domain.marker import Window
from well.domain.source_record import RecordKey, SourceRecord
from well.ports.clock import Clock
from well.ports.source import PAGE_MAX, Page, Stream

REREAD = timedelta(days=45)
"""Bank transactions are told by date, without the time of their last change: so many days are
read again each time and compared."""

AHEAD = timedelta(days=366)
"""A document is not dated further ahead of its last change than this."""

ASKED_AT_ONCE = 10
"""Calls in one session; with ten records each they make a page."""

PAGE_SIZES: Mapping[str, int] = {
    "list-invoices": 10,
    "list-credit-notes": 10,
    "list-bank-transactions": 10,
    "list-payments": 10,
    "list-purchase-orders": 10,
    "list-contacts": 100,
}
"""Blocks of a full answer; a tool that is not here tells everything at once."""

Block = tuple[Mapping[str, Any], SourceRecord | None]
"""The members of a block of text, and its record where a stream reads it."""

STREAMS: tuple[Stream, ...] = tuple(
    replace(listing.stream, dated=False)
    for listing in streams.LISTINGS
    if listing.stream.name in BY_STREAM
)
"""Without windows of dates: the tools cannot be asked for one, so a list is walked once."""


class Told:
    """Reads the lists of one connection through the tools."""

    def __init__(self, connection: str, desk: Desk, clock: Clock) -> None:
        self._connection = connection
        self._desk = desk
        self._clock = clock

    def changes(self, wanted: Sequence[str], window: Window, cursor: str | None) -> Page:
        """What changed since the window's start, tool by tool."""
        return self._page(wanted, window.since, None, cursor)

    def history(self, stream: str, window: Window, cursor: str | None) -> Page:
        """Records of a stream dated in the window, where they have a date."""
        return self._page([stream], window.since - AHEAD, window, cursor)

    def _page(
        self, wanted: Sequence[str], since: datetime, dated: Window | None, cursor: str | None
    ) -> Page:
        forms = list(dict.fromkeys(f for name, f in BY_STREAM.items() if name in wanted))
        at = place(cursor) or Place()
        form = forms[min(at.leg, len(forms) - 1)]
        as_of = self._clock.now()

        async def steps(ask: Ask) -> tuple[list[SourceRecord], int | None]:
            return await self._read(ask, form, at.page, since, as_of)

        records, onward = self._desk.run(steps)
        if onward is not None:
            after: Place | None = Place(at.leg, None, onward)
        else:
            after = Place(at.leg + 1) if at.leg + 1 < len(forms) else None
        kept = tuple(
            record
            for record in records
            if record.key.stream in wanted and (dated is None or _is_in(record, form, dated))
        )
        return Page(kept, after.dump() if after else None, as_of)

    async def _read(
        self, ask: Ask, form: Form, page: int, since: datetime, as_of: datetime
    ) -> tuple[list[SourceRecord], int | None]:
        """Up to ASKED_AT_ONCE answers' records from `page` on, and the page to go on with."""
        size = PAGE_SIZES.get(form.tool)
        if form is PURCHASE_ORDERS and form.tool not in await ask.names():
            # An older server has no such tool; the connection page says so.
            return [], None
        if size is None:
            return _part(await self._told(ask, form, {}, as_of), page)
        records: list[SourceRecord] = []
        for number in range(page, min(page + ASKED_AT_ONCE, PAGES_MAX)):
            told = await self._told(ask, form, {"page": number}, as_of)
            records += [record for _, record in told if record is not None]
            if len(told) < size or _is_older(form, told[-1][0], since):
                return records, None
            if len(records) + size > ASKED_AT_ONCE * 10:
                return records, number + 1
        return records, page + ASKED_AT_ONCE

    async def _told(
        self, ask: Ask, form: Form, arguments: Mapping[str, Any], as_of: datetime
    ) -> list[Block]:
        blocks = _blocks(form, await ask(form.tool, arguments))
        return [self._record(form, block, as_of) for block in blocks]

    def _record(self, form: Form, block: str, as_of: datetime) -> Block:
        """The members of a block, and its record where a stream reads it."""
        try:
            body = members(form, block)
        except AmbiguousError as error:
            listing = _listing(form, error.likely)
            if listing is None or listing.id not in error.sure:
                raise ambiguous(str(error), block) from error
            return {}, unread_record(self._connection, listing, error.sure, block, as_of)
        except FormError as error:
            raise changed(f"{error}: {block}") from error
        listing = _listing(form, body)
        if listing is None:
            return body, None
        return body, record_of(self._connection, listing, body, block, as_of)


def _part(told: Sequence[Block], page: int) -> tuple[list[SourceRecord], int | None]:
    """A page of what was told all at once, and the number of the next."""
    records = [record for _, record in told if record is not None]
    first, end = (page - 1) * PAGE_MAX, page * PAGE_MAX
    return records[first:end], page + 1 if len(records) > end else None


def record_of(
    connection: str, listing: Listing, body: Mapping[str, Any], block: str, as_of: datetime
) -> SourceRecord:
    """One block as a record."""
    gone = is_gone(body)
    return SourceRecord(
        key=RecordKey(connection, listing.stream.name, _id(body, listing, block)),
        kind=listing.stream.kind,
        digest=digest_of(body, gone),
        body=block.encode("utf-8", "replace"),
        changed_at=time_of(body.get("UpdatedDateUTC")) or as_of,
        deleted=gone,
    )


def unread_record(
    connection: str, listing: Listing, sure: Mapping[str, Any], block: str, as_of: datetime
) -> SourceRecord:
    """A block that can be read in two ways, kept whole: whoever reads the record is told so."""
    return SourceRecord(
        key=RecordKey(connection, listing.stream.name, _id(sure, listing, block)),
        kind=listing.stream.kind,
        digest=sha256(block.encode("utf-8", "replace")).hexdigest(),
        body=block.encode("utf-8", "replace"),
        changed_at=as_of,
    )


def _id(body: Mapping[str, Any], listing: Listing, block: str) -> str:
    source_id = body.get(listing.id)
    if isinstance(source_id, str) and 0 < len(source_id) <= ID_MAX and source_id.isprintable():
        return source_id
    raise changed(f"a block without {listing.id}: {block}")


def _listing(form: Form, body: Mapping[str, Any]) -> Listing | None:
    """Where a block belongs; None for an account that is no bank account."""
    names = [name for name, known in BY_STREAM.items() if known is form]
    listings = [BY_NAME[name] for name in names]
    if any(listing.types for listing in listings):
        return next((each for each in listings if body.get("Type") in each.types), None)
    return listings[0]


def _blocks(form: Form, texts: Sequence[str]) -> Sequence[str]:
    blocks = texts[1:]
    if form.count_in(texts[0]) != len(blocks):
        raise changed(f"{form.tool} begins with “{texts[0]}” and has {len(blocks)} blocks")
    return blocks


def _is_older(form: Form, body: Mapping[str, Any], since: datetime) -> bool:
    """Whether the last of an answer lies before what is wanted; never for an unordered list."""
    if form.tool == "list-contacts":
        return False
    if form.tool == "list-bank-transactions":
        dated = day_of(body.get("Date"))
        return dated is not None and _noon(dated) < since - REREAD
    if form is PURCHASE_ORDERS:
        return False
    updated = time_of(body.get("UpdatedDateUTC"))
    return updated is not None and updated < since


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _is_in(record: SourceRecord, form: Form, window: Window) -> bool:
    """Whether a record is dated in the window; one without a readable date is, so that it shows."""
    try:
        dated = day_of(members(form, record.body.decode()).get("Date"))
    except ValueError:
        return True
    return dated is None or window.since.date() <= dated < window.until.date()
