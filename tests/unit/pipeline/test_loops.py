"""What Well brought to a system never goes back to where it came from, by no chain of flows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256

import pytest

from builders.values import a_flow, an_entry
from simulation.history import STEPS_MAX, History
from simulation.memory_store import MemoryStore
from simulation.world import FakeClock, FakeSource, FakeTarget, Faults
from well.domain.case import Case, CaseState
from well.domain.document import Document
from well.domain.entry import TargetEntry
from well.domain.failure import Failure
from well.domain.file_name import name_within, posting_file_name
from well.domain.flow import Flow
from well.domain.invoice import Invoice
from well.domain.mapping import FieldMapping
from well.domain.marker import Window
from well.domain.money import Money
from well.domain.posting import PostingState
from well.domain.source_record import Kind, RecordKey, SourceRecord
from well.pipeline.decide import decide_batch
from well.pipeline.loops import RULE, ring
from well.pipeline.read import read_batch
from well.pipeline.sync import Phase, Run, advance
from well.pipeline.work import Work
from well.ports.source import Page, Stream


@dataclass
class Inbox:
    """A system that is posted to and read from: its entries are its records. `named` is what it
    makes of a file's name."""

    connection: str
    held: FakeTarget
    clock: FakeClock
    files_of: dict[str, Document] = field(default_factory=dict)
    rename: str = "{}"
    ids: str = "{}"
    streams: Sequence[Stream] = (
        Stream("files", Kind.ATTACHMENT, "file read"),
        Stream("invoices", Kind.SUPPLIER_INVOICE, "invoice read", dated=True),
    )

    def _records(self) -> list[SourceRecord]:
        made = []
        for entry in self.held.held.values():
            # "-": its entries are known as `invoice-<id of the record>`.
            id = entry.id.partition("-")[2] if self.ids == "-" else self.ids.format(entry.id)
            total = entry.gross_total.minor if entry.gross_total else 0
            body = f"{entry.invoice_number}|{total}|{entry.issue_date}".encode()
            digest, at = sha256(body).hexdigest(), entry.updated_at
            key = RecordKey(self.connection, "invoices", id)
            made.append(SourceRecord(key, Kind.SUPPLIER_INVOICE, digest, body, at))
            name = self.rename.format(entry.file_name)
            self.files_of[f"f-{id}"] = Document(name, "application/pdf", body)
            file = RecordKey(self.connection, "files", f"f-{id}")
            of = (("invoices", id),)
            made.append(SourceRecord(file, Kind.ATTACHMENT, digest, body, at, parents=of))
        return made

    def changes(self, streams: Sequence[str], window: Window, cursor: str | None) -> Page:
        found = [one for one in self._records() if one.changed_at >= window.since]
        return Page(tuple(found), None, self.clock.now())

    def history(self, stream: str, window: Window, cursor: str | None) -> Page:
        found = [one for one in self._records() if one.key.stream == stream]
        return Page(tuple(found), None, self.clock.now())

    def files(self, attachments: Sequence[SourceRecord]) -> Mapping[str, Document | Failure]:
        return {one.key.source_id: self.files_of[one.key.source_id] for one in attachments}

    def read_invoice(self, record: SourceRecord, mapping: FieldMapping) -> Invoice:
        number, total, issued = record.body.decode().split("|")
        return FakeSource.read_invoice(  # the same form of body
            self,  # type: ignore[arg-type]
            replace(record, body=f"{number}|{total}|{issued}".encode()),
            mapping,
        )

    def read_company(self, record: SourceRecord, mapping: FieldMapping) -> None:
        return None

    def link(self, record: SourceRecord) -> str:
        return ""


