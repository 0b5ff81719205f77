"""Mirroring Qonto's supplier invoices while they change; what an entry is made of."""

import json
import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.connectors import (
    NOW,
    QONTO,
    REDIRECT,
    FakeClock,
    MemoryGrants,
    Script,
    body,
    connection,
    grant,
)
from well.connectors import qonto
from well.connectors.qonto.entries import entry_of
from well.domain.entry import TargetEntry
from well.domain.failure import Failed, FailureKind
from well.domain.marker import Window
from well.domain.source_record import Kind
from well.ports.target import Target

Row = dict[str, Any]


class Inbox:
    """Enough of Qonto's list; `disturb` runs before each answer."""

    def __init__(self, tell_next: bool = True) -> None:
        self.rows: dict[str, Row] = {}
        self.requests: list[httpx.Request] = []
        self.disturb: Any = lambda: None
        self.tell_next = tell_next

    def add(self, key: int, updated: datetime, created: datetime = NOW) -> None:
        self.rows[f"e{key}"] = {
            "id": f"e{key}",
            "file_name": f"{key}.pdf",
            "created_at": _text(created),
            "updated_at": _text(updated),
            "attachment_id": f"a{key}",
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.disturb()
        self.requests.append(request)
        params = request.url.params
        field = params["sort_by"].removesuffix(":asc")
        low, high = params.get(f"filter[{field}_from]"), params.get(f"filter[{field}_to]")
        rows = [
            row
            for row in self.rows.values()
            if (low is None or row[field] >= low) and (high is None or row[field] <= high)
        ]
        rows.sort(key=lambda row: (row[field], row["id"]))
        page, size = int(params["page"]), int(params["per_page"])
        shown = rows[(page - 1) * size : page * size]
        total = -(-len(rows) // size)
        meta: Row = {"current_page": page, "per_page": size}
        if page < total:
            meta["next_page"] = page + 1
        elif self.tell_next:
            meta["next_page"] = None
        return body({"supplier_invoices": shown, "meta": meta})


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def opened(transport: Any) -> Target:
    clock = FakeClock()
    connector = qonto.connect(QONTO, REDIRECT, clock, httpx.MockTransport(transport))
    return connector.target(connection("qonto", "o"), MemoryGrants(grant(clock)))


def mirrored(inbox: Inbox, window: Window | None = None) -> list[TargetEntry]:
    found, cursor = list[TargetEntry](), None
    while True:
        # A new target each time: a worker that died is replaced by another.
        page = opened(inbox).entries(window, cursor)
        assert len(page.entries) <= 100 and len(inbox.requests) < 100
        found += page.entries
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("tell_next", [True, False])
@pytest.mark.parametrize("same", [1, 7, 60, 100, 250])
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 430])
def test_the_mirror_is_whole_however_many_share_an_instant(
    count: int, same: int, tell_next: bool
) -> None:
    inbox = Inbox(tell_next)
    for key in range(count):
        inbox.add(key, NOW - timedelta(days=9) + timedelta(seconds=key // same))
    assert {e.id for e in mirrored(inbox)} == set(inbox.rows)


@pytest.mark.parametrize("seed", range(8))
def test_no_entry_is_missed_while_others_are_updated(seed: int) -> None:
    chance, inbox = random.Random(seed), Inbox()
    spread = chance.choice([8, 50, 5000])
    for key in range(500):
        inbox.add(key, NOW - timedelta(seconds=9000) + timedelta(seconds=chance.randrange(spread)))

    def disturb() -> None:
        for _ in range(3):
            inbox.add(chance.randrange(500), NOW - timedelta(milliseconds=chance.randrange(999)))

    inbox.disturb = disturb
    assert {e.id for e in mirrored(inbox)} == set(inbox.rows)


def test_a_window_asks_for_its_bounds_oldest_first() -> None:
    inbox = Inbox()
    inbox.add(1, NOW - timedelta(hours=2))
    inbox.add(2, NOW - timedelta(minutes=5))
    window = Window(NOW - timedelta(minutes=5), NOW)
    assert [e.id for e in mirrored(inbox, window)] == ["e2"]
    params = inbox.requests[0].url.params
    assert params["sort_by"] == "updated_at:asc" and params["per_page"] == "100"
    assert params["filter[updated_at_from]"] == "2026-04-22T08:54:59.999Z"


def test_the_read_back_finds_everything_created_since() -> None:
    inbox = Inbox()
    for key in range(250):
        inbox.add(key, NOW, NOW - timedelta(seconds=250 - key))
    since = NOW - timedelta(seconds=200)
    found = opened(inbox).created_since(since)
    assert {e.id for e in found} == {f"e{key}" for key in range(50, 250)}


FULL: Row = {
    "id": "4d5418bb",
    "status": "to_review",
    "file_name": "INV-2026-04-100.pdf",
    "attachment_id": "08c66e1f",
    "invoice_number": "INV-2026-04-100",
    "supplier_name": "Algolia SAS",
    "total_amount": {"value": "1284.00", "currency": "EUR"},
    "total_tax_amount": {"value": "256.80", "currency": "EUR"},
    "issue_date": "2026-04-22",
    "due_date": "2026-05-22",
    "iban": "FR76 3000 1007 9412 3456 7890 185",
    "vat_number": "FR75814107155",
    "analyzed_at": "2026-04-22T11:01:12+02:00",
    "created_at": "2026-04-22T09:01:02.000Z",
    "updated_at": "2026-04-22T09:01:12.000Z",
    "has_duplicates": True,
    "a_field_of_tomorrow": {"x": [1]},
}


def test_an_entry_is_read_with_both_forms_of_time_and_money_from_text() -> None:
    entry = entry_of(FULL, "https://app.example.com", NOW)
    assert str(entry.gross_total) == "1284.00 EUR" and str(entry.tax_total) == "256.80 EUR"
    assert entry.analyzed_at == datetime.fromisoformat("2026-04-22T09:01:12+00:00")
    assert entry.iban == "FR7630001007941234567890185" and entry.has_duplicates
    assert entry.link == "https://app.example.com/supplier-invoices/4d5418bb"


def test_an_entry_that_is_not_analysed_has_only_its_sure_fields() -> None:
    bare = dict.fromkeys(FULL) | {"id": "x", "file_name": "a.pdf", "status": "to_review"}
    entry = entry_of(bare, "", NOW)
    assert entry.gross_total is None and entry.invoice_number is None and entry.link == ""
    assert entry.created_at == NOW


@given(
    st.dictionaries(
        st.sampled_from([key for key in FULL if key != "id"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers(), max_size=2),
    )
)
def test_no_body_with_an_id_makes_an_entry_crash(changes: Row) -> None:
    entry_of(FULL | changes, "", NOW)


@pytest.mark.parametrize("wrong", [None, 5, "", "../x", "x" * 99, {}])
def test_an_entry_without_a_sound_id_fails_the_page(wrong: Any) -> None:
    with pytest.raises(Failed):
        entry_of(FULL | {"id": wrong}, "", NOW)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (body("<html>", 502), FailureKind.TRANSIENT),
        (body("<html>"), FailureKind.TRANSIENT),
        (body({}), FailureKind.TRANSIENT),
        (body({"supplier_invoices": {}}), FailureKind.TRANSIENT),
        (body({"supplier_invoices": [5]}), FailureKind.TRANSIENT),
        (
            body({"errors": [{"detail": "missing required OAuth scope"}]}, 403),
            FailureKind.GRANT_LOST,
        ),
        (body({}, 429), FailureKind.RATE_LIMITED),
        (body({}, 404), FailureKind.REJECTED),
        (body({}, 428), FailureKind.REJECTED),
        (httpx.ReadTimeout("x"), FailureKind.TRANSIENT),
    ],
)
def test_each_answer_to_a_list_has_its_kind(answer: Any, kind: FailureKind) -> None:
    with pytest.raises(Failed) as caught:
        opened(Script([answer])).entries(None, None)
    assert caught.value.failure.kind is kind and "Qonto" in caught.value.failure.sentence


@pytest.mark.parametrize("cursor", ["", "x", "[1,1]", "[null,0]", '["never",1]', "{}", "null"])
def test_a_strange_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Failed):
        opened(Script([body({})])).entries(None, cursor)


