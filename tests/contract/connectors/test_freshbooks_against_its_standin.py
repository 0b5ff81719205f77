"""The FreshBooks connector and real mail against the stand-in: consent, ledger, what is mailed."""

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
from well.connectors import freshbooks
from well.domain.delivery import DeliveryState, MailRoute
from well.domain.document import PDF, Document
from well.domain.entry import TargetEntry
from well.domain.failure import Failed, FailureKind
from well.domain.flow import Connection
from well.domain.marker import Window
from well.mail.adapter import Outbox
from well.ports.target import Sent, Shipment, Target
from well.sandbox.serve import Sandbox
from well.settings import Mail

CLOCK = MachineClock()
SENDER = "bookkeeping@acme.example"
pytestmark = pytest.mark.slow


@dataclass
class Opened:
    """A connected business."""

    addresses: dict[str, str]
    connector: freshbooks.FreshBooks
    grants: MemoryGrants
    link: Connection
    label: str

    @property
    def target(self) -> Target:
        return self.connector.target(self.link, self.grants)

    def entries(self) -> list[dict[str, Any]]:
        """What the stand-in holds; it reads what is due first."""
        return self.get("entries")

    def mails(self) -> list[dict[str, Any]]:
        return self.get("mails")

    def get(self, path: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = httpx.get(f"{self.addresses['admin']}/_admin/{path}").json()
        return rows


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(["freshbooks"], tmp_path_factory.mktemp("sandbox"), bills=1800, seed=3) as running:
        addresses = running.addresses["freshbooks"]
        admin(addresses, "senders", {"address": SENDER})
        admin(addresses, "settings", {"read_ms": 0})
        yield running


def outbox(addresses: dict[str, str]) -> Outbox:
    mail = Mail(
        host=addresses["smtp_host"],
        port=int(addresses["smtp_port"]),
        ca_file=addresses["smtp_ca"],
        domain="well.example",
        pace=0.0,
    )
    return Outbox(mail, b"s" * 32, CLOCK)


@pytest.fixture
def opened(sandbox: Sandbox) -> Iterator[Opened]:
    addresses = sandbox.addresses["freshbooks"]
    made = freshbooks.connect(provider_of(addresses), REDIRECT, CLOCK, mail=outbox(addresses))
    consent = made.exchange(approve(made), "")
    link = connection("freshbooks", consent.account)
    route = MailRoute(addresses["inbox"], SENDER)
    yield Opened(
        addresses, made, MemoryGrants(consent.grant), replace(link, mail=route), consent.label
    )
    httpx.delete(f"{addresses['admin']}/_admin/faults")
    made.close()


def page_of(number: str, total: str = "1,284.00 EUR") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    lines = ["Algolia SAS", f"Invoice number: {number}", "Issue date: 2026-04-22"]
    for at, line in enumerate([*lines, f"Total: {total}"]):
        canvas.drawString(72, 760 - 20 * at, line)
    canvas.save()
    return out.getvalue()


def shipment(number: str = "INV-7") -> Shipment:
    name = f"{number}--qonto-supplierinvoice-{uuid4().hex[:6]}.pdf"
    return Shipment(str(uuid4()), str(uuid4()), Document(name, PDF, page_of(number)), COVER)


def walked(target: Target, window: Window | None) -> list[TargetEntry]:
    found: list[TargetEntry] = []
    cursor: str | None = None
    while True:
        page = target.entries(window, cursor)
        found += page.entries
        cursor = page.next_cursor
        if cursor is None:
            return found


def failed(sent: Sent) -> FailureKind:
    assert sent.failure is not None
    return sent.failure.kind


def test_the_consent_names_the_business_and_may_only_read(opened: Opened) -> None:
    assert opened.label == "Atelier Boréal SAS" and opened.link.account
    assert opened.grants.grant is not None
    assert all(scope.endswith(":read") for scope in opened.grants.grant.scopes)


def test_a_login_with_two_businesses_is_asked_and_each_reads_its_own_books(
    opened: Opened,
) -> None:
    admin(opened.addresses, "settings", {"second_business": 1})
    consent = opened.connector.exchange(approve(opened.connector), "")
    own, second = opened.addresses["account"], opened.addresses["second_account"]
    told = [(one.account, one.remark) for one in consent.choices]
    assert told == [(own, "owner"), (second, "manager")]
    for account, filled in ((own, True), (second, False)):
        one = opened.connector.reached(consent.grant, account)
        assert (one.account, one.choices) == (account, ())
        link = connection("freshbooks", one.account)
        target = opened.connector.target(link, MemoryGrants(one.grant))
        assert bool(target.entries(None, None).entries) is filled
    admin(opened.addresses, "settings", {"second_business": 0})
    with pytest.raises(Failed) as caught:
        opened.connector.reached(consent.grant, second)
    assert caught.value.failure.kind is FailureKind.REJECTED


def test_a_consent_given_back_is_dead_and_an_earlier_one_of_the_login_lives(
    opened: Opened,
) -> None:
    later = opened.connector.exchange(approve(opened.connector), "").grant
    opened.connector.revoke(later)
    with pytest.raises(Failed) as caught:
        opened.connector.reached(later)
    assert caught.value.failure.kind is FailureKind.GRANT_LOST
    assert opened.target.entries(None, None).entries


def test_where_freshbooks_keeps_one_grant_of_a_login_the_earlier_connection_is_lost_and_told(
    opened: Opened,
) -> None:
    admin(opened.addresses, "settings", {"single_grant": 1})
    later = opened.connector.exchange(approve(opened.connector), "")
    admin(opened.addresses, "settings", {"single_grant": 0})
    with pytest.raises(Failed) as caught:
        opened.target.entries(None, None)
    assert caught.value.failure.kind is FailureKind.GRANT_LOST
    assert "reconnect" in caught.value.failure.sentence
    assert opened.connector.reached(later.grant).account == opened.link.account


def test_the_mirror_holds_every_expense_and_what_it_tells(opened: Opened) -> None:
    found = {entry.id for entry in walked(opened.target, None)}
    assert len(found) == len(opened.entries()) > 100


def test_a_mailed_document_is_handed_over_and_seen_in_the_ledger(opened: Opened) -> None:
    before, one = CLOCK.now(), shipment(f"INV-{uuid4().hex[:6]}")
    sent = opened.target.send([one])[0]
    assert sent.delivery is not None and sent.delivery.state is DeliveryState.HANDED_OVER
    assert sent.delivery.message_id == f"<{one.posting}@well.example>"
    mail = opened.mails()[-1]
    assert mail["file_name"] == one.document.name and mail["sha256"] == one.document.digest
    assert mail["subject"].endswith("1284.00 EUR [QONTO-4d5418bb]")
    opened.entries()
    seen = opened.target.created_since(before - timedelta(seconds=2))
    numbers = [entry.invoice_number for entry in seen]
    assert numbers.count(one.document.name.partition("--")[0]) == 1
    window = Window(before, CLOCK.now())
    entry = next(e for e in walked(opened.target, window) if e.id == seen[-1].id)
    assert str(entry.gross_total) == "1284.00 EUR" and entry.attachment_id is not None


def test_a_bill_of_the_plan_that_has_bills_is_seen_with_its_vendor(opened: Opened) -> None:
    admin(opened.addresses, "settings", {"select_plan": 1})
    before, number = CLOCK.now(), f"INV-{uuid4().hex[:6]}"
    assert opened.target.send([shipment(number)])[0].delivery is not None
    opened.entries()
    admin(opened.addresses, "settings", {"select_plan": 0})
    found = opened.target.created_since(before - timedelta(seconds=2))
    bill = next(entry for entry in found if entry.invoice_number == number)
    assert bill.id.startswith("bill-") and bill.supplier_name == "Algolia SAS"


def test_a_deleted_expense_is_told_as_deleted_in_the_next_window(opened: Opened) -> None:
    first = opened.target.entries(None, None).entries[0]
    kind, id = "expense", first.id
    since = CLOCK.now()
    admin(opened.addresses, f"objects/{kind}/{id}", {"vis_state": 1})
    told = {e.id: e for e in walked(opened.target, Window(since, CLOCK.now()))}
    assert told[first.id].deleted


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"mode": "mail_temporary", "method": "RCPT"}, FailureKind.TRANSIENT),
        ({"mode": "mail_temporary", "method": "DOT"}, FailureKind.TRANSIENT),
        ({"mode": "mail_refused", "method": "MAIL"}, FailureKind.REJECTED),
        ({"mode": "mail_refused", "method": "DOT"}, FailureKind.REJECTED),
        ({"mode": "mail_cut_kept"}, FailureKind.NO_ANSWER),
        ({"mode": "mail_cut_lost"}, FailureKind.NO_ANSWER),
    ],
)
def test_each_end_of_a_submission_has_its_kind_and_nothing_is_mailed_twice(
    opened: Opened, fault: dict[str, str], kind: FailureKind
) -> None:
    one = shipment()
    admin(opened.addresses, "faults", {**fault, "count": 1})
    assert failed(opened.target.send([one])[0]) is kind
    kept = [mail for mail in opened.mails() if mail["file_name"] == one.document.name]
    assert len(kept) == int(fault["mode"] == "mail_cut_kept")