class Ring:
    """books -> bank -> books, both sides read and posted to."""

    def __init__(self, rename: str = "{}", ids: str = "{}") -> None:
        self.history = History(1)
        self.history.faults.healed = True
        self.store = MemoryStore(self.history.disk)
        clock, faults = self.history.clock, self.history.faults
        self.bank = self.history.target
        self.bank.prefix = "invoice" if ids == "-" else "entry"
        self.books = FakeTarget(clock, Faults(self.history.random, healed=True))
        self.inbox = Inbox("dst", self.bank, clock, rename=rename, ids=ids)
        back = replace(self.history.disk.flows["flow"], id="back", source="dst", target="src")
        self.store.save_flow(back)
        assert faults.healed

    def work(self, flow: str) -> Work:
        made = replace(self.history.work(), flow=self.history.disk.flows[flow])
        if flow == "flow":
            return made
        return replace(
            made, source=self.inbox, target=self.books, source_name="bank", source_title="Bank"
        )

    def sync(self, flow: str) -> None:
        run = Run(self.history.clock.now())
        for _ in range(STEPS_MAX):
            if run.phase is Phase.DONE:
                return
            run = advance(self.work(flow), run)
            self.history.clock.sleep(run.pause)
        raise AssertionError("the run does not come to rest")

    def back_cases(self) -> list[Case]:
        cases = self.history.disk.cases.values()
        return [c for c in cases if c.flow == "back" and c.key.stream == "invoices"]


@pytest.mark.parametrize(
    ("rename", "ids"),
    [
        ("{}", "{}"),
        ("other.pdf", "{}"),
        ("other.pdf", "-"),
        ("{}", "other-{}"),
        ("Scan of {} (1).pdf", "other-{}"),
    ],
    ids=[
        "all marks",
        "by its entry",
        "by its stream and entry",
        "by its file name",
        "by a name inside the name",
    ],
)
def test_what_well_posted_is_ignored_where_it_is_read_again(rename: str, ids: str) -> None:
    ring = Ring(rename, ids)
    ring.history.add_bills(4)
    ring.sync("flow")
    assert len(ring.bank.held) == 4
    for _ in range(2):
        ring.sync("back")
        ring.history.clock.sleep(7200)
        ring.sync("flow")
    assert (len(ring.bank.held), len(ring.books.held)) == (4, 0)
    cases = ring.back_cases()
    assert [case.state for case in cases] == [CaseState.IGNORED] * 4
    assert {case.reason for case in cases} == {
        f"{RULE}: Well brought this document to Bank itself, from record {number} of src; "
        "it is not carried on from there."
        for number in range(1, 5)
    }
    told = [e for _, e in ring.history.disk.trail if e.verb == "ignored"]
    assert [event.detail["rule"] for event in told] == ["no loop"] * 4


def test_the_bytes_of_a_posted_file_tell_it_whatever_its_name_and_id() -> None:
    ring = Ring("other.pdf", "other-{}")
    ring.history.add_bills(1)
    ring.sync("flow")
    (posting,) = ring.history.disk.postings.values()
    (_record, file) = ring.inbox._records()
    digest = ring.inbox.files_of[file.key.source_id].digest
    ring.history.disk.postings[posting.id] = replace(posting, document=digest)
    ring.sync("back")
    assert [case.state for case in ring.back_cases()] == [CaseState.IGNORED]
    assert len(ring.books.held) == 0


def test_a_document_of_the_bank_itself_goes_to_the_books_once_and_never_back() -> None:
    ring = Ring()
    now = ring.history.clock.at
    ring.bank.held["own"] = replace(
        _an_entry("own", "BANK-1"), created_at=now, updated_at=now, analyzed_at=now
    )
    for _ in range(3):
        ring.sync("back")
        ring.history.clock.sleep(7200)
        ring.sync("flow")
    assert len(ring.books.held) == 1
    assert list(ring.bank.held) == ["own"]


def _an_entry(id: str, number: str) -> TargetEntry:
    return an_entry(
        id,
        invoice_number=number,
        supplier_name="Algolia",
        gross_total=Money(77_700, "EUR"),
        issue_date=History(1).clock.at.date() - timedelta(days=9),
    )


