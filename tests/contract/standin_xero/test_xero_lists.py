"""Lists, filters, limits and bad days of the accounting API.

Invariant: what is asked for is checked against all rows, read once without a filter.
"""

import re
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders.running_standin import Running
from builders.xero_client import XeroClient, let_in
from well.sandbox.xero.dates import header_millis, moment_of, ticks_millis
from well.sandbox.xero.problem import Problem
from well.sandbox.xero.where import read_order, read_where

Row = dict[str, Any]


def _all(client: XeroClient, plural: str) -> list[Row]:
    return client.rows(plural, page=1, pageSize=1000)


def test_a_page_is_at_most_a_thousand_and_says_how_many_there_are(shared: XeroClient) -> None:
    body = shared.get("Invoices", page=1, pageSize=1000).json()
    assert body["pagination"] == {
        "page": 1,
        "pageSize": 1000,
        "pageCount": 1,
        "itemCount": len(body["Invoices"]),
    }
    refused = shared.get("Invoices", page=1, pageSize=1001)
    assert (refused.status_code, refused.json()["Type"]) == (400, "ValidationException")
    assert refused.json()["ErrorNumber"] == 10
    past = shared.get("Invoices", page=999).json()
    assert (past["Invoices"], past["pagination"]["page"]) == ([], 999)
    assert shared.get("Invoices", page=0).status_code == 400


def test_lines_come_with_a_page_and_not_without(shared: XeroClient) -> None:
    assert all(row["LineItems"] for row in _all(shared, "Invoices"))
    body = shared.get("Invoices").json()
    assert "pagination" not in body
    assert len(body["Invoices"]) == len(_all(shared, "Invoices"))
    assert not any(row["LineItems"] for row in body["Invoices"])
    assert not any(r["LineItems"] for r in shared.rows("Invoices", page=1, summaryOnly="true"))


def test_amounts_are_numbers_digit_for_digit_and_dates_have_both_forms(shared: XeroClient) -> None:
    text = shared.get("Invoices", page=1, pageSize=1).text
    assert re.search(r'"Total":\d+(\.\d\d)?,', text)
    row = shared.rows("Invoices", page=1, pageSize=1)[0]
    assert re.fullmatch(r"/Date\(\d+\+0000\)/", row["UpdatedDateUTC"])
    day = header_millis(row["DateString"])
    assert ticks_millis(row["Date"]) == day
    assert row["DateString"].endswith("T00:00:00")


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ('Type=="ACCPAY"', lambda row: row["Type"] == "ACCPAY"),
        ('Type!="ACCPAY"', lambda row: row["Type"] != "ACCPAY"),
        ("Total>=500.00", lambda row: Decimal(str(row["Total"])) >= 500),
        ("AmountDue==0", lambda row: row["AmountDue"] == 0),
        (
            'Type=="ACCPAY" && (Status=="PAID" || Total<100)',
            lambda row: row["Type"] == "ACCPAY" and (row["Status"] == "PAID" or row["Total"] < 100),
        ),
        (
            'Type=="ACCPAY" AND Status=="PAID" OR Type=="ACCREC"',
            lambda row: row["Type"] == "ACCREC" or row["Status"] == "PAID",
        ),
        ('Contact.Name.Contains("an")', lambda row: "an" in row["Contact"]["Name"].lower()),
        ("InvoiceNumber!=null", lambda row: "InvoiceNumber" in row),
        ("HasAttachments==true", lambda row: row["HasAttachments"]),
        (
            "DueDate>=DateTime(2026,01,01)",
            lambda row: row["DueDateString"] >= "2026-01-01T00:00:00",
        ),
    ],
)
def test_a_filter_gives_exactly_the_rows_for_which_it_holds(
    shared: XeroClient, where: str, holds: Any
) -> None:
    found = {row["InvoiceID"] for row in shared.rows("Invoices", where=where)}
    every = _all(shared, "Invoices")
    assert found == {row["InvoiceID"] for row in every if holds(row)}
    assert found


@pytest.mark.parametrize(
    "where",
    ["Type=", "Type==ACCPAY", "(Type==1", "1==Type", "Date>=\"2026\"", "Type==\"a\"; drop", "&&",
     "Date>=DateTime(2026,13,1)", "Date>=DateTime(2026)", "(" * 90, "Type like 'x'"],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_refused(shared: XeroClient, where: str) -> None:
    answer = shared.get("Invoices", where=where)
    assert (answer.status_code, answer.json()["Type"]) == (400, "QueryParseException")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="TypeDa.()=!<>&|\"'\\ 019,-;%_guidAND", max_size=60))
def test_no_filter_or_order_reaches_the_database_as_it_was_typed(text: str) -> None:
    for read in (read_where, read_order):
        try:
            found = read(text)
        except Problem as refused:
            assert refused.status == 400
        else:
            sql = found if isinstance(found, str) else found.sql
            assert ";" not in sql
            assert "--" not in sql


