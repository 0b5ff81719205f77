"""What each answer of QuickBooks means, hostile ones included."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from builders.connectors import (
    NOW,
    QUICKBOOKS,
    REDIRECT,
    FakeClock,
    MemoryGrants,
    Script,
    body,
    connection,
    grant,
)
from well.connectors import quickbooks
from well.domain.document import Document
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.marker import Window
from well.domain.source_record import Kind, RecordKey, SourceRecord
from well.ports.source import Page, Source

WINDOW = Window(NOW - timedelta(days=1), NOW)


def fault(kind: str, code: str = "", message: str = "no", detail: str = "") -> dict[str, Any]:
    error = {"Message": message, "Detail": detail, "code": code}
    return {"Fault": {"Error": [error], "type": kind}, "time": "2026-04-22T02:00:00-07:00"}


def opened(script: Script, clock: FakeClock | None = None) -> Source:
    clock = clock or FakeClock()
    connector = quickbooks.connect(QUICKBOOKS, REDIRECT, clock, script.transport)
    return connector.source(connection("quickbooks", "123"), MemoryGrants(grant(clock)))


def outcome(*answers: Any) -> Failure:
    with pytest.raises(Failed) as caught:
        opened(Script(list(answers))).history("bills", WINDOW, None)
    return caught.value.failure


def page(value: Any) -> Page:
    return opened(Script([body(value)])).history("bills", WINDOW, None)


def rows(*bills: Any) -> dict[str, Any]:
    return {"QueryResponse": {"Bill": list(bills)}, "time": "2026-04-22T02:01:33.123-07:00"}


TABLE: list[tuple[int, Any, FailureKind]] = [
    (400, fault("ValidationFault", "4000"), FailureKind.REJECTED),
    (400, fault("ValidationFault", "610"), FailureKind.REJECTED),
    (404, "", FailureKind.REJECTED),
    (403, fault("AuthorizationFault", "003100"), FailureKind.GRANT_LOST),
    (403, "", FailureKind.GRANT_LOST),
    (408, "", FailureKind.TRANSIENT),
    (429, fault("SERVICE", "3001", "message=ThrottleExceeded"), FailureKind.RATE_LIMITED),
    (429, "", FailureKind.RATE_LIMITED),
    (500, fault("SystemFault", "10000"), FailureKind.TRANSIENT),
    (500, fault("SERVICE", "3001"), FailureKind.RATE_LIMITED),
    (502, "<html>Bad gateway</html>", FailureKind.TRANSIENT),
    (503, "", FailureKind.TRANSIENT),
    (504, "<html>", FailureKind.TRANSIENT),
    (301, "", FailureKind.TRANSIENT),
    (200, fault("ValidationFault", "4001"), FailureKind.REJECTED),
    (200, fault("SystemFault", "10000"), FailureKind.TRANSIENT),
    (200, fault("ThrottleExceeded", "003001"), FailureKind.RATE_LIMITED),
    (200, {"Fault": {"Error": "x", "type": 5}}, FailureKind.REJECTED),
    (200, "<html>", FailureKind.TRANSIENT),
    (200, "", FailureKind.TRANSIENT),
    (200, "[]", FailureKind.TRANSIENT),
    (200, "null", FailureKind.TRANSIENT),
    (200, '{"QueryResponse":{"Bill":[{"Id":"1","TotalAmt":NaN}]}}', FailureKind.TRANSIENT),
    (200, "[" * 50_000, FailureKind.TRANSIENT),
    (200, {"time": "x"}, FailureKind.TRANSIENT),
    (200, {"QueryResponse": []}, FailureKind.TRANSIENT),
    (200, {"QueryResponse": {"Bill": {}}}, FailureKind.TRANSIENT),
    (200, {"QueryResponse": {"Bill": ["x"]}}, FailureKind.TRANSIENT),
    (200, {"QueryResponse": {"Bill": [{"Id": 5}]}}, FailureKind.TRANSIENT),
    (200, {"QueryResponse": {"Bill": [{"Id": ""}]}}, FailureKind.TRANSIENT),
    (200, {"QueryResponse": {"Bill": [{"Id": "x" * 1_000_000}]}}, FailureKind.TRANSIENT),
]


@pytest.mark.parametrize(("status", "answer", "kind"), TABLE)
def test_each_answer_has_its_kind_and_a_sentence(
    status: int, answer: Any, kind: FailureKind
) -> None:
    found = outcome(body(answer, status, intuit_tid="tid-7"))
    assert found.kind is kind
    assert found.sentence.endswith((".", "?")) or found.kind is FailureKind.REJECTED
    assert "QuickBooks" in found.sentence and len(found.sentence) < 300
    assert "tid-7" in found.operator_note and "access-1" not in found.operator_note


def test_the_body_that_is_too_large_is_transient() -> None:
    big = httpx.Response(200, content=b" " * (21 * 1024 * 1024))
    assert outcome(big).kind is FailureKind.TRANSIENT


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("no"), FailureKind.TRANSIENT),
        (httpx.ConnectTimeout("no"), FailureKind.TRANSIENT),
        (httpx.ReadTimeout("no"), FailureKind.TRANSIENT),
        (httpx.RemoteProtocolError("no"), FailureKind.TRANSIENT),
        (httpx.DecodingError("no"), FailureKind.TRANSIENT),
    ],
)
def test_no_answer_to_a_read_is_transient(error: Exception, kind: FailureKind) -> None:
    assert outcome(error).kind is kind


def test_the_time_to_come_back_is_that_of_the_answer_or_a_minute() -> None:
    told = outcome(body("", 429, **{"Retry-After": "7"}))
    assert told.retry_at == NOW + timedelta(seconds=7)
    assert outcome(body("", 429)).retry_at == NOW + timedelta(seconds=60)


def test_after_a_429_nothing_leaves_before_its_time() -> None:
    script = Script([body("", 429), body(rows())])
    source = opened(script)
    for _ in range(2):
        with pytest.raises(Failed):
            source.history("bills", WINDOW, None)
    assert len(script.requests) == 1


def test_an_authentication_fault_under_200_renews_the_token() -> None:
    script = Script(
        [
            body(fault("AUTHENTICATION", "3200")),
            body({"access_token": "access-2", "refresh_token": "r", "expires_in": 3600}),
            body(rows()),
        ]
    )
    assert opened(script).history("bills", WINDOW, None).records == ()
    assert script.requests[2].headers["authorization"] == "Bearer access-2"


def test_an_empty_answer_is_an_empty_page_with_the_providers_time() -> None:
    found = page({"QueryResponse": {}, "time": "2026-04-22T01:01:33.123-07:00"})
    assert found.records == () and found.next_cursor is None
    assert found.as_of.isoformat() == "2026-04-22T08:01:33.123000+00:00"


@pytest.mark.parametrize("time", ["9999-01-01T00:00:00Z", "never", None, 5])
def test_a_time_that_cannot_be_true_is_our_own(time: Any) -> None:
    assert page({"QueryResponse": {}, "time": time}).as_of == NOW


def test_the_body_is_kept_byte_for_byte() -> None:
    raw = '{"Id":"1",  "TotalAmt":10.10,"é":"\\u00e9 \U0001f98a","SyncToken":"0"}'
    text = f'{{"QueryResponse":{{"Bill":[ {raw} ,{{"Id":"2"}}]}}}}'
    found = opened(Script([body(text)])).history("bills", WINDOW, None)
    assert found.records[0].body == raw.encode()


def test_a_megabyte_of_text_stays_in_the_body_and_out_of_the_values() -> None:
    bill = {
        "Id": "1",
        "DocNumber": "9" * 1_000_000,
        "VendorRef": {"value": "5", "name": "n" * 10**6},
    }
    source = opened(Script([body(rows(bill))]))
    record = source.history("bills", WINDOW, None).records[0]
    invoice = source.read_invoice(record, quickbooks.DEFAULT)
    assert len(record.body) > 1_000_000
    assert invoice.number is not None and len(invoice.number) <= 500
    assert invoice.seller.name is not None and len(invoice.seller.name) <= 500


def test_what_quickbooks_changes_by_itself_is_no_edit() -> None:
    plain = {"Id": "1", "TotalAmt": 10.1, "DocNumber": "A"}
    paid = plain | {
        "SyncToken": "3",
        "Balance": 0,
        "HomeBalance": 0,
        "sparse": False,
        "domain": "QBO",
        "LinkedTxn": [{"TxnId": "9"}],
        "MetaData": {"LastUpdatedTime": "2026-04-22T01:10:05-07:00"},
    }
    edited = plain | {"TotalAmt": 10.2}
    first, second, third = page(rows(plain, paid, edited)).records
    assert first.digest == second.digest != third.digest
    assert second.changed_at.isoformat() == "2026-04-22T08:10:05+00:00"


def attachment(source_id: str) -> SourceRecord:
    key = RecordKey("c1", "attachments", source_id)
    return SourceRecord(key, Kind.ATTACHMENT, "", b"{}", NOW)


def linked(*pairs: tuple[str, Any]) -> httpx.Response:
    found = [
        {"Id": i, "FileName": f"../{i}.pdf", "ContentType": "application/pdf"}
        | ({"TempDownloadUri": link} if link else {})
        for i, link in pairs
    ]
    return body({"QueryResponse": {"Attachable": found}})


GOOD = "https://b.files.example.com/f"


def test_a_file_is_fetched_without_our_token_and_its_name_holds_no_path() -> None:
    script = Script([linked(("7", GOOD)), httpx.Response(200, content=b"%PDF-1.7")])
    found = opened(script).files([attachment("7")])["7"]
    assert isinstance(found, Document)
    assert (found.name, found.media_type) == ("7.pdf", "application/pdf")
    assert "authorization" not in script.requests[1].headers


@pytest.mark.parametrize(
    ("link", "answer", "kind"),
    [
        (None, httpx.Response(200), FailureKind.REJECTED),
        ("https://evil.example.org/f", httpx.Response(200), FailureKind.REJECTED),
        ("http://169.254.169.254/", httpx.Response(200), FailureKind.REJECTED),
        (GOOD, httpx.Response(500), FailureKind.TRANSIENT),
        (GOOD, httpx.Response(200, content=bytes(51 * 1024 * 1024)), FailureKind.REJECTED),
    ],
)
def test_a_file_that_cannot_be_had_is_a_failure_of_its_own(
    link: str | None, answer: httpx.Response, kind: FailureKind
) -> None:
    found = opened(Script([linked(("7", link)), answer])).files([attachment("7")])["7"]
    assert isinstance(found, Failure) and found.kind is kind and found.sentence


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 410])
def test_a_link_that_is_refused_is_renewed_once(status: int) -> None:
    answers = [linked(("7", GOOD)), body("", status), linked(("7", GOOD)), body("%PDF-1.7")]
    assert isinstance(opened(Script([*answers])).files([attachment("7")])["7"], Document)
    script = Script([linked(("7", GOOD)), body("", 403), linked(("7", GOOD)), body("", 403)])
    found = opened(script).files([attachment("7")])["7"]
    assert isinstance(found, Failure) and found.kind is FailureKind.REJECTED
    assert len(script.requests) == 4


def test_a_hostile_attachment_id_cannot_end_its_quotes() -> None:
    script = Script([linked()])
    opened(script).files([attachment("1') or ('1'='1")])
    query = script.requests[0].url.params["query"]
    assert query.startswith("select * from Attachable where Id in ('1\\') or (\\'1\\'=\\'1') max")


@pytest.mark.parametrize(
    "cursor", ["", "x", "{}", "[]", "[1]", '["a", 0]', "[5, 1]", "[null, true, 3]"]
)
def test_a_strange_cursor_is_refused_with_a_sentence(cursor: str) -> None:
    source = opened(Script([body(rows())]))
    with pytest.raises(Failed):
        source.history("bills", WINDOW, cursor)
    with pytest.raises(Failed):
        source.changes(["bills"], WINDOW, cursor)
