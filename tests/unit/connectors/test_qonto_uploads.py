"""What each outcome of an upload to Qonto means for each file of it."""

import json
import re
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
from well.domain.document import PDF, Document
from well.domain.failure import Failed, Failure, FailureKind
from well.ports.target import Sent, Shipment, Target


def opened(script: Script, grants: MemoryGrants | None = None) -> Target:
    clock = FakeClock()
    connector = qonto.connect(QONTO, REDIRECT, clock, script.transport)
    return connector.target(connection("qonto", "o"), grants or MemoryGrants(grant(clock)))


def shipment(index: int, content: bytes = b"%PDF-1.7", name: str = "") -> Shipment:
    document = Document(name or f"inv-{index}--quickbooks-bill-{index}.pdf", PDF, content)
    return Shipment(f"posting-{index}", f"00000000-0000-5000-8000-{index:012}", document)


def created(index: int, **more: Any) -> dict[str, Any]:
    name = f"inv-{index}--quickbooks-bill-{index}.pdf"
    return {"id": f"entry-{index}", "file_name": name, "status": "to_review"} | more


def error(index: int, code: str, detail: str = "") -> dict[str, Any]:
    return {
        "code": code,
        "detail": detail,
        "source": {"pointer": f"/supplier_invoices/{index}/file"},
    }


def answer(items: list[Any], errors: list[Any] | None = None) -> httpx.Response:
    return body({"supplier_invoices": items, "errors": errors or []})


def send(answers: Any, count: int = 2) -> list[Sent]:
    return list(opened(Script([answers])).send([shipment(i) for i in range(count)]))


def kinds(sent: list[Sent]) -> list[str]:
    return [s.entry.id if s.entry else (s.failure or bad()).kind.value for s in sent]


def bad() -> Failure:
    raise AssertionError("an outcome is an entry or a failure")


def test_the_request_is_exactly_the_published_form() -> None:
    script = Script([answer([created(0), created(1)])])
    opened(script).send([shipment(0), shipment(1)])
    sent = script.requests[0]
    assert (sent.method, sent.url.path) == ("POST", "/v2/supplier_invoices/bulk")
    assert re.fullmatch(r"[0-9a-f-]{36}", sent.headers["x-qonto-idempotency-key"])
    parts = re.findall(rb'name="([^"]+)"(?:; filename="([^"]+)")?', sent.content)
    assert parts == [
        (b"supplier_invoices[][file]", b"inv-0--quickbooks-bill-0.pdf"),
        (b"supplier_invoices[][idempotency_key]", b""),
        (b"supplier_invoices[][file]", b"inv-1--quickbooks-bill-1.pdf"),
        (b"supplier_invoices[][idempotency_key]", b""),
    ]
    assert sent.content.count(b"Content-Type: application/pdf") == 2
    assert b"00000000-0000-5000-8000-000000000001" in sent.content


def test_the_same_group_has_the_same_key_and_another_group_another() -> None:
    script = Script([answer([])])
    target = opened(script)
    for group in ([0, 1], [0, 1], [0]):
        target.send([shipment(i) for i in group])
    keys = [request.headers["x-qonto-idempotency-key"] for request in script.requests]
    assert keys[0] == keys[1] != keys[2]


def test_created_and_refused_files_of_one_answer_are_told_apart() -> None:
    sent = send(answer([created(2), created(0)], [error(1, "invalid", "file is too large")]), 3)
    assert kinds(sent) == ["entry-0", "rejected", "entry-2"]
    failure = sent[1].failure
    assert failure is not None and "10 MB" in failure.sentence


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("invalid", "rejected"),
        ("required", "rejected"),
        ("limit_reached", "rate_limited"),
        ("internal_server_error", "no_answer"),
        ("something_new", "no_answer"),
        ("", "no_answer"),
    ],
)
def test_each_code_of_a_files_error_has_its_kind(code: str, kind: str) -> None:
    sent = send(answer([created(0)], [error(1, code, "why")]))
    assert kinds(sent) == ["entry-0", kind]


def test_a_limit_of_the_plan_waits_until_the_key_has_ended() -> None:
    failure = send(answer([], [error(0, "limit_reached")]), 1)[0].failure
    assert failure is not None and failure.retry_at is not None
    assert failure.retry_at > NOW + timedelta(seconds=1800)


@pytest.mark.parametrize(
    "strange",
    [
        answer([]),
        answer([{"id": "x", "file_name": "another.pdf"}]),
        answer([{"file_name": "no id"}]),
        answer(["x"]),
        answer([{"id": "../x", "file_name": "inv-0--quickbooks-bill-0.pdf"}]),
        answer([created(0), created(0, id="twin"), created(1), created(1, id="twin-1")]),
        answer([created(0), created(1)], [error(0, "invalid"), error(1, "invalid")]),
        answer([], [{"code": "invalid", "source": {"pointer": "/supplier_invoices"}}]),
        answer([], [{"code": "invalid", "source": {"pointer": "/supplier_invoices/99/file"}}]),
        answer([], [{"code": "invalid", "source": None}]),
        answer([], ["x", None]),
        body({"supplier_invoices": None, "errors": {}}),
        body("<html>"),
        body(""),
        body("[]"),
        body('{"supplier_invoices":[NaN]}'),
        body("{}", 302, Location="/"),
        httpx.Response(200, content=b"x" * (21 * 1024 * 1024)),
    ],
)
def test_what_the_answer_does_not_tell_is_no_answer(strange: httpx.Response) -> None:
    assert kinds(send(strange)) == ["no_answer", "no_answer"]


