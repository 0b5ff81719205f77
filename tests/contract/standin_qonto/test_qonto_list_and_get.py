"""Contract: listing, filtering, sorting, paging and getting supplier invoices."""

from typing import Any

import pytest

RENT = "11111111-1111-4111-8111-111111111111"
SURE = (
    "id",
    "organization_id",
    "status",
    "source_type",
    "source",
    "attachment_id",
    "display_attachment_id",
    "file_name",
    "is_einvoice",
    "created_at",
    "updated_at",
)


def _ids(qonto: Any, *params: tuple[str, str]) -> list[str]:
    answer = qonto.get("/v2/supplier_invoices", list(params))
    assert answer.status_code == 200, answer.text
    return [invoice["id"][:2] for invoice in answer.json()["supplier_invoices"]]


def test_the_fields_that_are_sure_are_always_there(qonto: Any) -> None:
    for invoice in qonto.listed():
        assert all(invoice[name] is not None for name in SURE)


def test_what_only_the_stand_in_knows_is_not_told(qonto: Any) -> None:
    assert not [name for invoice in qonto.listed() for name in invoice if name.startswith("_")]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ([("filter[status][]", "paid")], ["11"]),
        ([("filter[status][]", "paid"), ("filter[status][]", "to_review")], ["22", "11"]),
        ([("filter[status][]", "some_status_of_the_future")], []),
        ([("filter[created_at_from]", "2026-02-01T00:00:00Z")], ["22"]),
        ([("filter[created_at_to]", "2026-02-01T00:00:00Z")], ["11"]),
        ([("filter[updated_at_from]", "2026-01-06T08:00:00.000Z")], ["22", "11"]),
        ([("filter[updated_at_from]", "2026-01-06T10:00:00.001+02:00")], ["22"]),
        ([("filter[due_date]", "2026-02-05")], ["11"]),
        ([("filter[issue_date]", "2026-01-05")], ["11"]),
        ([("filter[issue_date_from]", "2026-01-06")], []),
        ([("filter[payment_date]", "2026-01-06")], []),
        ([("filter[attachment_id]", "aaaaaaaa-1111-4111-8111-111111111111")], ["11"]),
        ([("filter[attachment_id][]", "aaaaaaaa-1111-4111-8111-111111111111")], ["11"]),
        ([("filter[missing_data]", "true")], ["22"]),
        ([("filter[missing_data]", "false")], ["11"]),
        ([("filter[matched_transactions]", "true")], []),
        ([("filter[document_type]", "credit_note")], []),
        ([("filter[exclude_credit_notes]", "true")], ["22", "11"]),
        ([("filter[payable_amount]", "900")], ["11"]),
        ([("query", "foncière")], ["11"]),
        ([("query", "unread"), ("query_fields", "supplier_name")], []),
        ([("query", "%")], []),
        ([("sort_by", "updated_at:asc")], ["11", "22"]),
        ([("sort_by", "updated_at:desc")], ["22", "11"]),
        ([("filter[something_new]", "1")], ["22", "11"]),
    ],
)
def test_a_filter_keeps_what_it_says(qonto: Any, params: Any, expected: list[str]) -> None:
    assert _ids(qonto, *params) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "one"),
        ("page", "٣"),
        ("per_page", "101"),
        ("per_page", "9" * 400),
        ("sort_by", "updated_at;drop table invoice"),
        ("filter[updated_at_from]", "yesterday"),
        ("filter[due_date]", "2026-02-31"),
        ("filter[missing_data]", "maybe"),
        ("filter[payable_amount]", "NaN"),
    ],
)
def test_a_value_without_sense_is_422_with_a_pointer(qonto: Any, name: str, value: str) -> None:
    answer = qonto.get("/v2/supplier_invoices", {name: value})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["source"]["pointer"] == f"/{name}"


def test_paging_counts_and_the_last_page_may_lack_next_page(qonto: Any) -> None:
    first = qonto.get("/v2/supplier_invoices", {"per_page": 1}).json()["meta"]
    assert first == {
        "current_page": 1,
        "next_page": 2,
        "prev_page": None,
        "total_pages": 2,
        "total_count": 2,
        "per_page": 1,
    }
    last = qonto.get("/v2/supplier_invoices", {"per_page": 1, "page": 2}).json()["meta"]
    assert last["next_page"] is None and last["prev_page"] == 1
    alone = {"filter[status][]": "paid"}
    assert "next_page" not in qonto.get("/v2/supplier_invoices", alone).json()["meta"]


def test_both_forms_of_a_time_occur(qonto: Any) -> None:
    ends = {invoice["updated_at"][-1] for invoice in qonto.listed()}
    assert ends == {"Z", "0"}


def test_get_shows_one_invoice_with_string_amounts(qonto: Any) -> None:
    invoice = qonto.get(f"/v2/supplier_invoices/{RENT}").json()["supplier_invoice"]
    assert invoice["total_amount"] == {"value": "900.00", "currency": "EUR"}


def test_a_status_set_by_hand_is_seen_as_an_update(qonto: Any) -> None:
    url = f"{qonto.admin}/_admin/entries/{RENT}/status"
    assert qonto.http.post(url, json={"status": "rejected"}).status_code == 200
    changed = qonto.listed(sort_by="updated_at:desc")[0]
    assert (changed["id"], changed["status"]) == (RENT, "rejected")
    assert qonto.http.post(url, content=b"{").status_code == 400
    absent = f"{qonto.admin}/_admin/entries/none/status"
    assert qonto.http.post(absent, json={"status": "paid"}).status_code == 404


def test_scoring_sees_every_entry_with_its_document(qonto: Any) -> None:
    rows = qonto.http.get(f"{qonto.admin}/_admin/entries").json()
    assert [(row["document"], row["file_name"]) for row in rows] == [
        ("doc-rent", "rent.pdf"),
        ("doc-unread", "unread.pdf"),
    ]
