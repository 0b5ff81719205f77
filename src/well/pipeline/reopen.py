"""Reopen: what becomes of a case whose automatic decision a person found wrong.

Invariant: an entry that Well wrote stays the record's own, so nothing is posted a second time;
the case ends where somebody can go on. It asks nothing of the target and learns nothing.
"""

from dataclasses import replace

from well.domain.case import Case, CaseState, Step
from well.domain.entry import TargetEntry
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.posting import PostingState
from well.pipeline.plan import posting_of
from well.pipeline.work import Work

FOUND = "A spot check found it wrong"
_WRITTEN = (PostingState.UNKNOWN, PostingState.SENT, PostingState.CONFIRMED)


def reopened(work: Work, case: Case, entry: str | None, note: str, actor: str) -> Case:
    """The case after `actor` found it wrong; `entry` is the right one if that is known.

    Failed (conflict) when `entry` is not known at the target, or is the one the case has.
    """
    known = work.store.entries(work.flow.target, [id for id in (entry, case.entry) if id])
    if entry is not None and entry not in known:
        raise Failed(_refusal("That entry is not known at the target. Choose one of the list."))
    if entry is not None and entry == case.entry:
        raise Failed(_refusal("That is the entry it has already. If it is right, say so."))
    case = replace(case, by=actor, failure=None, overturned=True)
    former = _name(known.get(case.entry or ""), case.entry)
    if _written(work, case):
        return _posted(case, entry, former, note)
    if entry is not None:
        case = replace(case, entry=entry, posted=case.invoice, overturned=False)
        return case.to(CaseState.LINKED, Step.DONE, "linked to another entry after a spot check")
    case = replace(case, entry=None, posted=None)
    return case.to(CaseState.REVIEW, Step.DONE, _reason(f"it is not “{former}”", note))


def _posted(case: Case, entry: str | None, former: str, note: str) -> Case:
    """What Well wrote can only be taken away by hand; until then the record waits for a person."""
    if entry is None:
        what = f"correct or remove “{former}” at the target by hand, then say so here"
        return case.to(CaseState.REVIEW, Step.DONE, _reason(what, note))
    what = f"it was there before; remove “{former}” at the target by hand, then say so here"
    case = replace(case, entry=entry)
    return case.to(CaseState.REVIEW, Step.DONE, _reason(what, note))


def _written(work: Work, case: Case) -> bool:
    """Whether an entry of this record's own was made, or may have been."""
    id = posting_of(work, case)
    posting = work.store.postings([id]).get(id)
    made = posting is not None and posting.state in _WRITTEN
    return made or case.state is CaseState.POSTED


def _name(entry: TargetEntry | None, id: str | None) -> str:
    return entry.file_name if entry is not None else id or "that entry"


def _reason(what: str, note: str) -> str:
    return f"{FOUND}: {what}." + (f" {note}" if note else "")


def _refusal(sentence: str) -> Failure:
    return Failure(FailureKind.CONFLICT, sentence, way_out=WayOut.DECIDE)
