"""Post: send planned postings, most confident first, and settle the doubtful ones.

Invariant: a posting is `unknown` in the store before its request leaves; an unknown posting is
looked for at the target before it is ever sent again, so a lost answer never makes a second
entry. What came to the target since it was decided is looked at once more while the target is
held, and goes back where it may be the same document. It does not decide what is posted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from well.domain.case import Case, CaseState, Step
from well.domain.counterparty import Counterparty
from well.domain.document import DocumentRef
from well.domain.entry import TargetEntry
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.file_name import with_suffix_of
from well.domain.posting import NEVER, Posting, PostingState
from well.domain.trail import TrailEvent
from well.pipeline.accounts import account_changed, same_persons, trust_accounts
from well.pipeline.arrive import (
    CLOCKS_APART,
    FIRST_LOOK,
    HANDED_OVER,
    UNSEEN,
    after_blind,
    listed_by_now,
    look_batch,
    mail_waits,
)
from well.pipeline.loops import carried
from well.pipeline.plan import withdrawn
from well.pipeline.poll import mirror
from well.pipeline.shared import taken_meanwhile
from well.pipeline.work import Work, asking
from well.ports.mailer import WayLost
from well.ports.reader import Rendered, Rendition
from well.ports.target import Cover, Sent, Shipment, TargetLimits

ATTEMPTS_MAX = 8
BACKOFF_FIRST = 2.0
"""Seconds before the second attempt; doubled at each further one, at most BACKOFF_MAX."""
BACKOFF_MAX = 900.0
MAIL_FIRST, MAIL_LAST = 600.0, 24 * 3600.0
"""Of documents that go by mail: seconds before the second attempt, doubled at each further one,
and how long it is tried. A mail server that is busy is busy for longer than an API."""


def post_batch(work: Work) -> int:
    """Settle what is doubtful, then send one request's worth; returns how many postings moved."""
    return settle_unknown(work) + _send_planned(work)


def settle_unknown(work: Work) -> int:
    """Read the target back for postings whose answer never came. What was mailed is looked for in
    another way and never sent again by itself."""
    if not work.target.limits.sends_again:
        return look_batch(work)
    now = work.clock.now()
    doubtful = work.store.find_postings(work.flow.id, [PostingState.UNKNOWN], work.batch, now)
    doubtful = [posting for posting in doubtful if listed_by_now(work, posting, now)]
    if not doubtful:
        return 0
    since = min(posting.first_sent_at or posting.planned_at for posting in doubtful)
    with asking(work.flow.target):
        there = {e.file_name: e for e in work.target.created_since(since - CLOCKS_APART)}
    sent = [_found(posting, there.get(posting.file_name)) for posting in doubtful]
    _record(work, doubtful, sent)
    return len(doubtful)


def _found(posting: Posting, entry: TargetEntry | None) -> Sent:
    if entry is not None:
        return Sent(posting.id, entry=entry)
    return Sent(
        posting.id,
        failure=Failure(
            FailureKind.TRANSIENT,
            "The answer to a posting was lost; the target does not have it, so it is sent again.",
        ),
    )


def _send_planned(work: Work) -> int:
    if mail_waits(work):
        return 0
    limit = min(work.batch, work.target.limits.batch_max)
    planned = work.store.find_postings(
        work.flow.id, [PostingState.PLANNED], limit, work.clock.now()
    )
    cases = work.store.cases([posting.case for posting in planned])
    waiting = list(cases.values())
    ready, stale = _split(planned, cases, same_persons(work, waiting), carried(work, waiting))
    _withdraw(work, stale, cases)
    originals = work.store.document_refs([c.document for c in waiting if c.document])
    files = {
        posting.id: file_to_post(work, cases[posting.case], posting.file_name, originals)
        for posting in ready
    }
    covers = _covers(work, [cases[posting.case] for posting in ready])
    shipments, refused = _prepare(work, ready, files, covers)
    _record(work, [p for p in ready if p.id in refused], list(refused.values()))
    claimed = _claim(work, [p for p in ready if p.id not in refused], cases)
    if claimed:
        told = {posting.id: files[posting.id].e_invoice for posting in claimed}
        _send(work, claimed, [shipments[posting.id] for posting in claimed], told)
    return len(planned)


def _claim(work: Work, ready: Sequence[Posting], cases: Mapping[str, Case]) -> Sequence[Posting]:
    """Postings that are this run's to send. Other flows of the target wait meanwhile, so that of
    two with the same document the second finds the first on its way."""
    now = work.clock.now()
    with work.store.unit():
        work.store.hold_target(work.flow.target)
        planned = {posting.case: posting.planned_at for posting in ready}
        taken = taken_meanwhile(work, [cases[id] for id in planned], planned)
        _withdraw(work, [posting for posting in ready if posting.case in taken], cases)
        free = [posting.id for posting in ready if posting.case not in taken]
        return work.store.claim_postings(free, now)


