"""Capture: store what a poll brought under its unique key and open or reopen its case.

Invariant: records, cases, events and progress (`done`) are stored in one transaction, so a
marker is never ahead of its records. The same digest changes nothing. Nothing is read here.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from well.domain.case import Case, CaseState, Step
from well.domain.ids import case_id
from well.domain.source_record import Change, Kept, Kind, RecordKey, SourceRecord
from well.pipeline.enrich import learn_parties
from well.pipeline.work import IN_FLIGHT, Work

_EVIDENCE = {
    Kind.COMPANY: "companies are used to recognise counterparties, not posted",
    Kind.ACCOUNT: "accounts are used to name ledger accounts, not posted",
    Kind.TAX_CODE: "tax codes are kept for reference, not posted",
    Kind.ATTACHMENT: "a file travels with the record it is attached to",
    Kind.PAYMENT: "payments are kept as evidence, not posted as documents",
    Kind.PURCHASE_ORDER: "purchase orders are kept as evidence, not posted as documents",
    Kind.TRANSACTION: "transactions are kept as evidence, not posted as documents",
    Kind.SALES_INVOICE: "sales invoices are not supplier invoices; this flow does not post them",
    Kind.SALES_CREDIT_NOTE: "sales credit notes are not supplier invoices; not posted",
}


def capture(
    work: Work, records: Sequence[SourceRecord], done: Callable[[], None] | None = None
) -> int:
    """Keep a page of records; `done` stores the progress they complete. How many changed."""
    now = work.clock.now()
    with work.store.unit():
        kept = [k for k in work.store.keep_records(records, now) if k.change is not Change.SAME]
        cases = _cases(work, kept)
        cases.update(_parents(work, records, kept, cases))
        work.store.save_cases(list(cases.values()), now)
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


def _cases(work: Work, kept: Sequence[Kept]) -> dict[str, Case]:
    known = work.store.cases_of(work.flow.id, [k.key.record_id for k in kept])
    cases = [
        _reopened(known[k.key.record_id], k) if k.key.record_id in known else _opened(work, k)
        for k in kept
    ]
    return {case.id: case for case in cases}


def _opened(work: Work, kept: Kept) -> Case:
    record = kept.key.record_id
    posted = work.posts(kept.kind)
    return Case(
        id=case_id(work.flow.id, record),
        flow=work.flow.id,
        record=record,
        key=kept.key,
        kind=kept.kind,
        version=kept.version,
        newest=kept.version,
        state=CaseState.WAITING if posted else CaseState.IGNORED,
        step=Step.READ if posted else Step.DONE,
        reason="" if posted else _rule(kept.kind),
    )


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
    work: Work, records: Sequence[SourceRecord], kept: Sequence[Kept], cases: dict[str, Case]
) -> dict[str, Case]:
    """Cases whose files changed: an attachment that came or went is part of its parent."""
    changed = {k.key for k in kept if k.kind is Kind.ATTACHMENT}
    parents = {
        RecordKey(record.key.connection, stream, source_id).record_id
        for record in records
        if record.key in changed
        for stream, source_id in record.parents
    }
    known = work.store.cases_of(work.flow.id, sorted(parents))
    return {
        case.id: read_again(case)
        for case in known.values()
        if case.id not in cases and case.state is not CaseState.IGNORED
    }
