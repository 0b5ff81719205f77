"""Plan: the one posting of a record on a target, as an outbox row.

Invariant: its id, idempotency key and file name are functions of the record, so planning twice
gives the same row. Nothing is sent here.
"""

from dataclasses import replace
from datetime import datetime

from well.domain.case import Case
from well.domain.failure import Failure, FailureKind
from well.domain.file_name import posting_file_name
from well.domain.ids import posting_id, stable_id
from well.domain.posting import Posting, PostingState
from well.pipeline.work import Work


def posting_of(work: Work, case: Case) -> str:
    """Id of the only posting of the case's record on the flow's target."""
    return posting_id(work.store.workspace, work.flow.target, case.record)


def plan_posting(work: Work, case: Case, priority: float, now: datetime) -> Posting:
    """The outbox row. The key names the version and the correction, too: an edit before sending
    is another document."""
    id = posting_of(work, case)
    edited = [case.correction.at.isoformat()] if case.correction else []
    number = case.invoice.number if case.invoice else None
    return Posting(
        id=id,
        case=case.id,
        flow=work.flow.id,
        target=work.flow.target,
        state=PostingState.PLANNED,
        priority=priority,
        file_name=posting_file_name(
            number, work.source_name, singular(case.key.stream), case.key.source_id
        ),
        idempotency_key=stable_id("key", id, str(case.version), *edited),
        planned_at=now,
        document=case.document,
    )


def withdrawn(posting: Posting) -> Posting:
    """A planned posting that must not be sent any more, because its record changed."""
    failure = Failure(FailureKind.CONFLICT, "The record changed before it was posted.")
    return replace(posting, state=PostingState.REJECTED, failure=failure)


def singular(stream: str) -> str:
    """`vendor_credits` -> `vendorcredit`."""
    return stream.removesuffix("s").replace("_", "")
