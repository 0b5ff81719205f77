"""Checks: from which confidence Well acts alone, and the second looks that watch over it.

Invariant: a decision is chosen for a second look before anybody knows whether it was right; a
limit raised by a wrong one holds from the next batch of decisions on; a wrong one sends its own
case back to a person. It changes no other case.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from well.domain.case import Case, CaseState
from well.domain.decision import Decision, Outcome, Rules
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.flow import Flow
from well.domain.learning import FlowMemory, SpotCheck
from well.domain.trail import TrailEvent
from well.matching.learn import Observation, month_of
from well.pipeline.learning import Said, keep, levels_of, seen
from well.pipeline.plan import posting_of
from well.pipeline.reopen import reopened
from well.pipeline.work import WELL, Work
from well.policy import Facts, acting_limit
from well.policy.monitor import NOTHING_ALONE, Alarm, Check, Watch, watch
from well.policy.spot_check import chance, chosen
from well.policy.threshold import CLEAN_CHECKS, effective, one_click, pooled

WEEK = timedelta(days=7)
CHECKS_MAX = 10_000
"""Answered checks looked at when another one is answered."""
_ALONE = (Outcome.POST, Outcome.LINK)
_DONE = (CaseState.POSTED, CaseState.LINKED)


class Because(StrEnum):
    """Why a flow acts alone from where it does."""

    RULE = "rule"
    CERTIFIED = "certified"
    RAISED = "raised"
    CLICKS = "clicks"


@dataclass(frozen=True, slots=True)
class Acting:
    """`limit` is the confidence from which the flow acts alone (`NOTHING_ALONE`: from none);
    `clean` how many decisions in a row a person agreed with."""

    limit: float
    because: Because
    clean: int


def acting(rules: Rules, memory: FlowMemory, clean: int) -> Acting:
    """The limit in force, and the strictest of what asks for it."""
    if one_click(clean, rules.clicks_first):
        return Acting(NOTHING_ALONE, Because.CLICKS, clean)
    certified = _certified(rules, memory)
    if certified <= rules.auto_post:
        return Acting(rules.auto_post, Because.RULE, clean)
    because = Because.CERTIFIED if memory.limit is None else Because.RAISED
    return Acting(certified, because, clean)


def acting_threshold(work: Work, memory: FlowMemory) -> float:
    """The certified limit of acting alone: the raised one, else the shipped one; one that nothing
    reaches while the rule asks for a person's click first."""
    rules = work.flow.rules
    clean = work.store.agreed_in_a_row(work.flow.id) if rules.clicks_first else CLEAN_CHECKS
    if one_click(clean, rules.clicks_first):
        return NOTHING_ALONE
    return _certified(work.flow.rules, memory)


def _certified(rules: Rules, memory: FlowMemory) -> float:
    return pooled(rules.target) if memory.limit is None else memory.limit


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
        limit = acting_limit(facts)
        odds = chance(decision.confidence, limit, facts.first_document, weekly)
        if chosen(posting_of(work, case), odds) and not _answered_before(work, case):
            sure = decision.confidence
            checks.append(SpotCheck(case.id, work.flow.id, case.record, sure, odds.weight, now))
    return checks


def _answered_before(work: Work, case: Case) -> bool:
    """A record that is decided anew keeps the answer it has."""
    former = work.store.spot_check(case.id)
    return former is not None and former.right is not None


def waiting(check: SpotCheck | None, case: Case | None) -> bool:
    """Whether a person can answer: not done yet, and the case still is where Well put it."""
    if check is None or case is None or check.right is not None:
        return False
    return case.state in _DONE and case.by == WELL


def answer_check(
    work: Work, case_id: str, right: bool, actor: str, entry: str | None = None, note: str = ""
) -> Alarm | None:
    """A person's word on a spot check, with the entry it should have been if that is known.

    A wrong one is linked to that entry, or goes to review. Gives the alarm when the limit was
    raised, for the owner to be told; Failed (conflict) when nothing waits for an answer, or the
    entry cannot be the right one.
    """
    now = work.clock.now()
    with work.store.unit():
        memory = work.store.flow_memory(work.flow.id, lock=True)
        check = work.store.spot_check(case_id)
        case = work.store.cases([case_id]).get(case_id)
        if check is None or case is None or not waiting(check, case):
            raise Failed(_answered())
        entry = None if right else entry
        after = case if right else reopened(work, case, entry, note, actor)
        answered = replace(check, right=right, by=actor, answered_at=now)
        alarm = _watched(work, memory, answered)
        said = Said("right" if right else "wrong", entry, note, actor)
        keep(work, case, said, _taught(work, case, said, now), right, now)
        if not right:
            work.store.save_cases([after], now)
        work.append(_told(work, answered, said, (case, after), alarm))
    return alarm


def _watched(work: Work, memory: FlowMemory, answered: SpotCheck) -> Alarm | None:
    """Keep the answer and what monitoring makes of it."""
    done = work.store.spot_checks(work.flow.id, answered=True, limit=CHECKS_MAX)
    after, alarm = watch(watch_of(work.flow, memory, done), _as_check(answered))
    work.store.save_spot_checks([answered])
    limit = alarm.limit if alarm else memory.limit
    work.store.save_flow_memory(work.flow.id, replace(memory, limit=limit, held=after.held))
    return alarm


def _answered() -> Failure:
    return Failure(
        FailureKind.CONFLICT,
        "This record is not waiting for a second look any more. Nothing was changed.",
        way_out=WayOut.WAIT,
    )


def watch_of(flow: Flow, memory: FlowMemory, answered: Sequence[SpotCheck]) -> Watch:
    """The flow's monitor after these answers."""
    limit = effective(flow.rules.auto_post, _certified(flow.rules, memory))
    return Watch(flow.rules.target, limit, tuple(map(_as_check, answered)), memory.held)


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
    work: Work, check: SpotCheck, said: Said, moved: tuple[Case, Case], alarm: Alarm | None
) -> list[TrailEvent]:
    flow, (before, after) = work.flow.id, moved
    detail = {
        "flow": flow,
        "case": check.case,
        "right": check.right,
        "entry": said.entry,
        "note": said.note,
        "before": before.state.value,
        "after": after.state.value,
    }
    at = check.answered_at or check.chosen_at
    events = [TrailEvent(at, check.by, "spot checked", check.record, detail)]
    if alarm is not None:
        events.append(work.event("limit raised", flow, limit=alarm.limit, sentence=alarm.sentence))
    return events
