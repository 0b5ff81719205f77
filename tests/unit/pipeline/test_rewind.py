"""History paused, made longer and read again; markers set back: nothing is lost or posted twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from simulation.history import STEPS_MAX, History
from simulation.memory_store import MemoryStore
from simulation.world import Bill
from well.domain.case import CaseState
from well.domain.failure import Failed, FailureKind
from well.domain.flow import Flow
from well.domain.marker import SliceState
from well.pipeline.rewind import read_history_again, rewind
from well.pipeline.sync import Phase, Run, advance


@pytest.fixture
def history() -> History:
    made = History(1)
    made.faults.healed = True
    made.add_bills(9)
    return made


def _numbers(history: History) -> list[str]:
    return sorted(entry.invoice_number or "" for entry in history.target.held.values())


def _all(history: History) -> list[str]:
    return sorted(bill.number for bill in history.source.bills.values())


def _change(history: History, change: Callable[[Flow], Flow]) -> None:
    MemoryStore(history.disk).save_flow(change(history.disk.flows["flow"]))


def _dated(history: History, id: str, issued: date) -> None:
    history.source.bills[id] = Bill(id, f"OLD-{id}", 5_000 + int(id), issued, history.clock.at)


def _until(history: History, phase: Phase) -> Run:
    run = Run(history.clock.now())
    for _ in range(STEPS_MAX):
        if run.phase is phase:
            return run
        run = advance(history.work(), run)
    raise AssertionError(phase)


def test_a_paused_history_keeps_live_changes_going_and_goes_on_where_it_was(
    history: History,
) -> None:
    history.clock.sleep(7200)
    run = _until(history, Phase.BACKFILL)
    run = advance(history.work(), run)
    before = _all(history)
    _change(history, lambda flow: replace(flow, history_paused=True))
    history.clock.sleep(3600)
    history.add_bills(2)
    history.sync()
    live = [bill.number for bill in history.source.bills.values() if bill.number not in before]
    assert _numbers(history) == sorted(live)
    open_parts = [s for s in history.disk.slices.values() if s.state is SliceState.OPEN]
    assert open_parts
    _change(history, lambda flow: replace(flow, history_paused=False))
    history.sync()
    assert _numbers(history) == _all(history)
    assert all(s.state is SliceState.DONE for s in history.disk.slices.values())


def test_a_history_read_again_posts_nothing_twice(history: History) -> None:
    history.sync()
    cases = {case.id: (case.state, case.version) for case in history.disk.cases.values()}
    parts = read_history_again(history.work(), "ann")
    assert parts == len(history.disk.slices)
    assert {(s.state, s.cursor, s.rows) for s in history.disk.slices.values()} == {
        (SliceState.OPEN, None, 0)
    }
    history.sync()
    assert _numbers(history) == _all(history)
    assert {c.id: (c.state, c.version) for c in history.disk.cases.values()} == cases
    told = [event for _, event in history.disk.trail if event.verb == "history reopened"]
    assert [(event.actor, event.detail["parts"]) for event in told] == [("ann", parts)]


def test_a_history_that_is_still_read_is_not_begun_again(history: History) -> None:
    with pytest.raises(Failed, match="not complete yet") as none:
        read_history_again(history.work(), "ann")
    assert none.value.failure.kind is FailureKind.CONFLICT
    _until(history, Phase.BACKFILL)
    with pytest.raises(Failed, match="not complete yet"):
        read_history_again(history.work(), "ann")


def test_a_longer_window_reads_the_older_part_and_what_was_left_out_for_its_date(
    history: History,
) -> None:
    today = history.clock.at.date()
    _change(history, lambda flow: replace(flow, backfill=timedelta(days=300)))
    _dated(history, "900", today - timedelta(days=400))
    _dated(history, "901", today - timedelta(days=700))
    history.sync()
    history.clock.sleep(7200)
    # It changes, so it comes with the changes, and is left out for its date.
    old = history.source.bills["900"]
    history.source.bills["900"] = replace(old, changed_at=history.clock.at, version=2)
    history.sync()
    (left_out,) = [c for c in history.disk.cases.values() if c.key.source_id == "900"]
    assert left_out.state is CaseState.IGNORED
    assert "OLD-900" not in _numbers(history)
    _change(history, lambda flow: replace(flow, backfill=timedelta(days=500)))
    history.sync()
    assert "OLD-900" in _numbers(history)
    assert "OLD-901" not in _numbers(history)
    parts = len(history.disk.slices)
    history.sync()
    assert len(history.disk.slices) == parts
    _change(history, lambda flow: replace(flow, backfill=timedelta(days=30)))
    history.sync()
    assert len(history.disk.slices) == parts


def test_older_parts_join_those_that_were_read_without_gap(history: History) -> None:
    _change(history, lambda flow: replace(flow, backfill=timedelta(days=100)))
    history.sync()
    _change(history, lambda flow: replace(flow, backfill=timedelta(days=500)))
    _until(history, Phase.BACKFILL)
    windows = sorted(
        (s.window for s in history.disk.slices.values() if s.stream == "bills"),
        key=lambda window: window.since,
    )
    assert all(a.until == b.since for a, b in pairwise(windows))
    assert history.clock.at - windows[0].since < timedelta(days=500, minutes=1)


def test_a_marker_set_back_reads_the_changes_again_and_posts_nothing_twice(
    history: History,
) -> None:
    history.sync()
    day = history.clock.at
    history.clock.sleep(7200)
    history.add_bills(3)
    # Changes that the source told too late are why a person does this.
    history.clock.sleep(7200)
    history.sync()
    _dated(history, "700", day.date())
    history.source.bills["700"].changed_at = day + timedelta(minutes=30)
    history.sync()
    assert "OLD-700" not in _numbers(history)
    stood = rewind(history.work(), day, "ann")
    assert stood > day
    assert {m.at for (c, _), m in history.disk.markers.items() if c == "src"} == {day}
    history.sync()
    assert "OLD-700" in _numbers(history)
    assert _numbers(history) == _all(history)
    told = [event for _, event in history.disk.trail if event.verb == "rewound"]
    assert [(event.actor, event.detail["to"]) for event in told] == [("ann", day.isoformat())]


def test_the_targets_mirror_is_not_set_back(history: History) -> None:
    history.sync()
    mirror = history.disk.markers["dst", "entries"]
    rewind(history.work(), history.clock.at - timedelta(days=3), "ann")
    assert history.disk.markers["dst", "entries"] == mirror


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1)])
def test_a_day_that_was_not_reached_yet_is_refused(history: History, later: timedelta) -> None:
    with pytest.raises(Failed, match="choose an earlier one"):
        rewind(history.work(), history.clock.at, "ann")
    history.sync()
    markers = dict(history.disk.markers)
    stands = max(m.at for (c, _), m in markers.items() if c == "src")
    with pytest.raises(Failed, match="choose an earlier one"):
        rewind(history.work(), stands + later, "ann")
    assert history.disk.markers == markers


def test_a_run_under_way_does_not_undo_a_rewind(history: History) -> None:
    history.sync()
    day: datetime = history.clock.at
    history.clock.sleep(7200)
    history.add_bills(20)
    history.clock.sleep(7200)
    history.sync()
    history.clock.sleep(7200)
    history.add_bills(20)
    run = _until(history, Phase.CHANGES)
    run = advance(history.work(), run)
    assert run.cursor is not None and run.cursor.next is not None
    rewind(history.work(), day, "ann")
    while run.phase is Phase.CHANGES:
        run = advance(history.work(), run)
    assert history.disk.markers["src", "bills"].at == day
    history.sync()
    assert history.disk.markers["src", "bills"].at > day
    assert _numbers(history) == _all(history)
