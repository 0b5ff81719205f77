"""Capture: store what a poll brought under its unique key and open or reopen its cases.

Invariant: records, cases, events and progress (`done`) are stored in one transaction, so a
marker is never ahead of its records; every flow that reads the connection gets its own case,
whichever of them polled. The same digest changes nothing. Nothing is read here.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from well.domain.case import Case, CaseState, Step
from well.domain.flow import Flow
from well.domain.ids import case_id
from well.domain.source_record import Change, Kept, Kind, RecordKey, SourceRecord
from well.pipeline.enrich import learn_parties
from well.pipeline.work import IN_FLIGHT, Work

_EVIDENCE = {
    Kind.COMPANY: "companies are used to recognise counterparties, not posted",
    Kind.ACCOUNT: "accounts are kept for reference, not posted",
    Kind.TAX_CODE: "tax codes are kept for reference, not posted",
    Kind.ATTACHMENT: "a file travels with the record it is attached to",
    Kind.PAYMENT: "payments are kept for reference, not posted",
    Kind.PURCHASE_ORDER: "purchase orders are kept for reference, not posted",
    Kind.TRANSACTION: "transactions are kept for reference, not posted",
    Kind.SALES_INVOICE: "sales invoices are not supplier invoices; this flow does not post them",
    Kind.SALES_CREDIT_NOTE: "sales credit notes are not supplier invoices; not posted",
}


def capture(
    work: Work, records: Sequence[SourceRecord], done: Callable[[], None] | None = None
) -> int:
    """Keep a page of records; `done` stores the progress they complete. How many changed."""
    now = work.clock.now()
    with work.store.unit():
        every = work.store.keep_records(records, now)
        kept = [k for k in every if k.change is not Change.SAME]
        cases: list[Case] = []
        for flow in readers(work):
            # What another flow stored before this one was made is the same, and new to this one.
            cases += _cases(work, flow, every if flow.id == work.flow.id else kept)
            cases += _parents(work, flow, records, kept, {case.id for case in cases})
        work.store.save_cases(cases, now)
        learn_parties(work, [k.key for k in kept if k.kind is Kind.COMPANY])
        work.append(
            [
                work.event(
                    "captured",
                    k.key.record_id,
                    stream=k.key.stream,
                    source_id=k.key.source_id,
                    change=k.change.value,
                    version=k.version,
                    digest=k.digest,
                )
                for k in kept
            ]
        )
        if done is not None:
            done()
    return len(kept)


def readers(work: Work) -> list[Flow]:
    """The flow itself and the others that read the same connection, paused ones too: the marker
    they share moves on for all of them."""
    others = [f for f in work.store.flows() if f.source == work.flow.source]
    return [work.flow, *(flow for flow in others if flow.id != work.flow.id)]


def _cases(work: Work, flow: Flow, kept: Sequence[Kept]) -> list[Case]:
    """New cases, and those of records that changed."""
    known = work.store.cases_of(flow.id, [k.key.record_id for k in kept])
    cases = []
    for k in kept:
        case = known.get(k.key.record_id)
        if case is None:
            cases.append(_opened(flow, k))
        elif k.change is not Change.SAME or _was_too_old(case):
            cases.append(_reopened(case, k))
    return cases


def _opened(flow: Flow, kept: Kept) -> Case:
    record = kept.key.record_id
    posted = kept.kind in flow.posted_kinds
    return Case(
        id=case_id(flow.id, record),
        flow=flow.id,
        record=record,
        key=kept.key,
        kind=kept.kind,
        version=kept.version,
        newest=kept.version,
        state=CaseState.WAITING if posted else CaseState.IGNORED,
        step=Step.READ if posted else Step.DONE,
        reason="" if posted else _rule(kept.kind),
    )


def _was_too_old(case: Case) -> bool:
    """Whether it was left out for its date: the history may reach further back by now."""
    reasons = case.decision.reasons if case.decision is not None else ()
    return case.state is CaseState.IGNORED and any(r.code == "before_window" for r in reasons)


def _rule(kind: Kind) -> str:
    return _EVIDENCE.get(kind, f"this flow does not post records of the kind {kind.value}")


def _reopened(case: Case, kept: Kept) -> Case:
    """The case sees the new version; what is in flight lands first and is compared afterwards."""
    case = replace(case, newest=kept.version)
    if case.state is CaseState.IGNORED and case.reason == _rule(case.kind):
        return replace(case, version=kept.version)
    return read_again(case)


def read_again(case: Case) -> Case:
    """Send a case back to reading, unless a posting of it is on its way."""
    if case.state is CaseState.WAITING and case.step in IN_FLIGHT:
        return case
    return replace(case.to(CaseState.WAITING, Step.READ), failure=None, attempts=0)


def _parents(
    work: Work,
    flow: Flow,
    records: Sequence[SourceRecord],
    kept: Sequence[Kept],
    here: Collection[str],
) -> list[Case]:
    """Cases whose files changed: an attachment that came or went is part of its parent."""
    changed = {k.key for k in kept if k.kind is Kind.ATTACHMENT}
    parents = {
        RecordKey(record.key.connection, stream, source_id).record_id
        for record in records
        if record.key in changed
        for stream, source_id in record.parents
    }
    known = work.store.cases_of(flow.id, sorted(parents))
    return [
        read_again(case)
        for case in known.values()
        if case.id not in here and case.state is not CaseState.IGNORED
    ]
