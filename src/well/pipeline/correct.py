"""Correct: a person's word on the fields of a record, and taking it back.

Invariant: a correction is a judgement in the log with the case as it was before, so that undoing
the newest one restores that exactly; the record then goes on from reading. It touches neither
the source's record, nor its file, nor anything posted: a posted record is compared as if it had
changed since.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from well.domain.case import Case, CaseState, Step
from well.domain.correction import CorrectedField, Correction
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.invoice import Invoice
from well.domain.posting import PostingState
from well.domain.trail import TrailEvent
from well.pipeline.codec import case_from, case_text
from well.pipeline.layouts import wish
from well.pipeline.learning import CORRECT, UNDO, Said, learn
from well.pipeline.plan import posting_of
from well.pipeline.work import Work
from well.policy.correction import FIELDS, corrected, texts_of, told

CORRECTABLE = (
    CaseState.REVIEW,
    CaseState.REFUSED,
    CaseState.HELD,
    CaseState.FAILED,
    CaseState.POSTED,
    CaseState.LINKED,
    CaseState.IGNORED,
)
"""What waits is on its way and can be corrected when it has arrived. A date misread may be all
that made a record ignored."""


def correctable(case: Case) -> bool:
    """Whether a person may correct it now."""
    return case.state in CORRECTABLE and case.invoice is not None


def correct(work: Work, case_id: str, texts: Mapping[str, str], actor: str) -> Case:
    """Take `texts` (canonical, by `policy.correction.FIELDS`; absent ones stay) for the fields.

    Failed (conflict) when the case has moved on, nothing differs, or a text makes no value.
    """
    now = work.clock.now()
    with work.store.unit():
        case, invoice = _open(work, case_id)
        fields = told(invoice, case.correction, texts)
        after = _after(case, invoice, fields, actor, now)
        work.store.save_cases([after], now)
        learn(work, case, Said(CORRECT, case.entry, "", actor, case_text(case)), now)
        wish(work, after, actor, now)
        work.append([_event(work, CORRECT, case, after, actor)])
    return after


def undo_correction(work: Work, case_id: str, actor: str) -> Case:
    """Take the newest correction back. Where nothing else happened since, the case is as it was;
    else the record is read again without any correction. Failed (conflict) when there is none."""
    now = work.clock.now()
    with work.store.unit():
        case, _ = _open(work, case_id)
        if case.correction is None:
            raise Failed(_refusal("This record has no correction that could be undone."))
        after = _before(work, case) or _again(replace(case, correction=None))
        work.store.save_cases([after], now)
        learn(work, case, Said(UNDO, case.entry, "", actor), now)
        work.append([_event(work, UNDO, case, after, actor)])
    return after


def _open(work: Work, case_id: str) -> tuple[Case, Invoice]:
    """The case and what was read of it, if it may be corrected now."""
    case = work.store.cases([case_id]).get(case_id)
    if case is None or case.state not in CORRECTABLE:
        where = case.state.value if case else "gone"
        raise Failed(_refusal(f"This record is {where} now. Nothing was changed; look again."))
    posting = work.store.postings([posting_of(work, case)]).get(posting_of(work, case))
    if posting is not None and posting.state is PostingState.UNKNOWN:
        raise Failed(_refusal("It was sent and the answer is being looked for. Try again soon."))
    if case.invoice is None:
        raise Failed(_refusal("Nothing could be read of this record. Fix it at its source."))
    return case, case.invoice


def _after(
    case: Case, invoice: Invoice, fields: tuple[CorrectedField, ...], actor: str, now: datetime
) -> Case:
    correction = Correction(fields, actor, now) if fields else None
    if fields == (case.correction.fields if case.correction else ()):
        raise Failed(_refusal("No field differs from what is there already."))
    try:
        # The values at once, so that a person sees them before the record is read again.
        shown = corrected(_as_read(invoice, case.correction), correction)
    except ValueError as error:
        raise Failed(_refusal(f"That cannot be: {error}.")) from None
    return _again(replace(case, correction=correction, invoice=shown))


def _as_read(invoice: Invoice, former: Correction | None) -> Invoice:
    """The invoice with the values from before `former`; its readings are made anew by reading."""
    if former is None:
        return invoice
    current = texts_of(invoice)
    back = tuple(
        CorrectedField(one.field, current[one.field], one.read)
        for one in former.fields
        if current[one.field] == one.value
    )
    return corrected(invoice, replace(former, fields=back))


def _again(case: Case) -> Case:
    return replace(case.to(CaseState.WAITING, Step.READ), failure=None, attempts=0)


def _before(work: Work, case: Case) -> Case | None:
    """The case before its correction; None when something else happened to it since."""
    newest = work.store.newest_judgement(case.id)
    if newest is None or newest.verdict != CORRECT or not newest.former:
        return None
    former = case_from(newest.former)
    same = (former.entry, former.newest, former.posted) == (case.entry, case.newest, case.posted)
    return former if same else None


def _event(work: Work, verdict: str, before: Case, after: Case, actor: str) -> TrailEvent:
    detail = {
        "flow": work.flow.id,
        "case": before.id,
        "verdict": verdict,
        "fields": _changes(before, after),
        "before": before.state.value,
        "after": after.state.value,
    }
    return TrailEvent(work.clock.now(), actor, "judged", before.record, detail)


def _changes(before: Case, after: Case) -> dict[str, list[str]]:
    """Old and new text of each field that the person's word changes."""
    old, new = _said(before), _said(after)
    shown = texts_of(before.invoice) if before.invoice else {}
    read = {one.field: one.read for case in (before, after) for one in _fields(case)}
    changed = [field for field in FIELDS if old.get(field) != new.get(field)]
    return {field: [shown.get(field, ""), new.get(field, read.get(field, ""))] for field in changed}


def _said(case: Case) -> dict[str, str]:
    return {one.field: one.value for one in _fields(case)}


def _fields(case: Case) -> tuple[CorrectedField, ...]:
    return case.correction.fields if case.correction else ()


def _refusal(sentence: str) -> Failure:
    return Failure(FailureKind.CONFLICT, sentence, way_out=WayOut.DECIDE)
