"""Several targets behind one source: one capture, each flow its own cases and postings."""

from dataclasses import replace

import pytest

from simulation.history import STEPS_MAX, History
from simulation.memory_store import MemoryStore
from simulation.world import FakeTarget
from well.domain.case import CaseState
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.flow import Connection, ConnectionState
from well.pipeline.sync import Phase, Run, advance
from well.pipeline.work import Work


class Pair:
    """One source and two targets."""

    def __init__(self, bills: int = 12) -> None:
        self.history = History(1)
        self.history.faults.healed = True
        self.history.add_bills(bills)
        store = MemoryStore(self.history.disk)
        store.save_connection(Connection("two", "two", "two", "two", ConnectionState.CONNECTED))
        first = self.history.disk.flows["flow"]
        store.save_flow(replace(first, id="second", target="two"))
        self.targets = {
            "flow": self.history.target,
            "second": FakeTarget(self.history.clock, self.history.faults),
        }

    def work(self, flow: str) -> Work:
        made = self.history.work()
        return replace(made, flow=self.history.disk.flows[flow], target=self.targets[flow])

    def sync(self, flow: str) -> None:
        run = Run(self.history.clock.now())
        for _ in range(STEPS_MAX):
            if run.phase is Phase.DONE:
                return
            run = advance(self.work(flow), run)
            self.history.clock.sleep(run.pause)
        raise AssertionError("the run does not come to rest")

    def numbers(self, flow: str) -> list[str]:
        return sorted(entry.invoice_number or "" for entry in self.targets[flow].held.values())

    def states(self, flow: str) -> set[CaseState]:
        return {
            case.state
            for case in self.history.disk.cases.values()
            if case.flow == flow and case.key.stream == "bills"
        }


def _wanted(pair: Pair) -> list[str]:
    return sorted(bill.number for bill in pair.history.source.bills.values())


def test_a_flow_made_later_gets_the_history_that_another_has_read_already() -> None:
    pair = Pair()
    pair.sync("flow")
    assert pair.numbers("second") == []
    pair.sync("second")
    assert pair.numbers("flow") == pair.numbers("second") == _wanted(pair)
    assert pair.states("flow") == pair.states("second") == {CaseState.POSTED}


@pytest.mark.parametrize("first", ["flow", "second"])
def test_a_change_reaches_every_flow_whichever_polls_it(first: str) -> None:
    pair = Pair()
    for flow in ("flow", "second"):
        pair.sync(flow)
    pair.history.clock.sleep(7200)
    pair.history.add_bills(3)
    pair.history.clock.sleep(7200)
    for flow in sorted(pair.targets, key=lambda one: one != first):
        pair.sync(flow)
        # The marker they share is beyond the new bills now, further than windows overlap.
        pair.history.clock.sleep(7200)
    assert pair.numbers("flow") == pair.numbers("second") == _wanted(pair)
    assert len(_wanted(pair)) == 15


def test_a_paused_flow_finds_everything_that_happened_meanwhile() -> None:
    pair = Pair()
    for flow in ("flow", "second"):
        pair.sync(flow)
    store = MemoryStore(pair.history.disk)
    store.save_flow(replace(pair.history.disk.flows["second"], enabled=False))
    for _ in range(3):
        pair.history.clock.sleep(7200)
        pair.history.add_bills(2)
        pair.sync("flow")
    store.save_flow(replace(pair.history.disk.flows["second"], enabled=True))
    pair.sync("second")
    assert pair.numbers("second") == _wanted(pair)
    assert len(_wanted(pair)) == 18


def test_a_deletion_reaches_every_flow_and_is_held_in_each() -> None:
    pair = Pair(bills=2)
    for flow in ("flow", "second"):
        pair.sync(flow)
    pair.history.clock.sleep(7200)
    bill = pair.history.source.bills["1"]
    gone = replace(bill, deleted=True, changed_at=pair.history.clock.at)
    pair.history.source.bills["1"] = gone
    for flow in ("flow", "second"):
        pair.sync(flow)
    held = [c for c in pair.history.disk.cases.values() if c.state is CaseState.HELD]
    assert sorted(case.flow for case in held) == ["flow", "second"]
    assert {case.reason for case in held} == {
        "The record was deleted at the source after it had been posted."
    }
    assert pair.numbers("flow") == pair.numbers("second") == ["INV-4001", "INV-4002"]


def test_a_target_that_fails_stops_its_own_flow_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = Pair()
    lost = Failure(FailureKind.GRANT_LOST, "Two no longer lets Well in.")

    def refuse(*_: object) -> None:
        raise Failed(lost)

    monkeypatch.setattr(pair.targets["second"], "entries", refuse)
    with pytest.raises(Failed) as told:
        pair.sync("second")
    assert told.value.connection == "two"
    pair.sync("flow")
    assert pair.numbers("flow") == _wanted(pair)
    monkeypatch.undo()
    pair.sync("second")
    assert pair.numbers("second") == _wanted(pair)


def test_a_document_on_its_way_in_another_flow_to_the_same_target_is_not_posted_beside_it() -> None:
    pair = Pair(bills=1)
    pair.sync("flow")
    disk = pair.history.disk
    (posted,) = [c for c in disk.cases.values() if c.key.stream == "bills" and c.flow == "flow"]
    assert posted.state is CaseState.POSTED
    # Another source's flow to the same target holds the same document, planned and not sent.
    first = disk.flows["flow"]
    disk.flows["third"] = replace(first, id="third", source="other")
    disk.cases = {"x": replace(posted, id="x", flow="third", record="r", entry=None)}
    disk.entries, disk.postings, disk.slices = {}, {}, {}
    disk.records, pair.targets["flow"].held = {}, {}
    pair.sync("flow")
    (case,) = [c for c in disk.cases.values() if c.flow == "flow" and c.key.stream == "bills"]
    assert case.state is CaseState.REVIEW
    assert case.reason == (
        "Another record with the same supplier, number and total was posted or linked."
    )
    assert pair.numbers("flow") == []
