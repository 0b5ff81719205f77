"""Decisions are read back from the trail, newest first and a page at a time."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders.stores import REGION, some_stores
from builders.values import AT, a_case
from well.domain.case import CaseState
from well.domain.trail import TrailEvent
from well.storage.scope import CHUNK
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def store(tmp_path: Path) -> DjangoStore:
    return some_stores(tmp_path).open("ws", REGION)


def told(minute: int, verb: str = "decided", subject: str = "", **detail: Any) -> TrailEvent:
    return TrailEvent(AT + timedelta(minutes=minute), "well", verb, subject or f"r{minute}", detail)


def test_events_of_the_wanted_verbs_come_newest_first(store: DjangoStore) -> None:
    store.append([told(1, n=1), told(2, "read"), told(3, "judged"), told(4)])
    found = list(store.told_since(("decided", "judged"), AT))
    assert [event.subject for event in found] == ["r4", "r3", "r1"]
    assert found[2] == told(1, n=1)


def test_the_window_begins_with_its_instant(store: DjangoStore) -> None:
    store.append([told(1), told(2), told(3)])
    since = AT + timedelta(minutes=2)
    assert [e.subject for e in store.told_since(["decided"], since)] == ["r3", "r2"]
    assert list(store.told_since(["decided"], AT + timedelta(minutes=4))) == []


def test_two_workers_out_of_order_by_less_than_an_hour_are_both_seen(store: DjangoStore) -> None:
    late = [told(50, subject=f"late{n}") for n in range(CHUNK)]
    store.append([told(100, subject="first"), *late])
    since = AT + timedelta(minutes=60)
    assert [e.subject for e in store.told_since(["decided"], since)] == ["first"]
    assert list(store.told_since(["decided"], AT + timedelta(minutes=111))) == []


def test_more_than_one_page_is_read_without_gap_or_repeat(store: DjangoStore) -> None:
    store.append([told(n) for n in range(CHUNK + 3)])
    found = [event.subject for event in store.told_since(["decided"], AT)]
    assert found == [f"r{n}" for n in reversed(range(CHUNK + 3))]


def test_the_newest_decision_of_a_record_in_a_flow(store: DjangoStore) -> None:
    store.append(
        [
            told(1, subject="r", flow="flow", n=1),
            told(2, subject="r", flow="flow", n=2),
            told(3, subject="r", flow="other", n=3),
            told(4, "judged", subject="r", flow="flow"),
        ]
    )
    newest = store.newest_decision("r", "flow")
    assert newest is not None
    assert newest.detail["n"] == 2
    assert store.newest_decision("r", "third") is None
    assert store.newest_decision("s", "flow") is None


def test_another_workspace_reads_nothing_of_it(store: DjangoStore, tmp_path: Path) -> None:
    store.append([told(1, subject="r", flow="flow")])
    other = some_stores(tmp_path).open("other", REGION)
    assert list(other.told_since(["decided"], AT)) == []
    assert other.newest_decision("r", "flow") is None


def test_suppliers_with_documents_are_those_posted_or_linked_in_the_flow(
    store: DjangoStore,
) -> None:
    states = {"p": CaseState.POSTED, "l": CaseState.LINKED, "r": CaseState.REVIEW}
    cases = [
        a_case(n, counterparty=party, state=state)
        for n, (party, state) in enumerate(states.items(), 1)
    ]
    elsewhere = a_case(9, "other", counterparty="o", state=CaseState.POSTED)
    store.save_cases([*cases, elsewhere], AT)
    assert store.with_documents("flow", ["p", "l", "r", "o", "x", "p"]) == {"p", "l"}
    assert store.with_documents("flow", []) == frozenset()