def test_an_entry_that_the_other_direction_linked_is_there_already() -> None:
    ring = Ring("other.pdf")
    ring.history.add_bills(1)
    ring.sync("flow")
    disk = ring.history.disk
    # As if the entry had been found there and linked, not posted.
    disk.postings.clear()
    for case in list(disk.cases.values()):
        if case.state is CaseState.POSTED:
            disk.cases[case.id] = replace(case, state=CaseState.LINKED)
    ring.sync("back")
    (case,) = ring.back_cases()
    assert case.state is CaseState.IGNORED
    assert case.reason == (
        f"{RULE}: it is linked with record 1 of src, so the document is there already."
    )


@pytest.mark.parametrize(
    ("state", "goes"),
    [
        (PostingState.PLANNED, True),
        (PostingState.UNKNOWN, False),
        (PostingState.SENT, False),
        (PostingState.CONFIRMED, False),
        (PostingState.REJECTED, True),
    ],
)
def test_a_posting_whose_answer_is_not_known_counts_and_one_never_sent_does_not(
    state: PostingState, goes: bool
) -> None:
    ring = Ring(ids="other-{}")
    ring.history.add_bills(1)
    ring.sync("flow")
    (posting,) = ring.history.disk.postings.values()
    ring.history.disk.postings[posting.id] = replace(posting, state=state, entry=None)
    ring.sync("back")
    assert (len(ring.books.held) == 1) == goes


def test_a_document_found_to_be_ours_after_its_decision_is_not_sent() -> None:
    ring = Ring("other.pdf", "other-{}")
    ring.history.add_bills(1)
    ring.sync("flow")
    work = ring.work("back")
    run = Run(ring.history.clock.now())
    while run.phase is not Phase.DRAIN:
        run = advance(ring.work("back"), run)
    assert read_batch(work) + decide_batch(work) <= 2
    (planned,) = [p for p in ring.history.disk.postings.values() if p.flow == "back"]
    assert planned.state is PostingState.PLANNED
    (first,) = [p for p in ring.history.disk.postings.values() if p.flow == "flow"]
    ring.history.disk.postings[first.id] = replace(first, entry=ring.back_cases()[0].key.source_id)
    ring.sync("back")
    assert len(ring.books.held) == 0
    assert [case.state for case in ring.back_cases()] == [CaseState.IGNORED]


def test_a_ring_is_told_by_the_shortest_way_round() -> None:
    def one(id: str, source: str, target: str) -> Flow:
        return a_flow(id, source=source, target=target)

    out, back = one("1", "a", "b"), one("2", "b", "a")
    assert ring([out], out) == ()
    assert ring([out, back], out) == ("a", "b", "a")
    assert ring([out, back], back) == ("b", "a", "b")
    far = [one("3", "b", "c"), one("4", "c", "a"), one("5", "c", "b"), one("6", "b", "d")]
    assert ring([out, *far], out) == ("a", "b", "c", "a")
    assert ring([out, *far, back], out) == ("a", "b", "a")
    assert ring([out, *far], far[3]) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("F-1--quickbooks-bill-145.pdf", "F-1--quickbooks-bill-145.pdf"),
        ("scan_F-1--quickbooks-bill-145 (2).PDF", "F-1--quickbooks-bill-145.pdf"),
        ("F-1--quickbooks-bill-145.jpg", "F-1--quickbooks-bill-145.pdf"),
        ("invoice-145.pdf", None),
        ("a--b.pdf", None),
        ("", None),
    ],
)
def test_our_file_name_is_found_inside_another(text: str, found: str | None) -> None:
    assert name_within(text) == found


def test_every_name_well_gives_is_found_in_itself() -> None:
    for id in ("145", "a/b c", "é", "x" * 90):
        name = posting_file_name("F 1/2", "Quick Books", "vendorcredit", id)
        assert name_within(name) == name
