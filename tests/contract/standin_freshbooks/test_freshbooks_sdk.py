"""Contract: the provider's own Python SDK works against the stand-in, unchanged."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from freshbooks import Client, FilterBuilder, FreshBooksError, IncludesBuilder, PaginateBuilder

from builders.posting_mail import post
from builders.running_standin import REDIRECT

SCOPES = ["user:profile:read", "user:expenses:read", "user:bills:read", "user:bill_vendors:read"]


@pytest.fixture
def client(books: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The SDK, authorized as its guide says."""
    monkeypatch.setenv("FRESHBOOKS_API_URL", books.server.base)
    monkeypatch.setenv("FRESHBOOKS_AUTH_URL", books.server.base)
    server = books.server
    made = Client(server.client_id, server.secret, REDIRECT, auto_retry=False)
    back = server.consent(made.get_auth_request_url(SCOPES))
    before = datetime.now(UTC)
    told = made.get_access_token(back["code"])
    assert 43_190 < (told.access_token_expires_at - before).total_seconds() < 43_210
    return made


def test_the_sdk_authorizes_and_refreshes_once_with_each_refresh_token(client: Client) -> None:
    first = client.refresh_token
    second = client.refresh_access_token().refresh_token
    assert second != first
    with pytest.raises(FreshBooksError):
        client.refresh_access_token(first)
    with pytest.raises(FreshBooksError):
        client.refresh_access_token(second)


def test_the_sdk_finds_the_account_behind_a_membership_without_one(
    books: Any, client: Client
) -> None:
    accounts = [m.business.account_id for m in client.current_user().business_memberships]
    assert accounts == [None, books.account]


def test_the_sdk_finds_a_second_business_with_empty_books_where_there_is_one(
    books: Any, client: Client
) -> None:
    second = books.server.standin.addresses["second_account"]
    with pytest.raises(FreshBooksError):
        client.expenses.list(second)
    books.server.settings(second_business=1)
    known = client.current_user().business_memberships
    told = [(m.role, m.business.account_id) for m in known]
    assert told == [("owner", None), ("owner", books.account), ("manager", second)]
    assert client.expenses.list(second).pages.total == 0 < len(client.expenses.list(books.account))
    with pytest.raises(FreshBooksError) as nobody:
        client.expenses.get(second, client.expenses.list(books.account)[0].id)
    assert nobody.value.status_code == 404


def test_the_sdk_reads_expenses_with_their_times_and_filters(books: Any, client: Client) -> None:
    listed = client.expenses.list(books.account)
    assert (listed.pages.total, listed.pages.per_page, len(listed)) == (3, 15, 3)
    by_note = {expense.notes: expense for expense in listed}
    assert set(by_note) == {"R-1", "R-2", "INV-2026-04-100"}
    rent = by_note["R-1"]
    assert rent.updated == datetime(2026, 1, 20, 15, tzinfo=UTC)
    assert rent.data["updated"] == "2026-01-20 10:00:00"
    assert by_note["INV-2026-04-100"].data["updated"] == "2026-07-01 11:00:00"
    assert (rent.date, rent.amount.amount, rent.amount.code) == (date(2026, 1, 5), "60.00", "EUR")
    # The hour that comes twice: the form does not say which of the two it is.
    assert by_note["R-2"].data["updated"] == "2025-11-02 01:30:00"
    assert by_note["R-2"].data["amount"]["amount"] == "-30.00"
    since = FilterBuilder().between("updated", min=date(2026, 1, 20), max=date(2026, 6, 30))
    found = client.expenses.list(books.account, [since, PaginateBuilder(1, 2000)])
    assert [expense.notes for expense in found] == ["R-1"]
    assert found.pages.per_page == 100
    one = client.expenses.get(books.account, rent.id, IncludesBuilder().include("category"))
    assert (one.vendor, one.category.category) == ("Foncière Est", "Uncategorized")


def test_the_sdk_reads_a_mailed_document_as_a_bill_on_the_select_plan(
    books: Any, client: Client
) -> None:
    books.server.settings(select_plan=1)
    post(books.mail)
    includes = IncludesBuilder().include("lines").include("vendor")
    bill = client.bills.list(books.account, [includes])[0]
    assert (bill.bill_number, bill.total_amount.amount, bill.status) == (
        "INV-2026-04-100",
        "1284.00",
        "unpaid",
    )
    assert (bill.issue_date, bill.due_offset_days) == (date(2026, 4, 22), 30)
    assert abs((bill.created_at - datetime.now(UTC)).total_seconds()) < 60
    assert bill.lines[0].tax_amount1.amount == "256.80"
    assert bill.vendor.vendor_name == "Algolia SAS"
    vendors = client.bill_vendors.list(books.account)
    assert [vendor.vendorid for vendor in vendors] == [bill.vendorid]
    assert "lines" not in client.bills.get(books.account, bill.id).data


def test_the_sdk_understands_what_is_not_there(books: Any, client: Client) -> None:
    with pytest.raises(FreshBooksError) as wrong:
        client.expenses.get(books.account, 12)
    assert (wrong.value.status_code, wrong.value.error_code) == (404, 1012)
    with pytest.raises(FreshBooksError) as refused:
        client.bill_payments.list(books.account)
    assert refused.value.status_code == 403