def test_one_renamed_file_is_recognised_by_being_the_only_one_left() -> None:
    sent = send(answer([created(0), {"id": "e", "file_name": "inv-1 quickbooks.pdf"}]))
    assert kinds(sent) == ["entry-0", "e"]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_server_that_broke_may_have_taken_the_files(status: int) -> None:
    assert kinds(send(body("<html>", status))) == ["no_answer", "no_answer"]


@pytest.mark.parametrize("status", [400, 404, 413, 415, 422, 428])
def test_a_refused_request_refuses_each_file(status: int) -> None:
    refused = body({"errors": [{"code": "invalid", "detail": "no such thing"}]}, status)
    sent = send(refused)
    assert kinds(sent) == ["rejected", "rejected"]
    assert sent[0].failure is not None and "no such thing" in sent[0].failure.sentence


@pytest.mark.parametrize(
    "lost",
    [
        httpx.ReadTimeout("x"),
        httpx.ReadError("x"),
        httpx.WriteTimeout("x"),
        httpx.WriteError("x"),
        httpx.RemoteProtocolError("x"),
        httpx.DecodingError("x"),
    ],
)
def test_a_lost_answer_is_no_answer_and_the_upload_is_not_repeated(lost: Exception) -> None:
    script = Script([lost])
    sent = list(opened(script).send([shipment(0), shipment(1)]))
    assert kinds(sent) == ["no_answer", "no_answer"] and len(script.requests) == 1
    assert sent[0].failure is not None and "looks before it sends" in sent[0].failure.sentence


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (httpx.ConnectError("x"), FailureKind.TRANSIENT),
        (httpx.ConnectTimeout("x"), FailureKind.TRANSIENT),
        (httpx.PoolTimeout("x"), FailureKind.TRANSIENT),
        (body({}, 429, **{"Retry-After": "3"}), FailureKind.RATE_LIMITED),
        (
            body({"errors": [{"detail": "missing required OAuth scope"}]}, 403),
            FailureKind.GRANT_LOST,
        ),
    ],
)
def test_what_concerns_the_connection_is_raised(fault: Any, kind: FailureKind) -> None:
    script = Script([fault])
    with pytest.raises(Failed) as caught:
        opened(script).send([shipment(0)])
    assert caught.value.failure.kind is kind and len(script.requests) == 1
    if kind is FailureKind.GRANT_LOST:
        assert "permission" in caught.value.failure.sentence


def test_a_dead_token_is_renewed_before_the_files_go_out_again() -> None:
    renewed = {"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": 3600}
    script = Script([body({}, 401), body(renewed), answer([created(0)])])
    grants = MemoryGrants(grant(FakeClock()))
    assert kinds(list(opened(script, grants).send([shipment(0)]))) == ["entry-0"]
    assert script.requests[2].headers["authorization"] == "Bearer access-2"
    assert len(grants.saved) == 1


def test_files_that_qonto_would_refuse_do_not_leave() -> None:
    script = Script([answer([created(2)])])
    batch = [
        shipment(0, b"%PDF-1.7" + bytes(10 * 1024 * 1024)),
        shipment(1, b"plain text"),
        shipment(2),
        shipment(3, name="same.pdf"),
        shipment(4, name="same.pdf"),
    ]
    sent = list(opened(script).send(batch))
    assert kinds(sent) == ["rejected", "rejected", "entry-2", "rejected", "rejected"]
    assert script.requests[0].content.count(b"filename=") == 1


def test_nothing_is_sent_when_no_file_is_fit() -> None:
    script = Script([answer([])])
    assert kinds(list(opened(script).send([shipment(0, b"x")]))) == ["rejected"]
    assert list(opened(script).send([])) == [] and script.requests == []


@pytest.mark.parametrize(
    "name", ['a"b.pdf', "a\r\nX-Evil: 1.pdf", "é\U0001f98a.pdf", "../../x.pdf"]
)
def test_a_hostile_file_name_stays_inside_its_field(name: str) -> None:
    script = Script([answer([{"id": "e", "file_name": name}])])
    one = Shipment("p", "key", Document(name, PDF, b"%PDF-1.7"))
    opened(script).send([one])
    assert b"\r\nX-Evil" not in script.requests[0].content
    assert script.requests[0].content.count(b"Content-Disposition") == 2


def test_no_secret_is_in_any_failure() -> None:
    echo = json.dumps({"errors": [{"code": "x", "detail": "Bearer access-1 client-secret-canary"}]})
    for status in (400, 422):
        failure = send(body(echo, status))[0].failure
        assert failure is not None and "access-1" not in failure.sentence + failure.operator_note


def test_the_limits_are_told() -> None:
    limits = opened(Script([answer([])])).limits
    assert (limits.batch_max, limits.file_bytes_max) == (20, 10 * 1024 * 1024)
    assert (limits.key_lifetime, limits.settle) == (1800.0, 10.0)
