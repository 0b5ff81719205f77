"""Learning: what a person says of a case becomes counts.

Invariant: the counts of a flow are the sum of the newest judgement of each case, so that another
judgement of the case takes the former's part out again, exactly; nothing of another flow or
workspace enters. It changes no case and no past decision.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from well.domain.candidate import Candidate
from well.domain.case import Case
from well.domain.entry import TargetEntry
from well.domain.learning import FlowMemory, KeptJudgement
from well.domain.trail import TrailEvent
from well.matching import VERSION
from well.matching.learn import (
    NOTHING,
    PARTY,
    Alias,
    Lag,
    Learned,
    Observation,
    Shape,
    alias_key,
    digest,
    from_json,
    gather,
    month_of,
    remove,
    to_json,
)
from well.matching.references import reference
from well.pipeline.work import WELL, Work
from well.policy.monitor import Check, eased

TEACHING = ("approve", "link", "pin")
"""Verdicts that say which entry is right, or that none is."""
WRONG = "wrong"
"""The verdict of a spot check that found a decision wrong."""
CORRECT = "correct"
"""Another word of the fields; UNDO takes it back. Neither says which entry is right."""
UNDO = "undo"
FORGOTTEN = "forgotten"
"""The mark of a judgement that teaches no more: a newer line of the log, without observations."""
_AFTER = timedelta(microseconds=1)
_OBSERVATIONS: TypeAdapter[tuple[Observation, ...]] = TypeAdapter(tuple[Observation, ...])


@dataclass(frozen=True, slots=True)
class Said:
    """A person's word on a case: the verdict with its entry and note, and who said it; `former`
    is the case before, as text, where it may have to be restored."""

    verdict: str
    entry: str | None
    note: str
    by: str
    former: str = ""


def learned_of(memory: FlowMemory) -> Learned:
    """The counts of a flow."""
    return from_json(memory.learned) if memory.learned else NOTHING


def model_name(learned: Learned) -> str:
    """What matched, for `Versions`: the shipped model and the state learned on top of it."""
    return "+".join(part for part in (VERSION, digest(learned)) if part)


def learn(work: Work, case: Case, said: Said, now: datetime) -> None:
    """Remember a judgement of `case` (as it was before) and learn from it; in the caller's unit."""
    former = work.store.newest_judgement(case.id)
    if former is not None and _stands(case, said, former):
        agreed = None if said.verdict in (CORRECT, UNDO) else former.agreed
        keep(work, case, said, _observations(former), agreed, now)
    else:
        times = 2 if former is not None and former.verdict == WRONG else 1
        keep(work, case, said, observed(work, case, said, now, times), agrees(case, said), now)
    _ease(work, now)


def _stands(case: Case, said: Said, former: KeptJudgement) -> bool:
    """Whether what the former judgement taught holds on, because this one says nothing else: it
    is about the entry the record has, about its fields alone, or refuses what a spot check found
    wrong."""
    if said.verdict in (CORRECT, UNDO):
        return True
    if said.verdict in ("retry", "reopen"):
        return False
    return case.entry is not None or (former.verdict == WRONG and said.verdict == "refuse")


def _ease(work: Work, now: datetime) -> None:
    """Lower a raised limit where the judgements prove that it may be, and tell."""
    memory = work.store.flow_memory(work.flow.id)
    if memory.limit is None:
        return
    limit = _eased(work, memory.limit)
    if limit != memory.limit:
        work.store.save_flow_memory(work.flow.id, replace(memory, limit=limit))
        detail = {"flow": work.flow.id, "limit": limit, "before": memory.limit}
        work.append([TrailEvent(now, WELL, "limit lowered", work.flow.id, detail)])


def keep(
    work: Work,
    case: Case,
    said: Said,
    seen: Sequence[Observation],
    agreed: bool | None,
    now: datetime,
) -> None:
    """Log a judgement, and put what it teaches in place of what the case's former one taught; the
    layout learned with that is forgotten."""
    memory = work.store.flow_memory(work.flow.id, lock=True)
    state = replaced(learned_of(memory), work.store.newest_judgement(case.id), seen)
    work.store.keep_judgement(
        KeptJudgement(
            case=case.id,
            flow=work.flow.id,
            at=now,
            by=said.by,
            verdict=said.verdict,
            entry=said.entry,
            note=said.note,
            agreed=agreed,
            confidence=case.decision.confidence if case.decision else 0.0,
            observations=_OBSERVATIONS.dump_json(tuple(seen)).decode() if seen else "",
            former=said.former,
        )
    )
    work.store.save_flow_memory(work.flow.id, replace(memory, learned=to_json(state)))
    work.store.drop_layouts([case.id])


def replaced(state: Learned, former: KeptJudgement | None, seen: Sequence[Observation]) -> Learned:
    """The state with `seen` in place of what the former judgement of the case taught."""
    for observation in _observations(former) if former else ():
        state = remove(state, observation)
    return gather(seen, state)


