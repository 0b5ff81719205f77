"""Read: fetch the files of a record and make one invoice of its fields and its page.

Invariant: what the API said and what the page says are both kept; where they disagree there is a
finding and not an average. A file that cannot be had or read is a finding, never a lost record. A
record that its provider has not finished waits for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from well.domain.case import Case, CaseState, Step
from well.domain.document import Document, DocumentRef
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.invoice import Finding, Invoice, Seller
from well.domain.learned_layout import LearnedLayout
from well.domain.reading import Reading
from well.domain.source_record import RecordKey, SourceRecord
from well.domain.trail import TrailEvent
from well.pipeline.layouts import layouts_for
from well.pipeline.work import Work, asking
from well.policy import corrected, merge_reading, settled_reading
from well.ports.source import NotYetError

SOURCE_PATIENCE = timedelta(hours=24)
"""How long a provider may take to finish a record before a person is asked."""

_NEVER_FINISHED = "The source did not finish reading this file within a day."
Files = Mapping[RecordKey, list[tuple[DocumentRef, Document]]]


def read_batch(work: Work) -> int:
    """Read the next cases that wait for it; returns how many there were."""
    waiting = work.store.cases_at(work.flow.id, CaseState.WAITING, Step.READ, work.batch)
    cases = waiting or overdue(work)
    if not cases:
        return 0
    records = work.store.records([case.key for case in cases])
    early = _unfinished(work, records) if waiting else {}
    _set_aside(work, [case for case in cases if case.key in early], early)
    _read_cases(work, [case for case in cases if case.key not in early], records)
    return len(cases)


def overdue(work: Work) -> list[Case]:
    """Cases whose provider did not finish them in time: they are read as far as they go."""
    parked = work.store.cases_at(work.flow.id, CaseState.WAITING, Step.SOURCE, 10 * work.batch)
    if not parked:
        return []
    records = work.store.records([case.key for case in parked])
    limit = work.clock.now() - SOURCE_PATIENCE
    return [case for case in parked if records[case.key].changed_at <= limit][: work.batch]


def _unfinished(work: Work, records: Mapping[RecordKey, SourceRecord]) -> dict[RecordKey, str]:
    """What the provider is still at work on, with its sentence; not for ever."""
    limit = work.clock.now() - SOURCE_PATIENCE
    found: dict[RecordKey, str] = {}
    for key, record in records.items():
        if record.deleted or record.changed_at <= limit:
            continue
        try:
            work.source.read_invoice(record, work.flow.mapping)
        except NotYetError as early:
            found[key] = str(early)
        except ValueError:
            continue
    return found


def _set_aside(work: Work, cases: Sequence[Case], why: Mapping[RecordKey, str]) -> None:
    """Cases wait for the version that their provider will bring; nothing half-read is posted."""
    if not cases:
        return
    after = [
        replace(case, version=case.newest).to(CaseState.WAITING, Step.SOURCE, why[case.key])
        for case in cases
    ]
    with work.store.unit():
        work.store.save_cases(after, work.clock.now())
        work.append([work.event("not finished at the source", c.record, case=c.id) for c in after])


def _read_cases(
    work: Work, cases: Sequence[Case], records: Mapping[RecordKey, SourceRecord]
) -> None:
    if not cases:
        return
    files, troubles = _files(work, [case.key for case in cases])
    readings = _readings(work, files, records)
    after = [
        _read(
            work,
            case,
            records[case.key],
            files.get(case.key, []),
            readings,
            troubles.get(case.key, ()),
        )
        for case in cases
    ]
    with work.store.unit():
        work.store.save_cases(after, work.clock.now())
        work.append([_event(work, case) for case in after])


def _files(
    work: Work, keys: Sequence[RecordKey]
) -> tuple[dict[RecordKey, list[tuple[DocumentRef, Document]]], dict[RecordKey, list[Finding]]]:
    """The files of each record, fetched where they are not kept yet, and what went wrong."""
    attached = work.store.attachments_of(keys)
    wanted = {a.key: a for attachments in attached.values() for a in attachments}
    kept = dict(work.store.documents_of(list(wanted)))
    fetched, missing = _fetch(work, [a for key, a in wanted.items() if key not in kept])
    kept.update(fetched)
    content = {ref.digest: work.store.document(ref) for ref in kept.values()}
    files: dict[RecordKey, list[tuple[DocumentRef, Document]]] = {}
    troubles: dict[RecordKey, list[Finding]] = {}
    for key, attachments in attached.items():
        refs = [kept[a.key] for a in attachments if a.key in kept]
        files[key] = [(ref, content[ref.digest]) for ref in refs]
        troubles[key] = [missing[a.key] for a in attachments if a.key in missing]
    return files, troubles


def _fetch(
    work: Work, attachments: Sequence[SourceRecord]
) -> tuple[dict[RecordKey, DocumentRef], dict[RecordKey, Finding]]:
    """Download files; a failure that time cures is raised, so the batch is tried again later."""
    if not attachments:
        return {}, {}
    with asking(work.flow.source):
        answers = work.source.files(attachments)
    got: list[tuple[RecordKey, Document]] = []
    missing: dict[RecordKey, Finding] = {}
    for attachment in attachments:
        answer = answers.get(attachment.key.source_id) or _no_answer()
        if isinstance(answer, Document):
            got.append((attachment.key, answer))
        elif answer.kind.retries_itself or answer.kind is FailureKind.GRANT_LOST:
            raise Failed(answer, work.flow.source)
        else:
            missing[attachment.key] = Finding("file_missing", answer.sentence)
    with work.store.unit():
        refs = work.store.keep_documents(got)
    return {key: ref for (key, _), ref in zip(got, refs, strict=True)}, missing


def _no_answer() -> Failure:
    return Failure(
        FailureKind.REJECTED,
        "The source no longer has a file that is attached to this record.",
        way_out=WayOut.FIX_AND_RETRY,
    )


def _readings(
    work: Work, files: Files, records: Mapping[RecordKey, SourceRecord]
) -> dict[str, Reading]:
    """One reading per distinct file of the batch, with the layouts of its record's supplier."""
    layouts = layouts_for(work, files, lambda key: _seller(work, records[key]))
    groups: dict[tuple[LearnedLayout, ...], dict[str, Document]] = {}
    seen: set[str] = set()
    for key, group in files.items():
        for ref, document in group:
            if ref.digest not in seen:
                seen.add(ref.digest)
                groups.setdefault(layouts.get(key, ()), {})[ref.digest] = document
    return {
        digest: reading
        for known, some in groups.items()
        for digest, reading in zip(some, work.reader.read(list(some.values()), known), strict=True)
    }


