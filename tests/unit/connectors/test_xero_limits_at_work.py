"""Xero's limits at work on a scripted network, and the tools that are never called."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from builders.connectors import (
    REDIRECT,
    FakeClock,
    MemoryGrants,
    Script,
    body,
    connection,
    grant,
)
from builders.xero import MemoryRegistrations
from well.connectors import xero
from well.connectors.xero.desk import Ask
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.marker import Window
from well.ports.source import Source
from well.settings import Provider, Xero

RATES = {"TaxRates": [{"TaxType": "INPUT2", "Name": "TVA"}]}


def opened(script: Script, clock: FakeClock, per_minute: int = 60) -> Source:
    provider = Provider("https://api.example.com", "", "https://id.example.com/token", "")
    setting = Xero(provider=provider, rest="own", per_minute=per_minute)
    connector = xero.connect(setting, REDIRECT, MemoryRegistrations(), clock, script.transport)
    return connector.source(connection("xero", "t-1"), MemoryGrants(grant(clock)))


def read(source: Source, clock: FakeClock, times: int = 1) -> None:
    for _ in range(times):
        assert source.history("tax_rates", Window(clock.now(), clock.now()), None).records


def test_a_minute_takes_five_requests_less_than_xero_allows() -> None:
    clock = FakeClock()
    source = opened(Script([body(RATES)]), clock)
    read(source, clock, 55)
    assert clock.slept == []
    with pytest.raises(Failed) as failed:
        read(source, clock)
    assert failed.value.failure.kind is FailureKind.RATE_LIMITED
    assert failed.value.failure.retry_at == clock.now() + timedelta(seconds=60)


def test_a_minute_that_others_used_up_is_waited_for() -> None:
    clock = FakeClock()
    script = Script([body(RATES, **{"X-MinLimit-Remaining": "0"}), body(RATES)])
    source = opened(script, clock)
    read(source, clock, 2)
    assert clock.slept == [15.0]


def test_a_429_holds_every_request_of_the_organisation_back() -> None:
    clock = FakeClock()
    storm = body({}, 429, **{"Retry-After": "10", "X-Rate-Limit-Problem": "minute"})
    source = opened(Script([storm, body(RATES)]), clock)
    with pytest.raises(Failed):
        read(source, clock)
    read(source, clock)
    assert clock.slept == [10.0]


def test_each_request_names_the_organisation_and_the_time_since() -> None:
    clock = FakeClock()
    script = Script([body({"Invoices": [], "pagination": {}})])
    source = opened(script, clock)
    source.changes(["bills"], Window(clock.now() - timedelta(hours=1), clock.now()), None)
    sent = script.requests[0]
    assert sent.headers["Xero-Tenant-Id"] == "t-1"
    assert sent.headers["If-Modified-Since"] == "2026-04-22T07:59:59"
    assert dict(sent.url.params) == {
        "page": "1",
        "pageSize": "200",
        "order": "UpdatedDateUTC ASC",
        "where": 'Type=="ACCPAY"',
    }


def test_a_window_of_days_is_asked_for_in_xeros_words() -> None:
    clock = FakeClock()
    script = Script([body({"Invoices": []}), body({"PurchaseOrders": []})])
    source = opened(script, clock)
    window = Window(clock.now() - timedelta(days=31), clock.now())
    source.history("sales_invoices", window, None)
    source.history("purchase_orders", window, None)
    asked = [dict(request.url.params) for request in script.requests]
    assert asked[0]["where"] == (
        'Type=="ACCREC"&&Date>=DateTime(2026,03,23)&&Date<DateTime(2026,04,23)'
    )
    assert (asked[1]["DateFrom"], asked[1]["DateTo"]) == ("2026-03-23", "2026-04-22")
    assert "where" not in asked[1]


@pytest.mark.parametrize("tool", ["create-invoice", "update-contact", "delete-payroll-timesheet"])
def test_a_tool_that_does_not_list_is_never_called(tool: str) -> None:
    called: list[Any] = []
    session: Any = SimpleNamespace(call_tool=lambda *words: called.append(words))
    with pytest.raises(Failed) as failed:
        asyncio.run(Ask(session, FakeClock())(tool, {}))
    assert failed.value.failure.kind is FailureKind.BUG and called == []


def test_an_answer_without_its_list_waits_and_takes_nothing() -> None:
    clock = FakeClock()
    for odd in (body({}), body([]), body("no json"), body({"TaxRates": {}})):
        with pytest.raises(Failed) as failed:
            read(opened(Script([odd]), clock), clock)
        assert failed.value.failure.kind is FailureKind.TRANSIENT


def test_a_file_that_is_too_large_is_left_with_a_sentence() -> None:
    clock = FakeClock()
    page = {"Invoices": [{"InvoiceID": "i1", "Type": "ACCPAY", "HasAttachments": True}]}
    files = body({"Attachments": [{"AttachmentID": "a1", "FileName": "a.pdf"}]})
    huge = httpx.Response(200, content=b"x" * (50 * 1024 * 1024 + 1))
    script = Script([body(page), files, huge])
    source = opened(script, clock)
    window = Window(clock.now() - timedelta(days=31), clock.now())
    records = source.history("attachments", window, None).records
    assert [record.parents for record in records] == [(("bills", "i1"),)]
    failure = source.files(records)["a1"]
    assert isinstance(failure, Failure) and failure.kind is FailureKind.REJECTED
    assert script.requests[-1].url.path == "/api.xro/2.0/Invoices/i1/Attachments/a1"
