"""The QuickBooks connector over real HTTP against the stand-in."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from builders.connectors import (
    REDIRECT,
    MachineClock,
    MemoryGrants,
    admin,
    approve,
    connection,
    provider_of,
)
from well.connectors import quickbooks
from well.domain.document import Document
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.marker import Window
from well.domain.source_record import Kind, SourceRecord
from well.ports.source import PAGE_MAX, Source
from well.sandbox.serve import Sandbox

CLOCK = MachineClock()
pytestmark = pytest.mark.slow


@dataclass
class Opened:
    """A connected company."""

    addresses: dict[str, str]
    connector: quickbooks.QuickBooks
    grants: MemoryGrants
    source: Source
    label: str
    currency: str

    def log(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = httpx.get(f"{self.addresses['admin']}/_admin/log").json()
        return rows


def connect(addresses: dict[str, str]) -> Opened:
    connector = quickbooks.connect(provider_of(addresses), REDIRECT, CLOCK)
    consent = connector.exchange(approve(connector), "")
    grants = MemoryGrants(consent.grant)
    source = connector.source(connection("quickbooks", consent.account), grants)
    return Opened(addresses, connector, grants, source, consent.label, consent.currency)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(["quickbooks"], tmp_path_factory.mktemp("sandbox"), bills=250, seed=3) as running:
        yield running


@pytest.fixture
def opened(sandbox: Sandbox) -> Iterator[Opened]:
    addresses = sandbox.addresses["quickbooks"]
    opened = connect(addresses)
    yield opened
    httpx.delete(f"{addresses['admin']}/_admin/faults")
    opened.connector.close()


def everything(source: Source, stream: str, window: Window) -> list[SourceRecord]:
    found: list[SourceRecord] = []
    cursor: str | None = None
    while True:
        page = source.history(stream, window, cursor)
        assert len(page.records) <= PAGE_MAX
        found += page.records
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor


def years(count: int) -> Window:
    now = CLOCK.now()
    return Window(now - timedelta(days=365 * count), now + timedelta(days=400))


def test_the_consent_names_the_company(opened: Opened) -> None:
    assert opened.label == "Atelier Boréal SAS"
    assert opened.currency == "EUR"
    assert opened.grants.grant is not None and opened.grants.grant.refresh_expires_at is not None


def test_history_brings_every_object_of_every_stream(sandbox: Sandbox, opened: Opened) -> None:
    truth = Counter(entity for entity, _ in sandbox.company.quickbooks_objects())
    entities = {
        "bills": "Bill",
        "vendor_credits": "VendorCredit",
        "vendors": "Vendor",
        "customers": "Customer",
        "accounts": "Account",
        "tax_codes": "TaxCode",
        "tax_rates": "TaxRate",
        "attachments": "Attachable",
        "purchases": "Purchase",
        "purchase_orders": "PurchaseOrder",
        "invoices": "Invoice",
        "sales_receipts": "SalesReceipt",
        "credit_memos": "CreditMemo",
        "payments": "Payment",
        "bill_payments": "BillPayment",
    }
    assert {stream.name for stream in opened.source.streams} == set(entities)
    for stream in opened.source.streams:
        found = everything(opened.source, stream.name, years(20))
        assert len({r.key.source_id for r in found}) == truth[entities[stream.name]], stream.name


def test_bank_accounts_come_with_their_currency_and_number(opened: Opened) -> None:
    records = everything(opened.source, "accounts", years(20))
    banks = [body for one in records if (body := json.loads(one.body))["AccountType"] == "Bank"]
    assert banks
    assert all(body["AcctNum"] and body["CurrencyRef"]["value"] for body in banks)


def test_payments_and_purchase_orders_come_with_what_the_page_names(opened: Opened) -> None:
    def bodies(stream: str) -> list[dict[str, Any]]:
        return [json.loads(one.body) for one in everything(opened.source, stream, years(20))]

    orders, received, made = map(bodies, ("purchase_orders", "payments", "bill_payments"))
    assert orders and received and made
    assert all(one["VendorRef"]["value"] and one["Line"] and one["TotalAmt"] for one in orders)
    assert all(one["TotalAmt"] is not None and one["Line"] for one in received)
    assert all(one["TotalAmt"] is not None and one["PayType"] for one in made)


def test_neighbouring_windows_share_no_document_and_miss_none(opened: Opened) -> None:
    whole = {r.key.source_id for r in everything(opened.source, "bills", years(2))}
    window, parts = years(2), list[set[str]]()
    since = window.since
    while since < window.until:
        until = min(since + timedelta(days=92, hours=7), window.until)
        slice_ = everything(opened.source, "bills", Window(since, until))
        parts.append({r.key.source_id for r in slice_})
        since = until
    assert sum(map(len, parts)) == len(whole) and set().union(*parts) == whole


def test_bills_read_as_invoices_with_exact_amounts(sandbox: Sandbox, opened: Opened) -> None:
    bodies = {b["Id"]: b for e, b in sandbox.company.quickbooks_objects() if e == "Bill"}
    mapping = opened.connector.mapping
    for record in everything(opened.source, "bills", years(20)):
        truth, invoice = bodies[record.key.source_id], opened.source.read_invoice(record, mapping)
        assert invoice.gross_total is not None
        assert invoice.gross_total.decimal == truth["TotalAmt"]
        assert invoice.currency == truth["CurrencyRef"]["value"]
        assert invoice.number == truth.get("DocNumber")
        assert invoice.seller.source_id == truth["VendorRef"]["value"]
        assert not [f for f in invoice.findings if f.stops_auto_post], truth


def test_vendors_become_counterparties(opened: Opened) -> None:
    mapping = opened.connector.mapping
    records = everything(opened.source, "vendors", years(20))
    parties = [opened.source.read_company(record, mapping) for record in records]
    assert all(party is not None and party.name and party.source_ids for party in parties)
    known = [party for party in parties if party is not None]
    assert sum(1 for party in known if party.vat_ids or party.legal_ids) > len(known) / 2
    assert sum(1 for party in known if party.domains) > len(known) / 2
    assert {party.country for party in known} >= {"FR", "DE"}


def test_files_come_through_signed_links_without_our_token(opened: Opened) -> None:
    attachments = everything(opened.source, "attachments", years(20))[:120]
    assert any(parent[0] == "bills" for record in attachments for parent in record.parents)
    files = opened.source.files(attachments)
    assert set(files) == {record.key.source_id for record in attachments}
    documents = [file for file in files.values() if isinstance(file, Document)]
    assert len(documents) >= len(attachments) - 1
    assert sum(1 for d in documents if d.media_type == "application/pdf") > 100


def test_an_attachment_that_is_gone_is_a_failure_with_a_sentence(opened: Opened) -> None:
    known = everything(opened.source, "attachments", years(20))[0]
    gone = SourceRecord(
        key=type(known.key)("c1", "attachments", "999999'999"),
        kind=Kind.ATTACHMENT,
        digest="",
        body=b"{}",
        changed_at=CLOCK.now(),
    )
    files = opened.source.files([known, gone])
    assert isinstance(files[known.key.source_id], Document)
    failure = files["999999'999"]
    assert isinstance(failure, Failure) and failure.kind is FailureKind.REJECTED


def test_nothing_but_reads_and_tokens_ever_leaves(opened: Opened) -> None:
    for stream in opened.source.streams:
        opened.source.history(stream.name, years(1), None)
    posts = {row["path"] for row in opened.log() if row["method"] != "GET"}
    assert posts <= {"/connect/oauth2", "/oauth2/v1/tokens/bearer", "/v2/oauth2/tokens/revoke"}


def test_an_expired_token_is_renewed_and_the_new_one_stored_first(opened: Opened) -> None:
    before = opened.grants.grant
    admin(opened.addresses, "expire-tokens")
    assert opened.source.history("accounts", years(1), None).records
    assert opened.grants.grant is not None and before is not None
    assert opened.grants.grant.access_token != before.access_token
    assert len(opened.grants.saved) == 1


def test_a_revoked_grant_is_lost_with_a_way_out(opened: Opened) -> None:
    assert opened.grants.grant is not None
    opened.connector.revoke(opened.grants.grant)
    with pytest.raises(Failed) as caught:
        opened.source.history("accounts", years(1), None)
    assert caught.value.failure.kind is FailureKind.GRANT_LOST


def test_a_storm_of_429_is_handed_back_with_its_time(opened: Opened) -> None:
    admin(opened.addresses, "faults", {"mode": "rate_limit", "count": 1, "retry_after": 1})
    with pytest.raises(Failed) as caught:
        opened.source.history("accounts", years(1), None)
    assert caught.value.failure.kind is FailureKind.RATE_LIMITED
    assert caught.value.failure.retry_at is not None
    assert opened.source.history("accounts", years(1), None).records


@pytest.mark.parametrize("mode", ["cut_before", "cut_after", "cut_body"])
def test_a_read_survives_a_cut_connection(opened: Opened, mode: str) -> None:
    admin(opened.addresses, "faults", {"mode": mode, "count": 1, "path": "/v3"})
    assert opened.source.history("accounts", years(1), None).records


def test_a_server_error_is_transient(opened: Opened) -> None:
    admin(opened.addresses, "faults", {"mode": "error_before", "count": 1, "path": "/v3"})
    with pytest.raises(Failed) as caught:
        opened.source.history("accounts", years(1), None)
    assert caught.value.failure.kind is FailureKind.TRANSIENT


def test_the_second_act_arrives_in_one_window_with_tombstones(tmp_path: Path) -> None:
    with Sandbox(["quickbooks"], tmp_path, bills=80, seed=5) as sandbox:
        opened = connect(sandbox.addresses["quickbooks"])
        streams = [stream.name for stream in opened.source.streams]
        before = {
            (r.key.stream, r.key.source_id): r.digest
            for name in streams
            for r in everything(opened.source, name, years(20))
        }
        since = CLOCK.now() - timedelta(seconds=2)
        admin(opened.addresses, "second-act")
        window = Window(since, CLOCK.now() + timedelta(seconds=2))
        found: list[SourceRecord] = []
        cursor: str | None = None
        while True:
            page = opened.source.changes(streams, window, cursor)
            found += page.records
            cursor = page.next_cursor
            if cursor is None:
                break
        expected = sandbox.company.second_act()
        stream_of = {r.key.source_id: r for r in found}
        for op, entity, body in expected:
            record = stream_of[str(body["Id"])]
            known = before.get((record.key.stream, record.key.source_id))
            assert record.deleted == (op == "delete"), (op, entity)
            assert (known is None) == (op == "create"), (op, entity)
        paid = [
            r
            for r in found
            if not r.deleted and before.get((r.key.stream, r.key.source_id)) == r.digest
        ]
        assert [r for r in paid if r.key.stream == "bills"], "a bill only paid is no edit"
        opened.connector.close()
