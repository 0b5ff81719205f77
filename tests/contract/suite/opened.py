"""What a connector's tests say about it, and a connection opened through its consent.

Invariant: the consent is walked as a person would, over real HTTP; only the grant's store is in
memory. A new connector's tests fill in `ConnectorContract`'s five names and inherit the rest.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from builders.connectors import MachineClock, MemoryGrants, admin, approve, connection
from contract.suite.wire import Wire
from well.domain.failure import Failed, FailureKind
from well.domain.flow import Connection
from well.domain.marker import Window
from well.ports.connector import Connector
from well.ports.source import Source
from well.ports.target import Target
from well.sandbox.serve import Sandbox

VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)


class QuickClock(MachineClock):
    """The machine's time; nobody sleeps longer than a moment."""

    def sleep(self, seconds: float) -> None:
        """Sleep a little: who waits for a time asks again."""
        super().sleep(min(seconds, 0.02))


CLOCK = QuickClock()


@dataclass
class Opened:
    """A connection that a person approved."""

    addresses: Mapping[str, str]
    connector: Connector
    grants: MemoryGrants
    wire: Wire
    connection: Connection
    sandbox: Sandbox

    @property
    def source(self) -> Source:
        """Opened for reading, as a worker that starts anew would."""
        return self.connector.source(self.connection, self.grants)

    @property
    def target(self) -> Target:
        """Opened for writing, likewise."""
        return self.connector.target(self.connection, self.grants)

    def admin(self, path: str, value: Any = None) -> Any:
        """Rule the stand-in."""
        return admin(self.addresses, path, value)

    def fault(self, mode: str, **more: Any) -> None:
        """Switch a fault on."""
        self.admin("faults", {"mode": mode, **more})

    def entries(self) -> list[dict[str, Any]]:
        """What the target really holds."""
        answer = httpx.get(f"{self.addresses['admin']}/_admin/entries")
        rows: list[dict[str, Any]] = answer.raise_for_status().json()
        return rows


def years(count: int) -> Window:
    """Documents of so many years, and those dated ahead."""
    now = CLOCK.now()
    return Window(now - timedelta(days=365 * count), now + timedelta(days=500))


class ConnectorContract:
    """Name the stand-in and the API's paths, make the connector, say its scopes' parameter."""

    standin: ClassVar[str]
    others: ClassVar[tuple[str, ...]] = ()
    """Stand-ins that must run beside it."""
    api: ClassVar[tuple[str, ...]]
    """Beginnings of the API's paths: not of tokens, not of files."""
    bills: ClassVar[int] = 120
    settings: ClassVar[Mapping[str, int]] = {}
    """Settings of the stand-in, such as limits that so many tests in a minute would meet."""

    def connect(self, addresses: Mapping[str, str], wire: Wire) -> Connector:
        """The connector of an installation that is set to these addresses."""
        raise AssertionError("a subclass makes its connector")

    def open(self, opened: Opened) -> object:
        """The side under test, asked for once, to see that it answers."""
        raise AssertionError("the contract of a side says how")

    @pytest.fixture(scope="class")
    @classmethod
    def sandbox(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
        """The stand-ins, once for all tests of the class."""
        folder = tmp_path_factory.mktemp("sandbox")
        with Sandbox([cls.standin, *cls.others], folder, bills=cls.bills, seed=3) as running:
            if cls.settings:
                admin(running.addresses[cls.standin], "settings", dict(cls.settings))
            yield running

    @pytest.fixture
    def opened(self, sandbox: Sandbox) -> Iterator[Opened]:
        """A fresh consent; faults end with the test."""
        addresses = sandbox.addresses[self.standin]
        wire = Wire(*self.api)
        connector = self.connect(addresses, wire)
        consent = connector.exchange(approve(connector, challenge=CHALLENGE), VERIFIER)
        grants = MemoryGrants(consent.grant)
        account = connection(connector.name, consent.account)
        yield Opened(addresses, connector, grants, wire, account, sandbox)
        httpx.delete(f"{addresses['admin']}/_admin/faults").raise_for_status()
        wire.close()

    def test_exactly_the_scopes_that_the_connection_page_shows_are_asked(
        self, opened: Opened
    ) -> None:
        scopes = opened.connector.scopes
        asked = {scope.name for scope in scopes if scope.asked}
        assert asked and all(scope.why for scope in scopes)
        url = opened.connector.authorize_url("state-1", CHALLENGE)
        (sent,) = parse_qs(urlsplit(url).query)["scope"]
        assert asked <= set(sent.split())
        assert not {scope.name for scope in scopes if not scope.asked} & set(sent.split())

    def test_an_ended_token_is_renewed_once_and_stored(self, opened: Opened) -> None:
        before = opened.grants.current()
        opened.admin("expire-tokens")
        self.open(opened)
        assert len(opened.grants.saved) == 1
        assert opened.grants.current().access_token != before.access_token

    def test_a_token_that_is_refused_after_its_renewal_is_a_lost_grant(
        self, opened: Opened
    ) -> None:
        before = len(opened.wire.calls)
        with opened.wire.spoiling(lambda _: (401, {}, b"{}")), pytest.raises(Failed) as caught:
            self.open(opened)
        assert caught.value.failure.kind is FailureKind.GRANT_LOST
        assert len(opened.grants.saved) == 1 and len(opened.wire.calls) == before + 2

    def test_a_grant_ended_at_the_provider_is_lost_with_a_way_out(self, opened: Opened) -> None:
        opened.admin("revoke-all")
        with pytest.raises(Failed) as caught:
            self.open(opened)
        assert caught.value.failure.kind is FailureKind.GRANT_LOST
        assert "reconnect" in caught.value.failure.sentence

    def test_revoking_ends_the_grant_at_the_provider_and_may_be_repeated(
        self, opened: Opened
    ) -> None:
        opened.connector.revoke(opened.grants.current())
        opened.connector.revoke(opened.grants.current())
        with pytest.raises(Failed) as caught:
            self.open(opened)
        assert caught.value.failure.kind is FailureKind.GRANT_LOST

    def test_a_storm_of_429_is_handed_back_with_its_time_and_kept_quiet(
        self, opened: Opened
    ) -> None:
        opened.fault("rate_limit", count=1, retry_after=30, path=self.api[0])
        before = CLOCK.now()
        with pytest.raises(Failed) as caught:
            self.open(opened)
        failure = caught.value.failure
        assert failure.kind is FailureKind.RATE_LIMITED and failure.retry_at is not None
        assert timedelta(seconds=29) < failure.retry_at - before < timedelta(seconds=45)
        calls = len(opened.wire.calls)
        with pytest.raises(Failed) as caught:
            self.open(opened)
        assert caught.value.failure.kind is FailureKind.RATE_LIMITED
        assert len(opened.wire.calls) == calls, "asked again before the time that was told"

    def test_a_provider_that_cannot_be_reached_is_tried_again_later(self, opened: Opened) -> None:
        with opened.wire.down(), pytest.raises(Failed) as caught:
            self.open(opened)
        assert caught.value.failure.kind is FailureKind.TRANSIENT
        self.open(opened)