def forget(work: Work, actor: str) -> int:
    """Forget all that the flow's judgements taught; how many taught something until now.

    Each is marked by a newer line of the log, so that the state rebuilt from it is empty, too.
    Limits and spot checks stay: they guard what is done alone.
    """
    now = work.clock.now()
    with work.store.unit():
        memory = work.store.flow_memory(work.flow.id, lock=True)
        taught = [one for one in work.store.newest_judgements(work.flow.id) if one.observations]
        for one in taught:
            work.store.keep_judgement(_mark(one, actor, now))
        work.store.save_flow_memory(work.flow.id, replace(memory, learned=""))
        work.store.drop_layouts([one.case for one in work.store.newest_judgements(work.flow.id)])
        detail = {
            "flow": work.flow.id,
            "judgements": len(taught),
            "before": digest(learned_of(memory)),
        }
        work.append([TrailEvent(now, actor, "learning forgotten", work.flow.id, detail)])
    return len(taught)


def _mark(one: KeptJudgement, actor: str, now: datetime) -> KeptJudgement:
    """The line that makes `one` teach no more; the newest of the case, whatever the clock says."""
    at = max(now, one.at + _AFTER)
    return KeptJudgement(
        case=one.case,
        flow=one.flow,
        at=at,
        by=actor,
        verdict=FORGOTTEN,
        confidence=one.confidence,
    )


def rebuilt(work: Work) -> Learned:
    """The state from the log of judgements alone; equal to the one kept."""
    judged = work.store.newest_judgements(work.flow.id)
    return gather(observation for one in judged for observation in _observations(one))


def _observations(judgement: KeptJudgement) -> tuple[Observation, ...]:
    text = judgement.observations
    return _OBSERVATIONS.validate_json(text) if text else ()


def observed(
    work: Work, case: Case, said: Said, now: datetime, times: int = 1
) -> tuple[Observation, ...]:
    """What a judgement teaches. Refusing says nothing of which entry was right; nor does
    accepting what the target read of an entry that was the record's own already."""
    if said.verdict not in TEACHING or case.invoice is None or case.entry is not None:
        return ()
    return seen(work, case, said.entry if said.verdict != "approve" else None, now, times)


def seen(
    work: Work, case: Case, entry: str | None, now: datetime, times: int = 1
) -> tuple[Observation, ...]:
    """The entry question with its levels (`entry` None: none was right), and the memory of the
    supplier's name. A person is not asked which counterparty it is, so nothing is concluded about
    the levels of that."""
    month = month_of(now.date())
    about_entry = Observation(
        id=case.id,
        month=month,
        matched=None if entry is None else levels_of(case.ranking.candidates, entry),
        rejected=tuple(_levels(c) for c in case.ranking.candidates if c.id != entry),
        lag=_lag(case, _entry(work, entry)),
        shape=_shape(case),
        times=times,
    )
    name = case.invoice.seller.name if case.invoice else None
    known = case.counterparty
    about_party = Observation(
        id=case.id,
        month=month,
        matched=None if known is None else {},
        aliases=(Alias(alias_key(name), known, True),) if name and known else (),
        times=times,
        space=PARTY,
    )
    return about_entry, about_party


def _entry(work: Work, id: str | None) -> TargetEntry | None:
    return work.store.entries(work.flow.target, [id]).get(id) if id else None


def levels_of(candidates: Iterable[Candidate], id: str) -> dict[str, str]:
    """Levels of the chosen candidate; none where a person pinned one that was not found."""
    return next((_levels(c) for c in candidates if c.id == id), {})


def _levels(candidate: Candidate) -> dict[str, str]:
    return {row.feature: row.level for row in candidate.evidence}


def _lag(case: Case, entry: TargetEntry | None) -> Lag | None:
    issued = case.invoice.issue_date if case.invoice else None
    entered = entry.issue_date if entry else None
    if case.counterparty is None or issued is None or entered is None:
        return None
    return Lag(case.counterparty, (entered - issued).days)


def _shape(case: Case) -> Shape | None:
    number = reference(case.invoice.number) if case.invoice else None
    if case.counterparty is None or number is None:
        return None
    return Shape(case.counterparty, number.shape)


def agrees(case: Case, said: Said) -> bool | None:
    """Whether the person chose what Well held for likeliest; None when the verdict does not say."""
    if said.verdict in ("retry", "reopen", CORRECT, UNDO):
        return None
    best, none = case.ranking.best, case.ranking.none_confidence
    likeliest = best.id if best is not None and best.confidence >= none else None
    if said.verdict == "approve":
        return likeliest is None
    return said.verdict in TEACHING and said.entry == likeliest


def _eased(work: Work, limit: float) -> float:
    """A raised limit comes down again where several people's word proves it may."""
    judged = [
        Check(one.confidence, bool(one.agreed), 1.0, one.by)
        for one in work.store.newest_judgements(work.flow.id)
        if one.verdict in TEACHING
    ]
    return eased(limit, work.flow.rules.target, judged)
