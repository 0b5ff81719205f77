"""The accounting API through Xero's own Python SDK, untouched but for its base address.

Invariant: nothing of the stand-in is known here but its address; models and dates are the SDK's.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.exceptions import AccountingBadRequestException, HTTPStatusException
from xero_python.identity import IdentityApi

from builders.running_standin import NO_TLS, REDIRECT, Running
from builders.xero_client import authorize_address


class Sdk(NamedTuple):
    """The SDK let into an organisation."""

    accounting: Any
    identity: Any
    tenant: str


def _tokens(server: Running, **chosen: str) -> dict[str, Any]:
    """Tokens of the ordinary consent, with the app's secret and without PKCE."""
    where = authorize_address(
        server, server.client_id, resource="", code_challenge="", code_challenge_method=""
    )
    pair = base64.b64encode(f"{server.client_id}:{server.secret}".encode()).decode()
    answer = httpx.post(
        server.standin.addresses["token"],
        data={
            "grant_type": "authorization_code",
            "code": server.consent(where, **chosen)["code"],
            "redirect_uri": REDIRECT,
        },
        headers={"Authorization": f"Basic {pair}"},
        verify=NO_TLS,
    )
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


@contextmanager
def _let_in(server: Running, folder: Path, **chosen: str) -> Iterator[Sdk]:
    kept = _tokens(server, **chosen)
    kept["scope"] = kept["scope"].split()
    token = OAuth2Token(client_id=server.client_id, client_secret=server.secret)
    configuration = Configuration(debug=False, oauth2_token=token)
    configuration.temp_folder_path = str(folder)
    client = ApiClient(
        configuration,
        pool_threads=1,
        oauth2_token_saver=kept.update,
        oauth2_token_getter=lambda: kept,
    )
    accounting = AccountingApi(client, base_url=f"{server.base}/api.xro/2.0")
    identity = IdentityApi(client, base_url=server.base)
    tenant = str(identity.get_connections()[0].tenant_id)
    yield Sdk(accounting, identity, tenant)
    client.rest_client.pool_manager.clear()


@pytest.fixture
def sdk(server: Running, tmp_path: Path) -> Iterator[Sdk]:
    with _let_in(server, tmp_path) as one:
        yield one


def test_a_consent_for_all_reaches_two_organisations_with_books_of_their_own(
    server: Running, tmp_path: Path
) -> None:
    with _let_in(server, tmp_path, company="all") as both:
        known = both.identity.get_connections()
        assert len({each.tenant_id for each in known}) == 2
        bills = [len(both.accounting.get_invoices(each.tenant_id).invoices) for each in known]
        assert bills[0] > 0 == bills[1]
        names = [
            both.accounting.get_organisations(each.tenant_id).organisations[0].name
            for each in known
        ]
        assert names == [each.tenant_name for each in known]


def test_every_endpoint_becomes_the_models_of_the_sdk(sdk: Sdk) -> None:
    api, tenant = sdk.accounting, sdk.tenant
    assert api.get_organisations(tenant).organisations[0].base_currency.value == "EUR"
    assert len(api.get_tax_rates(tenant).tax_rates) == 9
    assert [c.name for c in api.get_tracking_categories(tenant).tracking_categories] == [
        "Region",
        "Department",
    ]
    banks = api.get_accounts(tenant, where='Type=="BANK"').accounts
    assert {account.bank_account_type for account in banks} == {"BANK", "CREDITCARD"}
    contacts = api.get_contacts(tenant, page=1, include_archived=True).contacts
    gone = [contact for contact in contacts if contact.contact_status == "ARCHIVED"]
    assert [contact.merged_to_contact_id in {c.contact_id for c in contacts} for contact in gone]
    assert api.get_credit_notes(tenant, page=1).credit_notes[0].type == "ACCPAYCREDIT"
    assert api.get_bank_transactions(tenant, page=1).bank_transactions[0].bank_account.code
    assert api.get_payments(tenant, page=1).payments[0].invoice.invoice_id
    assert isinstance(api.get_purchase_orders(tenant, page=1).purchase_orders, list)