def _split(
    planned: Sequence[Posting],
    cases: Mapping[str, Case],
    persons: Mapping[str, list[Counterparty]],
    looped: Mapping[str, str],
) -> tuple[list[Posting], list[Posting]]:
    """Postings whose case still stands behind them, and those that must be looked at again: the
    record changed, older documents show that the supplier was paid elsewhere before, or the
    document turned out to be one that Well brought to the source."""
    ready: list[Posting] = []
    stale: list[Posting] = []
    for posting in planned:
        case = cases[posting.case]
        due = case.state is CaseState.WAITING and case.step is Step.POST
        same = case.version == case.newest
        moved = account_changed(case, persons[case.id]) or case.id in looped
        (ready if due and same and not moved else stale).append(posting)
    return ready, stale


def _withdraw(work: Work, stale: Sequence[Posting], cases: Mapping[str, Case]) -> None:
    if not stale:
        return
    again = [
        cases[posting.case].to(CaseState.WAITING, Step.READ)
        for posting in stale
        if cases[posting.case].state is CaseState.WAITING
    ]
    with work.store.unit():
        work.store.save_postings([withdrawn(posting) for posting in stale])
        work.store.save_cases(again, work.clock.now())


def _prepare(
    work: Work,
    postings: Sequence[Posting],
    files: Mapping[str, Rendered],
    covers: Mapping[str, Cover],
) -> tuple[dict[str, Shipment], dict[str, Sent]]:
    """The files to send, and those the target would refuse anyway."""
    shipments: dict[str, Shipment] = {}
    refused: dict[str, Sent] = {}
    for posting in postings:
        document = files[posting.id].document
        limit = work.target.limits.file_bytes_max
        if len(document.content) > limit:
            refused[posting.id] = Sent(posting.id, failure=_too_large(len(document.content), limit))
        else:
            shipments[posting.id] = Shipment(
                posting.id, posting.idempotency_key, document, covers[posting.case]
            )
    return shipments, refused


def _covers(work: Work, cases: Sequence[Case]) -> dict[str, Cover]:
    """What each file is about, by case."""
    records = work.store.records([case.key for case in cases])
    return {
        case.id: Cover(
            case.invoice,
            work.source_title,
            case.key.source_id,
            work.source.link(records[case.key]),
        )
        for case in cases
        if case.invoice is not None
    }


def file_to_post(
    work: Work, case: Case, name: str, originals: Mapping[str, DocumentRef]
) -> Rendered:
    """The original untouched where the target reads such files, else a page that says it is a
    rendition, with an e-invoice inside where the flow asks for it. `originals` by digest."""
    assert case.invoice is not None, "only a record that was read is posted"
    rendition = Rendition(work.source_title, case.key.source_id, name)
    ref = originals.get(case.document or "")
    if ref is not None and ref.media_type in work.target.limits.takes:
        named = replace(rendition, file_name=with_suffix_of(name, ref.media_type))
        return Rendered(work.renderer.label(work.store.document(ref), named))
    if work.flow.e_invoice is not None:
        return work.renderer.embed(case.invoice, rendition, work.flow.e_invoice)
    return Rendered(work.renderer.render(case.invoice, rendition))


def _too_large(size: int, limit: int) -> Failure:
    return Failure(
        FailureKind.REJECTED,
        f"The file has {size / 1e6:.1f} MB; the target takes at most {limit / 1e6:.0f} MB. "
        "Replace it by a smaller one at the source, then retry.",
        way_out=WayOut.FIX_AND_RETRY,
    )


def _send(
    work: Work,
    claimed: Sequence[Posting],
    shipments: Sequence[Shipment],
    told: Mapping[str, str],
) -> None:
    """One request. A failure of the request as a whole is one for each of its postings."""
    try:
        with asking(work.flow.target):
            outcomes = work.target.send(shipments)
    except WayLost as lost:
        _keep(work, claimed, lost.failure)
        raise
    except Failed as failed:
        outcomes = [Sent(posting.id, failure=failed.failure) for posting in claimed]
        _record(work, claimed, outcomes, told)
        if failed.failure.kind is FailureKind.GRANT_LOST:
            raise
        return
    _record(work, claimed, outcomes, told)


def _keep(work: Work, claimed: Sequence[Posting], failure: Failure) -> None:
    """Nothing has left, and no document is at fault: they wait as if they had not been tried."""
    with work.store.unit():
        cases = work.store.cases([posting.case for posting in claimed])
        after = [not_tried(posting, failure) for posting in claimed]
        work.store.save_postings(after)
        moved = [settle_case(cases[posting.case], posting) for posting in after]
        work.store.save_cases(moved, work.clock.now())
        work.append([_event(work, one, cases[one.case]) for one in after])


def not_tried(posting: Posting, failure: Failure) -> Posting:
    """The posting before it was claimed, with what is in its way; pure."""
    tried = posting.attempts > 1
    return replace(
        posting,
        state=PostingState.PLANNED,
        attempts=posting.attempts - 1,
        first_sent_at=posting.first_sent_at if tried else None,
        last_sent_at=posting.last_sent_at if tried else None,
        not_before=None,
        failure=failure,
    )