def test_archived_contacts_come_when_asked_for_and_say_where_they_went(shared: XeroClient) -> None:
    usual = _all(shared, "Contacts")
    every = shared.rows("Contacts", page=1, pageSize=1000, includeArchived="true")
    old = [row for row in every if row["ContactStatus"] == "ARCHIVED"]
    assert len(every) == len(usual) + len(old)
    assert len(old) == 1
    assert old[0]["MergedToContactID"] in {row["ContactID"] for row in usual}


def test_orders_and_numbers_and_states_narrow_and_sort(shared: XeroClient) -> None:
    rows = shared.rows("Invoices", order="Date DESC", page=1, pageSize=1000)
    days = [row["DateString"] for row in rows]
    assert days == sorted(days, reverse=True)
    number = next(n for n in (row.get("InvoiceNumber") for row in rows) if n and "/" not in n)
    found = shared.rows("Invoices", InvoiceNumbers=number)
    assert {row["InvoiceNumber"] for row in found} == {number}
    one = shared.get(f"Invoices/{number}").json()["Invoices"]
    assert one[0]["InvoiceNumber"] == number
    assert {r["Status"] for r in shared.rows("Invoices", Statuses="PAID,VOIDED")} == {"PAID"}
    assert shared.get("Invoices", order="Date; drop").status_code == 400


def test_nothing_is_changed_before_its_time(shared: XeroClient) -> None:
    newest = max(ticks_millis(r["UpdatedDateUTC"]) or 0 for r in _all(shared, "Invoices"))
    # A second is the finest that the header can tell.
    at = f"{(newest + 999) // 1000 * 1000}"
    for since, wanted in ((newest // 1000 * 1000, True), (int(at), newest % 1000 == 0)):
        stamp = _stamp(since)
        assert bool(shared.rows("Invoices", since=stamp)) is wanted
    assert shared.get("Invoices", since="yesterday").status_code == 400


def _stamp(at: int) -> str:
    return f"{moment_of(at):%Y-%m-%dT%H:%M:%S}"


def test_the_limit_of_a_minute_is_told_and_ends_with_the_minute(
    server: Running, client: XeroClient
) -> None:
    server.settings(requests_per_minute=3)
    left = [client.get("Accounts").headers["x-minlimit-remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = client.get("Accounts")
    assert (refused.status_code, refused.headers["x-rate-limit-problem"]) == (429, "minute")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    server.clock.skew = 61
    assert client.get("Accounts").status_code == 200


def test_the_limit_of_a_day_is_told_apart(server: Running, client: XeroClient) -> None:
    server.settings(requests_per_day=2)
    assert client.get("Accounts").headers["x-daylimit-remaining"] == "1"
    assert client.get("Accounts").headers["x-daylimit-remaining"] == "0"
    refused = client.get("Accounts")
    assert (refused.status_code, refused.headers["x-rate-limit-problem"]) == (429, "day")
    assert 86_000 < int(refused.headers["retry-after"]) <= 86_400


def test_too_many_at_once_are_told_apart(server: Running, client: XeroClient) -> None:
    server.settings(concurrent=0)
    refused = client.get("Accounts")
    assert (refused.status_code, refused.headers["x-rate-limit-problem"]) == (429, "concurrent")


def test_a_scope_that_was_not_granted_opens_nothing(server: Running) -> None:
    client = let_in(server, scope="offline_access accounting.contacts.read")
    with closing(client.http):
        assert client.get("Contacts").status_code == 200
        refused = client.get("Invoices")
    assert (refused.status_code, refused.json()["Detail"]) == (401, "AuthorizationUnsuccessful")
    assert refused.headers["www-authenticate"] == "insufficient_scope"


@pytest.mark.parametrize(
    ("status", "kind"), [(500, "application/json"), (503, "text/html"), (429, "application/json")]
)
def test_bad_days_look_like_xeros(
    server: Running, client: XeroClient, status: int, kind: str
) -> None:
    if status == 429:
        server.fault("rate_limit", retry_after=7)
    else:
        server.fault("error_before", status=status)
    answer = client.get("Accounts")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(kind)
    if status == 429:
        assert answer.headers["retry-after"] == "7"
        assert answer.headers["x-rate-limit-problem"] == "minute"
    assert client.get("Accounts").status_code == 200


def test_a_token_that_is_taken_away_in_mid_sync_is_unauthorized(
    server: Running, client: XeroClient
) -> None:
    server.fault("token_revoked")
    answer = client.get("Accounts")
    assert (answer.status_code, answer.json()["Detail"]) == (401, "AuthenticationUnsuccessful")
    assert client.refresh().json()["error"] == "invalid_grant"


def test_what_leads_nowhere_is_not_found_in_plain_text(shared: XeroClient) -> None:
    for path in ("Nope", "Invoices/nope", "Contacts/nope/Attachments"):
        answer = shared.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/plain")
    shared.http.headers["Xero-Tenant-Id"] = "another"
    refused = shared.get("Invoices")
    shared.http.headers["Xero-Tenant-Id"] = shared.tenant
    assert (refused.status_code, refused.json()["Title"]) == (403, "Forbidden")
    assert refused.json()["Detail"] == "AuthenticationUnsuccessful"
