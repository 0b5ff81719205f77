"""A flow with the e-invoice switched on: what arrives at the target, and what the trail says."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from simulation.history import History
from simulation.world import Bill, FakeSource, FakeTarget
from well.documents.reading.read_file import read_file
from well.documents.writing.rendition import INSIDE, TypstRenderer
from well.domain.case import CaseState
from well.domain.document import Document
from well.domain.entry import TargetEntry
from well.domain.flow import EInvoiceBuyer
from well.domain.invoice import Invoice, InvoiceLine, Origin
from well.domain.mapping import FieldMapping
from well.domain.money import Money
from well.domain.source_record import SourceRecord
from well.pipeline.work import Work
from well.ports.target import Shipment

pytestmark = pytest.mark.slow
WHOLE, LACKING = "1", "2"
BUYER = EInvoiceBuyer("Café Médoc SAS", "FR")


class Bills(FakeSource):
    """Bills with all that an e-invoice needs, but one without a country of the seller."""

    def read_invoice(self, record: SourceRecord, mapping: FieldMapping) -> Invoice:
        invoice = super().read_invoice(record, mapping)
        assert invoice.gross_total is not None
        net = invoice.gross_total.minor * 5 // 6
        country = None if record.key.source_id == LACKING else "FR"
        return replace(
            invoice,
            net_total=Money(net, "EUR"),
            tax_total=Money(net // 5, "EUR"),
            seller=replace(invoice.seller, vat_id="FR75814107155", country=country),
            lines=(InvoiceLine("Search", Money(net, "EUR").decimal, tax_rate=Decimal(20)),),
        )


@dataclass
class Inbox(FakeTarget):
    """Keeps each file and reads it as a target would."""

    files: dict[str, Document] = field(default_factory=dict)

    def _accept(self, shipment: Shipment) -> TargetEntry:
        read = read_file(shipment.document.content).invoice
        assert read is not None and read.number is not None
        self.files[read.number] = shipment.document
        total = read.gross_total.minor if read.gross_total else 0
        text = f"{read.number}|{total}|{read.issue_date}"
        plain = Document(shipment.document.name, "", text.encode())
        return super()._accept(replace(shipment, document=plain))


class Embedding(History):
    """A history without faults whose flow draws real pages."""

    def __init__(self, renderer: TypstRenderer, buyer: EInvoiceBuyer | None) -> None:
        super().__init__(1)
        self.faults.healed = True
        self.renderer = renderer
        self.source = Bills(self.clock, self.faults)
        self.target = self.inbox = Inbox(self.clock, self.faults)
        for id in (WHOLE, LACKING):
            issued = self.clock.at.date() - timedelta(days=40 * int(id))
            total = 12_000 * int(id)
            self.source.bills[id] = Bill(id, f"INV-400{id}", total, issued, self.clock.at)
        self.disk.flows["flow"] = replace(self.disk.flows["flow"], e_invoice=buyer)

    def work(self) -> Work:
        return replace(super().work(), renderer=self.renderer)

    def told(self) -> list[str]:
        """What the trail says of the e-invoices of sent postings."""
        details = [event.detail for _, event in self.disk.trail if event.verb == "posting sent"]
        return sorted(detail["e_invoice"] for detail in details if "e_invoice" in detail)

    def settle(self) -> None:
        """Syncs until all is done."""
        for _ in range(2):
            self.sync()
            self.clock.sleep(7200)


@pytest.fixture(scope="module")
def renderer() -> Iterator[TypstRenderer]:
    made = TypstRenderer()
    yield made
    made.close()


def test_a_record_without_a_file_arrives_with_the_e_invoice_inside(renderer: TypstRenderer) -> None:
    history = Embedding(renderer, BUYER)
    history.settle()
    bills = [case for case in history.disk.cases.values() if case.key.stream == "bills"]
    assert [case.state for case in bills] == [CaseState.POSTED, CaseState.POSTED]
    invoice = read_file(history.inbox.files["INV-4001"].content).invoice
    assert invoice is not None
    assert {one.origin for one in invoice.readings} == {Origin.XML}
    assert (invoice.gross_total, invoice.buyer_name) == (Money(12_000, "EUR"), BUYER.name)


def test_a_record_that_lacks_terms_arrives_as_a_page_and_the_trail_names_them(
    renderer: TypstRenderer,
) -> None:
    history = Embedding(renderer, BUYER)
    history.settle()
    invoice = read_file(history.inbox.files["INV-4002"].content).invoice
    assert invoice is not None
    assert {one.origin for one in invoice.readings} == {Origin.TEXT}
    inside, left_out = history.told()
    assert inside.startswith(INSIDE)
    assert left_out == (
        "The page was made without e-invoice: the record lacks: BT-40 seller country."
    )


def test_without_the_switch_nothing_is_inside_and_nothing_is_told(renderer: TypstRenderer) -> None:
    history = Embedding(renderer, None)
    history.settle()
    for document in history.inbox.files.values():
        invoice = read_file(document.content).invoice
        assert invoice is not None
        assert {one.origin for one in invoice.readings} == {Origin.TEXT}
    assert (len(history.inbox.files), history.told()) == (2, [])
