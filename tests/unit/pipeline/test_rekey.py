"""Entries kept by an earlier version are found again after the next look at the target."""

from dataclasses import replace

import pytest

from builders.values import an_entry
from simulation.history import History
from well.matching import RULES, entry_keys, with_canonical
from well.pipeline import poll
from well.pipeline.poll import Cursor, poll_entries, rekey
from well.pipeline.work import Work


@pytest.fixture
def work() -> Work:
    history = History(1)
    history.faults.healed = True
    return history.work()


def _stale(work: Work, count: int) -> None:
    entries = [an_entry(f"e{n}") for n in range(count)]
    work.store.save_entries(work.flow.target, [(entry, ["old"]) for entry in entries], "before")


def _found(work: Work, *keys: str) -> set[str]:
    block = work.store.entries_by(work.flow.target, {"q": keys})["q"]
    return {entry.id for entry in block.hits}


def test_a_look_at_the_target_keys_what_other_rules_keyed(work: Work) -> None:
    _stale(work, 3)
    assert _found(work, "old") == {"e0", "e1", "e2"}
    poll_entries(work, Cursor(work.clock.now()))
    assert _found(work, "old") == set()
    assert {"e0", "e1", "e2"} <= _found(work, *entry_keys([an_entry("e0")])[0])
    assert work.store.entries_by_other_rules(work.flow.target, RULES, 9) == []


def test_a_look_at_the_target_makes_canonical_values_that_were_not_kept(work: Work) -> None:
    _stale(work, 2)
    poll_entries(work, Cursor(work.clock.now()))
    kept = work.store.entries(work.flow.target, ["e0", "e1"])
    wanted = with_canonical([an_entry("e0"), an_entry("e1")])
    assert [entry.canonical for entry in kept.values()] == [entry.canonical for entry in wanted]
    assert all(entry.canonical for entry in wanted)


def test_it_goes_on_in_portions_until_nothing_is_left(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "REKEYED", 2)
    _stale(work, 5)
    rekey(work)
    assert work.store.entries_by_other_rules(work.flow.target, RULES, 9) == []
    assert _found(work, "old") == set()


def test_entries_of_another_target_stay_as_they_are(work: Work) -> None:
    work.store.save_entries("elsewhere", [(an_entry("e"), ["old"])], "before")
    rekey(work)
    assert len(work.store.entries_by_other_rules("elsewhere", RULES, 9)) == 1


def test_only_the_first_page_of_a_look_keys_anew(work: Work) -> None:
    poll_entries(work, Cursor(work.clock.now()))
    _stale(work, 1)
    poll_entries(work, replace(Cursor(work.clock.now()), next="0"))
    assert _found(work, "old") == {"e0"}