def _record(
    work: Work,
    postings: Sequence[Posting],
    outcomes: Sequence[Sent],
    told: Mapping[str, str] | None = None,
) -> None:
    """Store what became of each posting, its case and its entry, in one transaction.

    `told` is the sentence on the e-invoice of each file sent, by posting, for the trail.
    """
    if not postings:
        return
    by_id = {sent.posting: sent for sent in outcomes}
    now = work.clock.now()
    with work.store.unit():
        cases = work.store.cases([posting.case for posting in postings])
        limits = work.target.limits
        after = [settle(posting, by_id[posting.id], now, limits) for posting in postings]
        moved = [settle_case(cases[posting.case], posting) for posting in after]
        mirror(work, [sent.entry for sent in outcomes if sent.entry is not None])
        work.store.save_postings(after)
        work.store.save_cases(moved, now)
        trust_accounts(work, [case for case in moved if case.posted is not None])
        work.append([_event(work, one, cases[one.case], (told or {}).get(one.id)) for one in after])


def settle(posting: Posting, sent: Sent, now: datetime, limits: TargetLimits) -> Posting:
    """The posting after one outcome; pure."""
    if sent.entry is not None:
        return replace(posting, state=PostingState.SENT, entry=sent.entry.id, failure=None)
    if sent.delivery is not None:
        look = now + FIRST_LOOK if limits.sees_entries else NEVER
        return replace(
            posting,
            state=PostingState.SENT,
            delivery=sent.delivery,
            failure=None,
            not_before=look,
        )
    assert sent.failure is not None, "an outcome is an entry, a delivery or a failure"
    failure = sent.failure
    if failure.kind is FailureKind.NO_ANSWER:
        return replace(posting, state=PostingState.UNKNOWN, failure=failure)
    patient = failure.kind.retries_itself or failure.kind is FailureKind.GRANT_LOST
    wait = _backoff(posting) if limits.sends_again else _mail_backoff(posting)
    if patient and posting.attempts < ATTEMPTS_MAX and wait < MAIL_LAST:
        at = failure.retry_at or now + timedelta(seconds=wait)
        return replace(posting, state=PostingState.PLANNED, failure=failure, not_before=at)
    if failure.kind.retries_itself:
        failure = _given_up(failure, posting.attempts)
    return replace(posting, state=PostingState.REJECTED, failure=failure)


def _given_up(failure: Failure, attempts: int) -> Failure:
    """The failure of a posting that was tried often enough: from now on a person has to."""
    sentence = f"{failure.sentence} It was tried {attempts} times and is not tried again by itself."
    return replace(failure, sentence=sentence, way_out=WayOut.RETRY, retry_at=None)


def _backoff(posting: Posting) -> float:
    """Seconds: doubled per attempt, spread by the posting's own id instead of chance."""
    spread = 0.5 + (int(posting.id[:4], 16) / 0xFFFF) / 2
    return min(BACKOFF_FIRST * 2.0 ** min(posting.attempts, 16), BACKOFF_MAX) * spread


def _mail_backoff(posting: Posting) -> float:
    """Seconds: doubled per attempt."""
    return MAIL_FIRST * 2.0 ** min(max(posting.attempts, 1) - 1, 16)


def settle_case(case: Case, posting: Posting) -> Case:
    """The case that goes with a posting's state; pure."""
    if posting.state is PostingState.SENT:
        case = replace(case, entry=posting.entry, posted=case.invoice, failure=None)
        if posting.not_before == NEVER:
            return case.to(*after_blind(case), UNSEEN)
        reason = HANDED_OVER if posting.delivery else "posted, to be confirmed"
        return case.to(CaseState.WAITING, Step.CONFIRM, reason)
    if posting.state is PostingState.REJECTED and posting.failure is not None:
        case = replace(case, failure=posting.failure)
        return case.to(CaseState.FAILED, Step.DONE, posting.failure.sentence)
    return replace(case, failure=posting.failure, attempts=posting.attempts)


def delivery_detail(posting: Posting) -> dict[str, str]:
    """What the trail keeps of the mail that carries a posting, if one does."""
    if posting.delivery is None:
        return {}
    delivery = posting.delivery
    return {
        "delivery": delivery.state.value,
        "message": delivery.message_id,
        "server": delivery.note,
    }


def _event(work: Work, posting: Posting, case: Case, e_invoice: str | None = None) -> TrailEvent:
    return work.event(
        "posting " + posting.state.value,
        case.record,
        posting=posting.id,
        case=case.id,
        entry=posting.entry,
        file=posting.file_name,
        attempt=posting.attempts,
        failure=posting.failure.sentence if posting.failure else None,
        **delivery_detail(posting),
        **({"e_invoice": e_invoice} if e_invoice else {}),
    )
