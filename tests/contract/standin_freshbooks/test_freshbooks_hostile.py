"""Contract: whatever is asked or mailed, the stand-in answers in its own forms and lives on."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from well.sandbox.freshbooks.listing import PER_PAGE_MAX, read_query
from well.sandbox.freshbooks.resources import RESOURCES
from well.sandbox.freshbooks.wire import Problem
from well.sandbox.kit.mailbox import carried

KEYS = st.sampled_from(
    [
        *(f"search[{name}]" for resource in RESOURCES for name in resource.filters),
        *("search[ids][]", "search[statuses][]", "search[x]", "page", "per_page", "sort"),
    ]
)
PAIRS = st.lists(st.tuples(KEYS, st.text(max_size=30)), max_size=6)


@given(st.sampled_from(RESOURCES), PAIRS)
def test_any_query_is_read_or_refused_with_a_problem(
    resource: Any, pairs: list[tuple[str, str]]
) -> None:
    try:
        query = read_query(resource, QueryParams(pairs), "desc")
    except Problem as problem:
        assert (problem.status, problem.errno) == (422, 1015)
        return
    assert 1 <= query.per_page <= PER_PAGE_MAX and query.page >= 1
    assert query.condition.count("?") == len(query.values)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_message_with_a_document_or_with_a_reason(content: bytes) -> None:
    found = carried(content)
    assert bool(found.document) is not bool(found.reason)


@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_headers_become_plain_ones(junk: bytes, subject: str) -> None:
    head = f"Subject: {subject}".encode("utf-8", "surrogatepass")
    found = carried(b"From: " + junk + b"\r\n" + head + b"\r\n\r\n")
    assert all(value.isascii() and value.isprintable() for value in found.headers.values())
    assert found.sender.isascii()


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "id_desc; drop table object"},
        {"sort": "amount_asc"},
        {"search[vendor]": "' or 1=1 --"},
        {"search[amount_min]": "1e400"},
        {"page": "9" * 7},
    ],
)
def test_a_hostile_list_is_answered_and_the_books_stay(books: Any, query: dict[str, str]) -> None:
    assert books.get("expenses/expenses", **query).status_code == 200
    assert len(books.rows()) == 3


@pytest.mark.parametrize("key", ["0", "-1", "9" * 30, "é", "1e3", "%00"])
def test_a_hostile_id_is_not_found(books: Any, key: str) -> None:
    assert books.get(f"expenses/expenses/{key}").status_code == 404


def test_an_edit_of_a_person_changes_known_fields_only(books: Any) -> None:
    row = books.rows()[0]
    books.admin(f"objects/expense/{row['id']}", notes="seen", nonsense=1)
    after = books.get(f"expenses/expenses/{row['id']}").json()["response"]["result"]["expense"]
    assert after["notes"] == "seen" and "nonsense" not in after and after["id"] == row["id"]
    refused = books.server.admin.post(f"/_admin/objects/expense/{row['id']}", content=b"[")
    assert refused.status_code == 400
    assert books.server.admin.post("/_admin/objects/expense/1", json={"a": 1}).status_code == 404
