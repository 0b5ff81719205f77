"""A workspace with people, connections, a flow and records in every state, to look at pages.

Invariant: built through the real store and the process-wide `well()`, without a provider; the
same call gives the same records. It is not the invented company of the sandbox.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from well.accounts.models import Membership, User
from well.accounts.workspaces import create_workspace
from well.bootstrap import well
from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.case import Case, CaseState, Step
from well.domain.decision import Decision, Outcome, Reason, Versions
from well.domain.document import PDF, Document
from well.domain.entry import TargetEntry
from well.domain.failure import Failure, FailureKind, WayOut
from well.domain.flow import Connection, ConnectionState, Flow
from well.domain.ids import case_id, posting_id
from well.domain.invoice import FieldReading, Finding, Invoice, InvoiceLine, Origin, Seller
from well.domain.marker import Marker, Slice, SliceState, Window
from well.domain.money import Money
from well.domain.posting import Posting, PostingState
from well.domain.reading import Reading
from well.domain.source_record import Kind, RecordKey, SourceRecord
from well.domain.trail import TrailEvent
from well.storage.store import DjangoStore

AT = datetime(2026, 4, 22, 14, 5, tzinfo=UTC)
BOOKS, BANK = "books", "bank"
SUPPLIERS = (
    ("Papeterie du Faubourg SARL", "FR", 128_400),
    ("Müller & Söhne Logistik GmbH", "DE", 94_250),
    ("Cloudflow Hosting Ltd", "GB", 4_900),
    ("Électricité des Deux Rives", "FR", 31_277),
    ("Café Lumière", "FR", 8_640),
    ("Van den Berg Accountants BV", "NL", 240_000),
    ("Northwind Office Supplies", "US", 17_935),
    ("Atelier Graphique Moreau", "FR", 66_000),
)


@dataclass
class Office:
    """What was built; `people` are by role."""

    workspace: str
    store: DjangoStore
    flow: Flow
    people: dict[str, User]
    cases: dict[str, list[Case]]


def a_page(supplier: str, number: str, total: str, issued: date) -> Document:
    """A PDF of one page that looks like an invoice."""
    buffer = BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4, invariant=True)
    page.setFont("Helvetica-Bold", 16)
    page.drawString(56, 770, supplier)
    page.setFont("Helvetica", 10)
    for line, text in enumerate(
        (
            "12 rue des Lilas, 75011 Paris",
            "TVA FR40303265045",
            "IBAN FR76 3000 6000 0112 3456 7890 189",
        )
    ):
        page.drawString(56, 752 - 14 * line, text)
    page.setFont("Helvetica-Bold", 22)
    page.drawString(56, 660, "Facture")
    page.setFont("Helvetica", 11)
    page.drawString(56, 630, f"Numéro : {number}")
    page.drawString(56, 612, f"Date : {issued:%d/%m/%Y}")
    page.line(56, 560, 540, 560)
    for line, (text, amount) in enumerate((("Fournitures", "900,00"), ("Livraison", "170,00"))):
        page.drawString(60, 535 - 20 * line, text)
        page.drawRightString(536, 535 - 20 * line, amount)
    page.line(56, 495, 540, 495)
    page.setFont("Helvetica-Bold", 12)
    page.drawString(380, 470, "Total TTC")
    page.drawRightString(536, 470, total)
    page.showPage()
    page.save()
    return Document(f"{number}.pdf", PDF, buffer.getvalue())


def build_office(name: str = "Atelier Lune", each: int = 3) -> Office:
    """A workspace with `each` records in each state; slow parts are the files alone."""
    workspace, owner = create_workspace(name, "eu", f"owner@{_slug(name)}.example", AT)
    people = {"owner": owner}
    for role in ("admin", "reviewer", "viewer"):
        person = User.objects.create_user(f"{role}@{_slug(name)}.example")
        Membership.objects.create(workspace=workspace, user=person, role=role)
        people[role] = person
    store = well().stores.open(str(workspace.id), workspace.region)
    flow = _set_up(store)
    cases = {
        state.value: [_record(store, flow, state, index) for index in range(each)]
        for state in CaseState
    }
    return Office(str(workspace.id), store, flow, people, cases)


def _slug(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _set_up(store: DjangoStore) -> Flow:
    hub = well()
    quickbooks, qonto = hub.connectors["quickbooks"], hub.connectors["qonto"]
    granted = tuple(scope.name for scope in qonto.scopes if scope.asked)
    books = Connection(
        BOOKS,
        "quickbooks",
        "Atelier Lune SAS",
        "4620816365",
        ConnectionState.CONNECTED,
        tuple(s.name for s in quickbooks.scopes if s.asked),
        AT - timedelta(days=3),
    )
    bank = Connection(
        BANK,
        "qonto",
        "Atelier Lune",
        "0196f3c1",
        ConnectionState.CONNECTED,
        granted,
        AT - timedelta(days=3),
    )
    flow = Flow(
        "flow-1",
        "Atelier Lune SAS to Atelier Lune",
        BOOKS,
        BANK,
        frozenset({Kind.SUPPLIER_INVOICE, Kind.SUPPLIER_CREDIT_NOTE}),
        quickbooks.mapping,
    )
    month = timedelta(days=30)
    slices = [
        Slice(
            flow.id,
            "bills",
            Window(AT - month * (n + 1), AT - month * n),
            SliceState.DONE if n < 7 else SliceState.OPEN,
            rows=41 if n < 7 else 0,
        )
        for n in range(12)
    ]
    with store.unit():
        store.save_connection(books)
        store.save_connection(bank)
        store.save_flow(flow)
        store.save_marker(Marker(BOOKS, "bills", AT - timedelta(minutes=12)))
        store.save_marker(Marker(BANK, "entries", AT - timedelta(minutes=4)))
        store.save_slices(slices)
    return flow


def an_invoice_of(index: int, reference: str) -> Invoice:
    """A believable reading: from the source record, confirmed by the page."""
    name, country, minor = SUPPLIERS[index % len(SUPPLIERS)]
    issued = date(2026, 4, 20) - timedelta(days=index % 60)
    total = Money(minor + 100 * (index // len(SUPPLIERS)), "GBP" if country == "GB" else "EUR")
    net = Money(total.minor * 5 // 6, total.currency)
    text = str(total.decimal)
    return Invoice(
        number=reference,
        issue_date=issued,
        due_date=issued + timedelta(days=30),
        currency=total.currency,
        net_total=net,
        tax_total=Money(total.minor - net.minor, total.currency),
        gross_total=total,
        seller=Seller(name, "FR40303265045", None, country, "FR7630006000011234567890189"),
        lines=(InvoiceLine("Fournitures", net.decimal, ledger_account="606400"),),
        readings=(
            FieldReading("seller.name", name, Origin.API, 0.98),
            FieldReading("number", reference, Origin.API, 0.99),
            FieldReading("number", reference, Origin.TEXT, 0.93, 0, (0.16, 0.241, 0.28, 0.257)),
            FieldReading("issue_date", issued.isoformat(), Origin.TEXT, 0.9, 0,
                         (0.14, 0.263, 0.24, 0.279)),
            FieldReading("gross_total", text, Origin.API, 0.99),
            FieldReading("gross_total", text, Origin.TEXT, 0.95, 0, (0.78, 0.43, 0.905, 0.446)),
            FieldReading("seller.iban", "FR7630006000011234567890189", Origin.TEXT, 0.9, 0,
                         (0.09, 0.126, 0.42, 0.141)),
        ),
    )  # fmt: skip


def _record(store: DjangoStore, flow: Flow, state: CaseState, index: int) -> Case:
    place = list(CaseState).index(state)
    serial = place * 100 + index
    key = RecordKey(BOOKS, "bills", str(1000 + serial))
    reference = f"F-2026-{serial:04d}"
    invoice = an_invoice_of(serial, reference)
    entries = _entries(invoice, serial)
    case = _case(flow, key, state, invoice, entries, serial)
    record = SourceRecord(key, Kind.SUPPLIER_INVOICE, f"d{serial}", b'{"Id": "1"}', AT)
    attachment = replace(
        record,
        key=RecordKey(BOOKS, "attachments", f"a{serial}"),
        kind=Kind.ATTACHMENT,
        parents=(("bills", key.source_id),),
        digest=f"a{serial}",
    )
    with store.unit():
        store.keep_records([record, attachment], AT)
        if index % 3 != 2:
            total = str(invoice.gross_total.decimal) if invoice.gross_total else ""
            file = a_page(invoice.seller.name or "", reference, total, date(2026, 4, 20))
            (ref,) = store.keep_documents([(attachment.key, file)])
            reading = Reading("invoice", None, invoice, has_text=True, pages=1)
            case = replace(case, document=ref.digest, reading=reading)
        store.save_entries(BANK, [(entry, [f"n:{entry.invoice_number}"]) for entry in entries])
        store.save_cases([case], AT + timedelta(minutes=5))
        store.save_postings(_postings(store, case))
        store.append(_events(case))
    return replace(case, updated_at=AT + timedelta(minutes=5))


def _entries(invoice: Invoice, serial: int) -> list[TargetEntry]:
    total = invoice.gross_total
    assert total is not None
    first = TargetEntry(
        f"entry-{serial}",
        f"{invoice.number}.pdf",
        "to_review",
        AT,
        AT,
        AT,
        invoice_number=(invoice.number or "").replace("2026-", "26/"),
        supplier_name=(invoice.seller.name or "").split(" ")[0] + " et fils",
        gross_total=total,
        issue_date=date(2026, 4, 18),
        link="https://app.qonto.com/",
    )
    second = replace(
        first,
        id=f"entry-{serial}b",
        supplier_name=invoice.seller.name,
        invoice_number="A-77",
        gross_total=Money(total.minor + 2, total.currency),
        issue_date=date(2026, 3, 20),
    )
    return [first, second]


def _ranking(entries: Sequence[TargetEntry], invoice: Invoice) -> Ranking:
    def shown(entry: TargetEntry) -> tuple[Evidence, ...]:
        close = entry is entries[0]
        return (
            Evidence("amount", str(invoice.gross_total), str(entry.gross_total),
                     "equal" if close else "within 0.02", 5.5 if close else 2.1),
            Evidence("reference", invoice.number or "", entry.invoice_number or "",
                     "differs in two signs" if close else "different", -1.2 if close else -4.0),
            Evidence("date", str(invoice.issue_date), str(entry.issue_date),
                     "two days apart" if close else "a month apart", 1.4 if close else -2.0),
            Evidence("name", invoice.seller.name or "", entry.supplier_name or "",
                     "same first word" if close else "equal", 1.1 if close else 4.2),
        )  # fmt: skip

    made = []
    for entry, confidence in zip(entries, (0.71, 0.08), strict=True):
        rows = shown(entry)
        bits = sum(row.bits for row in rows)
        made.append(Candidate(entry.id, entry.file_name, bits, confidence, rows))
    return Ranking(tuple(made), 0.21)


def _case(
    flow: Flow, key: RecordKey, state: CaseState, invoice: Invoice,
    entries: Sequence[TargetEntry], serial: int,
) -> Case:  # fmt: skip
    owns = state in (CaseState.POSTED, CaseState.LINKED, CaseState.HELD)
    sure = 0.84 - (serial % 100) * 0.004
    reasons = {
        CaseState.REVIEW: (
            "between",
            "An existing entry is close, but not close enough to link alone.",
        ),
        CaseState.REFUSED: ("unsure", "Neither an existing entry nor a new one is sure enough."),
        CaseState.HELD: ("changed", "Changed at the source since it was posted: total."),
        CaseState.POSTED: ("sure", "No existing entry fits and the record is sure."),
        CaseState.LINKED: ("linked", "An entry with this number, total and supplier was there."),
        CaseState.IGNORED: ("kind", "Records of this kind are not posted in this flow."),
    }
    code, sentence = reasons.get(state, ("", ""))
    decision = Decision(
        Outcome.REVIEW, 0.4 if state is CaseState.REFUSED else sure, 0.62,
        (Reason(code, sentence), Reason("date", "The page says two days later.", weight=-4.0)),
        entry=entries[0].id, versions=Versions("fs-1", "table-1", 1, 1),
    )  # fmt: skip
    failure = Failure(
        FailureKind.REJECTED,
        "Qonto refused the file: it is larger than 30 MB.",
        way_out=WayOut.FIX_AND_RETRY,
    )
    waiting = state is CaseState.WAITING
    changed = replace(invoice, gross_total=Money(99_00, invoice.currency or "EUR"))
    return Case(
        id=case_id(flow.id, key.record_id), flow=flow.id, record=key.record_id, key=key,
        kind=Kind.SUPPLIER_INVOICE, version=1, state=state,
        step=Step.POST if waiting else Step.DONE, reason=sentence,
        invoice=replace(invoice, findings=_findings(serial)),
        posted=changed if state is CaseState.HELD else invoice if owns else None,
        ranking=_ranking(entries, invoice),
        decision=None if state is CaseState.FAILED else decision,
        entry=entries[0].id if owns else None,
        failure=failure if state is CaseState.FAILED else None,
    )  # fmt: skip


def _findings(serial: int) -> tuple[Finding, ...]:
    if serial % 4 != 1:
        return ()
    return (Finding("total", "The page says €1,284.02, the source record €1,284.00.", True),)


def _postings(store: DjangoStore, case: Case) -> list[Posting]:
    if case.state not in (CaseState.WAITING, CaseState.POSTED):
        return []
    key = posting_id(store.workspace, BANK, case.record)
    done = case.state is CaseState.POSTED
    return [
        Posting(
            key, case.id, case.flow, BANK,
            PostingState.CONFIRMED if done else PostingState.PLANNED, 0.9,
            f"{case.key.source_id}.pdf", key, AT, attempts=1 if done else 0, entry=case.entry,
        )
    ]  # fmt: skip


def _events(case: Case) -> list[TrailEvent]:
    def at(minutes: int, verb: str, **detail: Any) -> TrailEvent:
        return TrailEvent(AT + timedelta(minutes=minutes), "well", verb, case.record, detail)

    told = [
        at(0, "captured", change="new", version=1, stream="bills", digest="d1"),
        at(1, "read", case=case.id, findings=[], document=case.document),
    ]
    if case.decision is not None:
        told.append(at(2, "decided", outcome=case.decision.outcome.value, confidence=0.71))
    if case.state is CaseState.POSTED:
        told.append(at(3, "posting sent", file="x.pdf", entry=case.entry))
        told.append(at(4, "confirmed", entry=case.entry, status="to_review", differences=[]))
    return told