def test_a_server_without_tls_gets_nothing(opened: Opened) -> None:
    one = shipment()
    admin(opened.addresses, "faults", {"mode": "mail_no_starttls", "count": 1})
    assert opened.target.send([one])[0].failure is not None
    assert one.document.name not in [mail["file_name"] for mail in opened.mails()]


def test_errors_that_come_with_status_200_are_refusals(opened: Opened) -> None:
    admin(opened.addresses, "faults", {"mode": "errors_200", "count": 1})
    with pytest.raises(Failed) as caught:
        opened.target.entries(None, None)
    assert caught.value.failure.kind is FailureKind.REJECTED


def test_a_limit_says_when_to_come_back(opened: Opened) -> None:
    admin(opened.addresses, "faults", {"mode": "rate_limit", "count": 1, "retry_after": 1})
    with pytest.raises(Failed) as caught:
        opened.target.entries(None, None)
    assert caught.value.failure.kind is FailureKind.RATE_LIMITED
    assert caught.value.failure.retry_at is not None


def test_an_expired_token_is_renewed_once_and_the_new_pair_is_kept(opened: Opened) -> None:
    admin(opened.addresses, "expire-tokens")
    opened.target.entries(None, None)
    assert len(opened.grants.saved) == 1


def test_a_revoked_grant_is_lost_for_reading_while_mail_still_goes(opened: Opened) -> None:
    assert opened.grants.grant is not None
    opened.connector.revoke(opened.grants.grant)
    with pytest.raises(Failed) as caught:
        opened.target.entries(None, None)
    assert caught.value.failure.kind is FailureKind.GRANT_LOST
    assert opened.target.send([shipment()])[0].delivery is not None


def test_without_a_grant_it_is_blind_and_still_mails(opened: Opened) -> None:
    opened.grants.grant = None
    assert opened.target.limits.sees_entries is False
    assert opened.target.entries(None, None).entries == ()
    assert opened.target.send([shipment()])[0].delivery is not None
