"""What connectors are opened with in tests: clocks, grants in memory, a scripted network.

Invariant: no test of a connector needs a database; the fake clock moves only by sleeping.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from well.domain.flow import Connection, ConnectionState
from well.ports.clock import Clock
from well.ports.connector import Connector
from well.ports.grants import Grant, Lease
from well.settings import Provider

NOW = datetime(2026, 4, 22, 9, 0, tzinfo=UTC)
REDIRECT = "http://localhost:8000/connect/test/callback"


class FakeClock:
    """Stands still until somebody sleeps."""

    def __init__(self, now: datetime = NOW) -> None:
        self.at = now
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


class MachineClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class MemoryGrants:
    """One lease at a time; `crash` makes the next save fail as if the process had died."""

    def __init__(self, grant: Grant | None = None) -> None:
        self.grant = grant
        self.saved: list[Grant] = []
        self.crash = False
        self._lock = threading.Lock()

    def load(self, connection: str) -> Grant | None:
        return self.grant

    def put(self, connection: str, grant: Grant) -> None:
        self.grant = grant

    def drop(self, connection: str) -> None:
        self.grant = None

    def current(self) -> Grant:
        assert self.grant is not None
        return self.grant

    def save(self, grant: Grant) -> None:
        if self.crash:
            raise KeyboardInterrupt
        self.saved.append(grant)
        self.grant = grant

    @contextmanager
    def refreshing(self, connection: str) -> Iterator[Lease]:
        with self._lock:
            yield self


def grant(clock: Clock, access: str = "access-1", refresh: str = "refresh-1") -> Grant:
    """A grant good for an hour."""
    return Grant(access, refresh, clock.now() + timedelta(hours=1))


def connection(connector: str, account: str) -> Connection:
    """A connected connection."""
    return Connection("c1", connector, "Company", account, ConnectionState.CONNECTED)


QUICKBOOKS = Provider(
    api="https://quickbooks.example.com",
    authorize="https://appcenter.example.com/connect/oauth2",
    token="https://oauth.example.com/oauth2/v1/tokens/bearer",
    revoke="https://developer.example.com/v2/oauth2/tokens/revoke",
    client_id="id",
    client_secret="client-secret-canary",
    app="https://app.example.com",
    file_hosts=("*.files.example.com",),
)
QONTO = Provider(
    api="https://thirdparty.example.com",
    authorize="https://oauth.example.com/oauth2/auth",
    token="https://oauth.example.com/oauth2/token",
    revoke="https://oauth.example.com/oauth2/revoke",
    client_id="id",
    client_secret="client-secret-canary",
    app="https://app.example.com",
    file_hosts=("*.files.example.com",),
)
FRESHBOOKS = Provider(
    api="https://api.example.com",
    authorize="https://auth.example.com/oauth/authorize",
    token="https://api.example.com/auth/oauth/token",
    revoke="https://api.example.com/auth/oauth/revoke",
    client_id="id",
    client_secret="client-secret-canary",
    app="https://app.example.com",
)


@dataclass
class Script:
    """A network that answers what a test says, in order, and notes each request."""

    answers: list[httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]]
    requests: list[httpx.Request] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            request.read()
            self.requests.append(request)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    @property
    def transport(self) -> httpx.MockTransport:
        """For `connect(..., transport=...)`."""
        return httpx.MockTransport(self)


def body(value: object, status: int = 200, **headers: str) -> httpx.Response:
    """A JSON answer; a text is sent as it is."""
    text = value if isinstance(value, str) else json.dumps(value)
    return httpx.Response(status, text=text, headers=headers)


def provider_of(addresses: Mapping[str, str]) -> Provider:
    """Settings that lead to a stand-in."""
    known = ("api", "authorize", "token", "revoke", "client_id", "client_secret")
    return Provider(**{name: addresses[name] for name in known}, app="https://app.example.com")


def approve(
    connector: Connector, state: str = "state-1", challenge: str = "", **chosen: str
) -> dict[str, str]:
    """Walk the consent page of a stand-in, where `chosen` is filled in; the redirect's fields."""
    url = connector.authorize_url(state, challenge)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    with httpx.Client() as browser:
        assert browser.get(url).status_code == 200
        answer = browser.post(
            url.partition("?")[0], data={**asked, **chosen, "decision": "approve"}
        )
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def admin(addresses: Mapping[str, str], path: str, value: Any = None) -> Any:
    """Post to a stand-in's admin port."""
    answer = httpx.post(f"{addresses['admin']}/_admin/{path}", json=value)
    assert answer.status_code < 300, answer.text
    return answer.json()
