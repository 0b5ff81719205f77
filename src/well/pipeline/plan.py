"""Plan: the one posting of a record on a target, as an outbox row.

Invariant: its id, idempotency key and file name are functions of the record, so planning twice
gives the same row. Nothing is sent here.
"""

import re
import unicodedata
from dataclasses import replace
from datetime import datetime

from well.domain.case import Case
from well.domain.failure import Failure, FailureKind
from well.domain.ids import posting_id, stable_id
from well.domain.posting import Posting, PostingState
from well.pipeline.work import Work

NAME_MAX = 120


def posting_of(work: Work, case: Case) -> str:
    """Id of the only posting of the case's record on the flow's target."""
    return posting_id(work.store.workspace, work.flow.target, case.record)


def plan_posting(work: Work, case: Case, priority: float, now: datetime) -> Posting:
    """The outbox row. The key names the version too: an edit before sending is another document."""
    id = posting_of(work, case)
    number = case.invoice.number if case.invoice else None
    return Posting(
        id=id,
        case=case.id,
        flow=work.flow.id,
        target=work.flow.target,
        state=PostingState.PLANNED,
        priority=priority,
        file_name=file_name(number, work.source_name, case.key.stream, case.key.source_id),
        idempotency_key=stable_id("key", id, str(case.version)),
        planned_at=now,
        document=case.document,
    )


def withdrawn(posting: Posting) -> Posting:
    """A planned posting that must not be sent any more, because its record changed."""
    failure = Failure(FailureKind.CONFLICT, "The record changed before it was posted.")
    return replace(posting, state=PostingState.REJECTED, failure=failure)


def file_name(number: str | None, source: str, stream: str, source_id: str) -> str:
    """`INV-100--quickbooks-bill-145.pdf`: ASCII, at most NAME_MAX characters, never a path.

    The part behind the double dash identifies the record at the target; no other part of Qonto's
    bulk call can carry it.
    """
    token = f"--{_safe(source)}-{_safe(singular(stream))}-{_safe(source_id)}.pdf"
    return _safe(number or "invoice")[: NAME_MAX - len(token)] + token


def singular(stream: str) -> str:
    """`vendor_credits` -> `vendorcredit`."""
    return stream.removesuffix("s").replace("_", "")


def _safe(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"-{2,}", "-", re.sub(r"[^A-Za-z0-9._]+", "-", plain)).strip("-.") or "x"
