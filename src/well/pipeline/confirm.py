"""Confirm: read the target back and compare what it read with what was meant.

Invariant: a posting is done only when the target's own reading of it was seen; a difference is
shown to a person and changes nothing at the target.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from well.domain.case import Case, CaseState, Step
from well.domain.entry import TargetEntry
from well.domain.posting import Posting, PostingState
from well.domain.trail import TrailEvent
from well.pipeline.work import Work
from well.policy import confirm_difference

PATIENCE = timedelta(hours=24)
"""How long the target may take to analyse a file before a person is asked to look."""


def confirm_batch(work: Work) -> int:
    """Confirm sent postings whose entry has been analysed; returns how many were settled."""
    now = work.clock.now()
    sent = work.store.find_postings(work.flow.id, [PostingState.SENT], 10 * work.batch, now)
    entries = work.store.entries(work.flow.target, [p.entry for p in sent if p.entry])
    ready = [p for p in sent if _ready(entries.get(p.entry or ""), p, now)][: work.batch]
    if not ready:
        return 0
    with work.store.unit():
        cases = work.store.cases([posting.case for posting in ready])
        after: list[Case] = []
        events: list[TrailEvent] = []
        for posting in ready:
            entry = entries[str(posting.entry)]
            case, differences = confirm(cases[posting.case], entry)
            after.append(case)
            events.append(_event(work, posting, case, entry, differences))
        work.store.save_postings([replace(p, state=PostingState.CONFIRMED) for p in ready])
        work.store.save_cases(after, now)
        work.append(events)
    return len(ready)


def _ready(entry: TargetEntry | None, posting: Posting, now: datetime) -> bool:
    if entry is None:
        return False
    since = posting.first_sent_at or posting.planned_at
    # What was mailed is found by what the target read of it, so it has read it.
    return posting.delivery is not None or entry.analyzed_at is not None or now - since > PATIENCE


def confirm(case: Case, entry: TargetEntry) -> tuple[Case, list[str]]:
    """The case after the read-back, and the sentences of what differs; pure."""
    assert case.posted is not None, "a sent posting keeps what was posted"
    differences = list(confirm_difference(case.posted, entry))
    if entry.analyzed_at is None:
        differences.append("The target has not analysed the file within a day.")
    if entry.has_duplicates:
        differences.append("The target says that it holds another copy of this document.")
    if case.newest > case.version:
        return case.to(CaseState.WAITING, Step.READ), differences
    if differences:
        reason = "Posted, but read otherwise by the target: " + differences[0]
        return case.to(CaseState.REVIEW, Step.DONE, reason), differences
    return case.to(CaseState.POSTED, Step.DONE, "posted and read back"), differences


def _event(
    work: Work, posting: Posting, case: Case, entry: TargetEntry, differences: list[str]
) -> TrailEvent:
    return work.event(
        "confirmed",
        case.record,
        posting=posting.id,
        case=case.id,
        entry=entry.id,
        status=entry.status,
        duplicates=entry.has_duplicates,
        discrepancies=entry.has_discrepancies,
        differences=differences,
    )
