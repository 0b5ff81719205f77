"""The trail: chained, and what was done to it is found."""

from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from builders.stores import NOON, REGION, some_stores
from builders.values import AT
from well.domain.trail import TrailEvent
from well.storage.models import TrailRow
from well.storage.scope import rows, unit
from well.storage.store import DjangoStore
from well.storage.trail import TrailCheck

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def store(tmp_path: Path) -> DjangoStore:
    return some_stores(tmp_path).open("ws", REGION)


def _event(number: int, **detail: Any) -> TrailEvent:
    return TrailEvent(AT + timedelta(seconds=number), "well", "captured", f"r{number}", detail)


def _change(store: DjangoStore, seq: int, **columns: Any) -> None:
    with unit(store.tenant):
        rows(TrailRow, store.tenant).filter(seq=seq).update(**columns)


def test_a_whole_trail_verifies(store: DjangoStore) -> None:
    assert store.verify_trail() == TrailCheck(0)
    store.append(
        [_event(n, total="1.10", nested={"b": [1, 2.5, None], "a": "é\x00"}) for n in (1, 2)]
    )
    with store.unit():
        store.append([_event(3)])
        store.append([_event(4)])
    assert store.verify_trail() == TrailCheck(4)


def test_events_come_back_by_subject(store: DjangoStore) -> None:
    store.append([_event(1, a=1), _event(2), _event(1, a=2)])
    assert store.trail_of(["r1"]) == [_event(1, a=1), _event(1, a=2)]
    assert store.trail_of(["r1", "r2"], limit=2) == [_event(2), _event(1, a=2)]


def test_times_of_other_zones_are_told_in_utc(store: DjangoStore) -> None:
    paris = NOON.astimezone(timezone(timedelta(hours=1)))
    store.append([TrailEvent(paris, "well", "captured", "r", {})])
    assert store.trail_of(["r"])[0].at.isoformat() == NOON.isoformat()
    assert store.verify_trail() == TrailCheck(1)


@pytest.mark.parametrize(
    "columns",
    [{"actor": "somebody"}, {"verb": "approved"}, {"subject": "r9"}, {"at": NOON}, {"body": b"x"}],
)
def test_an_altered_line_is_found(store: DjangoStore, columns: dict[str, Any]) -> None:
    store.append([_event(n) for n in range(1, 6)])
    _change(store, 3, **columns)
    assert store.verify_trail() == TrailCheck(2, 3)


def test_a_body_moved_to_another_line_is_found(store: DjangoStore) -> None:
    store.append([_event(1, a=1), _event(1, a=1)])
    with unit(store.tenant):
        body = rows(TrailRow, store.tenant).get(seq=1).body
    _change(store, 2, body=body)
    assert store.verify_trail() == TrailCheck(1, 2)


@pytest.mark.parametrize(("missing", "check"), [(2, TrailCheck(1, 2)), (3, TrailCheck(2, 3))])
def test_a_missing_line_is_found_at_the_end_too(
    store: DjangoStore, missing: int, check: TrailCheck
) -> None:
    store.append([_event(n) for n in range(1, 4)])
    with unit(store.tenant):
        rows(TrailRow, store.tenant).filter(seq=missing).delete()
    assert store.verify_trail() == check


def test_a_long_trail_is_read_in_pages(store: DjangoStore) -> None:
    store.append([_event(n) for n in range(1201)])
    assert store.verify_trail() == TrailCheck(1201)


def test_an_undone_unit_leaves_no_line(store: DjangoStore) -> None:
    store.append([_event(1)])
    with pytest.raises(RuntimeError), store.unit():
        store.append([_event(2)])
        raise RuntimeError
    store.append([_event(3)])
    assert store.verify_trail() == TrailCheck(2)
