"""Sync: one run of a flow as a chain of small steps, each safe to repeat.

Invariant: `advance` reads what is to be done from the store and does one page or batch of it, so
a run killed anywhere goes on by calling it again. Postings start when all records of the window
(of a first sync: the whole history) are captured and decided. A source that wants to rest is not
waited for: what was decided before it was asked is posted and confirmed without it. While the
target cannot be read, nothing is decided: records are captured and read, and what was planned is
mailed. It schedules nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from well.domain.case import CaseState, Step
from well.domain.flow import Flow
from well.domain.posting import NEVER, THERE, PostingState
from well.pipeline.arrive import mail_waits
from well.pipeline.backfill import backfill_page, history_left, next_slice, plan_backfill
from well.pipeline.confirm import confirm_batch
from well.pipeline.decide import decide_batch
from well.pipeline.layouts import learn_layouts
from well.pipeline.poll import Cursor, poll_changes, poll_entries
from well.pipeline.post import post_batch, settle_unknown
from well.pipeline.read import read_batch
from well.pipeline.work import Work
from well.ports.store import Store

CONFIRM_PAUSE = 1.0
"""Seconds between two looks at the target while it analyses what was posted."""

CONFIRM_LOOKS = 60


class Phase(StrEnum):
    """Where a run is."""

    MIRROR = "mirror"
    BACKFILL = "backfill"
    CHANGES = "changes"
    DRAIN = "drain"
    SETTLE = "settle"
    AWAY = "away"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Run:
    """The state of a run between steps. `pause` is how many seconds to wait before the next;
    `resume` is when the flow goes on, where a provider did not want to be asked before."""

    until: datetime
    phase: Phase = Phase.MIRROR
    cursor: Cursor | None = None
    pause: float = 0.0
    looks: int = 0
    resume: datetime | None = None


def rest(run: Run, until: datetime, source: bool) -> Run:
    """The run after a provider asked not to be asked before `until`. While only the history may
    not be read, changes still are; without its source the run still posts and confirms; without
    its target there is nothing to do. Pure."""
    resting = replace(run, cursor=None, pause=0.0, looks=0, resume=until)
    if not source:
        return replace(resting, phase=Phase.DONE)
    history = run.phase is Phase.BACKFILL
    return replace(resting, phase=Phase.CHANGES if history else Phase.AWAY)


def advance(work: Work, run: Run) -> Run:
    """Do the next piece of the run; Failed when source or target could not be used."""
    run = replace(run, pause=0.0)
    if run.phase is Phase.MIRROR:
        plan_backfill(work, run.until)
        if work.blind:
            return replace(run, phase=Phase.BACKFILL, cursor=None)
        return _paged(run, poll_entries(work, _cursor(run)), Phase.BACKFILL)
    if run.phase is Phase.BACKFILL:
        return _backfill(work, run)
    if run.phase is Phase.CHANGES:
        return _paged(run, poll_changes(work, _cursor(run)), Phase.DRAIN)
    if run.phase is Phase.DRAIN:
        return run if drain(work, run) else replace(run, phase=Phase.SETTLE)
    return _settle(work, run)


def _cursor(run: Run) -> Cursor:
    return run.cursor or Cursor(run.until)


def _paged(run: Run, cursor: Cursor | None, then: Phase) -> Run:
    """The same phase with the next page, or the next phase."""
    return replace(run, cursor=cursor) if cursor else replace(run, phase=then, cursor=None)


def _backfill(work: Work, run: Run) -> Run:
    if work.flow.history_paused:
        return replace(run, phase=Phase.CHANGES)
    current, fresh = next_slice(work.store.slices(work.flow.id))
    if fresh and digest(work):
        return run
    if current is None:
        return replace(run, phase=Phase.CHANGES)
    backfill_page(work, current)
    return run


def digest(work: Work) -> int:
    """One batch of reading or deciding: the queue fills while a backfill runs, but nothing is
    posted before all of the history is known (a second copy or an older account may come yet)."""
    return read_batch(work) or (0 if work.blind else decide_batch(work))


def drain(work: Work, run: Run) -> int:
    """One batch of the first step that has work: learn what people said of pages, since that reads
    the next ones better, then read, decide and post."""
    return learn_layouts(work) or digest(work) or _post(work, run)


def _post(work: Work, run: Run) -> int:
    """Post, or only settle what is on its way."""
    return post_batch(work) if posts(work.store, work.flow, run) else settle_unknown(work)


def posts(store: Store, flow: Flow, run: Run) -> bool:
    """Whether the run may send: one that was cut short does where the history is known to its end,
    which it is when postings have begun and no part of it is open."""
    if run.resume is None:
        return True
    begun = store.find_postings(flow.id, THERE, 1, NEVER)
    return bool(begun) and not history_left(store, flow)


def _settle(work: Work, run: Run) -> Run:
    """Look at the target until everything posted is confirmed, within a bound of looks."""
    if work.blind:
        left = run.phase is Phase.AWAY and _post(work, run)
        return run if left else replace(run, phase=Phase.DONE, cursor=None)
    cursor = poll_entries(work, run.cursor or Cursor(work.clock.now()))
    if cursor is not None:
        return replace(run, cursor=cursor)
    away = run.phase is Phase.AWAY
    moved = confirm_batch(work) + (_post(work, run) if away else drain(work, run))
    soon = work.clock.now() + timedelta(seconds=CONFIRM_LOOKS * CONFIRM_PAUSE)
    idle = not moved and mail_waits(work)
    if idle or not unsettled(work.store, work.flow, soon, run) or run.looks >= CONFIRM_LOOKS:
        return replace(run, phase=Phase.DONE, cursor=None)
    if moved:
        return replace(run, cursor=None)
    return replace(run, cursor=None, pause=CONFIRM_PAUSE, looks=run.looks + 1)


def unsettled(store: Store, flow: Flow, by: datetime, run: Run) -> bool:
    """Whether anything of the flow is to be read or decided, or asks for a look or an attempt at
    its target by then. A run that was cut short counts only what it can move, and nothing waits to
    be seen or decided while the target cannot be read."""
    blind = store.connection(flow.target).blind
    open_states = [PostingState.UNKNOWN] if blind else [PostingState.UNKNOWN, PostingState.SENT]
    if posts(store, flow, run):
        open_states.append(PostingState.PLANNED)
    if store.find_postings(flow.id, open_states, 1, by):
        return True
    steps = [Step.READ] if blind else [Step.READ, Step.DECIDE]
    return run.resume is None and any(
        store.cases_at(flow.id, CaseState.WAITING, step, 1) for step in steps
    )
