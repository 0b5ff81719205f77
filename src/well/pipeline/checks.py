"""Checks: from which confidence Well acts alone, and the second looks that watch over it.

Invariant: a decision is chosen for a second look before anybody knows whether it was right; a
limit raised by a wrong one holds from the next decision on. It changes no case.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from well.domain.case import Case
from well.domain.decision import Decision, Outcome
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.learning import FlowMemory, SpotCheck
from well.domain.trail import TrailEvent
from well.matching.learn import Observation, month_of
from well.pipeline.learning import Said, keep, levels_of, seen
from well.pipeline.plan import posting_of
from well.pipeline.work import Work
from well.policy import Facts
from well.policy.monitor import NOTHING_ALONE, Alarm, Check, Watch, watch
from well.policy.spot_check import chance, chosen
from well.policy.threshold import CLEAN_CHECKS, effective, one_click, pooled

WEEK = timedelta(days=7)
CHECKS_MAX = 10_000
"""Answered checks looked at when another one is answered."""
_ALONE = (Outcome.POST, Outcome.LINK)


def acting_threshold(work: Work, memory: FlowMemory) -> float:
    """The certified limit of acting alone: the raised one, else the shipped one; one that nothing
    reaches while the rule asks for a person's click first."""
    rules = work.flow.rules
    clean = work.store.agreed_in_a_row(work.flow.id) if rules.clicks_first else CLEAN_CHECKS
    if one_click(clean, rules.clicks_first):
        return NOTHING_ALONE
    return _certified(work, memory)


def _certified(work: Work, memory: FlowMemory) -> float:
    return pooled(work.flow.rules.target) if memory.limit is None else memory.limit


def choose_checks(
    work: Work, decided: Sequence[tuple[Case, Decision, Facts]], now: datetime
) -> list[SpotCheck]:
    """Which of these decisions a person is to look at later; runs in the decisions' unit."""
    alone = [one for one in decided if one[1].outcome in _ALONE]
    if not alone:
        return []
    weekly = len(alone) + work.store.decided_alone(work.flow.id, now - WEEK)
    checks = []
    for case, decision, facts in alone:
        limit = effective(facts.rules.auto_post, facts.threshold)
        odds = chance(decision.confidence, limit, facts.first_document, weekly)
        if chosen(posting_of(work, case), odds):
            sure = decision.confidence
            checks.append(SpotCheck(case.id, work.flow.id, case.record, sure, odds.weight, now))
    return checks


def answer_check(
    work: Work, case_id: str, right: bool, actor: str, entry: str | None = None
) -> Alarm | None:
    """A person's word on a spot check, with the entry it should have been if that is known.

    Gives the alarm when the limit was raised, for the owner to be told; Failed (conflict) when
    the check was answered already or the case was never chosen.
    """
    now = work.clock.now()
    with work.store.unit():
        memory = work.store.flow_memory(work.flow.id, lock=True)
        check = work.store.spot_check(case_id)
        case = work.store.cases([case_id]).get(case_id)
        if check is None or case is None or check.right is not None:
            raise Failed(_answered())
        answered = replace(check, right=right, by=actor, answered_at=now)
        after, alarm = watch(_watch_of(work, memory), _as_check(answered))
        work.store.save_spot_checks([answered])
        limit = alarm.limit if alarm else memory.limit
        memory = replace(memory, limit=limit, held=after.held)
        work.store.save_flow_memory(work.flow.id, memory)
        said = Said("right" if right else "wrong", entry, "", actor)
        keep(work, case, said, _taught(work, case, said, now), right, now)
        work.append(_told(work, answered, entry, alarm, now))
    return alarm


def _answered() -> Failure:
    return Failure(
        FailureKind.CONFLICT,
        "This record is not waiting for a second look any more. Nothing was changed.",
        way_out=WayOut.WAIT,
    )


def _watch_of(work: Work, memory: FlowMemory) -> Watch:
    """The flow's monitor before this answer."""
    limit = effective(work.flow.rules.auto_post, _certified(work, memory))
    done = work.store.spot_checks(work.flow.id, answered=True, limit=CHECKS_MAX)
    return Watch(work.flow.rules.target, limit, tuple(map(_as_check, done)), memory.held)


def _as_check(check: SpotCheck) -> Check:
    return Check(check.confidence, bool(check.right), check.weight, check.by)


def _taught(work: Work, case: Case, said: Said, now: datetime) -> tuple[Observation, ...]:
    """A decision found right teaches as if a person had made it; one found wrong counts double."""
    linked = case.decision is not None and case.decision.outcome is Outcome.LINK
    decided = case.entry if linked else None
    if said.verdict == "right":
        return seen(work, case, decided, now)
    if said.entry is not None:
        return seen(work, case, said.entry, now, times=2)
    return _only_rejected(case, decided, now)


def _only_rejected(case: Case, entry: str | None, now: datetime) -> tuple[Observation, ...]:
    """A wrong link whose right answer is not known: only the link itself is spoken against."""
    if entry is None:
        return ()
    wrong = levels_of(case.ranking.candidates, entry)
    return (Observation(case.id, month_of(now.date()), {}, (wrong,), times=2),)


def _told(
    work: Work, check: SpotCheck, entry: str | None, alarm: Alarm | None, now: datetime
) -> list[TrailEvent]:
    flow = work.flow.id
    detail = {"flow": flow, "case": check.case, "right": check.right, "entry": entry}
    events = [TrailEvent(now, check.by, "spot checked", check.record, detail)]
    if alarm is not None:
        events.append(work.event("limit raised", flow, limit=alarm.limit, sentence=alarm.sentence))
    return events