def _seller(work: Work, record: SourceRecord) -> Seller:
    """The supplier as the record names it; nobody where the record cannot be read."""
    if record.deleted:
        return Seller()
    try:
        return work.source.read_invoice(record, work.flow.mapping).seller
    except ValueError:
        return Seller()


def _read(
    work: Work,
    case: Case,
    record: SourceRecord,
    files: Sequence[tuple[DocumentRef, Document]],
    readings: Mapping[str, Reading],
    troubles: Sequence[Finding],
) -> Case:
    case = replace(case, version=case.newest)
    if record.deleted:
        return case.to(CaseState.WAITING, Step.DECIDE, "deleted at the source")
    try:
        api = work.source.read_invoice(record, work.flow.mapping)
    except NotYetError as early:
        finding = Finding("not_finished", _NEVER_FINISHED, stops_auto_post=True)
        api = replace(early.invoice, findings=(*early.invoice.findings, finding))
    except ValueError as error:
        failure = Failure(FailureKind.REJECTED, str(error), way_out=WayOut.FIX_AND_RETRY)
        return replace(case.to(CaseState.FAILED, Step.DONE, str(error)), failure=failure)
    ref, reading = choose_file(api, [(ref, readings[ref.digest]) for ref, _ in files])
    invoice = merge_reading(api, reading)
    invoice = replace(invoice, findings=(*invoice.findings, *troubles))
    return replace(
        case.to(CaseState.WAITING, Step.DECIDE),
        invoice=corrected(invoice, case.correction),
        reading=settled_reading(reading, case.correction),
        document=ref.digest if ref else None,
    )


def choose_file(
    api: Invoice, files: Sequence[tuple[DocumentRef, Reading]]
) -> tuple[DocumentRef | None, Reading | None]:
    """The file that is this invoice: the one that says the same, else the likeliest kind."""
    if not files:
        return None, None
    return max(files, key=lambda pair: _likeness(api, *pair))


def _likeness(api: Invoice, ref: DocumentRef, reading: Reading) -> tuple[int, int, int]:
    page = reading.invoice
    agreeing = 0
    if page is not None:
        agreeing = sum(
            1
            for mine, theirs in (
                (api.number, page.number),
                (api.gross_total, page.gross_total),
                (api.issue_date, page.issue_date),
            )
            if mine is not None and mine == theirs
        )
    kinds = {"invoice": 3, "credit_note": 3, "receipt": 2, "other": 1, "unreadable": 0}
    is_page = int(ref.media_type == "application/pdf")
    return agreeing, kinds.get(reading.kind, 0) + is_page, -ref.size


def _event(work: Work, case: Case) -> TrailEvent:
    invoice = case.invoice
    return work.event(
        "read",
        case.record,
        case=case.id,
        version=case.version,
        document=case.document,
        kind=case.reading.kind if case.reading else None,
        syntax=case.reading.syntax if case.reading else None,
        mapping=work.flow.mapping.version,
        findings=[finding.code for finding in invoice.findings] if invoice else [],
        failure=case.failure.sentence if case.failure else None,
    )
