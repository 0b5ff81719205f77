"""What a person may say of a case, and what is refused."""

import pytest

from simulation.history import History
from well.domain.case import Case, CaseState, Step
from well.domain.failure import Failed, FailureKind
from well.domain.posting import PostingState
from well.pipeline.judge import Judgement, judge
from well.pipeline.stop import fail_head
from well.pipeline.work import Work


def _settled(bills: int = 1) -> tuple[History, Work, Case]:
    history = History(3)
    history.faults.healed = True
    history.add_bills(bills)
    history.sync()
    case = next(c for c in history.disk.cases.values() if c.key.stream == "bills")
    return history, history.work(), case


def _in_review(history: History, case: Case) -> Case:
    reviewed = Case(
        **{
            name: getattr(case, name)
            for name in Case.__slots__
            if name not in ("state", "step", "entry", "posted", "reason")
        },
        state=CaseState.REVIEW,
        step=Step.DONE,
    )
    history.disk.cases[case.id] = reviewed
    return reviewed


def test_a_posted_case_cannot_be_judged_again() -> None:
    _, work, case = _settled()
    with pytest.raises(Failed) as caught:
        judge(work, case.id, Judgement("approve"), "a@example.com")
    assert caught.value.failure.kind is FailureKind.CONFLICT
    assert "posted" in caught.value.failure.sentence


def test_approving_plans_one_posting_under_the_same_id() -> None:
    history, work, case = _settled()
    _in_review(history, case)
    before = set(history.disk.postings)
    after = judge(work, case.id, Judgement("approve"), "a@example.com")
    assert (after.state, after.step, after.by) == (CaseState.WAITING, Step.POST, "a@example.com")
    assert set(history.disk.postings) == before
    assert [p.state for p in history.disk.postings.values()] == [PostingState.PLANNED]


def test_a_document_another_record_has_posted_is_not_approved_a_second_time() -> None:
    history, work, case = _settled(bills=2)
    other = next(
        c for c in history.disk.cases.values() if c.id != case.id and c.key.stream == "bills"
    )
    twin = _in_review(history, other)
    history.disk.cases[twin.id] = Case(
        **{n: getattr(twin, n) for n in Case.__slots__ if n != "duplicate_key"},
        duplicate_key=case.duplicate_key,
    )
    with pytest.raises(Failed, match="already"):
        judge(work, twin.id, Judgement("approve"), "a@example.com")


def test_linking_to_an_unknown_entry_is_refused_and_to_a_known_one_is_kept() -> None:
    history, work, case = _settled()
    _in_review(history, case)
    with pytest.raises(Failed, match="not known"):
        judge(work, case.id, Judgement("pin", entry="nowhere"), "a@example.com")
    entry = next(iter(history.target.held))
    after = judge(work, case.id, Judgement("pin", entry=entry), "a@example.com")
    assert (after.state, after.entry) == (CaseState.LINKED, entry)
    assert history.disk.trail[-1][1].detail["verdict"] == "pin"


def test_a_bug_stops_the_record_at_the_head_of_the_line_only() -> None:
    history = History(4)
    history.faults.healed = True
    history.add_bills(2)
    history.sync()
    work = history.work()
    assert not fail_head(work, RuntimeError("none waits"))
    case = next(c for c in history.disk.cases.values() if c.key.stream == "bills")
    history.disk.cases[case.id] = case.to(CaseState.WAITING, Step.READ)
    assert fail_head(work, RuntimeError("boom"))
    failed = history.disk.cases[case.id]
    assert failed.state is CaseState.FAILED
    assert failed.failure is not None
    assert failed.failure.kind is FailureKind.BUG
    assert "boom" in failed.failure.operator_note
    assert "boom" not in failed.failure.sentence
