"""Changes since a marker: one call of the change feed, and queries where the feed falls short.

Invariant: a change in the window is brought at least once. The feed is cut at 1000 objects
without saying so and reaches back 30 days; then each entity's feed is asked by itself, and where
that is cut as well its deletions are taken and its living rows are queried. Deletions that lie
further back than the feed reaches are not told by QuickBooks at all.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from well.connectors.jsontext import Node
from well.connectors.quickbooks.client import Client, Reply, spell
from well.connectors.quickbooks.limits import CDC_OBJECTS, CDC_REACH, fault_of
from well.connectors.quickbooks.paging import ROWS, Place, lost_place
from well.connectors.quickbooks.queries import changed
from well.connectors.quickbooks.records import record_of
from well.connectors.quickbooks.streams import Listing
from well.domain.marker import Window
from well.domain.source_record import SourceRecord
from well.ports.clock import Clock
from well.ports.source import Page

ALL, ONE, QUERY = "all", "one", "query"
DAILY = timedelta(hours=25)
"""Tax codes are not in the feed and change rarely: the window that passes midnight (UTC) asks
for the day before it, which saves metered calls."""

Key = tuple[str, str, str]
_START = Place()


@dataclass(frozen=True, slots=True)
class Step:
    """Where a window stands. `slow` means that only what is not in the feed is left.

    `after` is the last record shown of a feed: its time, stream and id.
    """

    mode: str = ALL
    list: int = 0
    slow: bool = False
    after: Key | None = None
    place: Place = _START

    def dump(self) -> str:
        """As a cursor."""
        place = self.place
        return json.dumps(
            [self.mode, self.list, self.slow, self.after, place.value, place.position]
        )


def step(cursor: str | None) -> Step:
    """The step of a cursor made by `dump`; `Failed` for any other text."""
    if cursor is None:
        return Step()
    try:
        mode, at, slow, after, value, position = json.loads(cursor)
        key = None if after is None else (str(after[0]), str(after[1]), str(after[2]))
        found = Step(str(mode), int(at), bool(slow), key, Place(value, int(position)))
    except (ValueError, TypeError, IndexError, KeyError):
        raise lost_place() from None
    if found.mode not in (ALL, ONE, QUERY) or found.list < 0 or found.place.position < 1:
        raise lost_place()
    return found


@dataclass(frozen=True, slots=True)
class Feed:
    """An answer of the change feed, oldest change first; `cut` when it may not hold everything."""

    records: tuple[SourceRecord, ...]
    cut: bool
    as_of: datetime


class Changes:
    """Reads windows of changes for one connection; remembers the last feed while it is paged."""

    def __init__(self, connection: str, client: Client, clock: Clock) -> None:
        self._connection = connection
        self._client = client
        self._clock = clock
        self._last: tuple[tuple[str, ...], datetime, Feed] | None = None

    def page(self, listings: Sequence[Listing], window: Window, at: Step) -> Page:
        """The page at a step; its cursor is the next step's."""
        if at.mode == QUERY and at.list < len(listings):
            return self._query(listings, window, at)
        if at.mode == ONE and at.list < len(listings):
            return self._one(listings, window, at)
        if at.mode == ALL:
            return self._all(listings, window, at)
        return Page((), None, self._clock.now())

    def _all(self, listings: Sequence[Listing], window: Window, at: Step) -> Page:
        fed = [listing for listing in listings if listing.feed]
        if not fed:
            return self.page(listings, window, Step(QUERY, slow=True))
        feed = self._feed(fed, window, fresh=at.after is None)
        if feed.cut:
            return self.page(listings, window, _next(listings, window, Step(ONE, -1)))
        return _shown(feed, at, _next(listings, window, Step(list=-1, slow=True)))

    def _one(self, listings: Sequence[Listing], window: Window, at: Step) -> Page:
        feed = self._feed([listings[at.list]], window, fresh=at.after is None)
        if not feed.cut:
            return _shown(feed, at, _next(listings, window, at))
        gone = replace(feed, records=tuple(r for r in feed.records if r.deleted))
        return _shown(gone, at, Step(QUERY, at.list))

    def _query(self, listings: Sequence[Listing], window: Window, at: Step) -> Page:
        listing = listings[at.list]
        asked = window if listing.feed else Window(window.since - DAILY, window.until)
        reply = self._client.query(changed(listing, asked, at.place))
        records = rows(self._connection, listing, reply)
        place = at.place.after([spell(record.changed_at) for record in records])
        then = replace(at, place=place) if place else _next(listings, window, at)
        return Page(tuple(records), then.dump() if then.mode else None, reply.as_of)

    def _feed(self, listings: Sequence[Listing], window: Window, fresh: bool) -> Feed:
        entities = tuple(listing.entity for listing in listings)
        if self._last and not fresh and self._last[:2] == (entities, window.since):
            return self._last[2]
        # A little less than it reaches, so that the call is not refused when it arrives.
        reach = self._clock.now() - CDC_REACH + timedelta(hours=1)
        reply = self._client.changes(entities, max(window.since, reach))
        records = _feed_records(self._connection, listings, reply)
        cut = window.since < reach or len(records) >= CDC_OBJECTS
        feed = Feed(tuple(sorted(records, key=_key)), cut, reply.as_of)
        self._last = (entities, window.since, feed)
        return feed


