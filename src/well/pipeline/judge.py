"""Judge: what a person says of a case in review, refused, held or failed.

Invariant: a judgement is taken only on the version of the case the person can act on, once, in
one transaction with its trail event; it never makes a second entry for a document that has one.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from well.domain.case import Case, CaseState, Step
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.trail import TrailEvent
from well.pipeline.accounts import trust_accounts
from well.pipeline.layouts import wish
from well.pipeline.learning import TEACHING, Said, learn
from well.pipeline.mailed import AGAIN, SEEN, again, confirm_by_link, refuse_blind_copy, seen
from well.pipeline.plan import plan_posting
from well.pipeline.shared import owners
from well.pipeline.work import Work
from well.ports.store import Store

Verdict = Literal["approve", "link", "pin", "refuse", "removed", "retry", "reopen", "seen", "again"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """`entry` is the chosen target entry of link and pin; `note` is kept in the trail. `removed`:
    a person took the record's entry away at the target. `seen`, `again`: of a document that was
    mailed, a person sees it there, or has it sent once more."""

    verdict: Verdict
    entry: str | None = None
    note: str = ""


_OPEN = {CaseState.REVIEW, CaseState.REFUSED, CaseState.HELD}
_FROM = {
    "approve": {CaseState.REVIEW, CaseState.REFUSED},
    "link": _OPEN,
    "pin": _OPEN,
    "refuse": _OPEN | {CaseState.FAILED},
    "removed": {CaseState.REVIEW, CaseState.HELD},
    "retry": {CaseState.FAILED, CaseState.HELD},
    "reopen": {CaseState.REFUSED, CaseState.FAILED, CaseState.HELD},
    SEEN: {CaseState.REVIEW, CaseState.HELD, CaseState.POSTED, CaseState.FAILED},
    AGAIN: {CaseState.REVIEW, CaseState.HELD},
}


def judge(work: Work, case_id: str, judgement: Judgement, actor: str) -> Case:
    """Apply a judgement; Failed (conflict) when the case has moved on or the document has one."""
    now = work.clock.now()
    with work.store.unit():
        work.store.hold_target(work.flow.target)
        case = work.store.cases([case_id]).get(case_id)
        if case is None or not _may(case, judgement.verdict):
            raise Failed(_moved_on(case))
        after = _apply(work, case, judgement, now)
        # Seeing what was mailed is no decision about the record.
        by = case.by if judgement.verdict in (SEEN, AGAIN) else actor
        after = replace(after, by=by, overturned=case.overturned and not _settled(after))
        work.store.save_cases([after], now)
        trust_accounts(work, [after])
        learn(work, case, Said(judgement.verdict, judgement.entry, judgement.note, actor), now)
        if judgement.verdict in TEACHING:
            wish(work, after, actor, now)
        work.append([_event(work, case, after, judgement, actor)])
    return after


def _may(case: Case, verdict: Verdict) -> bool:
    """Whether the verdict can be given on the case as it is."""
    return case.state in _FROM[verdict] or (verdict == "reopen" and case.kept_out)


def _settled(after: Case) -> bool:
    """Whether the person said what is right: it is posted or linked, or will be posted."""
    return after.state in (CaseState.POSTED, CaseState.LINKED) or after.step is Step.POST


def _moved_on(case: Case | None) -> Failure:
    where = case.state.value if case else "gone"
    return Failure(
        FailureKind.CONFLICT,
        f"Somebody or something was faster: this record is {where} now. Nothing was changed.",
        way_out=WayOut.WAIT,
    )


def _apply(work: Work, case: Case, judgement: Judgement, now: datetime) -> Case:
    if judgement.verdict == "approve":
        return _approve(work, case, now)
    if judgement.verdict in ("link", "pin"):
        return _link(work, case, judgement)
    if judgement.verdict == "refuse":
        return _refuse(case, judgement)
    if judgement.verdict == "removed":
        return _removed(case)
    if judgement.verdict == SEEN:
        return seen(work, case)
    if judgement.verdict == AGAIN:
        return again(work, case, now)
    return replace(case.to(CaseState.WAITING, Step.READ), failure=None, attempts=0)


def _approve(work: Work, case: Case, now: datetime) -> Case:
    """Post it as a new entry, or accept an entry that was posted and read otherwise."""
    if case.entry is not None:
        return case.to(CaseState.POSTED, Step.DONE, "accepted as it stands at the target")
    if case.invoice is None:
        raise Failed(
            Failure(
                FailureKind.CONFLICT,
                "There is nothing to post: the record could not be read. Retry after fixing it.",
                way_out=WayOut.FIX_AND_RETRY,
            )
        )
    refuse_blind_copy(work, case)
    _refuse_second(work, case)
    work.store.save_postings([plan_posting(work, case, 1.0, now)])
    return replace(case.to(CaseState.WAITING, Step.POST, "approved by a person"), failure=None)


def owner_of_document(store: Store, case: Case) -> Case | None:
    """Another record's case that has posted or linked the same real document."""
    if case.duplicate_key is None:
        return None
    flow = next(one for one in store.flows() if one.id == case.flow)
    like = owners(store, flow, [case.duplicate_key]).get(case.duplicate_key, [])
    return next((twin for twin in like if twin.id != case.id), None)


