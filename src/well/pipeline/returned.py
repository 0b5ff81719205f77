"""Returned: what came back about mailed documents, taken once however often it is told.

Invariant: a bounce makes a record failed with its reason, unless its entry was seen or a person
saw it; what comes back of a former mail does not touch the next one. Nothing is sent.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from well.domain.case import Case, CaseState, Step
from well.domain.delivery import Delivery, DeliveryState
from well.domain.failure import Failure, FailureKind, WayOut
from well.domain.posting import Posting, PostingState
from well.domain.trail import TrailEvent
from well.pipeline.arrive import HANDED_OVER
from well.pipeline.post import delivery_detail
from well.pipeline.work import WELL
from well.ports.mailer import DeliveryReport
from well.ports.store import Store

CLOCKS_APART = timedelta(minutes=1)
"""How far the clock of a mailbox may be behind ours."""


def take_reports(store: Store, reports: Sequence[DeliveryReport], now: datetime) -> int:
    """Apply reports to the postings of this workspace, in order; how many told something new."""
    taken = 0
    with store.unit():
        known = dict(store.postings(sorted({report.posting for report in reports})))
        cases = dict(store.cases([posting.case for posting in known.values()]))
        for report in reports:
            before = known.get(report.posting)
            after = returned(before, report.delivery, now) if before else None
            if before is None or after is None:
                continue
            known[after.id] = after
            case = cases[after.case] = after_return(cases[after.case], before, after)
            store.save_postings([after])
            store.save_cases([case], now)
            store.append([_event(after, case, now)])
            taken += 1
    return taken


def returned(posting: Posting, delivery: Delivery, now: datetime) -> Posting | None:
    """The posting after one report; None where it changes nothing. Pure."""
    if posting.state not in (PostingState.UNKNOWN, PostingState.SENT) or posting.entry is not None:
        return None
    sent = posting.last_sent_at or posting.planned_at
    if delivery.at < sent - CLOCKS_APART or _old_news(posting.delivery, delivery):
        return None
    if delivery.state is DeliveryState.BOUNCED:
        failure = came_back(delivery.note)
        rejected = PostingState.REJECTED
        return replace(posting, state=rejected, delivery=delivery, failure=failure, not_before=None)
    if posting.state is PostingState.SENT:
        return replace(posting, delivery=delivery)
    # A server that reports about it has taken it: the broken connection is explained.
    sent_now = PostingState.SENT
    return replace(posting, state=sent_now, delivery=delivery, failure=None, not_before=now)


def _old_news(known: Delivery | None, new: Delivery) -> bool:
    if known is None:
        return False
    same = known.state is new.state and new.at <= known.at
    back = known.state is DeliveryState.DELIVERED and new.state is DeliveryState.HANDED_OVER
    return same or back


def came_back(note: str) -> Failure:
    """The receiver, or a server before it, did not take the document."""
    return Failure(
        FailureKind.REJECTED,
        f"The mail came back: {note or 'no reason was given'}. Nothing was added at the other "
        "side. Correct what is complained of (often: the sender is not registered there), then "
        "retry.",
        note,
        way_out=WayOut.FIX_AND_RETRY,
    )


def after_return(case: Case, before: Posting, after: Posting) -> Case:
    """The case that goes with what came back; pure."""
    if after.state is PostingState.REJECTED:
        case = replace(case, posted=None, entry=None, failure=after.failure)
        if case.state is CaseState.REFUSED:
            return case
        assert after.failure is not None, "a bounce has a reason"
        return case.to(CaseState.FAILED, Step.DONE, after.failure.sentence)
    asked = case.state is CaseState.REVIEW or case.step is Step.POST
    if before.state is PostingState.UNKNOWN and asked:
        case = replace(case, posted=case.posted or case.invoice, failure=None)
        return case.to(CaseState.WAITING, Step.CONFIRM, HANDED_OVER)
    return case


def _event(posting: Posting, case: Case, now: datetime) -> TrailEvent:
    detail = {"flow": posting.flow, "posting": posting.id, "case": case.id}
    failure = {"failure": posting.failure.sentence} if posting.failure else {}
    return TrailEvent(
        now, WELL, "returned", case.record, {**detail, **delivery_detail(posting), **failure}
    )
