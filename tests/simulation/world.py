"""A fake clock, source, target, reader and renderer for the simulator, driven by one seed.

Invariant: everything that varies comes from the run's `Random`; the fake target keeps what it
accepted even when its answer is lost, which is what makes double postings visible.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from well.domain.counterparty import Counterparty
from well.domain.document import Document
from well.domain.entry import TargetEntry
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.flow import EInvoiceBuyer
from well.domain.invoice import Invoice, Seller
from well.domain.learned_layout import LearnedLayout
from well.domain.mapping import FieldMapping
from well.domain.marker import Window
from well.domain.money import Money
from well.domain.reading import Reading
from well.domain.source_record import Kind, RecordKey, SourceRecord
from well.ports.reader import Rendered, Rendition
from well.ports.source import Page, Stream
from well.ports.target import EntryPage, Sent, Shipment, TargetLimits

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class Crash(BaseException):
    """The process dies here."""


@dataclass
class Faults:
    """Chances per call; `healed` switches all of them off."""

    random: Random
    crash: float = 0.0
    lost_answer: float = 0.0
    transient: float = 0.0
    healed: bool = False

    def hit(self, chance: float) -> bool:
        return not self.healed and self.random.random() < chance

    def maybe_crash(self, _: str = "") -> None:
        if self.hit(self.crash):
            raise Crash

    def maybe_fail(self) -> None:
        self.maybe_crash()
        if self.hit(self.transient):
            raise Failed(Failure(FailureKind.TRANSIENT, "The provider is busy."))


class FakeClock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Bill:
    """A mutable record of the fake source; several share one instant on purpose."""

    id: str
    number: str
    total: int
    issued: date
    changed_at: datetime
    version: int = 1
    deleted: bool = False


VENDOR = "7"
LIMITS = TargetLimits(20, 10_000_000, 1800.0, 10.0)


@dataclass
class FakeSource:
    clock: FakeClock
    faults: Faults
    bills: dict[str, Bill] = field(default_factory=dict)
    page_size: int = 7
    streams: Sequence[Stream] = (
        Stream("vendors", Kind.COMPANY, "vendor read"),
        Stream("bills", Kind.SUPPLIER_INVOICE, "bill read", dated=True),
    )

    def record(self, bill: Bill) -> SourceRecord:
        return SourceRecord(
            key=RecordKey("src", "bills", bill.id),
            kind=Kind.SUPPLIER_INVOICE,
            digest="" if bill.deleted else f"{bill.number}/{bill.total}/{bill.version}",
            body=f"{bill.number}|{bill.total}|{bill.issued}".encode(),
            changed_at=bill.changed_at,
            deleted=bill.deleted,
        )

    def _page(self, rows: list[Bill], cursor: str | None) -> Page:
        self.faults.maybe_fail()
        start = int(cursor or 0)
        part = rows[start : start + self.page_size]
        more = start + self.page_size < len(rows)
        records = tuple(self.record(bill) for bill in part)
        return Page(records, str(start + self.page_size) if more else None, self.clock.now())

    def changes(self, streams: Sequence[str], window: Window, cursor: str | None) -> Page:
        rows = [b for b in self.bills.values() if b.changed_at >= window.since]
        return self._page(sorted(rows, key=lambda b: (b.changed_at, b.id)), cursor)

    def history(self, stream: str, window: Window, cursor: str | None) -> Page:
        if stream == "vendors":
            self.faults.maybe_fail()
            record = SourceRecord(
                RecordKey("src", "vendors", VENDOR), Kind.COMPANY, "v", b"", self.clock.now()
            )
            return Page((record,), None, self.clock.now())
        low, high = window.since.date(), window.until.date()
        rows = [b for b in self.bills.values() if low <= b.issued < high and not b.deleted]
        return self._page(sorted(rows, key=lambda b: b.id), cursor)

    def files(self, attachments: Sequence[SourceRecord]) -> Mapping[str, Document | Failure]:
        return {}

    def read_invoice(self, record: SourceRecord, mapping: FieldMapping) -> Invoice:
        number, total, issued = record.body.decode().split("|")
        return Invoice(
            number=number,
            issue_date=date.fromisoformat(issued),
            due_date=date.fromisoformat(issued),
            currency="EUR",
            gross_total=Money(int(total), "EUR"),
            seller=Seller(name="Algolia SAS", source_id=VENDOR),
        )

    def read_company(self, record: SourceRecord, mapping: FieldMapping) -> Counterparty | None:
        return Counterparty(
            id="",
            names=("Algolia SAS",),
            vat_ids=("FR75814107155",),
            source_ids=(record.key.record_id,),
        )

    def link(self, record: SourceRecord) -> str:
        return ""


@dataclass
class FakeTarget:
    """Accepts files, may lose the answer, analyses at the next look."""

    clock: FakeClock
    faults: Faults
    held: dict[str, TargetEntry] = field(default_factory=dict)
    keys: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    limits: TargetLimits = LIMITS
    prefix: str = "entry"

    def _accept(self, shipment: Shipment) -> TargetEntry:
        now = self.clock.now()
        known = self.keys.get(shipment.idempotency_key)
        if known and (now - known[0]).total_seconds() < self.limits.key_lifetime:
            return self.held[known[1]]
        number, total, issued = shipment.document.content.decode().split("|")
        entry = TargetEntry(
            id=f"{self.prefix}-{len(self.held)}",
            file_name=shipment.document.name,
            status="to_review",
            created_at=now,
            updated_at=now,
            analyzed_at=now,
            invoice_number=number,
            supplier_name="Algolia",
            gross_total=Money(int(total), "EUR"),
            issue_date=date.fromisoformat(issued),
        )
        self.held[entry.id] = entry
        self.keys[shipment.idempotency_key] = (now, entry.id)
        return entry

    def entries(self, window: Window | None, cursor: str | None) -> EntryPage:
        self.faults.maybe_fail()
        rows = [e for e in self.held.values() if window is None or e.updated_at >= window.since]
        return EntryPage(tuple(rows), None, self.clock.now())

    def created_since(self, since: datetime) -> Sequence[TargetEntry]:
        self.faults.maybe_fail()
        return [e for e in self.held.values() if e.created_at >= since]

    def send(self, shipments: Sequence[Shipment]) -> Sequence[Sent]:
        self.faults.maybe_fail()
        sent = []
        for shipment in shipments:
            self.faults.maybe_crash()
            sent.append(Sent(shipment.posting, entry=self._accept(shipment)))
        self.faults.maybe_crash()
        if self.faults.hit(self.faults.lost_answer):
            lost = Failure(FailureKind.NO_ANSWER, "The answer was lost.")
            return [Sent(shipment.posting, failure=lost) for shipment in shipments]
        return sent


class FakeReader:
    def read(
        self, documents: Sequence[Document], layouts: Sequence[LearnedLayout] = ()
    ) -> Sequence[Reading]:
        return [Reading("other", None, None) for _ in documents]

    def learn(self, document: Document, confirmed: Mapping[str, str]) -> LearnedLayout | None:
        return None

    def page_image(self, document: Document, page: int, width: int) -> bytes | None:
        return None


class FakeRenderer:
    def render(self, invoice: Invoice, rendition: Rendition) -> Document:
        assert invoice.gross_total is not None
        content = f"{invoice.number}|{invoice.gross_total.minor}|{invoice.issue_date}".encode()
        return Document(rendition.file_name, "application/pdf", content)

    def embed(self, invoice: Invoice, rendition: Rendition, buyer: EInvoiceBuyer) -> Rendered:
        return Rendered(self.render(invoice, rendition))

    def label(self, document: Document, rendition: Rendition) -> Document:
        return replace(document, name=rendition.file_name)
