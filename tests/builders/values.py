"""Domain values with sensible defaults, for tests that care about one field.

Invariant: the same call gives the same value; nothing is random.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.case import Case, CaseState, Step
from well.domain.counterparty import Counterparty
from well.domain.decision import Decision, Outcome, Reason
from well.domain.document import Document
from well.domain.entry import TargetEntry
from well.domain.flow import Connection, ConnectionState, Flow
from well.domain.ids import case_id, posting_id
from well.domain.invoice import FieldReading, Invoice, Origin, Seller
from well.domain.mapping import FieldMapping, MappingRow
from well.domain.money import Money
from well.domain.posting import Posting, PostingState
from well.domain.source_record import Kind, RecordKey, SourceRecord

AT = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)


def a_key(number: int = 1, stream: str = "bills", connection: str = "books") -> RecordKey:
    """The key of the `number`-th record."""
    return RecordKey(connection, stream, str(number))


def a_record(number: int = 1, **changes: Any) -> SourceRecord:
    """The `number`-th bill."""
    record = SourceRecord(
        a_key(number), Kind.SUPPLIER_INVOICE, f"digest-{number}", b'{"Id":"%d"}' % number, AT
    )
    return replace(record, **changes)


def an_attachment(number: int, *bills: int, **changes: Any) -> SourceRecord:
    """An attachment of those bills."""
    record = SourceRecord(
        a_key(number, "attachments"),
        Kind.ATTACHMENT,
        f"attached-{number}",
        b"{}",
        AT + timedelta(seconds=number),
        parents=tuple(("bills", str(bill)) for bill in bills),
    )
    return replace(record, **changes)


def an_invoice(_number: int = 1, **changes: Any) -> Invoice:
    """An invoice of a French supplier."""
    number = _number
    invoice = Invoice(
        number=f"F-{number}",
        issue_date=date(2026, 1, 1) + timedelta(days=number % 28),
        currency="EUR",
        gross_total=Money(12_000 + number, "EUR"),
        seller=Seller(name=f"Fournisseur {number}", iban="FR7630006000011234567890189"),
        readings=(
            FieldReading("number", f"F-{number}", Origin.API, 0.99, 0, (0.1, 0.2, 0.3, 0.4)),
        ),
    )
    return replace(invoice, **changes)


def a_case(number: int = 1, flow: str = "flow", **changes: Any) -> Case:
    """A case in review, with everything a case may hold."""
    key = a_key(number)
    evidence = (Evidence("total", "120.01", "120.01", "exact", 7.5),)
    case = Case(
        id=case_id(flow, key.record_id),
        flow=flow,
        record=key.record_id,
        key=key,
        kind=Kind.SUPPLIER_INVOICE,
        version=1,
        state=CaseState.REVIEW,
        step=Step.DONE,
        reason="Two entries are equally likely.",
        invoice=an_invoice(number),
        ranking=Ranking((Candidate("entry-1", "F-1", 7.5, 0.6, evidence),), 0.4),
        decision=Decision(Outcome.REVIEW, 0.6, 0.5, (Reason("between", "Between", True, 0.1),)),
        updated_at=AT,
    )
    return replace(case, **changes)


def a_posting(number: int = 1, flow: str = "flow", **changes: Any) -> Posting:
    """A planned posting of the `number`-th case."""
    own = posting_id("ws", "target", a_key(number).record_id)
    posting = Posting(
        id=own,
        case=a_case(number, flow).id,
        flow=flow,
        target="target",
        state=PostingState.PLANNED,
        priority=0.9,
        file_name=f"F-{number}--quickbooks-bill-{number}.pdf",
        idempotency_key=own,
        planned_at=AT,
    )
    return replace(posting, **changes)


def a_party(id: str = "party-1", **changes: Any) -> Counterparty:
    """A counterparty with one name."""
    return replace(Counterparty(id, (f"Société {id}",), ibans=("FR76300060000112",)), **changes)


def an_entry(id: str = "entry-1", **changes: Any) -> TargetEntry:
    """An entry of the target."""
    entry = TargetEntry(
        id, f"{id}.pdf", "to_review", AT, AT, gross_total=Money(12_001, "EUR"), invoice_number=id
    )
    return replace(entry, **changes)


def a_document(text: str = "file", name: str = "a.pdf") -> Document:
    """A small file."""
    return Document(name, "application/pdf", b"%PDF-1.7 " + text.encode())


def a_connection(id: str = "books", **changes: Any) -> Connection:
    """A living connection."""
    connection = Connection(
        id, "quickbooks", "Acme", "4620816365", ConnectionState.CONNECTED, ("accounting",), AT
    )
    return replace(connection, **changes)


def a_flow(id: str = "flow", **changes: Any) -> Flow:
    """A flow of bills."""
    rows = (MappingRow("invoice", "DocNumber", "number", "Number"),)
    flow = Flow(
        id,
        "Books to bank",
        "books",
        "bank",
        frozenset({Kind.SUPPLIER_INVOICE}),
        FieldMapping(1, rows),
    )
    return replace(flow, **changes)
