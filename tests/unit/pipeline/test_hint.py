"""A hint makes a flow due within a minute, once, however often it is repeated."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from builders.stores import NOON, some_stores
from builders.values import a_flow
from well.pipeline.hint import PICKED_UP, due_at
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases="__all__")
SECOND = timedelta(seconds=1)


@pytest.fixture
def store(tmp_path: Path) -> DjangoStore:
    made = some_stores(tmp_path).open("ws", "eu")
    made.save_flow(a_flow())
    return made


def _hinted(store: DjangoStore, now: datetime) -> datetime | None:
    store.due_early(["books"], due_at(now), now - PICKED_UP)
    return dict(store.due_flows(datetime(2100, 1, 1, tzinfo=UTC))).get("flow")


@pytest.mark.parametrize(
    ("second", "due"),
    [
        (timedelta(0), timedelta(minutes=1)),
        (timedelta(seconds=59, microseconds=999_999), timedelta(minutes=1)),
        (timedelta(minutes=1), timedelta(minutes=2)),
    ],
)
def test_it_is_due_at_the_next_whole_minute(second: timedelta, due: timedelta) -> None:
    assert due_at(NOON + second) == NOON + due


def test_a_flow_due_later_is_due_early_and_repeats_change_nothing(store: DjangoStore) -> None:
    store.set_due("flow", NOON + timedelta(hours=1))
    for seconds in range(60):
        assert _hinted(store, NOON + seconds * SECOND) == NOON + timedelta(minutes=1)


def test_a_flow_due_sooner_stays_so(store: DjangoStore) -> None:
    store.set_due("flow", NOON + 20 * SECOND)
    assert _hinted(store, NOON) == NOON + 20 * SECOND


@pytest.mark.parametrize(("ago", "again"), [(5 * SECOND, False), (6 * SECOND, True)])
def test_a_hint_during_a_run_brings_another_and_one_before_it_does_not(
    store: DjangoStore, ago: timedelta, again: bool
) -> None:
    store.set_due("flow", NOON - ago)
    assert _hinted(store, NOON) == (NOON + timedelta(minutes=1) if again else NOON - ago)


def test_a_storm_of_hints_does_not_put_a_due_flow_off(store: DjangoStore) -> None:
    store.set_due("flow", NOON + timedelta(hours=1))
    due = NOON + timedelta(minutes=1)
    assert _hinted(store, NOON) == due
    # The worker looks twice a second: until it has, nothing moves.
    assert _hinted(store, due + SECOND) == due


def test_a_flow_that_never_began_is_paused_or_reads_elsewhere_is_left_alone(
    store: DjangoStore,
) -> None:
    assert _hinted(store, NOON) is None
    far = NOON + timedelta(hours=1)
    for id, changes in (("off", {"enabled": False}), ("other", {"source": "elsewhere"})):
        store.save_flow(a_flow(id, **changes))
        store.set_due(id, far)
        store.due_early(["books"], due_at(NOON), NOON - PICKED_UP)
    store.save_flow(a_flow("off"))
    due = dict(store.due_flows(far))
    assert (due["off"], due["other"]) == (far, far)
