"""One durable run of a flow: the workflow and its step.

Invariant: a step does whole pieces of `advance` and may run twice; the workflow holds nothing but
where the run is. One run per source connection at a time (a queue partition), and none holds that
place while a provider rests: it ends and says when the flow goes on. Failures end here: time cures
some, the rest stop a connection or one record, and are said.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from dbos import DBOS
from pydantic import TypeAdapter

from well.bootstrap import Well, well
from well.domain.failure import Failed, FailureKind
from well.domain.flow import ConnectionState, Flow
from well.pipeline.backfill import history_left
from well.pipeline.inbox import stop_mailing
from well.pipeline.setup import lose_grant, note_failure
from well.pipeline.stop import fail_head
from well.pipeline.sync import Phase, Run, advance, rest, unsettled
from well.pipeline.work import BATCH, Work
from well.ports.mailer import WayLost

STEP_SECONDS = 2.0
"""A step does pieces of work until this many seconds are over: a durable step costs flushes."""

TROUBLES_MAX = 10
"""Failures in a row that time might cure, before the run ends and the next one tries again."""

UNSETTLED_EVERY = timedelta(minutes=5)
"""How soon a flow is looked at again when its last run left something open."""

UNSETTLED_WITHIN = timedelta(minutes=15)
"""What is left open for longer waits for the flow's own time."""

TURN = timedelta(seconds=15)
"""How soon a flow goes on with its history after it made room for another: so long are the turns
of two that read theirs."""

WAIT_FIRST, WAIT_MAX = 1.0, 90.0
"""Seconds between tries after a failure, doubled each time. A provider that wants to be left alone
for longer is: limits by the minute are sat out, those by the hour and the day are not."""

log = structlog.get_logger("well.worker")
_RUN: TypeAdapter[Run] = TypeAdapter(Run)


@DBOS.workflow(name="sync", max_recovery_attempts=1_000_000)
def sync(workspace: str, flow: str, due: str) -> None:
    """Run the flow until it is done, then set when it is due next."""
    state = piece(workspace, flow, None)
    while state["run"]["phase"] != Phase.DONE.value:
        pause = state["run"]["pause"]
        if pause > 0:
            DBOS.sleep(pause)
        state = piece(workspace, flow, state)
    finish(workspace, flow, due, state["run"].get("resume"))


@DBOS.step(name="piece")
def piece(workspace: str, flow: str, state: dict | None) -> dict:  # type: ignore[type-arg]
    """Advance the run for about STEP_SECONDS; never raises for what adapters report."""
    it = well()
    run = _RUN.validate_python(state["run"]) if state else Run(it.clock.now())
    troubles = state["troubles"] if state else 0
    try:
        if not usable(it, workspace, flow):
            run, troubles = replace(run, phase=Phase.DONE), 0
        else:
            run = _advance_for(it.work(workspace, flow), run)
            troubles = 0
            clear_failures(it, workspace, flow, run)
    except Failed as failed:
        run, troubles = after_failure(it, workspace, flow, run, failed, troubles)
    except Exception as error:
        log.exception("a batch failed", workspace=workspace, flow=flow, phase=run.phase.value)
        run, troubles = one_by_one(it, workspace, flow, run, error, troubles)
    if (troubles or run.phase is Phase.BACKFILL) and others_wait(it, workspace, flow):
        run, troubles = replace(run, phase=Phase.DONE, pause=0.0), 0
    return {"run": _RUN.dump_python(run, mode="json"), "troubles": troubles}


def _advance_for(work: Work, run: Run) -> Run:
    end = work.clock.now() + timedelta(seconds=STEP_SECONDS)
    while run.phase is not Phase.DONE:
        run = advance(work, run)
        if run.pause > 0 or work.clock.now() >= end:
            break
    return run


def usable(it: Well, workspace: str, flow_id: str) -> bool:
    """Whether the flow is on and both its connections stand; a target that is only mailed to may
    have lost the grant by which it is read."""
    store, flow = it.store(workspace), it.flow(workspace, flow_id)
    source, target = store.connection(flow.source), store.connection(flow.target)
    read = source.state is ConnectionState.CONNECTED
    return flow.enabled and read and (target.state is ConnectionState.CONNECTED or target.blind)


def others_wait(it: Well, workspace: str, flow_id: str) -> bool:
    """Whether another flow of the same source is due: a run that has to wait for its target, or
    that still reads history, makes room and has its turn again soon."""
    source = it.flow(workspace, flow_id).source
    due = it.store(workspace).due_flows(it.clock.now())
    return any(id != flow_id and it.flow(workspace, id).source == source for id, _ in due)


