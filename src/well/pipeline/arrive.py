"""Arrive: look for what was mailed among the entries of its target, and ask when it is not seen.

Invariant: a document is mailed once; one that is not seen, or whose mail met a broken connection,
is never sent again here. An entry is taken for one document only. It sends nothing and asks
nothing of the target: it looks at the mirror.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from well.domain.case import Case, CaseState, Step
from well.domain.entry import TargetEntry
from well.domain.failure import Failure, FailureKind, WayOut
from well.domain.posting import NEVER, Posting, PostingState
from well.domain.trail import TrailEvent
from well.matching import Mailed, arrivals, invoice_keys
from well.pipeline.accounts import trust_accounts
from well.pipeline.work import Work

CLOCKS_APART = timedelta(minutes=15)
"""How far the target's clock may be from ours when its new entries are listed."""
LOOK_FOR = timedelta(hours=48)
"""How long the receiver may take to make an entry before a person is asked."""
FIRST_LOOK, LAST_LOOK = timedelta(seconds=5), timedelta(minutes=15)
"""Time to the next look: half of the time since the mail left, within these."""

HANDED_OVER = "handed over, waiting to be seen"
UNSEEN = "handed over; Well cannot see the other side"
NOT_SEEN = Failure(
    FailureKind.NO_ANSWER,
    "Sent, not seen: the mail server took the document, but no entry of it was found within two "
    "days. Look at the other side, then say that you see it or send it again.",
    way_out=WayOut.DECIDE,
)
MAY_BE_THERE = Failure(
    FailureKind.NO_ANSWER,
    "The connection broke at the decisive moment: the document may have arrived or not. It is "
    "not sent again by itself. Look at the other side, then say that you see it or send it again.",
    way_out=WayOut.DECIDE,
)


def mail_waits(work: Work) -> bool:
    """Whether documents are kept back: nobody has confirmed that the inbox takes them, or the way
    there was lost."""
    if work.target.limits.sends_again:
        return False
    route = work.store.connection(work.flow.target).mail
    return route is None or not route.open


def listed_by_now(work: Work, posting: Posting, now: datetime) -> bool:
    """Whether a write that was accepted must be listed by now."""
    last = posting.last_sent_at or posting.planned_at
    return now - last >= timedelta(seconds=work.target.limits.settle)


def look_batch(work: Work) -> int:
    """Look for mailed documents in the mirror; returns how many were found or asked about. While
    the target cannot be read, what was handed over is not missed; a broken mail still asks."""
    now = work.clock.now()
    states = [PostingState.UNKNOWN] if work.blind else [PostingState.SENT, PostingState.UNKNOWN]
    due = work.store.find_postings(work.flow.id, states, 10 * work.batch, now)
    due = [posting for posting in due if posting.entry is None][: work.batch]
    if not due:
        return 0
    with work.store.unit():
        cases = work.store.cases([posting.case for posting in due])
        found = _found(work, due, cases) if work.target.limits.sees_entries else {}
        after = [_looked(work, posting, found.get(posting.id), now) for posting in due]
        moved = [
            (posting, _case(cases[posting.case], posting))
            for posting in after
            if posting.entry is not None or posting.not_before == NEVER
        ]
        work.store.save_postings(after)
        work.store.save_cases([case for _, case in moved], now)
        trust_accounts(work, [case for _, case in moved if case.entry is not None])
        work.append([_event(work, posting, case) for posting, case in moved])
    return len(moved)


def _found(
    work: Work, postings: Sequence[Posting], cases: Mapping[str, Case]
) -> Mapping[str, TargetEntry]:
    """The new entries that are these documents, each for one; those of others are left out."""
    mailed = [
        one for posting in postings if (one := _mailed(posting, cases[posting.case])) is not None
    ]
    keys = invoice_keys([(document.invoice, None) for document in mailed])
    asked = {document.posting: key for document, key in zip(mailed, keys, strict=True)}
    blocks = work.store.entries_by(work.flow.target, asked)
    hits = sorted({entry.id for block in blocks.values() for entry in block.hits})
    owned = work.store.linked_cases(work.flow.id, hits)
    return arrivals(
        mailed,
        {id: [e for e in block.hits if e.id not in owned] for id, block in blocks.items()},
    )


def _mailed(posting: Posting, case: Case) -> Mailed | None:
    """What the mail said; None of a case without an invoice."""
    invoice = case.posted or case.invoice
    if invoice is None:
        return None
    page = case.reading.invoice if case.reading else None
    printed = page.seller.name if page else None
    since = (posting.first_sent_at or posting.planned_at) - CLOCKS_APART
    return Mailed(posting.id, invoice, since, (printed,) if printed else ())


def _looked(work: Work, posting: Posting, entry: TargetEntry | None, now: datetime) -> Posting:
    """The posting after a look: found, looked for again later, or a question for a person."""
    if entry is not None:
        sent = PostingState.SENT
        return replace(posting, state=sent, entry=entry.id, failure=None, not_before=None)
    since = posting.last_sent_at or posting.planned_at
    if posting.state is PostingState.SENT and not work.target.limits.sees_entries:
        return replace(posting, failure=None, not_before=NEVER)
    if posting.state is PostingState.UNKNOWN:
        if listed_by_now(work, posting, now):
            return replace(posting, failure=MAY_BE_THERE, not_before=NEVER)
    elif now - since >= LOOK_FOR:
        return replace(posting, failure=NOT_SEEN, not_before=NEVER)
    wait = min(max((now - since) / 2, FIRST_LOOK), LAST_LOOK)
    return replace(posting, not_before=now + wait)


def _case(case: Case, posting: Posting) -> Case:
    """The case that goes with what the look brought; it counts as posted either way."""
    case = replace(case, posted=case.posted or case.invoice, failure=None)
    if posting.asks:
        return case.to(CaseState.REVIEW, Step.DONE, posting.asks)
    if posting.entry is None:
        return case.to(*after_blind(case), UNSEEN)
    case = replace(case, entry=posting.entry)
    return case.to(CaseState.WAITING, Step.CONFIRM, "seen at the target, to be compared")


def after_blind(case: Case) -> tuple[CaseState, Step]:
    """Where a case goes that was handed over to a side Well cannot see; a newer version of it is
    read first, and held as changed."""
    if case.newest > case.version:
        return CaseState.WAITING, Step.READ
    return CaseState.POSTED, Step.DONE


def _event(work: Work, posting: Posting, case: Case) -> TrailEvent:
    return work.event(
        "arrived" if posting.entry else "asked" if posting.asks else "not to be seen",
        case.record,
        posting=posting.id,
        case=case.id,
        entry=posting.entry,
        question=posting.asks or None,
    )
