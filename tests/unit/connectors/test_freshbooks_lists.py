"""Walking FreshBooks' lists, the grant, and what the target says of itself."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from builders.connectors import (
    FRESHBOOKS,
    NOW,
    REDIRECT,
    FakeClock,
    MemoryGrants,
    Script,
    body,
    connection,
)
from builders.mailed import Postbox, mailed
from well.connectors import freshbooks
from well.domain.entry import TargetEntry
from well.domain.failure import Failed, FailureKind
from well.domain.marker import Window
from well.ports.connector import Company
from well.ports.grants import Grant
from well.ports.target import Target

READ = ("user:profile:read", "user:expenses:read")
ALL = (*READ, "user:bills:read", "user:bill_vendors:read")


def kept(scopes: tuple[str, ...] = READ) -> MemoryGrants:
    return MemoryGrants(Grant("access-1", "refresh-1", NOW + timedelta(hours=12), scopes))


def opened(script: Script, grants: MemoryGrants, box: Postbox | None = None) -> Target:
    made = freshbooks.connect(FRESHBOOKS, REDIRECT, FakeClock(), script.transport, box or Postbox())
    return made.target(connection("freshbooks", "ABC123"), grants)


def expense(id: int, updated: str = "2026-04-22 04:00:00", **more: Any) -> dict[str, Any]:
    return {"id": id, "updated": updated, "amount": {"amount": "1.00", "code": "EUR"}, **more}


class Books:
    """Lists that answer by page; `shrinks` takes the first row away after that many answers."""

    def __init__(self, rows: list[dict[str, Any]], per_page: int, shrinks: int = 0) -> None:
        self.rows, self.per_page, self.shrinks = rows, per_page, shrinks
        self.asked: list[dict[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        params = dict(request.url.params)
        self.asked.append({"path": request.url.path, **params})
        name = request.url.path.rpartition("/")[2]
        rows = self.rows if name == "expenses" and "search[vis_state]" not in params else []
        page = int(params["page"])
        shown = rows[(page - 1) * self.per_page : page * self.per_page]
        result = {
            name: shown,
            "page": page,
            "pages": -(-len(rows) // self.per_page) or 1,
            "per_page": self.per_page,
            "total": len(rows),
        }
        if rows and self.shrinks:
            self.shrinks -= 1
            self.rows = self.rows[1:]
        return body({"response": {"result": result}})


def walked(target: Target, window: Window | None = None) -> list[TargetEntry]:
    found: list[TargetEntry] = []
    cursor: str | None = None
    while True:
        page = target.entries(window, cursor)
        found += page.entries
        cursor = page.next_cursor
        if cursor is None:
            return found


def test_the_pages_that_the_answer_tells_of_are_walked_to_the_end() -> None:
    books = Books([expense(n) for n in range(1, 8)], per_page=3)
    found = walked(opened(Script([books]), kept()))
    assert [entry.id for entry in found] == [str(n) for n in range(1, 8)]
    paths = {one["path"] for one in books.asked}
    assert paths == {"/accounting/account/ABC123/expenses/expenses"}
    assert all(one["per_page"] == "100" for one in books.asked)


def test_a_list_that_shrinks_while_it_is_read_loses_no_row() -> None:
    books = Books([expense(n) for n in range(1, 8)], per_page=3, shrinks=1)
    found = {entry.id for entry in walked(opened(Script([books]), kept()))}
    assert found >= {str(n) for n in range(2, 8)}


def test_a_list_that_shrinks_for_ever_comes_to_an_end() -> None:
    books = Books([expense(n) for n in range(1, 400)], per_page=3, shrinks=10**6)
    walked(opened(Script([books]), kept()))
    assert len(books.asked) < 300


def test_a_filter_that_was_ignored_brings_no_old_rows() -> None:
    since = NOW - timedelta(hours=1)
    border = since - timedelta(hours=2)
    on, before = (
        (border - timedelta(hours=4, seconds=s)).strftime("%Y-%m-%d %H:%M:%S") for s in (0, 1)
    )
    books = Books([expense(1, on), expense(2, before)], per_page=100)
    found = walked(opened(Script([books]), kept()), Window(since, NOW))
    assert [entry.id for entry in found] == ["1"]
    assert books.asked[0]["search[updated_min]"] == "2026-04-21"


def test_bills_are_read_only_with_their_scopes() -> None:
    books = Books([expense(1)], per_page=100)
    walked(opened(Script([books]), kept(ALL)))
    names = [one["path"].rpartition("/")[2] for one in books.asked]
    assert names == ["expenses", "expenses", "bills", "bills"]


def test_a_place_that_this_version_did_not_write_is_refused_with_a_sentence() -> None:
    target = opened(Script([body({})]), kept())
    for cursor in ("x", "[]", "[9,1,0,0]", "[0,0,0,0]", '{"a":1}', "null"):
        with pytest.raises(Failed) as caught:
            target.entries(None, cursor)
        assert caught.value.failure.kind is FailureKind.REJECTED


@pytest.mark.parametrize("answer", ["<html>", "[]", '{"response":{}}', '{"response":{"result":5}}'])
def test_an_answer_that_is_no_list_is_a_failure_that_time_cures(answer: str) -> None:
    with pytest.raises(Failed) as caught:
        opened(Script([body(answer)]), kept()).entries(None, None)
    assert caught.value.failure.kind is FailureKind.TRANSIENT


def test_without_a_read_grant_nothing_is_seen_and_the_target_says_so() -> None:
    script = Script([body({})])
    for grants in (MemoryGrants(None), kept(("user:profile:read",))):
        target = opened(script, grants)
        assert target.limits.sees_entries is False and target.limits.settle == 0
        assert target.entries(None, None).entries == ()
        assert target.created_since(NOW) == ()
    assert script.requests == []


def test_with_a_read_grant_entries_are_seen_and_mails_are_never_repeated() -> None:
    limits = opened(Script([body({})]), kept()).limits
    assert limits.sees_entries and not limits.sends_again and limits.batch_max == 1
    assert limits.file_bytes_max == 10 * 1024 * 1024
    assert limits.takes == {"application/pdf", "image/jpeg", "image/png"}


def test_what_is_new_since_is_found_and_what_is_deleted_is_not() -> None:
    times = ["2026-04-22 04:59:59", "2026-04-22 05:00:00", "2026-04-22 06:00:00"]
    rows = [expense(n, at) for n, at in enumerate(times, 1)]
    rows.append(expense(4, times[2], vis_state=1))
    found = opened(Script([Books(rows, 100)]), kept()).created_since(NOW)
    assert [entry.id for entry in found] == ["2", "3"]


def test_a_connection_without_an_inbox_sends_nothing() -> None:
    box = Postbox()
    sent = opened(Script([body({})]), kept(), box).send([mailed()])
    assert box.letters == []
    assert sent[0].failure is not None and sent[0].failure.kind is FailureKind.REJECTED


ME = {
    "response": {
        "business_memberships": [
            {"role": "manager", "business": {"account_id": "MAN1", "name": "Other"}},
            {"role": "owner", "business": {"account_id": None, "name": "No account"}},
            {"role": "owner", "business": {"account_id": "ABC123", "name": "Acme Inc"}},
        ]
    }
}


def token(scope: str) -> httpx.Response:
    return body({"access_token": "a", "refresh_token": "r", "expires_in": 43200, "scope": scope})


def consent(script: Script) -> Any:
    made = freshbooks.connect(FRESHBOOKS, REDIRECT, FakeClock(), script.transport)
    return made.exchange({"code": "c"}, "")


def test_every_business_with_an_account_is_offered_and_owned_ones_come_first() -> None:
    found = consent(Script([token(" ".join(ALL)), body(ME)]))
    assert found.choices == (
        Company("ABC123", "Acme Inc", remark="owner"),
        Company("MAN1", "Other", remark="manager"),
    )
    assert (found.account, found.label) == ("ABC123", "Acme Inc")
    assert "same login" in found.caution
    assert found.grant.expires_at == NOW + timedelta(hours=12)


def test_a_business_is_taken_only_where_the_login_belongs_to_it() -> None:
    made = freshbooks.connect(FRESHBOOKS, REDIRECT, FakeClock(), Script([body(ME)]).transport)
    one = made.reached(Grant("a", "r", NOW + timedelta(hours=1), READ), "MAN1")
    assert (one.account, one.label, one.choices) == ("MAN1", "Other", ())
    for other in ("MAN2", "man1", "None"):
        with pytest.raises(Failed) as caught:
            made.reached(one.grant, other)
        assert caught.value.failure.kind is FailureKind.REJECTED


@pytest.mark.parametrize(
    "role", [None, 5, {"a": 1}, "x" * 9999, "\u202eowner", ["owner"]], ids=lambda v: str(v)[:9]
)
def test_an_odd_role_is_no_owner_and_short(role: object) -> None:
    business = {"account_id": "A1", "name": "Odd"}
    mine = {"role": "owner", "business": {"account_id": "B2", "name": "Mine"}}
    me = {"response": {"business_memberships": [{"role": role, "business": business}, mine]}}
    found = consent(Script([token(" ".join(ALL)), body(me)]))
    assert len(found.choices[-1].remark) <= 40
    assert {one.account for one in found.choices} == {"A1", "B2"}


def test_a_permission_to_write_is_given_back_and_nothing_is_connected() -> None:
    script = Script([token(" ".join((*ALL, "user:expenses:write"))), body({})])
    with pytest.raises(Failed) as caught:
        consent(script)
    assert "user:expenses:write" in caught.value.failure.sentence
    assert script.requests[-1].url.path == "/auth/oauth/revoke"


def test_a_consent_without_expenses_or_without_a_business_is_refused() -> None:
    with pytest.raises(Failed) as caught:
        consent(Script([token("user:profile:read"), body(ME)]))
    assert "user:expenses:read" in caught.value.failure.sentence
    with pytest.raises(Failed) as caught:
        consent(Script([token(" ".join(READ)), body({"response": {"business_memberships": 5}})]))
    assert "no business" in caught.value.failure.sentence


def test_a_renewal_names_the_redirect_address_and_keeps_the_new_pair_first() -> None:
    grants = kept()
    grants.grant = Grant("old", "refresh-1", NOW, READ)
    renewed = body({"access_token": "new", "refresh_token": "refresh-2", "expires_in": 43200})
    script = Script([renewed, Books([], 100)])
    opened(script, grants).entries(None, None)
    assert b"redirect_uri=" in script.requests[0].content
    assert grants.saved[0].refresh_token == "refresh-2"
    assert script.requests[1].headers["Authorization"] == "Bearer new"


def test_the_door_lets_no_write_through_to_the_books() -> None:
    made = freshbooks.connect(FRESHBOOKS, REDIRECT, FakeClock(), Script([body({})]).transport)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        with pytest.raises(Failed) as caught:
            made._door.check(method, f"{FRESHBOOKS.api}/accounting/account/A/expenses/expenses")
        assert caught.value.failure.kind is FailureKind.BUG