def _refuse_second(work: Work, case: Case) -> None:
    """A document that is posted or linked already is linked again, never posted again."""
    owner = owner_of_document(work.store, case)
    if owner is not None:
        raise Failed(
            Failure(
                FailureKind.CONFLICT,
                f"The same document is at the target already, from record "
                f"{owner.key.source_id}. Refuse this one, or link it to that entry.",
                way_out=WayOut.DECIDE,
            )
        )


def _link(work: Work, case: Case, judgement: Judgement) -> Case:
    if not judgement.entry or judgement.entry not in work.store.entries(
        work.flow.target, [judgement.entry]
    ):
        raise Failed(
            Failure(
                FailureKind.CONFLICT,
                "That entry is not known at the target. Choose one of the list.",
                way_out=WayOut.DECIDE,
            )
        )
    if case.entry is not None and case.entry != judgement.entry:
        raise Failed(
            Failure(
                FailureKind.CONFLICT,
                "This record has its own entry at the target already; it cannot get another.",
                way_out=WayOut.DECIDE,
            )
        )
    case = replace(case, entry=judgement.entry, posted=case.invoice, failure=None)
    confirm_by_link(work, case)
    return case.to(CaseState.LINKED, Step.DONE, "linked by a person")


def _refuse(case: Case, judgement: Judgement) -> Case:
    """Refuse it; what is at the target already stays, and the record counts as linked to it."""
    if case.entry is not None:
        return case.to(CaseState.LINKED, Step.DONE, "change refused; the entry stays as it is")
    if case.state is CaseState.HELD and case.posted is not None:
        return case.to(CaseState.POSTED, Step.DONE, "change refused; what was mailed stays")
    note = judgement.note or "refused by a person"
    return case.to(CaseState.REFUSED, Step.DONE, note)


def _removed(case: Case) -> Case:
    """Refused; the entry stays the record's own, so that nothing is posted in its place."""
    if case.entry is None:
        raise Failed(
            Failure(
                FailureKind.CONFLICT,
                "This record has no entry at the target that could have been removed.",
                way_out=WayOut.DECIDE,
            )
        )
    reason = "a person removed its entry at the target; it is not posted again"
    return case.to(CaseState.REFUSED, Step.DONE, reason)


def _event(work: Work, before: Case, after: Case, judgement: Judgement, actor: str) -> TrailEvent:
    return TrailEvent(
        work.clock.now(),
        actor,
        "judged",
        before.record,
        {
            "flow": work.flow.id,
            "case": before.id,
            "verdict": judgement.verdict,
            "entry": judgement.entry,
            "note": judgement.note,
            "before": before.state.value,
            "after": after.state.value,
        },
    )
