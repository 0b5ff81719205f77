"""Two flows with the same bill meet at one target: it is posted once, whoever comes first.

Each flow runs in a thread with a database connection of its own, as two workers would; the same
tests run on PostgreSQL (test_on_postgres.py).
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connections

from builders.stores import REGION, some_stores
from simulation.world import (
    START,
    Bill,
    FakeClock,
    FakeReader,
    FakeRenderer,
    FakeSource,
    FakeTarget,
    Faults,
)
from well.domain.case import Case, CaseState, Step
from well.domain.document import Document
from well.domain.entry import TargetEntry
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.flow import Connection, ConnectionState, Flow
from well.domain.invoice import Invoice
from well.domain.mapping import FieldMapping
from well.domain.posting import PostingState
from well.domain.source_record import Kind, RecordKey, SourceRecord
from well.pipeline import decide
from well.pipeline.judge import Judgement, judge
from well.pipeline.sync import Phase, Run, advance
from well.pipeline.work import Work
from well.ports.target import Cover, Sent, Shipment
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases=["default", "eu"], transaction=True)
MEET = 1.0
"""Seconds that one waits for the other where they would do harm together."""
NUMBERS = {
    "the same number": ("INV-2026-4711", "INV-2026-4711"),
    "a number written otherwise": ("4711", "47-11/B"),
}


class Books(FakeSource):
    """A source whose records belong to its own connection."""

    connection = "src"

    def record(self, bill: Bill) -> SourceRecord:
        record = super().record(bill)
        return replace(record, key=RecordKey(self.connection, "bills", bill.id))


@dataclass
class Inbox(FakeTarget):
    """A target; `before` runs before each request."""

    before: Callable[[], None] = lambda: None
    door: Any = field(default_factory=threading.Lock)

    def send(self, shipments: Sequence[Shipment]) -> Sequence[Sent]:
        self.before()
        with self.door:
            return super().send(shipments)


class Meeting:
    """Two that wait for each other at one place, once, and go on alone after MEET."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2)
        self.met = False

    def wait(self) -> None:
        if self.met or self._barrier.broken:
            return
        try:
            self._barrier.wait(MEET)
            self.met = True
        except threading.BrokenBarrierError:
            return


class TwoFlows:
    """Two books that hold the same bill, one target."""

    def __init__(self, folder: Path, numbers: tuple[str, str] = ("INV-2026-4711",) * 2) -> None:
        self.clock = FakeClock()
        self.faults = Faults(Random(1), healed=True)
        self.store: DjangoStore = some_stores(folder).open("ws", REGION)
        self.target = Inbox(self.clock, self.faults)
        self.sources: dict[str, Books] = {}
        self.flows: dict[str, Flow] = {}
        issued = (START - timedelta(days=40)).date()
        for name, number in zip(("left", "right"), numbers, strict=True):
            books = Books(self.clock, self.faults)
            books.connection = name
            books.bills["1"] = Bill("1", number, 1_284_37, issued, self.clock.now())
            self.sources[name] = books
            self._connection(name)
            kinds = frozenset({Kind.SUPPLIER_INVOICE})
            self.flows[name] = Flow(name, name, name, "dst", kinds, FieldMapping(1, ()))
        self._connection("dst")
        for flow in self.flows.values():
            self.store.save_flow(flow)

    def _connection(self, id: str) -> None:
        self.store.save_connection(Connection(id, id, id, id, ConnectionState.CONNECTED))

    def work(self, name: str) -> Work:
        source, flow = self.sources[name], self.flows[name]
        ports = (self.store, source, self.target, FakeReader(), FakeRenderer(), self.clock)
        return Work(*ports, flow, name, name.title(), batch=5)

    def sync(self, name: str, until: Phase = Phase.DONE) -> None:
        run = Run(self.clock.now())
        while run.phase is not until:
            run = advance(self.work(name), run)
            self.clock.sleep(run.pause)

    def both(self, until: Phase = Phase.DONE) -> None:
        """Both flows at once; what one of them raised is raised here."""
        wrong: list[BaseException] = []

        def one(name: str) -> None:
            try:
                self.sync(name, until)
            except BaseException as error:
                wrong.append(error)
                raise
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=(name,)) for name in self.flows]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not wrong, wrong

    def cases(self) -> list[Case]:
        return [
            case
            for name, source in self.sources.items()
            for case in self.store.cases_of(
                name, [source.record(bill).key.record_id for bill in source.bills.values()]
            ).values()
        ]

    @contextmanager
    def undecided_about_each_other(self, patch: pytest.MonkeyPatch) -> Iterator[None]:
        """Neither looks for the other's documents on their way, as if they had never met."""
        with patch.context() as blind:
            blind.setattr(decide, "_twins", lambda *_: {})
            blind.setattr(decide, "on_their_way", lambda *_: {})
            yield


