"""Paging through lists and feeds that change while they are read: nothing is skipped."""

import json
import random
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from builders.connectors import (
    NOW,
    QUICKBOOKS,
    REDIRECT,
    FakeClock,
    MemoryGrants,
    connection,
    grant,
)
from well.connectors import quickbooks
from well.domain.marker import Window
from well.domain.source_record import SourceRecord
from well.ports.source import PAGE_MAX, Source

Row = dict[str, Any]
_CONDITION = re.compile(r"(TxnDate|MetaData\.LastUpdatedTime) (>=|<=|<) '([^']*)'")


class Books:
    """Enough of QuickBooks to answer the connector's own queries; `disturb` runs before each."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Row]] = {}
        self.gone: list[tuple[str, str, datetime]] = []
        self.queries: list[str] = []
        self.feeds: list[list[str]] = []
        self.disturb: Any = lambda: None

    def add(self, entity: str, key: int, day: date, updated: datetime) -> None:
        self.rows.setdefault(entity, {})[str(key)] = {
            "Id": str(key),
            "SyncToken": "0",
            "TxnDate": day.isoformat(),
            "MetaData": {"LastUpdatedTime": updated.isoformat()},
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.disturb()
        params = request.url.params
        assert params["minorversion"] == "75"
        if request.url.path.endswith("/cdc"):
            return self._feed(params["entities"].split(","), params["changedSince"])
        query = params["query"]
        self.queries.append(query)
        entity = query.split()[3]
        found = [row for row in self.rows.get(entity, {}).values() if _meets(row, query)]
        found.sort(key=lambda row: int(row["Id"]))
        order = re.search(r"orderby (\S+) (asc|desc)", query)
        assert order
        found.sort(key=lambda row: _value(row, order[1]), reverse=order[2] == "desc")
        start = int(query.split("startposition ")[1].split()[0]) - 1
        size = int(query.split("maxresults ")[1])
        return _json({"QueryResponse": {entity: found[start : start + size]}})

    def _feed(self, entities: list[str], since: str) -> httpx.Response:
        self.feeds.append(entities)
        groups: list[Any] = []
        room = 1000
        for entity in entities:
            rows = [
                row
                for row in self.rows.get(entity, {}).values()
                if _value(row, "MetaData.LastUpdatedTime") >= datetime.fromisoformat(since)
            ]
            rows += [
                {
                    "domain": "QBO",
                    "status": "Deleted",
                    "Id": key,
                    "MetaData": {"LastUpdatedTime": at.isoformat()},
                }
                for name, key, at in self.gone
                if name == entity and at >= datetime.fromisoformat(since)
            ]
            rows.sort(key=lambda row: str(row.get("status", "")), reverse=True)
            groups.append({entity: rows[:room]} if rows[:room] else {})
            room -= len(rows[:room])
        return _json({"CDCResponse": [{"QueryResponse": groups}]})


def _value(row: Row, field: str) -> Any:
    if field == "TxnDate":
        return row["TxnDate"]
    return datetime.fromisoformat(row["MetaData"]["LastUpdatedTime"])


def _meets(row: Row, query: str) -> bool:
    for field, operator, text in _CONDITION.findall(query):
        value = _value(row, field)
        bound = text if field == "TxnDate" else datetime.fromisoformat(text)
        if not {">=": value >= bound, "<=": value <= bound, "<": value < bound}[operator]:
            return False
    return True


def _json(value: Any) -> httpx.Response:
    return httpx.Response(200, text=json.dumps(value | {"time": NOW.isoformat()}))


def opened(books: Books) -> Source:
    clock = FakeClock()
    connector = quickbooks.connect(QUICKBOOKS, REDIRECT, clock, httpx.MockTransport(books))
    return connector.source(connection("quickbooks", "123"), MemoryGrants(grant(clock)))


def history(source: Source, stream: str, window: Window) -> list[SourceRecord]:
    found, cursor = list[SourceRecord](), None
    while True:
        page = source.history(stream, window, cursor)
        assert len(page.records) <= PAGE_MAX
        found += page.records
        cursor = page.next_cursor
        if cursor is None:
            return found


def changes(books: Books, streams: list[str], window: Window) -> list[SourceRecord]:
    found, cursor = list[SourceRecord](), None
    while True:
        # A new source each time: a worker that died is replaced by another.
        page = opened(books).changes(streams, window, cursor)
        assert len(page.records) <= PAGE_MAX
        found += page.records
        cursor = page.next_cursor
        if cursor is None:
            return found


def ids(records: list[SourceRecord]) -> set[str]:
    return {record.key.source_id for record in records}


TODAY = NOW.date()
YEAR = Window(NOW - timedelta(days=365), NOW + timedelta(days=1))


@pytest.mark.parametrize("same_day", [1, 40, 150, 200, 450])
def test_history_brings_all_however_many_share_a_day(same_day: int) -> None:
    books = Books()
    for key in range(900):
        books.add("Bill", key, TODAY - timedelta(days=key // same_day), NOW)
    found = history(opened(books), "bills", YEAR)
    assert ids(found) == {str(key) for key in range(900)} - _before(books)
    assert len(books.queries) < 12


def _before(books: Books) -> set[str]:
    return {
        key
        for key, row in books.rows["Bill"].items()
        if row["TxnDate"] < (TODAY - timedelta(days=364)).isoformat()
    }


@pytest.mark.parametrize("seed", range(12))
def test_history_misses_no_bill_that_stays_while_others_come_and_go(seed: int) -> None:
    chance, books = random.Random(seed), Books()
    for key in range(700):
        books.add(
            "Bill", key, TODAY - timedelta(days=chance.randrange(chance.choice([3, 90]))), NOW
        )
    stays = set(books.rows["Bill"])

    def disturb() -> None:
        for _ in range(5):
            bills = books.rows["Bill"]
            key = chance.choice(list(bills))
            if chance.random() < 0.5:
                del bills[key]
                stays.discard(key)
            else:
                books.add("Bill", chance.randrange(1000, 9999), TODAY, NOW)

    books.disturb = disturb
    assert stays <= ids(history(opened(books), "bills", YEAR))


@pytest.mark.parametrize("seed", range(8))
def test_a_list_misses_no_row_that_is_edited_while_it_is_read(seed: int) -> None:
    chance, books = random.Random(seed), Books()
    spread = chance.choice([1, 5, 3000])
    for key in range(1000):
        books.add("Vendor", key, TODAY, NOW - timedelta(seconds=chance.randrange(spread) + 9000))

    def disturb() -> None:
        for _ in range(4):
            key = chance.choice(list(books.rows["Vendor"]))
            books.add("Vendor", int(key), TODAY, NOW)

    books.disturb = disturb
    assert ids(history(opened(books), "vendors", YEAR)) == set(books.rows["Vendor"])
    assert "Active in (true,false)" in books.queries[0]


def test_one_call_of_the_feed_serves_all_streams_and_no_query_is_made() -> None:
    books = Books()
    books.add("Bill", 1, TODAY, NOW - timedelta(minutes=9))
    books.add("Vendor", 2, TODAY, NOW - timedelta(minutes=5))
    books.gone.append(("Bill", "3", NOW - timedelta(minutes=7)))
    names = [stream.name for stream in opened(books).streams]
    found = changes(books, names, Window(NOW - timedelta(hours=1), NOW))
    assert [r.key.source_id for r in found] == ["1", "3", "2"], "oldest first"
    assert [r.deleted for r in found] == [False, True, False]
    assert len(books.feeds) == 1 and books.queries == []
    assert not {"TaxCode", "TaxRate"} & set(books.feeds[0])


def test_tax_codes_are_asked_for_once_a_day() -> None:
    books = Books()
    books.add("TaxCode", 4, TODAY, datetime(2026, 4, 21, 10, tzinfo=UTC))
    names = [stream.name for stream in opened(books).streams]
    found: list[SourceRecord] = []
    at = datetime(2026, 4, 20, 23, 30, tzinfo=UTC)
    while at < datetime(2026, 4, 22, 6, tzinfo=UTC):
        window = Window(at - timedelta(minutes=5), at + timedelta(hours=1))
        found += changes(books, names, window)
        at += timedelta(hours=1)
    assert ids(found) == {"4"}
    assert Counter(query.split()[3] for query in books.queries) == {"TaxCode": 2, "TaxRate": 2}


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 640, 999])
def test_a_feed_below_its_cap_is_paged_whole(count: int) -> None:
    books = Books()
    for key in range(count):
        books.add("Bill", key, TODAY, NOW - timedelta(minutes=1 + key % 7))
    window = Window(NOW - timedelta(minutes=30), NOW)
    found = changes(books, ["bills", "vendors"], window)
    assert len(found) == count and len(ids(found)) == count
    assert books.queries == []


def test_a_cut_feed_is_replaced_by_feeds_of_single_entities_and_queries() -> None:
    books = Books()
    for key in range(1500):
        books.add("Bill", key, TODAY, NOW - timedelta(minutes=1 + key % 20))
    for key in range(300):
        books.add("Vendor", key, TODAY, NOW - timedelta(minutes=2))
    books.gone += [("Bill", "9001", NOW - timedelta(minutes=3)), ("Vendor", "9002", NOW)]
    found = changes(books, ["vendors", "bills"], Window(NOW - timedelta(minutes=30), NOW))
    bills = {r.key.source_id for r in found if r.key.stream == "bills"}
    vendors = {r.key.source_id for r in found if r.key.stream == "vendors"}
    assert bills == {str(key) for key in range(1500)} | {"9001"}
    assert vendors == {str(key) for key in range(300)} | {"9002"}
    assert {query.split()[3] for query in books.queries} == {"Bill"}
    assert {r.key.source_id for r in found if r.deleted} == {"9001", "9002"}


def test_a_window_beyond_the_reach_of_the_feed_is_queried() -> None:
    books = Books()
    old = NOW - timedelta(days=45)
    for key in range(500):
        books.add("Bill", key, TODAY, old + timedelta(seconds=key // 100))
    books.gone.append(("Bill", "9001", NOW - timedelta(days=2)))
    found = changes(books, ["bills"], Window(NOW - timedelta(days=60), NOW))
    assert ids(found) == {str(key) for key in range(500)} | {"9001"}


def test_records_of_one_instant_are_not_lost_at_the_border_of_a_page() -> None:
    books = Books()
    instant = NOW - timedelta(days=40)
    for key in range(470):
        books.add("Bill", key, TODAY, instant)
    found = changes(books, ["bills"], Window(NOW - timedelta(days=41), NOW))
    assert ids(found) == {str(key) for key in range(470)}


def test_a_record_changed_while_the_feed_is_paged_is_still_brought() -> None:
    books = Books()
    for key in range(500):
        books.add("Bill", key, TODAY, NOW - timedelta(seconds=1000 - key))
    calls = [0]

    def disturb() -> None:
        calls[0] += 1
        books.add("Bill", 450 + calls[0], TODAY, NOW)

    books.disturb = disturb
    found = changes(books, ["bills"], Window(NOW - timedelta(minutes=30), NOW))
    assert ids(found) == {str(key) for key in range(500)}


def test_many_rows_deleted_between_two_pages_hide_none_that_stays() -> None:
    books = Books()
    for key in range(600):
        books.add("Bill", key, TODAY - timedelta(days=key // 3), NOW)

    def disturb() -> None:
        if len(books.queries) == 1:
            for key in range(100):
                del books.rows["Bill"][str(key)]

    books.disturb = disturb
    found = history(opened(books), "bills", YEAR)
    assert set(books.rows["Bill"]) <= ids(found)


def test_a_provider_that_ignores_conditions_is_still_read_to_its_end() -> None:
    books = Books()
    for key in range(700):
        books.add("Bill", key, TODAY - timedelta(days=key // 3), NOW)

    def deaf(request: httpx.Request) -> httpx.Response:
        query = re.sub(r" where .*(?= orderby)", "", request.url.params["query"])
        return books(httpx.Request("GET", request.url.copy_set_param("query", query)))

    clock = FakeClock()
    connector = quickbooks.connect(QUICKBOOKS, REDIRECT, clock, httpx.MockTransport(deaf))
    source = connector.source(connection("quickbooks", "123"), MemoryGrants(grant(clock)))
    assert ids(history(source, "bills", YEAR)) == set(books.rows["Bill"])
    assert len(books.queries) < 12
