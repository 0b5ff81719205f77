"""Intuit's own OAuth client and the community's API client, driven against the stand-in.

Invariant: the libraries run unchanged; only their addresses are pointed at the loopback. What they
cannot do is tested with plain HTTP elsewhere.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from quickbooks import QuickBooks
from quickbooks.batch import batch_create
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import (
    AuthorizationException,
    ObjectNotFoundException,
    QuickbooksException,
    ValidationException,
)
from quickbooks.objects.attachable import Attachable
from quickbooks.objects.bill import Bill
from quickbooks.objects.company_info import CompanyInfo
from quickbooks.objects.vendor import Vendor

from builders.running_standin import REDIRECT, Running
from builders.tiny_company import SCAN


@pytest.fixture
def auth(server: Running) -> Iterator[Any]:
    client = AuthClient(
        server.client_id,
        server.secret,
        REDIRECT,
        f"{server.base}/.well-known/openid_configuration",
    )
    with client:
        back = server.consent(client.get_authorization_url([Scopes.ACCOUNTING]))
        assert back["state"] == client.state_token
        client.get_bearer_token(back["code"], realm_id=back["realmId"])
        yield client


@pytest.fixture
def qb(server: Running, auth: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the loopback has no TLS
    monkeypatch.setattr(QuickBooks, "api_url_v3", f"{server.base}/v3")
    client = QuickBooks(
        auth_client=auth,
        refresh_token=auth.refresh_token,
        company_id=auth.realm_id,
        minorversion=75,
        use_decimal=True,
    )
    with client.session:
        yield client


def test_the_official_client_gets_refreshes_and_revokes(server: Running, auth: Any) -> None:
    first = auth.access_token
    server.settings(rotate_every_seconds=0)
    before = auth.refresh_token
    auth.refresh()
    assert auth.access_token != first
    assert auth.refresh_token != before
    auth.refresh(before)
    assert auth.revoke() is True
    with pytest.raises(AuthClientError):
        auth.refresh()


def test_rows_are_listed_filtered_chosen_and_counted(qb: Any) -> None:
    assert len(Bill.all(qb=qb)) == 5
    assert [row.Id for row in Bill.all(order_by="TotalAmt DESC", max_results=2, qb=qb)] == [
        "1005",
        "1004",
    ]
    assert [row.Id for row in Bill.filter(DocNumber="INV-1003", qb=qb)] == ["1003"]
    assert [row.Id for row in Vendor.filter(Active=False, qb=qb)] == ["58"]
    assert len(Vendor.choose(["56", "57"], qb=qb)) == 2
    assert Bill.count(qb=qb) == 5
    name = 'L\'Atelier "Été" & Co 🦊'
    assert [row.Id for row in Vendor.filter(DisplayName=name, qb=qb)] == ["57"]


def test_one_is_read_with_its_exact_amount(qb: Any) -> None:
    assert Bill.get(1001, qb=qb).TotalAmt == Decimal("10.10")
    assert CompanyInfo.get(1, qb=qb).CompanyName == "Brûlerie & Fils"
    with pytest.raises(ObjectNotFoundException):
        Bill.get(77, qb=qb)


def test_changes_are_captured(qb: Any) -> None:
    since = (datetime.now(UTC) - timedelta(hours=60)).isoformat(timespec="seconds")
    changes = change_data_capture([Bill, Vendor], since, qb=qb)
    assert [row.Id for row in changes.Bill] == ["1003", "1004", "1005"]
    assert not hasattr(changes, "Vendor")


def test_attachments_are_found_and_downloaded(qb: Any) -> None:
    where = "AttachableRef.EntityRef.Type = 'Bill' AND AttachableRef.EntityRef.value = '1001'"
    found = Attachable.where(where, qb=qb)
    assert [row.Id for row in found] == ["9001"]
    assert httpx.get(found[0].TempDownloadUri).content == SCAN


def test_faults_become_the_clients_exceptions(server: Running, qb: Any) -> None:
    with pytest.raises(ValidationException):
        Bill.where("Colour = 'red'", qb=qb)
    server.fault("fault_200")
    with pytest.raises(QuickbooksException):
        Bill.all(qb=qb)
    server.fault("rate_limit", path="/v3")
    with pytest.raises(QuickbooksException):
        Bill.all(qb=qb)
    server.admin.post("/_admin/expire-tokens")
    with pytest.raises(AuthorizationException):
        Bill.all(qb=qb)


def test_saving_and_batches_really_write(qb: Any) -> None:
    vendor = Vendor()
    vendor.DisplayName = "Saved Ltd"
    vendor.save(qb=qb)
    assert Vendor.get(vendor.Id, qb=qb).DisplayName == "Saved Ltd"
    batch = []
    for name in ("One Ltd", "Two Ltd"):
        made = Vendor()
        made.DisplayName = name
        batch.append(made)
    assert len(batch_create(batch, qb=qb).successes) == 2
    assert Vendor.count(qb=qb) == 5
