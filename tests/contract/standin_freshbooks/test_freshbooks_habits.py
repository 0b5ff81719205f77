"""Contract: the habits of the provider that a client must survive."""

from typing import Any

import httpx
import pytest

from builders.posting_mail import message, pdf, post
from builders.running_standin import NO_TLS

EXPENSES = "expenses/expenses"


def test_a_token_answer_has_the_twelve_hours_and_its_own_second(books: Any) -> None:
    answer = books.granted()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 43_200)
    assert abs(answer["created_at"] - books.server.clock.seconds()) <= 2
    wrong = books.exchanged(grant_type="refresh_token", refresh_token="nobody's")
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(("single", "status"), [(0, 200), (1, 401)])
def test_a_second_authorization_may_end_the_first(books: Any, single: int, status: int) -> None:
    books.server.settings(single_grant=single)
    second = books.granted()["access_token"]
    assert books.get(EXPENSES).status_code == status
    assert books.get(EXPENSES, token=second).status_code == 200


def test_pages_are_silently_capped_and_the_rest_has_a_default(books: Any) -> None:
    for number in range(101):
        books_row(books, number)
    capped = books.get(EXPENSES, per_page=2000).json()["response"]["result"]
    assert (capped["per_page"], len(capped["expenses"]), capped["pages"]) == (100, 100, 2)
    assert capped["total"] == 104
    plain = books.get(EXPENSES, per_page="many", page=-1).json()["response"]["result"]
    assert (plain["per_page"], plain["page"], plain["pages"]) == (15, 1, 7)
    last = books.get(EXPENSES, per_page=100, page=2).json()["response"]["result"]
    assert len(last["expenses"]) == 4
    assert books.get(EXPENSES, page=99).json()["response"]["result"]["expenses"] == []
    ids = [row["id"] for row in capped["expenses"] + last["expenses"]]
    assert ids == sorted(ids, reverse=True) and len(set(ids)) == 104


def books_row(books: Any, number: int) -> None:
    """One more expense, as a mail would make it."""
    with books.server.state.transaction() as db:
        db.execute(
            "insert into object (id, kind, vis, day, updated, updated_day, amount, body)"
            " select id + ? + 1, kind, vis, day, updated, updated_day, amount,"
            " json_set(body, '$.id', id + ? + 1) from object where kind = 'expense'"
            " and document = 'doc-3'",
            (number, number),
        )


def test_a_filter_that_does_not_exist_is_ignored_and_gives_everything(books: Any) -> None:
    assert len(books.rows(**{"search[vendor_like]": "x", "include[]": "nothing"})) == 3
    assert len(books.rows(**{"search[vendor]": "Foncière Est"})) == 2
    assert len(books.rows(**{"search[amount_min]": "60.01"})) == 1
    assert len(books.rows(**{"search[amount_min]": "60.00"})) == 2
    assert len(books.rows("bill_vendors/bill_vendors", **{"search[vendorid]": "1"})) == 0


def test_a_known_filter_with_a_value_of_the_wrong_type_is_refused(books: Any) -> None:
    answer = books.get(EXPENSES, **{"search[updated_min]": "yesterday"})
    error = answer.json()["response"]["errors"][0]
    assert (answer.status_code, error["errno"], error["field"]) == (422, 1015, "updated_min")
    assert books.get(EXPENSES, **{"search[vis_state]": "x" * 50}).status_code == 422


def test_what_a_person_deletes_is_only_listed_when_it_is_asked_for(books: Any) -> None:
    row = books.rows()[0]
    books.admin(f"objects/expense/{row['id']}", vis_state=1)
    assert row["id"] not in {one["id"] for one in books.rows()}
    deleted = books.rows(**{"search[vis_state]": "1"})
    assert [one["id"] for one in deleted] == [row["id"]]
    assert (
        books.get(f"{EXPENSES}/{row['id']}").json()["response"]["result"]["expense"]["vis_state"]
        == 1
    )


def test_older_and_newer_errors_have_their_own_form(books: Any) -> None:
    old = books.get(f"{EXPENSES}/7")
    assert old.status_code == 404
    assert old.json()["response"]["errors"][0]["errno"] == 1012
    new = books.get("bills/bills/7")
    assert new.status_code == 404
    assert (new.json()["code"], new.json()["details"][0]["reason"]) == (5, "1012")
    books.server.fault("errors_200")
    hidden = books.get(EXPENSES)
    assert hidden.status_code == 200 and "errors" in hidden.json()["response"]
    assert len(books.rows()) == 3


def test_a_call_needs_a_token_its_scope_the_account_and_to_be_a_read(books: Any) -> None:
    assert books.get(EXPENSES, token="none").json()["error"] == "unauthenticated"
    little = books.granted("user:profile:read")["access_token"]
    refused = books.get(EXPENSES, token=little)
    assert refused.status_code == 403
    assert "user:expenses:read" in refused.json()["error_description"]
    url = f"{books.server.base}/accounting/account"
    headers = {"Authorization": f"Bearer {books.token}"}
    other = httpx.get(f"{url}/zzz999/{EXPENSES}", headers=headers, verify=NO_TLS)
    assert other.status_code == 404
    written = httpx.post(
        f"{url}/{books.account}/{EXPENSES}", json={}, headers=headers, verify=NO_TLS
    )
    assert written.status_code == 403
    assert "user:expenses:write" in written.json()["error_description"]


def test_too_many_calls_are_told_when_to_come_back(books: Any) -> None:
    books.server.settings(requests_per_minute=2)
    assert [books.get(EXPENSES).status_code for _ in range(3)] == [200, 200, 429]
    assert books.get(EXPENSES).headers["Retry-After"] == "20"


@pytest.mark.parametrize(("mode", "status"), [("rate_limit", 429), ("error_before", 500)])
def test_faults_strike_over_http_as_everywhere(books: Any, mode: str, status: int) -> None:
    books.server.fault(mode)
    assert books.get(EXPENSES).status_code == status
    assert books.get(EXPENSES).status_code == 200


def test_the_receipt_of_a_mailed_expense_can_be_fetched(books: Any) -> None:
    page = pdf("Épicerie", "Total with VAT: 12.00 EUR")
    post(books.mail, message(books.mail, ("ticket.pdf", page)))
    row = books.rows(**{"include[]": "attachment", "search[has_receipt]": "true"})[0]
    url = f"{books.server.base}/uploads/attachments/"
    headers = {"Authorization": f"Bearer {books.token}"}
    got = httpx.get(url + row["attachment"]["jwt"], headers=headers, verify=NO_TLS)
    assert got.content == page
    assert httpx.get(url + "eyJwrong.1", headers=headers, verify=NO_TLS).status_code == 404
