"""What changes at the source after posting never changes the target: a person is asked."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from simulation.history import History
from simulation.world import Bill
from well.domain.case import Case, CaseState
from well.pipeline.judge import Judgement, judge


def _settled(state: CaseState) -> History:
    """One record with an entry of its own, posted by Well or found there and linked."""
    history = History(1)
    history.faults.healed = True
    history.add_bills(1)
    history.sync()
    case = _case(history)
    assert case.state is CaseState.POSTED
    if state is CaseState.LINKED:
        history.disk.postings.clear()
        history.disk.cases[case.id] = replace(case, state=state)
    history.clock.sleep(7200)
    return history


def _case(history: History) -> Case:
    (case,) = [c for c in history.disk.cases.values() if c.key.stream == "bills"]
    return case


def _change(history: History, **changes: object) -> None:
    bill: Bill = history.source.bills["1"]
    changed = {"changed_at": history.clock.at, "version": bill.version + 1, **changes}
    history.source.bills["1"] = replace(bill, **changed)  # type: ignore[arg-type]
    history.sync()
    history.clock.sleep(7200)


BOTH = pytest.mark.parametrize("state", [CaseState.POSTED, CaseState.LINKED])


@BOTH
def test_an_edit_is_held_and_the_entry_stays(state: CaseState) -> None:
    history = _settled(state)
    there = dict(history.target.held)
    _change(history, total=99_999)
    case = _case(history)
    assert case.state is CaseState.HELD
    assert case.reason == "Changed since posting: gross total."
    assert history.target.held == there
    assert case.posted is not None and case.invoice is not None
    assert case.posted.gross_total != case.invoice.gross_total


@BOTH
def test_a_deletion_is_held_and_the_entry_stays(state: CaseState) -> None:
    history = _settled(state)
    there = dict(history.target.held)
    _change(history, deleted=True)
    assert _case(history).state is CaseState.HELD
    assert _case(history).reason == "The record was deleted at the source after it had been posted."
    history.sync()
    assert history.target.held == there


@BOTH
@pytest.mark.parametrize(
    ("verdict", "state_after", "reason"),
    [
        ("refuse", CaseState.LINKED, "change refused; the entry stays as it is"),
        (
            "removed",
            CaseState.REFUSED,
            "a person removed its entry at the target; it is not posted again",
        ),
    ],
)
@pytest.mark.parametrize("change", [{"deleted": True}, {"total": 99_999}], ids=["gone", "edited"])
def test_a_person_chooses_what_becomes_of_it(
    state: CaseState,
    verdict: str,
    state_after: CaseState,
    reason: str,
    change: dict[str, object],
) -> None:
    history = _settled(state)
    _change(history, **change)
    judge(history.work(), _case(history).id, Judgement(verdict), "ann")  # type: ignore[arg-type]
    history.sync()
    after = _case(history)
    assert (after.state, after.reason, after.by) == (state_after, reason, "ann")
    assert len(history.target.held) == 1


@BOTH
def test_looking_again_at_a_deleted_one_holds_it_again(state: CaseState) -> None:
    history = _settled(state)
    _change(history, deleted=True)
    judge(history.work(), _case(history).id, Judgement("retry"), "ann")
    history.sync()
    assert _case(history).state is CaseState.HELD


@BOTH
@pytest.mark.parametrize("change", [lambda bill: bill.total], ids=["total"])
def test_an_edit_that_is_taken_back_needs_nobody(
    state: CaseState, change: Callable[[Bill], int]
) -> None:
    history = _settled(state)
    before = change(history.source.bills["1"])
    _change(history, total=99_999)
    assert _case(history).state is CaseState.HELD
    _change(history, total=before)
    assert _case(history).state is state
    assert len(history.target.held) == 1


def test_a_record_deleted_before_it_was_posted_is_ignored() -> None:
    history = History(1)
    history.faults.healed = True
    history.sync()
    history.clock.sleep(7200)
    history.add_bills(1)
    _change(history, deleted=True)
    assert _case(history).state is CaseState.IGNORED
    assert _case(history).reason == "The record was deleted at the source."
    assert history.target.held == {}
