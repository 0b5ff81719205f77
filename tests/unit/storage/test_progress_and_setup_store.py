"""Markers, slices, connections, flows and when they are due."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from builders.stores import NOON, REGION, some_stores
from builders.values import a_connection, a_flow
from well.domain.decision import Rules
from well.domain.failure import Failure, FailureKind
from well.domain.flow import ConnectionState, EInvoiceBuyer, Flow
from well.domain.marker import Marker, Slice, SliceState, Window
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def store(tmp_path: Path) -> DjangoStore:
    return some_stores(tmp_path).open("ws", REGION)


def _slice(stream: str, days: int, **changes: object) -> Slice:
    until = NOON - timedelta(days=days)
    return replace(Slice("flow", stream, Window(until - timedelta(days=30), until)), **changes)


def test_a_marker_moves(store: DjangoStore) -> None:
    assert store.marker("books", "bills") is None
    store.save_marker(Marker("books", "bills", NOON))
    store.save_marker(Marker("books", "bills", NOON + timedelta(hours=1)))
    assert store.marker("books", "bills") == Marker("books", "bills", NOON + timedelta(hours=1))


def test_slices_keep_the_order_in_which_they_were_first_saved(store: DjangoStore) -> None:
    planned = [_slice("vendors", 0), _slice("bills", 0), _slice("bills", 30)]
    store.save_slices(planned)
    done = _slice("bills", 0, state=SliceState.DONE, cursor="", rows=7)
    store.save_slices([done])
    store.save_slices([_slice("payments", 0)])
    assert store.slices("flow") == [planned[0], done, planned[2], _slice("payments", 0)]
    assert store.slices("other") == []


def test_a_connection_is_replaced_by_its_id(store: DjangoStore) -> None:
    with pytest.raises(KeyError):
        store.connection("books")
    store.save_connection(a_connection())
    failure = Failure(FailureKind.GRANT_LOST, "Reconnect.")
    lost = a_connection(state=ConnectionState.GRANT_LOST, failure=failure)
    store.save_connection(lost)
    store.save_connection(a_connection("bank", connector="qonto"))
    assert store.connection("books") == lost
    assert [connection.id for connection in store.connections()] == ["bank", "books"]


def test_a_flow_keeps_its_e_invoice_and_one_stored_before_there_was_any_has_none(
    store: DjangoStore,
) -> None:
    embedding = a_flow(e_invoice=EInvoiceBuyer("Café Médoc SAS", "FR"))
    store.save_flow(embedding)
    assert store.flows() == [embedding]
    adapter = TypeAdapter(Flow)
    older = adapter.dump_python(a_flow(), mode="json")
    del older["e_invoice"]
    assert adapter.validate_python(older) == a_flow()


def test_every_saved_state_of_a_flow_is_a_version(store: DjangoStore) -> None:
    store.save_flow(a_flow())
    stricter = a_flow(rules=Rules(0.9, 0.6, 2))
    store.save_flow(stricter)
    assert store.flows() == [stricter]
    assert store.flow_versions("flow") == [stricter, a_flow()]


def test_a_flow_is_due_when_it_was_said_to_be(store: DjangoStore) -> None:
    store.save_flow(a_flow())
    assert store.due_flows(NOON) == []
    assert store.set_due("flow", NOON)
    assert store.due_flows(NOON - timedelta(seconds=1)) == []
    assert store.due_flows(NOON) == [("flow", NOON)]
    store.save_flow(a_flow(name="Renamed"))
    assert store.due_flows(NOON) == [("flow", NOON)], "saving a flow does not forget its time"
    store.save_flow(a_flow(enabled=False))
    assert store.due_flows(NOON) == []
    assert not store.set_due("none", NOON)


def test_of_two_that_move_a_due_time_one_wins(store: DjangoStore) -> None:
    store.save_flow(a_flow())
    store.set_due("flow", NOON)
    later = NOON + timedelta(hours=1)
    assert store.set_due("flow", later, expected=NOON)
    assert not store.set_due("flow", later, expected=NOON)