def in_trouble(it: Well, workspace: str, flow_id: str) -> bool:
    """Whether the last thing either connection said was a failure that time may cure."""
    store, flow = it.store(workspace), it.flow(workspace, flow_id)
    both = [store.connection(flow.source), store.connection(flow.target)]
    troubled = [c for c in both if c.failure is not None and not c.blind]
    return usable(it, workspace, flow_id) and bool(troubled)


def clear_failures(it: Well, workspace: str, flow_id: str, run: Run) -> None:
    """The connections work: take old complaints off them, but not off a source that rests."""
    store, flow = it.store(workspace), it.flow(workspace, flow_id)
    for connection in (flow.source, flow.target):
        if run.resume is None or connection != flow.source:
            note_failure(store, connection, None)


def after_failure(
    it: Well, workspace: str, flow: str, run: Run, failed: Failed, troubles: int
) -> tuple[Run, int]:
    """What a failure does to the run, by its kind, its time and whose it is."""
    failure, connection = failed.failure, failed.connection
    log.warning("provider failure", workspace=workspace, kind=failure.kind.value, note=str(failed))
    store = it.store(workspace)
    if isinstance(failed, WayLost) and connection:
        stop_mailing(store, connection, failure, it.clock)
        it.notices(workspace).tell_owner(connection, failure.sentence)
        return replace(run, pause=0.0), 0
    if failure.kind is FailureKind.GRANT_LOST and connection:
        lose_grant(store, connection, failure, it.clock)
        it.notices(workspace).tell_owner(connection, failure.sentence)
        return replace(run, phase=Phase.DONE), 0
    if connection:
        note_failure(store, connection, failure)
    if not _may_pass(failure.kind):
        return replace(run, phase=Phase.DONE), 0
    pause = _pause(it, failure.retry_at, troubles)
    if pause <= WAIT_MAX and troubles + 1 < TROUBLES_MAX:
        return replace(run, pause=pause), troubles + 1
    until = failure.retry_at if pause > WAIT_MAX else None
    source = connection == it.flow(workspace, flow).source
    return rest(run, until or it.clock.now() + UNSETTLED_EVERY, source), 0


def _may_pass(kind: FailureKind) -> bool:
    return kind.retries_itself or kind in (FailureKind.CONFLICT, FailureKind.NO_ANSWER)


def _pause(it: Well, retry_at: datetime | None, troubles: int) -> float:
    """Seconds: growing, and at least as long as the provider wants."""
    wait = min(WAIT_FIRST * 2.0**troubles, WAIT_MAX)
    return max((retry_at - it.clock.now()).total_seconds(), wait) if retry_at else wait


def one_by_one(
    it: Well, workspace: str, flow: str, run: Run, error: Exception, troubles: int
) -> tuple[Run, int]:
    """A bug stops its record only: repeat with one record at a time, and fail the one at fault."""
    try:
        work = it.work(workspace, flow, batch=1)
        for _ in range(BATCH):
            run = advance(work, run)
        return run, troubles
    except Failed as failed:
        return after_failure(it, workspace, flow, run, failed, troubles)
    except Exception:
        if fail_head(it.work(workspace, flow, batch=1), error):
            return run, troubles
        log.exception("the run stops", workspace=workspace, flow=flow)
        if troubles + 1 >= TROUBLES_MAX:
            return replace(run, phase=Phase.DONE), 0
        return replace(run, pause=_pause(it, None, troubles)), troubles + 1


@DBOS.step(name="finish")
def finish(workspace: str, flow: str, due: str, resume: str | None = None) -> None:
    """Set when the flow is due next, unless somebody asked for a sync meanwhile: at `resume` where
    a provider rests until then, and sooner while something still waits for the target. The last
    run of a day looks for drift."""
    it = well()
    store, now = it.store(workspace), it.clock.now()
    run = Run(now, resume=datetime.fromisoformat(resume) if resume else None)
    wait = _next(it, workspace, it.flow(workspace, flow), run)
    store.set_due(flow, now + wait, expected=datetime.fromisoformat(due))
    if last_of_day(now, wait):
        it.look_for_drift(workspace, flow)


def _next(it: Well, workspace: str, flow: Flow, run: Run) -> timedelta:
    """How long until the flow is looked at again."""
    store, now = it.store(workspace), run.until
    open_ = unsettled(store, flow, now + UNSETTLED_WITHIN, run)
    if run.resume is not None:
        left = max(run.resume - now, timedelta(0))
        return min(left, UNSETTLED_EVERY) if open_ else left
    if in_trouble(it, workspace, flow.id):
        return min(flow.every, UNSETTLED_EVERY)
    if usable(it, workspace, flow.id) and history_left(store, flow):
        return min(flow.every, TURN)
    return min(flow.every, UNSETTLED_EVERY) if open_ else flow.every


def last_of_day(now: datetime, wait: timedelta) -> bool:
    """Whether the next run falls on another day (UTC): what is done once a day is done now."""
    return (now + wait).date() > now.date()
