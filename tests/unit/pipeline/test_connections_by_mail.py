"""Connections that take documents by e-mail: alone, with reading added, and after a reconnect."""

from dataclasses import replace
from datetime import UTC, datetime

from builders.connectors import FRESHBOOKS, REDIRECT, FakeClock, MemoryGrants
from simulation.memory_store import Disk, MemoryStore
from well.connectors import freshbooks
from well.domain.delivery import MailRoute
from well.domain.flow import ConnectionState
from well.pipeline.setup import connect, connect_by_mail
from well.ports.connector import Consent
from well.ports.grants import Grant

ROUTE = MailRoute("Receipts@Inbox.example", "office@acme.example")
CLOCK = FakeClock()
CONNECTOR = freshbooks.connect(FRESHBOOKS, REDIRECT, CLOCK)
CONSENT = Consent(
    Grant("a", "r", datetime(2026, 5, 1, tzinfo=UTC), ("user:expenses:read",)), "ABC123", "Acme"
)


def test_an_inbox_alone_is_a_connection_without_any_permission() -> None:
    store = MemoryStore(Disk())
    made = connect_by_mail(store, CONNECTOR, ROUTE, "me", CLOCK)
    assert made.state is ConnectionState.CONNECTED and made.scopes == () and made.mail == ROUTE
    again = connect_by_mail(
        store, CONNECTOR, replace(ROUTE, inbox=ROUTE.inbox.lower()), "me", CLOCK
    )
    assert again.id == made.id


def test_reading_is_added_to_the_inbox_that_the_person_named() -> None:
    store, grants = MemoryStore(Disk()), MemoryGrants()
    made = connect_by_mail(store, CONNECTOR, ROUTE, "me", CLOCK)
    read = connect(store, grants, CONNECTOR, CONSENT, "me", CLOCK, made.id)
    assert read.id == made.id and read.account == "ABC123" and read.mail == ROUTE
    other = connect(store, grants, CONNECTOR, CONSENT, "me", CLOCK)
    assert other.id != made.id and other.mail is None


def test_a_reconnected_account_keeps_the_way_it_takes_documents() -> None:
    store, grants = MemoryStore(Disk()), MemoryGrants()
    first = connect(store, grants, CONNECTOR, CONSENT, "me", CLOCK)
    store.save_connection(replace(first, mail=ROUTE, state=ConnectionState.GRANT_LOST))
    assert connect(store, grants, CONNECTOR, CONSENT, "me", CLOCK).mail == ROUTE
