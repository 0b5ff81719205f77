"""A person corrects what was read: it counts, it can be taken back, and nothing is posted twice."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from simulation.history import History
from well.domain.case import Case, CaseState, Step
from well.domain.failure import Failed
from well.domain.invoice import Origin
from well.domain.posting import PostingState
from well.pipeline.correct import correct, undo_correction
from well.pipeline.judge import Judgement, judge
from well.pipeline.learning import FORGOTTEN
from well.pipeline.work import Work

WHO = "a@example.com"


def _settled(bills: int = 1) -> tuple[History, Work, Case]:
    history = History(3)
    history.faults.healed = True
    history.add_bills(bills)
    history.sync()
    case = next(c for c in history.disk.cases.values() if c.key.stream == "bills")
    return history, history.work(), case


def _in_review(history: History, case: Case, **changes: Any) -> Case:
    bare = replace(case, entry=None, posted=None, state=CaseState.REVIEW, step=Step.DONE)
    history.disk.cases[case.id] = replace(bare, **changes)
    history.disk.postings.clear()
    return history.disk.cases[case.id]


def _now(history: History, case: Case) -> Case:
    return history.disk.cases[case.id]


def test_a_corrected_value_is_a_persons_sure_reading_and_the_record_goes_on() -> None:
    history, work, case = _settled()
    _in_review(history, case)
    after = correct(work, case.id, {"number": "F-9", "due_date": ""}, WHO)
    assert (after.state, after.step) == (CaseState.WAITING, Step.READ)
    history.sync()
    invoice = _now(history, case).invoice
    assert invoice is not None
    assert (invoice.number, invoice.due_date) == ("F-9", None)
    (reading,) = [one for one in invoice.readings if one.field == "number"]
    assert (reading.value, reading.origin, reading.confidence) == ("F-9", Origin.PERSON, 1.0)


def test_a_correction_is_told_in_the_trail_with_old_and_new_values() -> None:
    history, work, case = _settled()
    _in_review(history, case)
    assert case.invoice is not None
    correct(work, case.id, {"gross_total": "55.00"}, WHO)
    event = history.disk.trail[-1][1]
    old = str(case.invoice.gross_total.decimal if case.invoice.gross_total else "")
    assert (event.actor, event.verb, event.detail["verdict"]) == (WHO, "judged", "correct")
    assert event.detail["fields"] == {"gross_total": [old, "55.00"]}


def test_a_correction_changes_nothing_of_the_source_and_a_second_one_replaces_it() -> None:
    history, work, case = _settled()
    _in_review(history, case)
    records = dict(history.disk.records)
    correct(work, case.id, {"number": "F-9"}, WHO)
    history.sync()
    _in_review(history, _now(history, case))
    correct(history.work(), case.id, {"number": "F-10"}, WHO)
    correction = _now(history, case).correction
    assert correction is not None and case.invoice is not None
    (field,) = correction.fields
    assert (field.read, field.value) == (case.invoice.number, "F-10")
    history.sync()
    assert {key: row[0] for key, row in history.disk.records.items()} == {
        key: row[0] for key, row in records.items()
    }


def test_correcting_back_to_what_was_read_leaves_no_correction() -> None:
    history, work, case = _settled()
    _in_review(history, case)
    assert case.invoice is not None
    correct(work, case.id, {"number": "F-9"}, WHO)
    history.sync()
    _in_review(history, _now(history, case))
    after = correct(history.work(), case.id, {"number": case.invoice.number or ""}, WHO)
    assert after.correction is None
    assert after.invoice is not None and after.invoice.number == case.invoice.number


def test_undoing_restores_the_case_exactly() -> None:
    history, work, case = _settled()
    before = _in_review(history, case)
    correct(work, case.id, {"number": "F-9", "gross_total": "1.00"}, WHO)
    history.sync()
    moved = _now(history, case)
    history.disk.cases[case.id] = replace(
        moved.to(CaseState.REVIEW, Step.DONE), entry=None, posted=None
    )
    undone = undo_correction(history.work(), case.id, WHO)
    assert replace(undone, updated_at=None) == replace(before, updated_at=None)
    with pytest.raises(Failed, match="no correction"):
        undo_correction(history.work(), case.id, WHO)


def test_a_correction_of_a_posted_record_is_held_and_posted_once() -> None:
    history, work, case = _settled()
    posted = dict(history.target.held)
    assert case.state is CaseState.POSTED
    correct(work, case.id, {"gross_total": "77.00"}, WHO)
    history.sync()
    held = _now(history, case)
    assert (held.state, held.entry) == (CaseState.HELD, case.entry)
    assert history.target.held.keys() == posted.keys()
    undone = undo_correction(history.work(), case.id, WHO)
    assert replace(undone, updated_at=None) == replace(case, updated_at=None)
    history.sync()
    assert history.target.held.keys() == posted.keys()


def test_undoing_after_it_was_posted_compares_instead_of_restoring() -> None:
    history, work, case = _settled()
    _in_review(history, case)
    history.target.held.clear()
    history.disk.entries.clear()
    correct(work, case.id, {"number": "F-9"}, WHO)
    history.sync()
    if _now(history, case).state is CaseState.REVIEW:
        judge(history.work(), case.id, Judgement("approve"), WHO)
        history.sync()
    assert _now(history, case).state is CaseState.POSTED
    assert undo_correction(history.work(), case.id, WHO).step is Step.READ
    history.sync()
    assert _now(history, case).state is CaseState.HELD
    assert len(history.target.held) == 1


def test_a_correction_does_not_survive_another_value_of_the_source() -> None:
    history, work, case = _settled()
    _in_review(history, case)
    correct(work, case.id, {"gross_total": "77.00"}, WHO)
    bill = history.source.bills[case.key.source_id]
    history.clock.sleep(60)
    history.source.bills[bill.id] = replace(
        bill, total=bill.total + 500, version=2, changed_at=history.clock.at
    )
    history.sync()
    now = _now(history, case)
    assert now.invoice is not None and now.invoice.gross_total is not None
    assert now.invoice.gross_total.minor == bill.total + 500
    assert "correction_outdated" in [finding.code for finding in now.invoice.findings]
    assert now.state is CaseState.REVIEW


def test_what_is_not_changed_is_not_a_correction_and_what_waits_cannot_be_corrected() -> None:
    history, work, case = _settled()
    _in_review(history, case)
    assert case.invoice is not None
    with pytest.raises(Failed, match="No field differs"):
        correct(work, case.id, {"number": case.invoice.number or ""}, WHO)
    with pytest.raises(Failed, match="cannot be"):
        correct(work, case.id, {"gross_total": "1.234"}, WHO)
    correct(work, case.id, {"number": "F-9"}, WHO)
    with pytest.raises(Failed, match="waiting now"):
        correct(work, case.id, {"number": "F-10"}, WHO)
    with pytest.raises(Failed, match="waiting now"):
        undo_correction(work, case.id, WHO)


def test_nothing_is_corrected_while_an_answer_of_the_target_is_missing() -> None:
    history, work, case = _settled()
    (posting,) = history.disk.postings.values()
    _in_review(history, case, state=CaseState.FAILED)
    history.disk.postings[posting.id] = replace(posting, state=PostingState.UNKNOWN)
    with pytest.raises(Failed, match="being looked for"):
        correct(work, case.id, {"number": "F-9"}, WHO)


def test_a_correction_keeps_what_the_judgement_before_taught() -> None:
    history, work, case = _settled()
    _in_review(history, case)
    judge(work, case.id, Judgement("approve"), WHO)
    before = history.disk.memories["flow"].learned
    history.sync()
    correct(history.work(), case.id, {"number": "F-9"}, WHO)
    newest = history.work().store.newest_judgement(case.id)
    assert newest is not None and newest.verdict != FORGOTTEN
    assert (newest.verdict, newest.agreed) == ("correct", None)
    assert history.disk.memories["flow"].learned == before


def test_an_account_that_a_person_typed_is_not_usual_before_it_was_posted() -> None:
    history, work, case = _settled(2)
    known = {id: party for id, (party, _) in history.disk.parties.items()}
    _in_review(history, case)
    correct(work, case.id, {"seller.iban": "FR7630006000011234567890189"}, WHO)
    history.sync()
    after = {id: party for id, (party, _) in history.disk.parties.items()}
    assert {i: p.sightings for i, p in after.items()} == {i: p.sightings for i, p in known.items()}


def test_an_account_that_is_new_for_a_known_supplier_stops_though_a_person_typed_it() -> None:
    history, work, case = _settled(2)
    usual, other = "FR7630006000011234567890189", "DE89370400440532013000"
    for id, (party, keys) in list(history.disk.parties.items()):
        history.disk.parties[id] = (replace(party, ibans=(usual,)), keys)
    _in_review(history, case)
    history.target.held.clear()
    history.disk.entries.clear()
    assert case.invoice is not None and case.invoice.issue_date is not None
    earlier = (case.invoice.issue_date - timedelta(days=30)).isoformat()
    correct(work, case.id, {"seller.iban": other, "issue_date": earlier}, WHO)
    history.sync()
    stopped = _now(history, case)
    assert stopped.state is CaseState.REVIEW and stopped.decision is not None
    assert "bank_details_changed" in [reason.code for reason in stopped.decision.reasons]
    correct(history.work(), case.id, {"seller.iban": usual}, WHO)
    history.sync()
    decision = _now(history, case).decision
    assert decision is not None
    assert "bank_details_changed" not in [reason.code for reason in decision.reasons]


def test_a_date_that_made_a_record_ignored_can_be_corrected_again() -> None:
    history, work, case = _settled()
    before = _in_review(history, case)
    correct(work, case.id, {"issue_date": "1999-01-01"}, WHO)
    history.sync()
    assert _now(history, case).state is CaseState.IGNORED
    undone = undo_correction(history.work(), case.id, WHO)
    assert replace(undone, updated_at=None) == replace(before, updated_at=None)