def test_the_source_gives_each_invoice_and_its_file() -> None:
    clock = FakeClock()
    script = Script([body({"supplier_invoices": [FULL], "meta": {"next_page": None}})])
    connector = qonto.connect(QONTO, REDIRECT, clock, script.transport)
    source = connector.source(connection("qonto", "o"), MemoryGrants(grant(clock)))
    names = [stream.name for stream in source.streams]
    page = source.changes(names, Window(NOW - timedelta(hours=1), NOW), None)
    assert [r.kind for r in page.records] == [
        Kind.SUPPLIER_INVOICE,
        Kind.ATTACHMENT,
        Kind.COMPANY,
    ]
    assert page.records[1].parents == (("supplier_invoices", "4d5418bb"),)
    assert json.loads(page.records[0].body) == FULL
    invoice = source.read_invoice(page.records[0], connector.mapping)
    assert str(invoice.gross_total) == "1284.00 EUR" and invoice.number == "INV-2026-04-100"
    assert invoice.seller.vat_id == "FR75814107155"


def test_a_status_or_a_payment_is_no_edit() -> None:
    clock = FakeClock()
    changed = FULL | {"status": "paid", "updated_at": "2026-04-23T09:01:12.000Z"}
    edited = FULL | {"invoice_number": "other"}
    script = Script([body({"supplier_invoices": [FULL, changed, edited]})])
    connector = qonto.connect(QONTO, REDIRECT, clock, script.transport)
    source = connector.source(connection("qonto", "o"), MemoryGrants(grant(clock)))
    window = Window(NOW - timedelta(hours=1), NOW)
    records = source.changes(["supplier_invoices"], window, None).records
    assert records[0].digest == records[1].digest != records[2].digest


