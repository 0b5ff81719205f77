"""Mailed: what a person says of a document whose arrival Well cannot prove.

Invariant: only a person has a document mailed a second time, and only where Well asked; what was
mailed and may be there is never posted as new by another way.
"""

from dataclasses import replace
from datetime import datetime

from well.domain.case import Case, CaseState, Step
from well.domain.delivery import DeliveryState
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.posting import Posting, PostingState
from well.pipeline.plan import plan_posting, posting_of
from well.pipeline.work import Work

SEEN, AGAIN = "seen", "again"
"""Verdicts: a person sees it on the other side; a person has it sent again."""

NOT_THERE = Failure(FailureKind.CONFLICT, "A person says that it did not arrive.")


def mailed_posting(work: Work, case: Case) -> Posting | None:
    """The case's posting, if something may be at the target of which no entry is known."""
    id = posting_of(work, case)
    posting = work.store.postings([id]).get(id)
    if posting is None:
        return None
    bounced = posting.delivery is not None and posting.delivery.state is DeliveryState.BOUNCED
    return posting if posting.may_be_there or bounced else None


def refuse_blind_copy(work: Work, case: Case) -> None:
    """`Failed` (conflict) where posting it as new could make a second entry of one mail."""
    posting = mailed_posting(work, case)
    if posting is not None and posting.may_be_there:
        raise Failed(
            _conflict(
                "This document was mailed already and may be there. Say that you see it, or send "
                "it again where Well asks for that."
            )
        )


def seen(work: Work, case: Case) -> Case:
    """A person sees it on the other side: it is confirmed by their word. What changed since stays
    held."""
    posting = mailed_posting(work, case)
    if posting is None or posting.state is PostingState.CONFIRMED:
        raise Failed(_conflict("This record was not mailed, or is confirmed already."))
    work.store.save_postings([_confirmed(posting, None)])
    case = replace(case, posted=case.posted or case.invoice, failure=None)
    if case.state is CaseState.HELD:
        return replace(case, reason="Changed since it was mailed; a person saw it at the target.")
    if case.newest > case.version:
        return case.to(CaseState.WAITING, Step.READ)
    return case.to(CaseState.POSTED, Step.DONE, "a person saw it at the target")


def again(work: Work, case: Case, now: datetime) -> Case:
    """A person has it mailed a second time, knowing that a duplicate may come of it. One that
    changed meanwhile is decided afresh, as if it had never been mailed."""
    posting = mailed_posting(work, case)
    if posting is None or not posting.asks or case.invoice is None:
        raise Failed(_conflict("Well does not ask whether to send this record again."))
    if case.state is CaseState.HELD:
        missing = replace(posting, state=PostingState.REJECTED, failure=NOT_THERE, not_before=None)
        work.store.save_postings([missing])
        case = replace(case, posted=None, failure=None)
        return case.to(CaseState.WAITING, Step.READ)
    planned = plan_posting(work, case, 1.0, now)
    work.store.save_postings([replace(planned, first_sent_at=posting.first_sent_at)])
    case = replace(case, posted=None, failure=None)
    return case.to(CaseState.WAITING, Step.POST, "a person has it sent again")


def confirm_by_link(work: Work, case: Case) -> None:
    """A person chose the entry that the mail became: nothing more is to be asked about it."""
    posting = mailed_posting(work, case)
    if posting is not None and posting.may_be_there:
        work.store.save_postings([_confirmed(posting, case.entry)])


def _confirmed(posting: Posting, entry: str | None) -> Posting:
    return replace(
        posting, state=PostingState.CONFIRMED, entry=entry, failure=None, not_before=None
    )


def _conflict(sentence: str) -> Failure:
    return Failure(FailureKind.CONFLICT, sentence, way_out=WayOut.DECIDE)
