"""QuickBooks fed by e-mail against its stand-in: the inbox, the list nobody sees, the books."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
from builders.mailed import COVER
from well.connectors import quickbooks
from well.domain.delivery import DeliveryState, MailRoute
from well.domain.document import PDF, Document
from well.domain.entry import TargetEntry
from well.mail.adapter import Outbox
from well.ports.target import Shipment, Target
from well.sandbox.serve import Sandbox
from well.settings import Mail

CLOCK = MachineClock()
pytestmark = pytest.mark.slow


@dataclass
class Opened:
    """A company whose books are a target."""

    addresses: dict[str, str]
    target: Target

    def get(self, path: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = httpx.get(f"{self.addresses['admin']}/_admin/{path}").json()
        return rows


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("sandbox")
    with Sandbox(["qonto", "quickbooks"], folder, bills=600, seed=3) as running:
        admin(running.addresses["quickbooks"], "settings", {"read_ms": 0})
        yield running


@pytest.fixture
def opened(sandbox: Sandbox) -> Iterator[Opened]:
    addresses = sandbox.addresses["quickbooks"]
    mail = Mail(
        host=addresses["smtp_host"],
        port=int(addresses["smtp_port"]),
        ca_file=addresses["smtp_ca"],
        domain="well.example",
        pace=0.0,
    )
    outbox = Outbox(mail, b"s" * 32, CLOCK)
    made = quickbooks.connect(provider_of(addresses), REDIRECT, CLOCK, mail=outbox)
    consent = made.exchange(approve(made), "")
    route = MailRoute(addresses["inbox"], addresses["sender"])
    link = replace(connection("quickbooks", consent.account), mail=route)
    yield Opened(addresses, made.target(link, MemoryGrants(consent.grant)))
    made.close()


def shipment(number: str) -> Shipment:
    out = io.BytesIO()
    canvas = Canvas(out)
    lines = ["Algolia SAS", f"Invoice number: {number}", "Issue date: 2026-04-22"]
    for at, line in enumerate([*lines, "Total: 1,284.00 EUR"]):
        canvas.drawString(72, 760 - 20 * at, line)
    canvas.save()
    name = f"{number}--qonto-supplierinvoice-{uuid4().hex[:6]}.pdf"
    return Shipment(str(uuid4()), str(uuid4()), Document(name, PDF, out.getvalue()), COVER)


def mirrored(target: Target) -> list[TargetEntry]:
    found: list[TargetEntry] = []
    cursor: str | None = None
    while True:
        page = target.entries(None, cursor)
        found += page.entries
        cursor = page.next_cursor
        if cursor is None:
            return found


def test_the_mirror_holds_every_entry_of_the_books_once(opened: Opened) -> None:
    found = mirrored(opened.target)
    ids = [entry.id.rpartition("-")[2] for entry in found]
    assert len(ids) == len(set(ids))
    assert set(ids) == {row["id"] for row in opened.get("entries")} and len(ids) > 10
    assert all(entry.gross_total and entry.supplier_name and entry.issue_date for entry in found)


def test_a_mailed_document_is_seen_once_a_person_has_confirmed_it(opened: Opened) -> None:
    before, number = CLOCK.now() - timedelta(seconds=2), f"INV-{uuid4().hex[:6]}"
    sent = opened.target.send([shipment(number)])[0]
    assert sent.delivery is not None and sent.delivery.state is DeliveryState.HANDED_OVER
    line = opened.get("for-review")[-1]
    assert number not in [e.invoice_number for e in opened.target.created_since(before)]
    admin(opened.addresses, f"for-review/{line['id']}/confirm", {})
    seen = [e for e in opened.target.created_since(before) if e.invoice_number == number]
    assert len(seen) == 1 and str(seen[0].gross_total) == "1284.00 EUR"


def test_nothing_is_written_through_the_api(opened: Opened) -> None:
    opened.target.send([shipment("INV-1")])
    log = opened.get("log")
    writes = [row for row in log if row["method"] != "GET" and "/v3/" in row["path"]]
    assert writes == []
