"""Connections that take documents by e-mail: alone, with reading added, and after a reconnect."""

from dataclasses import replace
from datetime import UTC, datetime

from builders.connectors import FRESHBOOKS, REDIRECT, FakeClock, MemoryGrants
from simulation.memory_store import Disk, MemoryStore
from well.connectors import freshbooks
from well.domain.delivery import MailRoute
from well.domain.flow import Connection, ConnectionState
from well.domain.marker import Marker
from well.pipeline.poll import ENTRIES
from well.pipeline.setup import BEGINNING, connect, connect_by_mail
from well.ports.connector import Consent
from well.ports.grants import Grant

ROUTE = MailRoute("receipts@inbox.example", "office@acme.example")
CLOCK = FakeClock()
CONNECTOR = freshbooks.connect(FRESHBOOKS, REDIRECT, CLOCK)
READ = ("user:profile:read", "user:expenses:read")


def consent(account: str = "ABC123", scopes: tuple[str, ...] = READ) -> Consent:
    return Consent(Grant("a", "r", datetime(2026, 5, 1, tzinfo=UTC), scopes), account, "Acme")


def asked(store: MemoryStore, one: Consent, onto: str = "") -> Connection:
    return connect(store, MemoryGrants(), CONNECTOR, one, "me", CLOCK, onto)


def inbox(store: MemoryStore) -> Connection:
    return connect_by_mail(store, CONNECTOR, ROUTE, "me", CLOCK)


def test_an_inbox_alone_is_a_connection_without_any_permission() -> None:
    store = MemoryStore(Disk())
    made = inbox(store)
    assert made.state is ConnectionState.CONNECTED and made.scopes == () and made.mail == ROUTE
    upper = replace(ROUTE, inbox=ROUTE.inbox.upper())
    assert connect_by_mail(store, CONNECTOR, upper, "me", CLOCK) == made


def test_entering_the_inbox_again_takes_no_permission_away() -> None:
    store = MemoryStore(Disk())
    read = asked(store, consent(), inbox(store).id)
    assert inbox(store) == read and read.scopes == READ


def test_reading_is_added_to_the_inbox_it_was_asked_for() -> None:
    store = MemoryStore(Disk())
    made = inbox(store)
    read = asked(store, consent(), made.id)
    assert read.id == made.id and read.account == "ABC123" and read.mail == ROUTE
    again = asked(store, consent(), made.id)
    assert again.id == made.id and again.mail == ROUTE


def test_a_consent_for_another_account_is_another_connection() -> None:
    store = MemoryStore(Disk())
    made = inbox(store)
    asked(store, consent(), made.id)
    other = asked(store, consent("XYZ9"), made.id)
    assert other.id != made.id and other.mail is None
    assert store.connection(made.id).account == "ABC123"


def test_a_reconnected_account_keeps_the_way_it_takes_documents() -> None:
    store = MemoryStore(Disk())
    first = asked(store, consent())
    store.save_connection(replace(first, mail=ROUTE, state=ConnectionState.GRANT_LOST))
    assert asked(store, consent()).mail == ROUTE


def test_what_was_mirrored_blind_is_mirrored_anew_when_more_may_be_seen() -> None:
    store = MemoryStore(Disk())
    made = inbox(store)
    store.save_marker(Marker(made.id, ENTRIES, CLOCK.now()))
    asked(store, consent(), made.id)
    marker = store.marker(made.id, ENTRIES)
    assert marker is not None and marker.at == BEGINNING


def test_with_the_same_permissions_the_mirror_goes_on_where_it_stood() -> None:
    store = MemoryStore(Disk())
    first = asked(store, consent())
    store.save_marker(Marker(first.id, ENTRIES, CLOCK.now()))
    asked(store, consent())
    marker = store.marker(first.id, ENTRIES)
    assert marker is not None and marker.at == CLOCK.now()