def _key(record: SourceRecord) -> Key:
    at = record.changed_at.astimezone(UTC).isoformat(timespec="microseconds")
    return at, record.key.stream, record.key.source_id


def _shown(feed: Feed, at: Step, then: Step) -> Page:
    """The next records of a feed; asked anew, later changes only move behind the key."""
    left = [r for r in feed.records if at.after is None or _key(r) > at.after]
    shown = tuple(left[:ROWS])
    if len(left) > ROWS:
        then = replace(at, after=_key(shown[-1]))
    return Page(shown, then.dump() if then.mode else None, feed.as_of)


def _next(listings: Sequence[Listing], window: Window, at: Step) -> Step:
    """The step after listing `at.list`; its mode is empty when the window is done."""
    alone = not any(listing.feed for listing in listings)
    due = alone or window.since.date() != window.until.date()
    for index in range(at.list + 1, len(listings)):
        if listings[index].feed and not at.slow:
            return Step(ONE, index)
        if not listings[index].feed and due:
            return Step(QUERY, index, at.slow)
    return Step("")


def rows(connection: str, listing: Listing, reply: Reply) -> list[SourceRecord]:
    """The records of a query's answer, at most a page; `Failed` when it is not one."""
    answer = reply.body.get("QueryResponse")
    if answer is None or not isinstance(answer.value, dict):
        raise reply.unreadable("an answer to a query without QueryResponse")
    nodes = _items(reply, answer, listing.entity)[:ROWS]
    return [record_of(connection, listing, node, reply) for node in nodes]


def _items(reply: Reply, parent: Node, entity: str) -> list[Node]:
    node = parent.get(entity)
    if node is not None and not isinstance(node.value, list):
        raise reply.unreadable(f"{entity} is not a list")
    return node.items() if node else []


def _feed_records(connection: str, listings: Sequence[Listing], reply: Reply) -> list[SourceRecord]:
    groups = reply.body.get("CDCResponse")
    if groups is None or not isinstance(groups.value, list):
        raise reply.unreadable("an answer of the change feed without CDCResponse")
    found: list[SourceRecord] = []
    for group in groups.items():
        fault = fault_of(group.value)
        answers = group.get("QueryResponse")
        if fault is not None or answers is None:
            raise reply.unreadable(f"change feed: {fault.message if fault else 'no answer'}")
        for answer in answers.items():
            for listing in listings:
                nodes = _items(reply, answer, listing.entity)
                found += [record_of(connection, listing, n, reply) for n in nodes]
    return found
