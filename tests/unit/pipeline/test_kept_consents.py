"""Consents that wait for a choice: which company is sure, and what becomes of those left over."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import pytest

from builders.connectors import NOW, FakeClock
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.flow import Connection, ConnectionState
from well.pipeline.consents import GIVE_UP_AFTER, LEFT_AFTER, end_left, sure
from well.ports.connector import Company, Connector, Consent
from well.ports.grants import Grant, Lease

ACME, BETA = Company("A", "Acme"), Company("B", "Beta")
GRANT = Grant("a", "r", NOW)
TICK = timedelta(microseconds=1)


@dataclass
class Shelf:
    """`KeptGrants` in memory, with the time that each was stored."""

    clock: FakeClock
    held: dict[str, tuple[datetime, Grant]] = field(default_factory=dict)

    def load(self, connection: str) -> Grant | None:
        found = self.held.get(connection)
        return found[1] if found else None

    def put(self, connection: str, grant: Grant) -> None:
        self.held[connection] = (self.clock.now(), grant)

    def drop(self, connection: str) -> None:
        self.held.pop(connection, None)

    def refreshing(self, connection: str) -> AbstractContextManager[Lease]:
        raise AssertionError("nobody renews a consent that waits")

    def take(self, name: str) -> Grant | None:
        grant = self.load(name)
        self.drop(name)
        return grant

    def kept_before(self, moment: datetime, prefix: str) -> Sequence[str]:
        held = self.held.items()
        return sorted(name for name, (at, _) in held if name.startswith(prefix) and at < moment)


@dataclass
class Provider:
    """Where consents are given back; `deaf` while it cannot be told."""

    name: str = "books"
    deaf: bool = False
    told: list[Grant] = field(default_factory=list)

    def revoke(self, grant: Grant, spared: Collection[str] = ()) -> None:
        if self.deaf:
            raise Failed(Failure(FailureKind.TRANSIENT, "It does not answer."))
        self.told.append(grant)
        assert spared == {"B"}


def swept(shelf: Shelf, provider: Provider) -> int:
    known = {"books": cast(Connector, provider)}
    return end_left(shelf, known, shelf.clock, lambda kind: {"B"} if kind == "books" else set())


def asked(account: str, *scopes: str) -> Connection:
    return Connection("c1", "books", "Books", account, ConnectionState.GRANT_LOST, scopes)


@pytest.mark.parametrize(
    ("choices", "onto", "expected"),
    [
        ((), None, "A"),
        ((), asked("Z", "read"), "A"),
        ((ACME,), None, "A"),
        ((ACME, BETA), None, None),
        ((ACME, BETA), asked("B", "read"), "B"),
        ((ACME, BETA), asked("Z", "read"), None),
        ((ACME,), asked("A", "read"), "A"),
        ((ACME,), asked("Z", "read"), None),
        ((ACME,), asked("inbox@books.example"), "A"),
        ((ACME, BETA), asked("inbox@books.example"), None),
        ((ACME, BETA), asked("B"), None),
    ],
)
def test_a_company_is_sure_where_there_is_one_or_it_is_the_one_that_was_asked_for(
    choices: tuple[Company, ...], onto: Connection | None, expected: str | None
) -> None:
    assert sure(Consent(GRANT, "A", "Acme", choices=choices), onto) == expected


def test_what_nobody_chose_is_given_back_and_forgotten_after_its_time() -> None:
    shelf, provider = Shelf(FakeClock()), Provider()
    shelf.put("consent:books:1", GRANT)
    shelf.put("books-connection", GRANT)
    shelf.clock.at += LEFT_AFTER
    assert swept(shelf, provider) == 0 and provider.told == []
    shelf.clock.at += TICK
    assert swept(shelf, provider) == 1 and provider.told == [GRANT]
    assert set(shelf.held) == {"books-connection"}
    assert swept(shelf, provider) == 0


def test_a_provider_that_cannot_be_told_is_told_later_for_a_day() -> None:
    shelf, provider = Shelf(FakeClock()), Provider(deaf=True)
    shelf.put("consent:books:1", GRANT)
    shelf.put("consent:books:2", GRANT)
    shelf.clock.at += LEFT_AFTER + TICK
    assert swept(shelf, provider) == 0 and len(shelf.held) == 2
    provider.deaf = False
    shelf.drop("consent:books:2")
    assert swept(shelf, provider) == 1 and shelf.held == {}
    shelf.put("consent:books:3", GRANT)
    provider.deaf = True
    shelf.clock.at += GIVE_UP_AFTER
    assert swept(shelf, provider) == 0 and len(shelf.held) == 1
    shelf.clock.at += TICK
    assert swept(shelf, provider) == 1 and shelf.held == {}


def test_a_consent_of_a_connector_that_is_gone_stops_no_other() -> None:
    shelf, provider = Shelf(FakeClock()), Provider()
    for name in ("consent:", "consent:another:1", "consent:books:1"):
        shelf.put(name, GRANT)
    shelf.clock.at += LEFT_AFTER + TICK
    assert swept(shelf, provider) == 1
    assert set(shelf.held) == {"consent:", "consent:another:1"}
    shelf.clock.at += GIVE_UP_AFTER
    assert swept(shelf, provider) == 2 and shelf.held == {}