def test_flows_that_meet_between_matching_and_planning_post_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows, meeting, real = TwoFlows(tmp_path), Meeting(), decide.match

    def match(*given: Any) -> Any:
        found = real(*given)
        meeting.wait()
        return found

    monkeypatch.setattr(decide, "match", match)
    flows.both()
    assert not meeting.met, "both had matched before either had planned"
    assert len(flows.target.held) == 1
    _one_posted_and_the_other_linked_or_asked_about(flows)


@pytest.mark.parametrize("numbers", NUMBERS.values(), ids=NUMBERS)
def test_postings_planned_in_two_flows_are_sent_one_after_the_other_and_matched_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbers: tuple[str, str]
) -> None:
    flows = TwoFlows(tmp_path, numbers)
    with flows.undecided_about_each_other(monkeypatch):
        for name in flows.flows:
            _plan(flows, name)
    planned = [
        flows.store.find_postings(name, [PostingState.PLANNED], 9, START + YEAR)
        for name in flows.flows
    ]
    assert [len(some) for some in planned] == [1, 1]
    meeting = Meeting()
    flows.target.before = meeting.wait
    flows.both()
    assert not meeting.met, "both were sent before the target had told of either"
    assert len(flows.target.held) == 1
    _one_posted_and_the_other_linked_or_asked_about(flows)


def _one_posted_and_the_other_linked_or_asked_about(flows: TwoFlows) -> None:
    first, second = sorted(flows.cases(), key=lambda case: case.state is not CaseState.POSTED)
    assert first.state is CaseState.POSTED
    assert second.state in (CaseState.LINKED, CaseState.REVIEW), second


YEAR = timedelta(days=365)


def _plan(flows: TwoFlows, name: str) -> None:
    """Everything but sending: the target is away."""
    away = Failed(Failure(FailureKind.TRANSIENT, "Away."))

    def refuse(*_: object) -> None:
        raise away

    real, flows.target.send = flows.target.send, refuse  # type: ignore[method-assign,assignment]
    flows.sync(name, Phase.SETTLE)
    flows.target.send = real  # type: ignore[method-assign]


@pytest.mark.parametrize("numbers", NUMBERS.values(), ids=NUMBERS)
def test_what_another_flow_posted_since_a_posting_was_planned_is_found_before_it_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbers: tuple[str, str]
) -> None:
    flows = TwoFlows(tmp_path, numbers)
    with flows.undecided_about_each_other(monkeypatch):
        for name in flows.flows:
            _plan(flows, name)
    flows.sync("left")
    flows.sync("right")
    assert len(flows.target.held) == 1
    _one_posted_and_the_other_linked_or_asked_about(flows)


def test_what_somebody_entered_by_hand_while_the_target_was_away_is_found_before_it_is_posted(
    tmp_path: Path,
) -> None:
    flows = TwoFlows(tmp_path)
    _plan(flows, "left")
    flows.store.save_flow(replace(flows.flows["right"], target="elsewhere"))
    flows.clock.sleep(3600)
    bill = flows.sources["left"].bills["1"]
    by_hand = f"{bill.number}|{bill.total}|{bill.issued}".encode()
    page = Document("scan.pdf", "application/pdf", by_hand)
    flows.target._accept(Shipment("by-hand", "by-hand", page, Cover(Invoice(), "", "", "")))
    flows.sync("left")
    assert len(flows.target.held) == 1
    (case,) = flows.store.cases_of(
        "left", [flows.sources["left"].record(bill).key.record_id]
    ).values()
    assert case.state in (CaseState.LINKED, CaseState.REVIEW), case.reason


def test_a_target_that_has_not_told_what_it_read_still_owns_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows = TwoFlows(tmp_path)
    real = flows.target._accept

    def unread(shipment: Shipment) -> TargetEntry:
        entry = real(shipment)
        blind = replace(
            entry,
            invoice_number=None,
            supplier_name=None,
            gross_total=None,
            issue_date=None,
            analyzed_at=None,
        )
        flows.target.held[entry.id] = blind
        return blind

    monkeypatch.setattr(flows.target, "_accept", unread)
    for name in flows.flows:
        flows.sync(name)
    assert len(flows.target.held) == 1
    states = {case.key.connection: (case.state, case.step) for case in flows.cases()}
    assert states == {
        "left": (CaseState.WAITING, Step.CONFIRM),
        "right": (CaseState.REVIEW, Step.DONE),
    }


def test_a_person_cannot_post_what_another_flow_has_on_its_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows = TwoFlows(tmp_path)
    _plan(flows, "left")
    flows.sync("right")
    (case,) = [case for case in flows.cases() if case.key.connection == "right"]
    assert case.state is CaseState.REVIEW
    with pytest.raises(Failed) as told:
        judge(flows.work("right"), case.id, Judgement("approve"), "p@a.example")
    assert told.value.failure.kind is FailureKind.CONFLICT
    assert "The same document is at the target already" in told.value.failure.sentence
