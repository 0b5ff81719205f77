"""What a judged document teaches about its supplier's pages is used, undone and forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from simulation.history import History
from simulation.world import FakeReader
from well.domain.case import Case, CaseState, Step
from well.domain.document import PDF, Document
from well.domain.entry import TargetEntry
from well.domain.invoice import FieldReading, Origin
from well.domain.learned_layout import LearnedField, LearnedLayout
from well.domain.money import Money
from well.domain.reading import Reading
from well.domain.source_record import Kind, RecordKey, SourceRecord
from well.pipeline.correct import correct, undo_correction
from well.pipeline.judge import Judgement, judge
from well.pipeline.layouts import (
    OF_ONE_SUPPLIER,
    confirmed_values,
    forget_layouts,
    layouts_for,
    learn_layouts,
    whose,
)
from well.pipeline.learning import forget
from well.pipeline.work import Work

WHO = "a@example.com"
FILE = Document("a.pdf", PDF, b"%PDF-1.7 page")


@dataclass
class TeachableReader(FakeReader):
    """Learns what it is told, and remembers with which layouts it read."""

    told: list[dict[str, str]] = field(default_factory=list)
    read_with: list[tuple[LearnedLayout, ...]] = field(default_factory=list)
    learns: bool = True

    def read(
        self, documents: Sequence[Document], layouts: Sequence[LearnedLayout] = ()
    ) -> Sequence[Reading]:
        self.read_with.append(tuple(layouts))
        return [Reading("invoice", None, None, has_text=True, pages=1) for _ in documents]

    def learn(self, document: Document, confirmed: Mapping[str, str]) -> LearnedLayout | None:
        self.told.append(dict(confirmed))
        found = LearnedField("number", "behind", "no", 0.1, 0.2, 0.3, "A-9")
        name = confirmed.get("seller.name")
        return LearnedLayout(None, None, name, "EUR", None, (), (found,)) if self.learns else None


class Desk:
    """A history of two bills with a file each, in review."""

    def __init__(self) -> None:
        self.history = History(3)
        self.history.faults.healed = True
        self.history.add_bills(2)
        self.reader = TeachableReader()
        self.history.sync()
        self.cases = [self._with_file(c) for c in self._bills()]

    def _bills(self) -> list[Case]:
        return [c for c in self.history.disk.cases.values() if c.key.stream == "bills"]

    def _with_file(self, case: Case) -> Case:
        store = self.work.store
        key = RecordKey("src", "attachments", f"a{case.key.source_id}")
        parents = (("bills", case.key.source_id),)
        record = SourceRecord(
            key, Kind.ATTACHMENT, "d", b"", self.history.clock.now(), parents=parents
        )
        store.keep_records([record], self.history.clock.now())
        (ref,) = store.keep_documents([(key, replace(FILE, content=f"%PDF {case.id}".encode()))])
        reading = Reading("invoice", None, None, has_text=True, pages=1)
        self.history.disk.cases[case.id] = replace(
            case.to(CaseState.REVIEW, Step.DONE),
            entry=None, posted=None, document=ref.digest, reading=reading,
        )  # fmt: skip
        return self.history.disk.cases[case.id]

    @property
    def work(self) -> Work:
        return replace(self.history.work(), reader=self.reader)

    @property
    def layouts(self) -> dict[str, Any]:
        return self.history.disk.layouts


def test_a_verdict_that_confirms_values_is_learned_from_in_the_next_run() -> None:
    desk = Desk()
    judge(desk.work, desk.cases[0].id, Judgement("approve"), WHO)
    assert [one.layout for one in desk.layouts.values()] == [None]
    assert desk.reader.told == [], "nothing is looked at inside the judgement"
    assert learn_layouts(desk.work) == 1
    (kept,) = desk.layouts.values()
    assert kept.layout is not None and (kept.by, kept.supplier) == (WHO, "Algolia SAS")
    assert desk.reader.told[0]["seller.name"] == "Algolia SAS"
    assert learn_layouts(desk.work) == 0
    assert desk.history.disk.trail[-1][1].verb == "layout learned"


def test_a_refusal_teaches_no_layout_and_neither_does_a_document_without_text() -> None:
    desk = Desk()
    judge(desk.work, desk.cases[0].id, Judgement("refuse"), WHO)
    blind = replace(desk.cases[1], reading=Reading("other", None, None))
    desk.history.disk.cases[blind.id] = blind
    judge(desk.work, blind.id, Judgement("approve"), WHO)
    assert desk.layouts == {}


def test_a_document_that_carries_data_teaches_no_layout() -> None:
    desk = Desk()
    case = desk.cases[0]
    assert case.invoice is not None
    xml = (FieldReading("number", "1", Origin.XML, 0.99),)
    desk.history.disk.cases[case.id] = replace(case, invoice=replace(case.invoice, readings=xml))
    judge(desk.work, case.id, Judgement("approve"), WHO)
    assert desk.layouts == {}


def test_a_page_on_which_nothing_is_found_again_is_not_asked_again() -> None:
    desk = Desk()
    desk.reader.learns = False
    judge(desk.work, desk.cases[0].id, Judgement("approve"), WHO)
    assert learn_layouts(desk.work) == 1
    assert desk.layouts == {}


def test_a_file_that_is_gone_teaches_nothing_and_stops_nothing() -> None:
    desk = Desk()
    judge(desk.work, desk.cases[0].id, Judgement("approve"), WHO)
    (kept,) = desk.layouts.values()
    desk.layouts[kept.case] = replace(kept, document="gone")
    assert learn_layouts(desk.work) == 1
    assert (desk.layouts, desk.reader.told) == ({}, [])


def test_a_corrected_value_is_what_is_learned_and_undoing_forgets_it() -> None:
    desk = Desk()
    case = desk.cases[0]
    correct(desk.work, case.id, {"number": "F-9"}, WHO)
    learn_layouts(desk.work)
    assert desk.reader.told[0]["number"] == "F-9"
    moved = desk.history.disk.cases[case.id]
    desk.history.disk.cases[case.id] = moved.to(CaseState.REVIEW, Step.DONE)
    undo_correction(desk.work, case.id, WHO)
    assert desk.layouts == {}


def test_another_verdict_of_the_case_forgets_its_layout() -> None:
    desk = Desk()
    entry = next(iter(desk.history.target.held))
    judge(desk.work, desk.cases[0].id, Judgement("pin", entry=entry), WHO)
    learn_layouts(desk.work)
    held = desk.history.disk.cases[desk.cases[0].id]
    desk.history.disk.cases[held.id] = held.to(CaseState.HELD, Step.DONE)
    judge(desk.work, held.id, Judgement("retry"), WHO)
    assert desk.layouts == {}


def test_forgetting_a_flow_or_a_supplier_forgets_the_layouts() -> None:
    desk = Desk()
    for case in desk.cases:
        judge(desk.work, case.id, Judgement("approve"), WHO)
    learn_layouts(desk.work)
    assert len(desk.layouts) == 2
    assert forget_layouts(desk.work, "Nobody", WHO) == 0
    assert forget_layouts(desk.work, "Algolia SAS", WHO) == 2
    assert desk.layouts == {}
    desk = Desk()
    judge(desk.work, desk.cases[0].id, Judgement("approve"), WHO)
    forget(desk.work, WHO)
    assert desk.layouts == {}


def test_the_next_document_of_the_supplier_is_read_with_its_layouts() -> None:
    desk = Desk()
    judge(desk.work, desk.cases[0].id, Judgement("approve"), WHO)
    learn_layouts(desk.work)
    (kept,) = desk.layouts.values()
    sellers = {case.key: case.invoice.seller for case in desk.cases if case.invoice}
    found = layouts_for(desk.work, sellers, sellers.__getitem__)
    assert set(found.values()) == {(kept.layout,)}
    strange = {key: replace(seller, name="Zeta", source_id="9") for key, seller in sellers.items()}
    assert set(layouts_for(desk.work, strange, strange.__getitem__).values()) == {()}
    unknown = {key: replace(s, name=None, source_id=None) for key, s in sellers.items()}
    assert set(layouts_for(desk.work, unknown, unknown.__getitem__).values()) == {(kept.layout,)}


def test_the_read_step_hands_the_layouts_to_the_reader() -> None:
    desk = Desk()
    judge(desk.work, desk.cases[0].id, Judgement("approve"), WHO)
    learn_layouts(desk.work)
    (kept,) = desk.layouts.values()
    judge(desk.work, desk.cases[1].id, Judgement("refuse"), WHO)
    judge(desk.work, desk.cases[1].id, Judgement("reopen"), WHO)
    desk.history.work = lambda: replace(  # type: ignore[method-assign]
        History.work(desk.history), reader=desk.reader
    )
    desk.history.sync()
    assert (kept.layout,) in desk.reader.read_with


def test_only_the_newest_layouts_of_a_supplier_are_kept() -> None:
    desk = Desk()
    judge(desk.work, desk.cases[0].id, Judgement("approve"), WHO)
    (first,) = desk.layouts.values()
    for number in range(OF_ONE_SUPPLIER + 2):
        later = replace(first, case=f"c{number}", at=desk.history.clock.now())
        desk.layouts[later.case] = later
    while learn_layouts(desk.work):
        pass
    assert sorted(desk.layouts) == [f"c{n}" for n in range(2, OF_ONE_SUPPLIER + 2)]


def test_confirmed_values_are_the_persons_then_the_targets_then_those_read() -> None:
    desk = Desk()
    case = desk.cases[0]
    now = desk.history.clock.now()
    entry = TargetEntry(
        "e", "e.pdf", "to_review", now, now, now, invoice_number="T-1",
        gross_total=Money(5_500, "EUR"), supplier_name="Algolia",
    )  # fmt: skip
    values = confirmed_values(case, entry)
    assert (values["number"], values["gross_total"]) == ("T-1", "55.00")
    assert values["currency"] == "EUR" and "seller.iban" not in values
    foreign = replace(entry, gross_total=Money(5_500, "USD"))
    assert case.invoice is not None and case.invoice.gross_total is not None
    read = str(case.invoice.gross_total.decimal)
    assert confirmed_values(case, foreign)["gross_total"] == read
    corrected = correct(desk.work, case.id, {"number": "F-9"}, WHO)
    assert confirmed_values(corrected, entry)["number"] == "F-9"
    assert confirmed_values(replace(case, invoice=None), entry) == {}


def test_a_supplier_is_known_by_what_tells_it_apart() -> None:
    desk = Desk()
    case = desk.cases[0]
    assert case.invoice is not None
    seller = replace(
        case.invoice.seller, vat_id="FR40303265045", iban="FR7630006000011234567890189"
    )
    kinds = {key.split(":")[0] for key in whose(seller, case.key)}
    assert {"src", "vat", "name"} <= kinds <= {"src", "vat", "legal", "name"}
