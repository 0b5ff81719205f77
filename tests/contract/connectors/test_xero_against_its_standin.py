"""The Xero connector over real HTTP against the stand-in: by the API, and by the tools alone."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
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
)
from builders.xero import CHALLENGE, VERIFIER, MemoryRegistrations, xero_settings
from well.connectors import xero
from well.connectors.xero.told import STREAMS
from well.domain.document import Document
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.marker import Window
from well.domain.source_record import SourceRecord
from well.ports.source import PAGE_MAX, Source
from well.sandbox.serve import Sandbox
from well.sandbox.xero import VIEW

CLOCK = MachineClock()
pytestmark = pytest.mark.slow
FREE = {"requests_per_minute": 100_000, "concurrent": 50, "requests_per_day": 1_000_000}
ENTITIES = {
    "tax_rates": "TaxRate",
    "tracking_categories": "TrackingCategory",
    "contacts": "Contact",
    "attachments": "Attachment",
    "purchase_orders": "PurchaseOrder",
    "bank_transactions": "BankTransaction",
    "payments": "Payment",
}
BY_TYPE = {
    "ACCPAY": "bills",
    "ACCREC": "sales_invoices",
    "ACCPAYCREDIT": "credit_notes",
    "ACCRECCREDIT": "sales_credit_notes",
    "BANK": "accounts",
}


@dataclass
class Opened:
    """A connected organisation."""

    addresses: dict[str, str]
    connector: xero.Xero
    kept: MemoryRegistrations
    grants: MemoryGrants
    source: Source
    label: str
    currency: str

    def log(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = httpx.get(f"{self.addresses['admin']}/_admin/log").json()
        return rows


def connect(addresses: dict[str, str], rest: str = "same") -> Opened:
    admin(addresses, "settings", FREE)
    kept = MemoryRegistrations()
    connector = xero.connect(xero_settings(addresses, rest, 100_000), REDIRECT, kept, CLOCK)
    consent = connector.exchange(approve(connector, challenge=CHALLENGE), VERIFIER)
    grants = MemoryGrants(consent.grant)
    source = connector.source(connection("xero", consent.account), grants)
    return Opened(addresses, connector, kept, grants, source, consent.label, consent.currency)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(["xero"], tmp_path_factory.mktemp("sandbox"), bills=150, seed=3) as running:
        yield running


@pytest.fixture
def open_by(sandbox: Sandbox) -> Iterator[Callable[[str], Opened]]:
    addresses, made = sandbox.addresses["xero"], list[Opened]()

    def opening(rest: str) -> Opened:
        made.append(connect(addresses, rest))
        return made[-1]

    yield opening
    httpx.delete(f"{addresses['admin']}/_admin/faults")
    for opened in made:
        opened.connector.close()


@pytest.fixture
def opened(open_by: Callable[[str], Opened]) -> Opened:
    return open_by("same")


def everything(source: Source, stream: str, window: Window) -> list[SourceRecord]:
    found: list[SourceRecord] = []
    cursor: str | None = None
    while True:
        page = source.history(stream, window, cursor)
        assert len(page.records) <= PAGE_MAX
        found += page.records
        cursor = page.next_cursor
        if cursor is None:
            return found


def years(count: int) -> Window:
    now = CLOCK.now()
    return Window(now - timedelta(days=365 * count), now + timedelta(days=400))


def truth(sandbox: Sandbox) -> Counter[str]:
    """How many records each stream has."""
    found: Counter[str] = Counter()
    names = {entity: stream for stream, entity in ENTITIES.items()}
    for entity, body in VIEW.objects(sandbox.company.quickbooks_objects()):
        stream = names.get(entity) or BY_TYPE.get(str(body.get("Type")))
        found[stream or "not read"] += 1
    return found


@pytest.mark.parametrize("rest", ["same", "own", "off"])
def test_the_consent_names_the_organisation_and_needs_no_secret(
    rest: str, open_by: Callable[[str], Opened]
) -> None:
    opened = open_by(rest)
    assert (opened.label, opened.currency) == ("Atelier Boréal SAS", "EUR")
    assert len(opened.kept.kept) == (0 if rest == "own" else 1)
    if rest != "own":
        known = httpx.get(f"{opened.addresses['admin']}/_admin/registrations").json()
        assert opened.kept.kept[0].client_id in {row["client"] for row in known}


@pytest.mark.parametrize("rest", ["same", "own"])
def test_a_consent_for_two_organisations_is_asked_about_and_each_is_read_by_itself(
    rest: str, open_by: Callable[[str], Opened]
) -> None:
    opened = open_by(rest)
    back = approve(opened.connector, challenge=CHALLENGE, company="all")
    consent = opened.connector.exchange(back, VERIFIER)
    names = {one.name: one.account for one in consent.choices}
    assert set(names) == {"Atelier Boréal SAS", "Demo Company (FR)"} and consent.currency == ""
    for name, filled in (("Atelier Boréal SAS", True), ("Demo Company (FR)", False)):
        one = opened.connector.reached(consent.grant, names[name])
        assert (one.label, one.currency, one.choices) == (name, "EUR", ())
        link = connection("xero", one.account)
        source = opened.connector.source(link, MemoryGrants(one.grant))
        assert bool(source.history("bills", years(20), None).records) is filled
    with pytest.raises(Failed) as caught:
        opened.connector.reached(consent.grant, "another")
    assert caught.value.failure.kind is FailureKind.REJECTED


def test_the_tools_tell_one_organisation_so_there_is_nothing_to_choose(
    open_by: Callable[[str], Opened],
) -> None:
    opened = open_by("off")
    back = approve(opened.connector, challenge=CHALLENGE, company="all")
    consent = opened.connector.exchange(back, VERIFIER)
    assert [one.name for one in consent.choices] == ["Atelier Boréal SAS"]
    assert opened.connector.reached(consent.grant, consent.account).currency == "EUR"


def test_a_forgotten_registration_is_made_again_at_the_next_consent(opened: Opened) -> None:
    httpx.delete(f"{opened.addresses['admin']}/_admin/registrations")
    consent = opened.connector.exchange(approve(opened.connector, challenge=CHALLENGE), VERIFIER)
    assert len({made.client_id for made in opened.kept.kept}) == 2
    assert consent.label == "Atelier Boréal SAS"


def test_an_api_that_takes_no_tokens_of_the_server_is_said_at_the_consent(
    opened: Opened,
) -> None:
    admin(opened.addresses, "settings", {"rest_takes_mcp_tokens": 0})
    answer = approve(opened.connector, challenge=CHALLENGE)
    with pytest.raises(Failed) as caught:
        opened.connector.exchange(answer, VERIFIER)
    admin(opened.addresses, "settings", {"rest_takes_mcp_tokens": 1})
    assert caught.value.failure.kind is FailureKind.REJECTED
    assert "WELL_XERO_REST" in caught.value.failure.sentence


@pytest.mark.parametrize("rest", ["same", "own"])
def test_history_brings_every_object_of_every_stream(
    rest: str, sandbox: Sandbox, open_by: Callable[[str], Opened]
) -> None:
    expected, opened = truth(sandbox), open_by(rest)
    for stream in opened.source.streams:
        found = everything(opened.source, stream.name, years(20))
        merged = 1 if stream.name == "contacts" else 0
        ids = {r.key.source_id for r in found}
        assert len(ids) == expected[stream.name] + merged, stream.name


def test_the_tools_alone_bring_the_same_records_with_the_same_values(
    sandbox: Sandbox, open_by: Callable[[str], Opened]
) -> None:
    by_api, by_tools = open_by("same"), open_by("off")
    admin(by_tools.addresses, "settings", {"newer_tools": 1})
    assert [s.name for s in by_tools.source.streams] == [s.name for s in STREAMS]
    for stream in STREAMS:
        told = {r.key.source_id: r for r in everything(by_tools.source, stream.name, years(20))}
        kept = {r.key.source_id: r for r in everything(by_api.source, stream.name, years(20))}
        assert set(told) == {id for id, r in kept.items() if not r.deleted}, stream.name
        if stream.name not in BY_TYPE.values() or stream.name == "accounts":
            continue
        for id, record in told.items():
            one = by_tools.source.read_invoice(record, by_tools.connector.mapping)
            other = by_api.source.read_invoice(kept[id], by_api.connector.mapping)
            for field in ("number", "issue_date", "due_date", "gross_total", "seller"):
                assert getattr(one, field) == getattr(other, field), (stream.name, field)


def test_a_server_without_the_newer_tools_has_no_purchase_orders(
    open_by: Callable[[str], Opened],
) -> None:
    opened = open_by("off")
    admin(opened.addresses, "settings", {"newer_tools": 0})
    assert everything(opened.source, "purchase_orders", years(20)) == []


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
    objects = VIEW.objects(sandbox.company.quickbooks_objects())
    bodies = {b["InvoiceID"]: b for e, b in objects if e == "Invoice"}
    for record in everything(opened.source, "bills", years(20)):
        true = bodies[record.key.source_id]
        invoice = opened.source.read_invoice(record, opened.connector.mapping)
        assert invoice.gross_total is not None and invoice.tax_total is not None
        assert invoice.gross_total.decimal == Decimal(true["Total"])
        assert invoice.tax_total.decimal == Decimal(true["TotalTax"])
        assert invoice.currency == true["CurrencyCode"]
        assert invoice.number == true.get("InvoiceNumber")
        assert invoice.seller.source_id == true["Contact"]["ContactID"]
        assert not [f for f in invoice.findings if f.stops_auto_post], true


def test_contacts_become_counterparties(opened: Opened) -> None:
    records = everything(opened.source, "contacts", years(20))
    living = [record for record in records if not record.deleted]
    parties = [opened.source.read_company(r, opened.connector.mapping) for r in living]
    known = [party for party in parties if party is not None]
    assert len(known) == len(living)
    assert sum(1 for party in known if party.vat_ids or party.legal_ids) > len(known) / 2
    assert {party.country for party in known} >= {"FR", "DE"}


def test_files_come_with_the_connections_token_and_know_their_bill(opened: Opened) -> None:
    attachments = everything(opened.source, "attachments", years(20))[:60]
    assert any(parent[0] == "bills" for record in attachments for parent in record.parents)
    files = opened.source.files(attachments)
    documents = [file for file in files.values() if isinstance(file, Document)]
    assert len(documents) == len({a.key.source_id for a in attachments})
    assert sum(1 for d in documents if d.media_type == "application/pdf") > 40


def test_a_file_that_is_gone_is_a_failure_with_a_sentence(opened: Opened) -> None:
    known = everything(opened.source, "attachments", years(20))[0]
    key = type(known.key)("c1", "attachments", "99/../9")
    gone = SourceRecord(key, known.kind, "", b"{}", known.changed_at, parents=known.parents)
    files = opened.source.files([known, gone])
    assert isinstance(files[known.key.source_id], Document)
    failure = files["99/../9"]
    assert isinstance(failure, Failure) and failure.kind is FailureKind.REJECTED


def test_the_second_act_arrives_in_one_window_with_tombstones(tmp_path: Path) -> None:
    with Sandbox(["xero"], tmp_path, bills=80, seed=5) as sandbox:
        by = {rest: connect(sandbox.addresses["xero"], rest) for rest in ("same", "off")}
        names = [stream.name for stream in by["same"].source.streams]
        before = {
            (r.key.stream, r.key.source_id): r.digest
            for name in names
            for r in everything(by["same"].source, name, years(20))
        }
        since = CLOCK.now() - timedelta(seconds=2)
        admin(sandbox.addresses["xero"], "second-act")
        window = Window(since, CLOCK.now() + timedelta(seconds=2))
        found = {rest: changes(opened.source, window) for rest, opened in by.items()}
        for operation, entity, body in VIEW.later(sandbox.company.second_act()):
            id = VIEW.id_of(entity, body)
            record = found["same"][id]
            gone = body.get("Status") in ("VOIDED", "DELETED")
            assert record.deleted == gone, (operation, entity)
            if entity != "Attachment":
                assert found["off"][id].deleted == gone, (operation, entity)
            known = before.get((record.key.stream, id))
            assert (known is None) == (operation == "create"), (operation, entity)
        for opened in by.values():
            opened.connector.close()


def changes(source: Source, window: Window) -> dict[str, SourceRecord]:
    found: dict[str, SourceRecord] = {}
    cursor: str | None = None
    streams = [stream.name for stream in source.streams]
    while True:
        page = source.changes(streams, window, cursor)
        found |= {record.key.source_id: record for record in page.records}
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("rest", ["same", "off"])
def test_nothing_but_reads_and_tokens_ever_leaves(
    rest: str, open_by: Callable[[str], Opened]
) -> None:
    opened = open_by(rest)
    for stream in opened.source.streams:
        opened.source.history(stream.name, years(1), None)
    opened.connector.revoke(opened.grants.current())
    posts = {row["path"] for row in opened.log() if row["method"] != "GET"}
    tokens = {"/connect/token", "/connect/revocation", "/connect/register", "/mcp"}
    assert posts <= {"/identity/connect/authorize", *tokens}
    called = httpx.get(f"{opened.addresses['admin']}/_admin/tool-calls").json()
    assert all("list-" in str(call) for call in called)


@pytest.mark.parametrize("rest", ["same", "off"])
def test_an_expired_token_is_renewed_and_the_new_one_stored_first(
    rest: str, open_by: Callable[[str], Opened]
) -> None:
    opened = open_by(rest)
    before = opened.grants.current()
    admin(opened.addresses, "expire-tokens")
    assert opened.source.history("accounts", years(1), None).records
    assert opened.grants.current().access_token != before.access_token
    assert opened.grants.current().refresh_token != before.refresh_token
    assert len(opened.grants.saved) == 1


@pytest.mark.parametrize("rest", ["same", "off"])
def test_a_revoked_grant_is_lost_with_a_way_out(
    rest: str, open_by: Callable[[str], Opened]
) -> None:
    opened = open_by(rest)
    opened.connector.revoke(opened.grants.current())
    with pytest.raises(Failed) as caught:
        opened.source.history("accounts", years(1), None)
    assert caught.value.failure.kind is FailureKind.GRANT_LOST


def test_ending_one_access_leaves_the_organisations_of_other_connections(opened: Opened) -> None:
    """Revoking ends all that a person approved at Xero, so only one organisation is left."""
    answer = approve(opened.connector, challenge=CHALLENGE, company="all")
    later = opened.connector.exchange(answer, VERIFIER)
    main, second = (one.account for one in later.choices)
    opened.connector.revoke(later.grant, {main})
    assert [one.account for one in opened.connector.reached(later.grant).choices] == [main]
    assert opened.source.history("accounts", years(1), None).records
    opened.connector.revoke(later.grant, {main, second})
    assert opened.source.history("accounts", years(1), None).records
    deleted = [row["path"] for row in opened.log() if row["method"] == "DELETE"]
    assert len([path for path in deleted if path.startswith("/connections/")]) == 1


def test_an_access_whose_token_ended_is_left_with_a_renewed_one(opened: Opened) -> None:
    answer = approve(opened.connector, challenge=CHALLENGE, company="all")
    later = opened.connector.exchange(answer, VERIFIER)
    main, second = (one.account for one in later.choices)
    ended = replace(later.grant, expires_at=CLOCK.now())
    admin(opened.addresses, "expire-tokens")
    opened.connector.revoke(ended, {second})
    answer = approve(opened.connector, challenge=CHALLENGE, company=second)
    assert opened.connector.exchange(answer, VERIFIER).account == second != main


def test_by_the_tools_alone_nothing_is_ended_while_others_are_spared(
    open_by: Callable[[str], Opened],
) -> None:
    opened = open_by("off")
    with pytest.raises(Failed, match="also end the organisations of other connections"):
        opened.connector.revoke(opened.grants.current(), {"another"})
    assert opened.source.history("accounts", years(1), None).records


@pytest.mark.parametrize(("rest", "path"), [("same", "/api.xro"), ("off", "/mcp")])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"mode": "rate_limit", "retry_after": 1}, FailureKind.RATE_LIMITED),
        ({"mode": "error_before"}, FailureKind.TRANSIENT),
    ],
)
def test_a_bad_answer_is_handed_back_with_its_kind(
    rest: str, path: str, fault: dict[str, Any], kind: FailureKind, open_by: Callable[[str], Opened]
) -> None:
    opened = open_by(rest)
    admin(opened.addresses, "faults", {"count": 1, "path": path} | fault)
    with pytest.raises(Failed) as caught:
        opened.source.history("accounts", years(1), None)
    assert caught.value.failure.kind is kind
    assert opened.source.history("accounts", years(1), None).records


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"mode": "rate_limit"}, FailureKind.RATE_LIMITED),
        ({"mode": "error_before", "status": 500}, FailureKind.TRANSIENT),
        ({"mode": "error_before", "status": 403}, FailureKind.GRANT_LOST),
    ],
)
def test_an_error_that_a_tool_tells_in_words_has_its_kind(
    fault: dict[str, Any], kind: FailureKind, open_by: Callable[[str], Opened]
) -> None:
    opened = open_by("off")
    path = {"count": 1, "path": "/api.xro/2.0/Invoices"}
    for told, wanted in ((1, kind), (0, FailureKind.TRANSIENT)):
        # The published server has one sentence for everything that went wrong.
        admin(opened.addresses, "settings", {"told_errors": told})
        admin(opened.addresses, "faults", path | fault)
        with pytest.raises(Failed) as caught:
            opened.source.history("bills", years(1), None)
        assert caught.value.failure.kind is wanted, caught.value.failure


@pytest.mark.parametrize("form", ["iso_dates", "json_answers"])
def test_every_form_of_the_servers_answers_is_read(
    form: str, open_by: Callable[[str], Opened]
) -> None:
    opened = open_by("off")
    admin(opened.addresses, "settings", {form: 1})
    found = everything(opened.source, "bills", years(20))
    admin(opened.addresses, "settings", {form: 0})
    mapping = opened.connector.mapping
    assert len(found) == 150
    assert all(opened.source.read_invoice(record, mapping).issue_date for record in found)


@pytest.mark.parametrize(("rest", "path"), [("same", "/api.xro"), ("off", "/mcp")])
@pytest.mark.parametrize("mode", ["cut_before", "cut_after", "cut_body"])
def test_a_read_survives_a_cut_connection(
    open_by: Callable[[str], Opened], rest: str, path: str, mode: str
) -> None:
    opened = open_by(rest)
    admin(opened.addresses, "faults", {"mode": mode, "count": 1, "path": path})
    assert opened.source.history("accounts", years(1), None).records


def test_a_call_of_a_tool_that_is_cut_twice_is_a_failure_that_waits(
    open_by: Callable[[str], Opened],
) -> None:
    opened = open_by("off")
    admin(opened.addresses, "faults", {"mode": "cut_before", "count": 2, "path": "/mcp"})
    with pytest.raises(Failed) as caught:
        opened.source.history("accounts", years(1), None)
    assert caught.value.failure.kind is FailureKind.TRANSIENT
    assert opened.source.history("accounts", years(1), None).records


def test_a_lost_session_is_begun_again(open_by: Callable[[str], Opened]) -> None:
    opened = open_by("off")
    admin(opened.addresses, "faults", {"mode": "mcp_lost", "count": 1})
    assert len(everything(opened.source, "bills", years(20))) == 150


def test_a_changed_form_of_the_text_is_refused_with_the_text_kept(
    open_by: Callable[[str], Opened],
) -> None:
    opened = open_by("off")
    admin(opened.addresses, "faults", {"mode": "tool_text", "count": 1})
    with pytest.raises(Failed) as caught:
        opened.source.history("bills", years(20), None)
    failure = caught.value.failure
    assert failure.kind is FailureKind.REJECTED and "in a new form" in failure.sentence
    assert failure.operator_note
    assert opened.source.history("bills", years(20), None).records


def test_a_day_that_is_nearly_used_up_holds_the_first_sync_back(opened: Opened) -> None:
    setting = replace(xero_settings(opened.addresses), per_day=10 * FREE["requests_per_day"])
    careful = xero.connect(setting, REDIRECT, opened.kept, CLOCK)
    account = opened.connector.exchange(
        approve(opened.connector, challenge=CHALLENGE), VERIFIER
    ).account
    source = careful.source(connection("xero", account), opened.grants)
    assert source.history("accounts", years(20), None).records
    with pytest.raises(Failed) as caught:
        source.history("accounts", years(20), None)
    assert caught.value.failure.kind is FailureKind.RATE_LIMITED
    assert source.changes(["accounts"], years(20), None).records
    careful.close()