def test_the_staging_token_goes_along_where_it_is_set() -> None:
    script = Script([body({"supplier_invoices": []})])
    provider = replace(QONTO, staging_token="staging-canary")
    clock = FakeClock()
    connector = qonto.connect(provider, REDIRECT, clock, script.transport)
    target = connector.target(connection("qonto", "o"), MemoryGrants(grant(clock)))
    target.entries(None, None)
    assert script.requests[0].headers["x-qonto-staging-token"] == "staging-canary"


@pytest.mark.parametrize(
    ("date", "as_of"),
    [
        ("Wed, 22 Apr 2026 08:50:00 GMT", NOW - timedelta(minutes=10)),
        ("Wed, 22 Apr 2026 09:30:00 GMT", NOW),
        ("no date", NOW),
    ],
)
def test_the_time_of_a_page_is_never_ahead_of_the_providers_clock_or_of_ours(
    date: str, as_of: datetime
) -> None:
    answer = body({"supplier_invoices": []}, Date=date)
    assert opened(Script([answer])).entries(None, None).as_of == as_of


def test_a_provider_that_ignores_filters_is_still_read_to_its_end() -> None:
    inbox = Inbox()
    for key in range(430):
        inbox.add(key, NOW - timedelta(days=9) + timedelta(seconds=key))

    def deaf(request: httpx.Request) -> httpx.Response:
        kept = [pair for pair in request.url.params.multi_items() if "filter" not in pair[0]]
        return inbox(httpx.Request("GET", request.url.copy_with(params=kept)))

    target, cursor, found = opened(deaf), None, set[str]()
    while True:
        page = target.entries(None, cursor)
        found |= {entry.id for entry in page.entries}
        cursor = page.next_cursor
        if cursor is None:
            break
        assert len(inbox.requests) < 20
    assert found == set(inbox.rows)