def test_pages_of_invoices_hold_each_one_once_and_add_up(sdk: Sdk) -> None:
    api, tenant = sdk.accounting, sdk.tenant
    seen, page = [], 1
    while True:
        found = api.get_invoices(tenant, page=page, page_size=7, order="UpdatedDateUTC ASC")
        seen += found.invoices
        assert found.pagination.page == page
        if page == found.pagination.page_count:
            break
        page += 1
    assert found.pagination.item_count == len(seen) == len({one.invoice_id for one in seen})
    times = [one.updated_date_utc for one in seen]
    assert times == sorted(times)
    for one in seen:
        lines = sum(Decimal(str(line.line_amount)) for line in one.line_items)
        assert lines == Decimal(str(one.sub_total))
        total = Decimal(str(one.sub_total)) + Decimal(str(one.total_tax))
        assert total == Decimal(str(one.total))


def test_filters_narrow_the_list(sdk: Sdk) -> None:
    api, tenant = sdk.accounting, sdk.tenant
    every = api.get_invoices(tenant, page=1, page_size=1000).invoices
    bills = api.get_invoices(tenant, page=1, page_size=1000, where='Type=="ACCPAY"').invoices
    sales = api.get_invoices(tenant, page=1, page_size=1000, where='Type=="ACCREC"').invoices
    assert len(bills) + len(sales) == len(every)
    one = bills[0]
    who = one.contact.contact_id
    same = api.get_invoices(tenant, where=f'Contact.ContactID==guid("{who}")').invoices
    assert {i.invoice_id for i in same} == {
        i.invoice_id for i in every if i.contact.contact_id == who
    }
    assert not any(i.line_items for i in same)
    found = api.get_invoices(tenant, i_ds=[one.invoice_id, sales[0].invoice_id]).invoices
    assert {i.invoice_id for i in found} == {one.invoice_id, sales[0].invoice_id}
    paid = api.get_invoices(tenant, statuses=["PAID"], page=1).invoices
    assert {i.status for i in paid} == {"PAID"}
    day = one.date
    where = f"Date>=DateTime({day.year},{day.month},{day.day}) && Date<=DateTime(2099,1,1)"
    late = api.get_invoices(tenant, where=where, page=1, page_size=1000).invoices
    assert {i.invoice_id for i in late} == {i.invoice_id for i in every if i.date >= day}


def test_modified_since_gives_what_the_second_act_changed_and_no_more(
    server: Running, sdk: Sdk
) -> None:
    api, tenant = sdk.accounting, sdk.tenant
    before = {i.invoice_id for i in api.get_invoices(tenant, page=1, page_size=1000).invoices}
    since = datetime.now(UTC) - timedelta(seconds=1)
    assert api.get_invoices(tenant, if_modified_since=since).invoices == []
    assert server.admin.post("/_admin/second-act").json()["applied"] > 5
    changed = api.get_invoices(tenant, if_modified_since=since, page=1).invoices
    gone = [one for one in changed if one.status == "VOIDED"]
    assert len(gone) == 1
    assert gone[0].amount_due == 0
    assert {one.invoice_id for one in changed} - before
    paid = api.get_payments(tenant, if_modified_since=since, page=1).payments
    after = api.get_invoice(tenant, paid[0].invoice.invoice_id).invoices[0]
    assert (after.status, after.amount_due) == ("PAID", 0)
    assert after.payments[-1].payment_id == paid[0].payment_id


def test_attachments_are_listed_and_their_bytes_read(sdk: Sdk) -> None:
    api, tenant = sdk.accounting, sdk.tenant
    invoices = api.get_invoices(tenant, page=1, page_size=1000).invoices
    with_file = next(one for one in invoices if one.has_attachments)
    files = api.get_invoice_attachments(tenant, with_file.invoice_id).attachments
    path = api.get_invoice_attachment_by_id(
        tenant, with_file.invoice_id, files[0].attachment_id, files[0].mime_type
    )
    assert Path(path).stat().st_size == files[0].content_length


def test_refusals_become_the_exceptions_of_the_sdk(server: Running, sdk: Sdk) -> None:
    api, tenant = sdk.accounting, sdk.tenant
    with pytest.raises(AccountingBadRequestException) as bad:
        api.get_invoices(tenant, where="Type=")
    assert bad.value.status == 400
    assert json.loads(bad.value.body)["Type"] == "QueryParseException"
    server.admin.post("/_admin/revoke-all")
    with pytest.raises(HTTPStatusException) as dead:
        api.get_accounts(tenant)
    assert dead.value.status == 401


def test_one_organisation_can_be_disconnected(sdk: Sdk) -> None:
    known = sdk.identity.get_connections()
    sdk.identity.delete_connection(known[0].id)
    assert sdk.identity.get_connections() == []
    with pytest.raises(HTTPStatusException) as gone:
        sdk.accounting.get_accounts(sdk.tenant)
    assert gone.value.status == 403
