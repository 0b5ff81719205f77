"""The Qonto connector over real HTTP against the stand-in."""

import base64
import hashlib
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from reportlab.pdfgen.canvas import Canvas

from builders.connectors import (
    REDIRECT,
    MachineClock,
    MemoryGrants,
    admin,
    approve,
    connection,
    provider_of,
)
from well.connectors import qonto
from well.domain.document import PDF, Document
from well.domain.entry import TargetEntry
from well.domain.failure import Failed, FailureKind
from well.domain.invoice import Invoice
from well.domain.mapping import FieldMapping
from well.domain.marker import Window
from well.domain.source_record import SourceRecord
from well.ports.source import NotYetError, Source
from well.ports.target import Shipment, Target
from well.sandbox.serve import Sandbox

CLOCK = MachineClock()
VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)
pytestmark = pytest.mark.slow


@dataclass
class Opened:
    """A connected organization."""

    addresses: dict[str, str]
    connector: qonto.Qonto
    grants: MemoryGrants
    target: Target
    label: str
    account: str

    def entries(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = httpx.get(f"{self.addresses['admin']}/_admin/entries").json()
        return rows


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(["qonto"], tmp_path_factory.mktemp("sandbox"), bills=900, seed=3) as running:
        yield running


@pytest.fixture
def opened(sandbox: Sandbox) -> Iterator[Opened]:
    addresses = sandbox.addresses["qonto"]
    connector = qonto.connect(provider_of(addresses), REDIRECT, CLOCK)
    consent = connector.exchange(approve(connector, challenge=CHALLENGE), VERIFIER)
    grants = MemoryGrants(consent.grant)
    target = connector.target(connection("qonto", consent.account), grants)
    yield Opened(addresses, connector, grants, target, consent.label, consent.account)
    httpx.delete(f"{addresses['admin']}/_admin/faults")
    connector.close()


def pdf(number: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for at, line in enumerate(
        [f"Invoice number: {number}", "Issue date: 2026-04-22", "Total: 1,284.00 EUR"]
    ):
        canvas.drawString(72, 760 - 20 * at, line)
    canvas.save()
    return out.getvalue()


def shipment(number: str | None = None, content: bytes | None = None) -> Shipment:
    number = number or f"INV-{uuid4().hex[:8]}"
    name = f"{number}--quickbooks-bill-{uuid4().hex[:6]}.pdf"
    return Shipment(str(uuid4()), str(uuid4()), Document(name, PDF, content or pdf(number)))


def mirrored(target: Target, window: Window | None) -> list[TargetEntry]:
    found: list[TargetEntry] = []
    cursor: str | None = None
    while True:
        page = target.entries(window, cursor)
        found += page.entries
        cursor = page.next_cursor
        if cursor is None:
            return found


def test_the_consent_names_the_organization_by_pkce(opened: Opened) -> None:
    assert opened.label == "Atelier Boréal SAS" and opened.account
    assert (
        opened.grants.grant is not None and "supplier_invoice.write" in opened.grants.grant.scopes
    )


def test_a_wrong_verifier_is_refused(sandbox: Sandbox) -> None:
    connector = qonto.connect(provider_of(sandbox.addresses["qonto"]), REDIRECT, CLOCK)
    answer = approve(connector, challenge=CHALLENGE)
    with pytest.raises(Failed):
        connector.exchange(answer, "x" * 64)
    connector.close()


def test_the_mirror_holds_every_entry(opened: Opened) -> None:
    found = {entry.id: entry for entry in mirrored(opened.target, None)}
    assert set(found) == {row["id"] for row in opened.entries()}
    assert all(e.file_name and e.created_at.tzinfo and e.link for e in found.values())
    assert any(e.gross_total is not None and e.issue_date for e in found.values())


def test_twenty_files_are_created_and_listed(opened: Opened) -> None:
    batch = [shipment() for _ in range(20)]
    before = CLOCK.now()
    sent = opened.target.send(batch)
    assert [s.posting for s in sent] == [s.posting for s in batch]
    for one, outcome in zip(batch, sent, strict=True):
        assert outcome.entry is not None and outcome.failure is None
        assert outcome.entry.file_name == one.document.name
    listed = {e.id for e in opened.target.created_since(before - timedelta(seconds=1))}
    assert {s.entry.id for s in sent if s.entry} <= listed


def test_a_changed_entry_is_in_the_next_window(opened: Opened) -> None:
    first = opened.entries()[0]["id"]
    since = CLOCK.now() - timedelta(milliseconds=5)
    admin(opened.addresses, f"entries/{first}/status", {"status": "paid"})
    window = Window(since, CLOCK.now() + timedelta(seconds=1))
    assert first in {entry.id for entry in mirrored(opened.target, window)}


def test_what_qonto_read_comes_back(opened: Opened) -> None:
    number = f"INV-{uuid4().hex[:8]}"
    sent = opened.target.send([shipment(number)])[0].entry
    assert sent is not None
    end = time.monotonic() + 10
    while time.monotonic() < end:
        entry = next(e for e in opened.target.created_since(sent.created_at) if e.id == sent.id)
        if entry.analyzed_at is not None:
            break
        time.sleep(0.1)
    assert entry.invoice_number == number
    assert entry.gross_total is not None and str(entry.gross_total) == "1284.00 EUR"


def test_one_bad_file_does_not_stop_the_others(opened: Opened) -> None:
    huge = shipment(content=b"%PDF-1.7" + bytes(10 * 1024 * 1024))
    text = Shipment("p2", str(uuid4()), Document("a.pdf", "text/plain", b"hello"))
    good = shipment()
    outcomes = opened.target.send([huge, good, text])
    assert outcomes[1].entry is not None
    for index, word in ((0, "10 MB"), (2, "PDF")):
        failure = outcomes[index].failure
        assert failure is not None and failure.kind is FailureKind.REJECTED
        assert word in failure.sentence


@pytest.mark.parametrize("mode", ["error_after", "cut_after"])
def test_a_lost_answer_is_no_answer_and_the_entry_is_found_by_reading_back(
    opened: Opened, mode: str
) -> None:
    one, before = shipment(), CLOCK.now()
    admin(opened.addresses, "faults", {"mode": mode, "count": 1, "method": "POST"})
    failure = opened.target.send([one])[0].failure
    assert failure is not None and failure.kind is FailureKind.NO_ANSWER
    found = opened.target.created_since(before - timedelta(seconds=1))
    assert [e.file_name for e in found].count(one.document.name) == 1


@pytest.mark.parametrize("mode", ["error_before", "cut_before"])
def test_an_answer_that_never_came_is_never_taken_for_a_refusal(opened: Opened, mode: str) -> None:
    one, before = shipment(), CLOCK.now()
    admin(opened.addresses, "faults", {"mode": mode, "count": 1, "method": "POST"})
    failure = opened.target.send([one])[0].failure
    assert failure is not None and failure.kind is FailureKind.NO_ANSWER
    found = opened.target.created_since(before - timedelta(seconds=1))
    assert one.document.name not in [e.file_name for e in found]


def test_the_same_shipment_twice_within_the_key_lifetime_is_one_entry(opened: Opened) -> None:
    one = shipment()
    first, second = opened.target.send([one])[0], opened.target.send([one])[0]
    assert first.entry is not None and second.entry is not None
    assert first.entry.id == second.entry.id


def test_a_limit_holds_the_whole_request(opened: Opened) -> None:
    admin(opened.addresses, "faults", {"mode": "rate_limit", "count": 1, "retry_after": 1})
    with pytest.raises(Failed) as caught:
        opened.target.send([shipment()])
    assert caught.value.failure.kind is FailureKind.RATE_LIMITED


def test_an_expired_token_is_renewed_once_and_the_file_sent_once(opened: Opened) -> None:
    admin(opened.addresses, "expire-tokens")
    one = shipment()
    assert opened.target.send([one])[0].entry is not None
    names = [row["file_name"] for row in opened.entries()]
    assert names.count(one.document.name) == 1 and len(opened.grants.saved) == 1


def test_a_rotated_token_that_was_not_stored_is_a_grant_lost(opened: Opened) -> None:
    admin(opened.addresses, "expire-tokens")
    opened.grants.crash = True
    with pytest.raises(KeyboardInterrupt):
        opened.target.entries(None, None)
    opened.grants.crash = False
    with pytest.raises(Failed) as caught:
        opened.target.entries(None, None)
    assert caught.value.failure.kind is FailureKind.GRANT_LOST


def test_a_revoked_grant_is_lost(opened: Opened) -> None:
    assert opened.grants.grant is not None
    opened.connector.revoke(opened.grants.grant)
    with pytest.raises(Failed) as caught:
        opened.target.send([shipment()])
    assert caught.value.failure.kind is FailureKind.GRANT_LOST


def test_the_source_brings_invoices_and_their_files(opened: Opened) -> None:
    source = opened.connector.source(connection("qonto", opened.account), opened.grants)
    cursor: str | None = None
    records = []
    while True:
        page = source.history("supplier_invoices", Window(CLOCK.now(), CLOCK.now()), cursor)
        records += page.records
        cursor = page.next_cursor
        if cursor is None:
            break
    assert {r.key.source_id for r in records} == {row["id"] for row in opened.entries()}
    attachments = source.history("attachments", Window(CLOCK.now(), CLOCK.now()), None).records
    files = source.files(attachments[:10])
    assert all(isinstance(file, Document) for file in files.values()), files
    invoices = [_invoice(source, record, opened.connector.mapping) for record in records]
    assert any(invoice.gross_total and invoice.seller.name for invoice in invoices)


def _invoice(source: Source, record: SourceRecord, table: FieldMapping) -> Invoice:
    """What is known of it, of one whose file Qonto still reads, too."""
    try:
        return source.read_invoice(record, table)
    except NotYetError as early:
        return early.invoice
