"""The slices of a first sync cover every day of the window once, and whatever is dated ahead."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from simulation.history import History
from well.pipeline.backfill import plan

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_slices_of_a_posted_stream_join_without_gap_or_overlap_newest_first() -> None:
    work = History(1).work()
    windows = [s.window for s in plan(work, NOW) if s.stream == "bills"]
    assert windows[0].until > NOW + timedelta(days=365 * 50)
    assert windows[-1].since == NOW - work.flow.backfill
    for newer, older in pairwise(windows):
        assert newer.since == older.until


def test_lists_come_before_dated_streams() -> None:
    streams = [s.stream for s in plan(History(1).work(), NOW)]
    assert streams[0] == "vendors"
    assert "vendors" not in streams[1:]
