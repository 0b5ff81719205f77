"""Qonto as a source: whole histories, what counts as an edit, unread files, suppliers."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest

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
from well.domain.marker import Window
from well.domain.source_record import Kind, SourceRecord
from well.ports.source import PAGE_MAX, NotYetError, Source

Row = dict[str, Any]
WINDOW = Window(NOW - timedelta(days=1), NOW)


def row(number: int = 1, **more: Any) -> Row:
    minute, second = divmod(number, 60)
    return {
        "id": f"i{number}",
        "status": "to_review",
        "file_name": f"{number}.pdf",
        "attachment_id": f"a{number}",
        "invoice_number": f"INV-{number}",
        "supplier_name": "Algolia SAS",
        "vat_number": "FR 75 814107155",
        "total_amount": {"value": "12.00", "currency": "EUR"},
        "analyzed_at": "2026-04-22T08:00:00Z",
        "updated_at": f"2026-04-22T08:{minute:02}:{second:02}.000Z",
        **more,
    }


def opened(answer: Any) -> Source:
    clock = FakeClock()
    made = qonto.connect(QONTO, REDIRECT, clock, Script([answer]).transport)
    return made.source(connection("qonto", "o"), MemoryGrants(grant(clock)))


def records(*rows: Row) -> list[SourceRecord]:
    source = opened(body({"supplier_invoices": list(rows), "meta": {"next_page": None}}))
    names = [stream.name for stream in source.streams]
    return list(source.changes(names, WINDOW, None).records)


def invoice_record(**more: Any) -> SourceRecord:
    return next(r for r in records(row(**more)) if r.key.stream == "supplier_invoices")


def read(record: SourceRecord) -> Any:
    return opened(body({})).read_invoice(record, qonto.DEFAULT)


class Inbox:
    """Qonto's list of so many invoices, each page at the most 100."""

    def __init__(self, count: int) -> None:
        self.rows = [row(n) for n in range(count)]
        self.asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        params = request.url.params
        page, size = int(params["page"]), min(int(params["per_page"]), 100)
        since = params.get("filter[updated_at_from]", "")
        rows = [r for r in self.rows if r["updated_at"] >= since]
        more = page * size < len(rows)
        meta = {"next_page": page + 1 if more else None}
        return body({"supplier_invoices": rows[(page - 1) * size : page * size], "meta": meta})


@pytest.mark.parametrize("count", [0, 1, 66, 67, 600])
def test_a_history_is_brought_whole_in_pages_of_bounded_size(count: int) -> None:
    inbox = Inbox(count)
    source, found = opened(inbox), Counter[str]()
    for stream in ("suppliers", "attachments", "supplier_invoices"):
        cursor: str | None = None
        while True:
            page = source.history(stream, WINDOW, cursor)
            assert len(page.records) <= PAGE_MAX
            found.update({record.key.record_id for record in page.records})
            assert {record.key.stream for record in page.records} <= {stream}
            cursor = page.next_cursor
            if cursor is None:
                break
    assert len(found) == 2 * count + min(count, 1)
    assert inbox.asked <= 3 * (count // 60 + 2)


def test_a_page_of_changes_with_files_and_suppliers_keeps_the_limit() -> None:
    rows = [row(n, supplier_name=f"S {n}") for n in range(100)]

    def answer(request: httpx.Request) -> httpx.Response:
        size = int(request.url.params["per_page"])
        return body({"supplier_invoices": rows[:size], "meta": {"next_page": 2}})

    page = opened(answer).changes(["suppliers", "attachments", "supplier_invoices"], WINDOW, None)
    assert len(page.records) == 198 <= PAGE_MAX


@pytest.mark.parametrize(
    "change",
    [
        {"status": "paid"},
        {"status": "archived"},
        {"payment_date": "2026-04-23"},
        {"matched_transactions": ["t"]},
        {"updated_at": "2026-04-22T09:00:00Z"},
        {"analyzed_at": "2026-04-22T08:30:00Z"},
        {"has_duplicates": True},
        {"a_field_of_tomorrow": 1},
    ],
)
def test_what_qonto_changes_by_itself_is_no_edit(change: Row) -> None:
    assert invoice_record(**change).digest == invoice_record().digest


@pytest.mark.parametrize(
    "change",
    [
        {"analyzed_at": None},
        {"status": "rejected"},
        {"total_amount": {"value": "12.01", "currency": "EUR"}},
        {"invoice_number": "INV-2"},
        {"iban": "FR7630001007941234567890185"},
        {"attachment_id": "a2"},
    ],
)
def test_what_matters_is_an_edit(change: Row) -> None:
    assert invoice_record(**change).digest != invoice_record().digest


def test_an_amount_written_otherwise_is_the_same_amount() -> None:
    one, other = ({"value": text, "currency": "EUR"} for text in ("12.00", "12.00"))
    assert invoice_record(total_amount=one).digest == invoice_record(total_amount=other).digest


def test_a_file_that_qonto_has_not_read_is_not_read_here() -> None:
    with pytest.raises(NotYetError) as caught:
        read(invoice_record(analyzed_at=None, total_amount=None))
    assert "Qonto is still reading" in str(caught.value)
    assert caught.value.invoice.number == "INV-1"
    assert read(invoice_record()).number == "INV-1"


def test_a_body_that_does_not_tell_whether_it_was_read_counts_by_its_total() -> None:
    silent = row()
    del silent["analyzed_at"]
    assert read(records(silent)[0]).number == "INV-1"
    with pytest.raises(NotYetError):
        read(records(silent | {"total_amount": None})[0])


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"status": "archived"}, []),
        ({"status": "rejected"}, ["rejected_at_source"]),
        ({"is_attachment_non_financial": True}, ["no_invoice"]),
        ({"is_attachment_non_financial": "yes"}, []),
    ],
)
def test_what_was_said_against_a_document_in_qonto_stops_it_here(
    change: Row, codes: list[str]
) -> None:
    findings = read(invoice_record(**change)).findings
    assert [finding.code for finding in findings if finding.stops_auto_post] == codes


def test_a_supplier_is_one_record_for_each_spelling_and_never_changes() -> None:
    rows = [
        row(1),
        row(2, iban="FR7630001007941234567890185"),
        row(3, supplier_name="ALGOLIA"),
        row(4, supplier_name=None),
        row(5, analyzed_at=None, supplier_name="Half"),
    ]
    found = [r for r in records(*rows) if r.kind is Kind.COMPANY]
    assert len({r.key for r in found}) == 2 == len({r.digest for r in found})
    parties = [opened(body({})).read_company(record, qonto.DEFAULT) for record in found]
    assert [p.names for p in parties if p] == [("Algolia SAS",), ("Algolia SAS",), ("ALGOLIA",)]
    assert {p.vat_ids for p in parties if p} == {("FR75814107155",)}
    assert {p.ibans for p in parties if p} == {()}


def test_a_record_of_another_kind_or_a_broken_one_is_no_company() -> None:
    source = opened(body({}))
    assert source.read_company(invoice_record(), qonto.DEFAULT) is None
    broken = next(r for r in records(row()) if r.kind is Kind.COMPANY)
    for text in ("{}", "[]", "x", json.dumps({"name": 5})):
        odd = SourceRecord(broken.key, broken.kind, "d", text.encode(), NOW)
        assert source.read_company(odd, qonto.DEFAULT) is None


def test_it_is_polled_every_quarter_of_an_hour() -> None:
    made = qonto.connect(QONTO, REDIRECT, FakeClock(), Script([body({})]).transport)
    assert made.every == timedelta(minutes=15) and made.reads
