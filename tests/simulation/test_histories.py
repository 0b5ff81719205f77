"""Whole histories on a fake clock, network and disk: nothing is lost, nothing is posted twice."""

from collections import Counter

import pytest

from simulation.history import History
from well.domain.case import CaseState
from well.domain.posting import PostingState
from well.domain.trail import GENESIS, chain

SEEDS = 60


def _check_conservation(history: History) -> None:
    cases = {case.key.source_id: case for case in history.disk.cases.values()}
    for bill in history.source.bills.values():
        if bill.deleted and bill.id not in cases:
            continue
        assert cases[bill.id].state is not CaseState.WAITING, cases[bill.id]


def _check_single_entries(history: History) -> None:
    names = Counter(entry.file_name.split("--")[-1] for entry in history.target.held.values())
    assert not [name for name, count in names.items() if count > 1], names


def _check_postings(history: History) -> None:
    owned = {p.entry for p in history.disk.postings.values() if p.state is PostingState.CONFIRMED}
    assert owned == set(history.target.held), "each entry has its confirmed posting"


def _check_trail(history: History) -> None:
    previous = GENESIS
    for digest, event in history.disk.trail:
        previous = chain(previous, event)
        assert digest == previous


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_history_loses_nothing_and_posts_nothing_twice(seed: int) -> None:
    history = History(seed)
    history.play()
    _check_conservation(history)
    _check_single_entries(history)
    _check_postings(history)
    _check_trail(history)


def test_without_faults_every_bill_is_posted() -> None:
    history = History(1)
    history.faults.healed = True
    history.add_bills(30)
    history.sync()
    states = Counter(case.state for case in history.disk.cases.values())
    assert states[CaseState.POSTED] == 30, states


def test_an_edit_after_posting_is_held_and_the_entry_stays() -> None:
    history = History(2)
    history.faults.healed = True
    history.add_bills(1)
    history.sync()
    (bill,) = history.source.bills.values()
    bill.total += 100
    bill.version += 1
    history.clock.sleep(3600)
    bill.changed_at = history.clock.at
    history.sync()
    case = next(c for c in history.disk.cases.values() if c.key.stream == "bills")
    assert case.state is CaseState.HELD
    assert len(history.target.held) == 1
