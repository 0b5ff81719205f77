"""Renewing a grant: once, stored before it is used, and never lost by our own doing."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from builders.connectors import (
    NOW,
    QONTO,
    QUICKBOOKS,
    REDIRECT,
    FakeClock,
    MemoryGrants,
    Script,
    body,
    connection,
    grant,
)
from well.connectors import qonto, quickbooks
from well.domain.failure import Failed, FailureKind, WayOut
from well.domain.marker import Window
from well.ports.source import Source

RENEWED = {"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": 3600}
EMPTY = {"QueryResponse": {}, "time": "2026-04-22T02:00:00-07:00"}
ALL = Window(NOW - timedelta(days=1), NOW)


class Intuit:
    """Token and API in one: knows which access token is good; rotates with an overlap."""

    def __init__(self, good: str = "access-1") -> None:
        self.good = good
        self.refreshes: list[str] = []
        self.lose: Callable[[], Exception | None] = lambda: None
        self.token: Any = RENEWED
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/bearer"):
            form = dict(pair.split("=") for pair in request.content.decode().split("&"))
            self.refreshes.append(form["refresh_token"])
            time.sleep(0.01)
            lost = self.lose()
            if lost:
                raise lost
            if self.status == 200:
                self.good = "access-2"
            return body(self.token, self.status)
        if request.headers["authorization"] == f"Bearer {self.good}":
            return body(EMPTY)
        return body({"fault": {"error": [{"code": "3200"}], "type": "AUTHENTICATION"}}, 401)


def opened(intuit: Intuit, grants: MemoryGrants, clock: FakeClock) -> Source:
    transport = httpx.MockTransport(intuit)
    connector = quickbooks.connect(QUICKBOOKS, REDIRECT, clock, transport)
    return connector.source(connection("quickbooks", "123"), grants)


def read(source: Source) -> None:
    source.history("bills", ALL, None)


def failure(source: Source) -> Any:
    with pytest.raises(Failed) as caught:
        read(source)
    return caught.value.failure


def test_a_good_token_is_used_as_it_is() -> None:
    clock, intuit = FakeClock(), Intuit()
    read(opened(intuit, MemoryGrants(grant(clock)), clock))
    assert intuit.refreshes == []


def test_a_token_is_renewed_two_minutes_before_it_ends() -> None:
    clock, intuit = FakeClock(), Intuit()
    grants = MemoryGrants(grant(clock))
    source = opened(intuit, grants, clock)
    clock.at += timedelta(minutes=57, seconds=59)
    read(source)
    assert intuit.refreshes == []
    clock.at += timedelta(seconds=1)
    read(source)
    assert intuit.refreshes == ["refresh-1"] and grants.grant is not None
    assert grants.grant.refresh_token == "refresh-2"


def test_a_refused_token_is_renewed_once_and_the_call_repeated() -> None:
    clock, intuit = FakeClock(), Intuit(good="access-2")
    grants = MemoryGrants(grant(clock))
    read(opened(intuit, grants, clock))
    assert len(intuit.refreshes) == 1 and grants.current().access_token == "access-2"


def test_a_renewed_token_that_is_refused_too_is_a_grant_lost() -> None:
    clock, intuit = FakeClock(), Intuit(good="none")
    intuit.token = RENEWED | {"access_token": "access-3"}
    found = failure(opened(intuit, MemoryGrants(grant(clock)), clock))
    assert found.kind is FailureKind.GRANT_LOST and found.way_out is WayOut.RECONNECT
    assert len(intuit.refreshes) == 1


def test_two_threads_at_once_make_exactly_one_refresh() -> None:
    clock, intuit = FakeClock(), Intuit(good="access-2")
    grants = MemoryGrants(grant(clock))
    sources = [opened(intuit, grants, clock) for _ in range(6)]
    threads = [threading.Thread(target=read, args=(source,)) for source in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert intuit.refreshes == ["refresh-1"] and len(grants.saved) == 1


def test_the_new_grant_is_stored_before_it_is_used() -> None:
    clock, intuit = FakeClock(), Intuit(good="access-2")
    grants = MemoryGrants(grant(clock))
    seen: list[int] = []

    def watch(request: httpx.Request) -> httpx.Response:
        if request.headers["authorization"] == "Bearer access-2":
            seen.append(len(grants.saved))
        return intuit(request)

    connector = quickbooks.connect(QUICKBOOKS, REDIRECT, clock, httpx.MockTransport(watch))
    read(connector.source(connection("quickbooks", "123"), grants))
    assert seen == [1]


def test_after_a_crash_between_answer_and_store_the_former_token_renews_again() -> None:
    clock, intuit = FakeClock(), Intuit(good="access-2")
    grants = MemoryGrants(grant(clock))
    grants.crash = True
    with pytest.raises(KeyboardInterrupt):
        read(opened(intuit, grants, clock))
    assert grants.current().refresh_token == "refresh-1"
    grants.crash = False
    read(opened(intuit, grants, clock))
    assert intuit.refreshes == ["refresh-1", "refresh-1"]


def test_a_lost_answer_of_the_refresh_is_asked_again_once_with_the_same_token() -> None:
    clock, intuit = FakeClock(), Intuit(good="access-2")
    lost: list[Exception] = [httpx.ReadTimeout("lost")]
    intuit.lose = lambda: lost.pop() if lost else None
    read(opened(intuit, MemoryGrants(grant(clock)), clock))
    assert intuit.refreshes == ["refresh-1", "refresh-1"]


def test_a_refresh_without_any_answer_is_transient_and_keeps_the_grant() -> None:
    clock, intuit = FakeClock(), Intuit(good="access-2")
    intuit.lose = lambda: httpx.ReadError("lost")
    grants = MemoryGrants(grant(clock))
    assert failure(opened(intuit, grants, clock)).kind is FailureKind.TRANSIENT
    assert len(intuit.refreshes) == 2 and grants.current().refresh_token == "refresh-1"


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (400, {"error": "invalid_grant", "error_description": "Token invalid"}, "grant_lost"),
        (401, {"error": "invalid_grant"}, "grant_lost"),
        (401, {"error": "invalid_client"}, "rejected"),
        (400, {"error": "invalid_request"}, "rejected"),
        (403, "<html>", "rejected"),
        (429, {}, "transient"),
        (500, "", "transient"),
        (503, "<html>", "transient"),
        (200, "<html>", "transient"),
        (200, {}, "transient"),
        (200, {"access_token": "a b"}, "transient"),
        (200, {"access_token": "a\r\nX: y"}, "transient"),
        (200, {"access_token": "x" * 10_000}, "transient"),
        (200, {"access_token": 5}, "transient"),
        (200, RENEWED | {"token_type": "mac"}, "transient"),
        (200, "x" * 300_000, "transient"),
    ],
)
def test_each_answer_of_the_token_address_has_its_kind(status: int, answer: Any, kind: str) -> None:
    clock, intuit = FakeClock(), Intuit(good="access-2")
    intuit.status, intuit.token = status, answer
    grants = MemoryGrants(grant(clock))
    found = failure(opened(intuit, grants, clock))
    assert found.kind.value == kind and grants.saved == []
    assert "refresh-1" not in found.sentence + found.operator_note
    assert "canary" not in found.sentence + found.operator_note


@pytest.mark.parametrize("life", [0, -5, "abc", None, 10**30, True, 2.5])
def test_a_strange_lifetime_does_no_harm(life: Any) -> None:
    clock, intuit = FakeClock(), Intuit(good="access-2")
    intuit.token = RENEWED | {"expires_in": life}
    grants = MemoryGrants(grant(clock))
    read(opened(intuit, grants, clock))
    assert grants.current().expires_at >= NOW


def test_a_refresh_answer_without_a_new_refresh_token_keeps_the_former() -> None:
    clock, intuit = FakeClock(), Intuit(good="access-2")
    intuit.token = {"access_token": "access-2", "expires_in": 3600}
    grants = MemoryGrants(grant(clock))
    read(opened(intuit, grants, clock))
    assert grants.current().refresh_token == "refresh-1"


def test_a_connection_without_a_grant_is_lost() -> None:
    clock = FakeClock()
    found = failure(opened(Intuit(), MemoryGrants(None), clock))
    assert found.kind is FailureKind.GRANT_LOST


def test_authorize_sends_pkce_to_qonto_and_only_state_to_quickbooks() -> None:
    clock = FakeClock()
    theirs = quickbooks.connect(QUICKBOOKS, REDIRECT, clock).authorize_url("s", "challenge")
    ours = qonto.connect(QONTO, REDIRECT, clock).authorize_url("s", "challenge")
    assert "state=s" in theirs and "code_challenge" not in theirs
    assert httpx.URL(ours).params["code_challenge"] == "challenge"
    assert httpx.URL(ours).params["code_challenge_method"] == "S256"
    assert httpx.URL(ours).params["redirect_uri"] == REDIRECT


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"error": "access_denied"},
        {"error": "server_error", "error_description": "x", "realmId": "1"},
        {"code": "c"},
        {"code": "c", "realmId": "../../evil"},
        {"code": "c", "realmId": ""},
        {"code": "", "realmId": "1"},
        {"code": "x" * 10_000, "realmId": "1"},
        {"code": "c", "realmId": "1", "iss": "https://evil.example.org"},
        {"code": "c", "realmId": "1", "iss": "https://[evil"},
    ],
)
def test_a_redirect_that_is_no_consent_is_refused_without_a_request(answer: dict[str, str]) -> None:
    script = Script([body(RENEWED)])
    connector = quickbooks.connect(QUICKBOOKS, REDIRECT, FakeClock(), script.transport)
    with pytest.raises(Failed) as caught:
        connector.exchange(answer, "")
    assert caught.value.failure.kind is FailureKind.REJECTED
    assert caught.value.failure.way_out is WayOut.RECONNECT and script.requests == []


def test_a_realm_that_the_token_cannot_read_is_refused() -> None:
    script = Script([body(RENEWED), body({"Fault": {"type": "AuthorizationFault"}}, 403)])
    connector = quickbooks.connect(QUICKBOOKS, REDIRECT, FakeClock(), script.transport)
    with pytest.raises(Failed) as caught:
        connector.exchange({"code": "c", "realmId": "99"}, "")
    assert caught.value.failure.kind is FailureKind.GRANT_LOST


def test_qonto_without_a_needed_scope_is_refused() -> None:
    token = RENEWED | {"scope": "offline_access organization.read supplier_invoice.read"}
    script = Script([body(token)])
    connector = qonto.connect(QONTO, REDIRECT, FakeClock(), script.transport)
    with pytest.raises(Failed) as caught:
        connector.exchange({"code": "c"}, "v" * 43)
    assert "supplier_invoice.write" in caught.value.failure.sentence


def test_the_client_password_goes_where_each_provider_wants_it() -> None:
    for connect, provider, header in (
        (quickbooks.connect, QUICKBOOKS, True),
        (qonto.connect, QONTO, False),
    ):
        script = Script([body({"error": "invalid_grant"}, 400)])
        connector = connect(provider, REDIRECT, FakeClock(), script.transport)  # type: ignore[operator]
        with pytest.raises(Failed):
            connector.exchange({"code": "c", "realmId": "1"}, "v" * 43)
        sent = script.requests[0]
        assert ("authorization" in sent.headers) is header
        assert (b"client_secret" in sent.content) is not header
        assert "canary" not in str(sent.url)


@pytest.mark.parametrize(
    ("status", "fails"), [(200, False), (204, False), (400, False), (500, True)]
)
def test_revoking_says_whether_the_provider_was_told(status: int, fails: bool) -> None:
    clock = FakeClock()
    for connect, provider in ((quickbooks.connect, QUICKBOOKS), (qonto.connect, QONTO)):
        script = Script([body("", status)])
        connector = connect(provider, REDIRECT, clock, script.transport)  # type: ignore[operator]
        if fails:
            with pytest.raises(Failed):
                connector.revoke(grant(clock))
        else:
            connector.revoke(grant(clock))
        assert b"refresh-1" in script.requests[0].content
