"""Backfill: history in slices, lists first, then documents newest first.

Invariant: each slice remembers its page, so a stopped backfill goes on where it was; the marker
of changes is set to the time before the first slice was read, so nothing falls between. What is
read again is recognised by its id and digest.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from well.domain.flow import Flow
from well.domain.marker import Marker, Slice, SliceState, Window
from well.pipeline.capture import capture
from well.pipeline.work import Work, asking
from well.ports.store import Store

FIRST = timedelta(days=31)
"""The newest slice is small so that the queue has something to show at once."""

THEN = timedelta(days=92)
FUTURE = timedelta(days=36_525)
"""A document dated ahead, even by a slip of the pen, is brought over and shown to a person."""


def plan_backfill(work: Work, now: datetime) -> None:
    """Write the slices of a first sync and the markers of what comes after it, once per flow; and
    those of the older part, when somebody made the window longer."""
    known = work.store.slices(work.flow.id)
    if known:
        _plan_older(work, min(s.window.since for s in known), now)
        return
    with work.store.unit():
        work.store.save_slices(plan(work, now))
        for stream in work.source.streams:
            if work.store.marker(work.flow.source, stream.name) is None:
                work.store.save_marker(Marker(work.flow.source, stream.name, now))
        work.append([work.event("backfill planned", work.flow.id, days=work.flow.backfill.days)])


def plan(work: Work, now: datetime) -> list[Slice]:
    """Lists, then posted kinds window by window from the newest, then the other dated kinds."""
    whole = Window(now - work.flow.backfill, now + FUTURE)
    streams = work.source.streams
    lists = [Slice(work.flow.id, s.name, whole) for s in streams if not s.dated]
    posted = [s.name for s in streams if s.dated and work.posts(s.kind)]
    others = [Slice(work.flow.id, s.name, whole) for s in streams if s.dated]
    windows = _windows(whole, now)
    return [
        *lists,
        *(Slice(work.flow.id, name, window) for window in windows for name in posted),
        *(s for s in others if s.stream not in posted),
    ]


def _plan_older(work: Work, known: datetime, now: datetime) -> None:
    """Slices of what lies before `known`, where the history begins so far."""
    start = now - work.flow.backfill
    if start >= known:
        return
    whole, dated = Window(start, known), [s for s in work.source.streams if s.dated]
    parts = _split([Window(known, known)], start)[1:]
    older = [
        *(Slice(work.flow.id, s.name, part) for part in parts for s in dated if work.posts(s.kind)),
        *(Slice(work.flow.id, s.name, whole) for s in dated if not work.posts(s.kind)),
    ]
    with work.store.unit():
        work.store.save_slices(older)
        days = work.flow.backfill.days
        work.append([work.event("backfill planned further", work.flow.id, days=days)])


def _windows(whole: Window, now: datetime) -> list[Window]:
    return _split([Window(max(now - FIRST, whole.since), whole.until)], whole.since)


def _split(windows: list[Window], start: datetime) -> list[Window]:
    """`windows` and those before the last of them, back to `start`."""
    while windows[-1].since > start:
        end = windows[-1].since
        windows.append(Window(max(end - THEN, start), end))
    return windows


def window_start(work: Work) -> date | None:
    """First day of the history that the flow brings over; None before it is planned."""
    starts = [s.window.since for s in work.store.slices(work.flow.id)]
    return min(starts).date() if starts else None


def backfill_page(work: Work, current: Slice) -> int:
    """Capture the next page of a slice; returns how many records changed."""
    with asking(work.flow.source):
        page = work.source.history(current.stream, current.window, current.cursor)
    state = SliceState.OPEN if page.next_cursor else SliceState.DONE
    after = replace(
        current, state=state, cursor=page.next_cursor, rows=current.rows + len(page.records)
    )
    return capture(work, page.records, lambda: work.store.save_slices([after]))


def next_slice(slices: Sequence[Slice]) -> tuple[Slice | None, bool]:
    """The slice to read next, and whether it begins a new window (so the former can be posted)."""
    former: Slice | None = None
    for current in slices:
        if current.state is SliceState.OPEN:
            fresh = current.cursor is None and current.rows == 0
            return current, fresh and former is not None and former.window != current.window
        former = current
    return None, True


def history_left(store: Store, flow: Flow) -> bool:
    """Whether the flow's history is to be read further."""
    slices = store.slices(flow.id)
    return not flow.history_paused and any(s.state is SliceState.OPEN for s in slices)
