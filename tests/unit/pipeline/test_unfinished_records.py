"""A record that its provider is still at work on waits, and not for ever."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from simulation.history import History
from simulation.world import FakeSource
from well.domain.case import Case, CaseState, Step
from well.domain.invoice import Invoice
from well.domain.mapping import FieldMapping
from well.domain.source_record import SourceRecord
from well.ports.source import NotYetError


@dataclass
class SlowSource(FakeSource):
    """`unfinished` records cannot be read yet."""

    unfinished: set[str] = field(default_factory=set)

    def read_invoice(self, record: SourceRecord, mapping: FieldMapping) -> Invoice:
        invoice = super().read_invoice(record, mapping)
        if record.key.source_id in self.unfinished:
            raise NotYetError("The provider is still reading.", replace(invoice, number=None))
        return invoice


def history(bills: int, unfinished: set[str]) -> tuple[History, SlowSource]:
    made = History(1)
    made.faults.healed = True
    source = SlowSource(made.clock, made.faults, unfinished=unfinished)
    made.source = source
    made.add_bills(bills)
    return made, source


def case_of(made: History, source_id: str) -> Case:
    cases = made.disk.cases.values()
    return next(c for c in cases if c.key.stream == "bills" and c.key.source_id == source_id)


def test_it_waits_while_the_others_go_on_and_the_run_ends() -> None:
    made, _ = history(12, {"3"})
    made.sync()
    waiting = case_of(made, "3")
    assert (waiting.state, waiting.step) == (CaseState.WAITING, Step.SOURCE)
    assert waiting.reason == "The provider is still reading."
    others = [case_of(made, str(n)).state for n in range(1, 13) if n != 3]
    assert others == [CaseState.POSTED] * 11


def test_its_finished_version_is_read_and_posted_once() -> None:
    made, source = history(3, {"3"})
    made.sync()
    source.unfinished.clear()
    made.clock.sleep(900)
    source.bills["3"] = replace(source.bills["3"], version=2, changed_at=made.clock.at)
    made.sync()
    assert case_of(made, "3").state is CaseState.POSTED
    assert len(made.target.held) == 3


def test_before_a_day_is_over_it_still_waits_and_then_a_person_is_asked() -> None:
    made, source = history(1, {"1"})
    changed = source.bills["1"].changed_at
    made.sync()
    made.clock.at = changed + timedelta(hours=23, minutes=59)
    made.sync()
    assert case_of(made, "1").step is Step.SOURCE
    made.clock.at = changed + timedelta(hours=24)
    made.sync()
    case = case_of(made, "1")
    assert case.state is CaseState.REVIEW
    assert case.invoice is not None
    assert [f.code for f in case.invoice.findings if f.stops_auto_post] == ["not_finished"]
    assert made.target.held == {}
