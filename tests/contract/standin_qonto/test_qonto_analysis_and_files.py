"""Contract: what appears on an invoice after its analysis, duplicates, attachments and links."""

import time
from typing import Any
from urllib.parse import urlsplit

RENT_FILE = "aaaaaaaa-1111-4111-8111-111111111111"


def _one(qonto: Any, name: str, content: bytes) -> dict[str, Any]:
    made: dict[str, Any] = qonto.bulk((name, content)).json()["supplier_invoices"][0]
    return made


def _get(qonto: Any, known: str) -> dict[str, Any]:
    body: dict[str, Any] = qonto.get(f"/v2/supplier_invoices/{known}").json()["supplier_invoice"]
    return body


def test_the_fields_are_filled_in_when_the_time_has_come(qonto: Any, paper: Any) -> None:
    qonto.settings(analysis_min_ms=5_000, analysis_max_ms=9_000)
    made = _one(qonto, "a.pdf", paper("INV-9", "1284.00"))
    assert _get(qonto, made["id"])["analyzed_at"] is None
    qonto.later(10)
    read = _get(qonto, made["id"])
    assert read["analyzed_at"] and read["updated_at"] == read["analyzed_at"]
    assert read["invoice_number"] == "INV-9" and read["supplier_name"] == "Algolia SAS"
    assert read["total_amount"] == {"value": "1284.00", "currency": "EUR"} == read["payable_amount"]
    assert (read["issue_date"], read["due_date"]) == ("2026-04-22", "2026-05-22")
    assert qonto.listed(query="INV-9")[0] == read


def test_a_poller_that_asks_by_update_time_sees_the_analysis(qonto: Any, paper: Any) -> None:
    qonto.settings(analysis_min_ms=2_000, analysis_max_ms=2_000)
    made = _one(qonto, "a.pdf", paper("INV-9"))
    since = {"filter[updated_at_from]": made["created_at"], "sort_by": "updated_at:asc"}
    before = qonto.get("/v2/supplier_invoices", since).json()["supplier_invoices"]
    assert before[-1]["analyzed_at"] is None
    qonto.later(3)
    after = qonto.get("/v2/supplier_invoices", since).json()["supplier_invoices"]
    assert after[-1]["analyzed_at"] and after[-1]["updated_at"] != before[-1]["updated_at"]


def test_a_file_without_text_or_a_broken_one_is_analysed_as_empty(qonto: Any, blank: Any) -> None:
    for content in (blank, b"%PDF-1.7 broken", b"%PDF-" + b"\xff" * 5000):
        read = _get(qonto, _one(qonto, "a.pdf", content)["id"])
        assert read["analyzed_at"] and read["invoice_number"] is None and not read["total_amount"]


def test_the_same_bytes_flag_both(qonto: Any, blank: Any) -> None:
    first, second = (_one(qonto, "a.pdf", blank)["id"] for _ in range(2))
    assert _get(qonto, first)["id"] == first
    assert _get(qonto, second)["has_duplicates"] and _get(qonto, first)["has_duplicates"]


def test_same_supplier_number_and_total_flag_both_and_others_stay(qonto: Any, paper: Any) -> None:
    names = [("a", "INV 1/2", "10.00"), ("b", "inv-12", "10.00"), ("c", "INV-12", "11.00")]
    made = [_one(qonto, name, paper(number, total))["id"] for name, number, total in names]
    flags = {invoice["id"]: invoice["has_duplicates"] for invoice in qonto.listed()}
    assert [flags[known] for known in made] == [True, True, False]


def test_state_survives_a_restart_and_waiting_analysis_is_done_then(house: Any, paper: Any) -> None:
    qonto = house.start()
    qonto.settings(analysis_min_ms=1, analysis_max_ms=1)
    made = _one(qonto, "a.pdf", paper("INV-9"))
    house.stop()
    time.sleep(0.01)
    again = house.start()
    assert len(again.listed()) == 3
    assert _get(again, made["id"])["invoice_number"] == "INV-9"
    assert again.client_id == qonto.client_id
    assert again.get("/v2/organization", token=qonto.token).status_code == 200


def test_an_uploaded_file_can_be_fetched_through_its_signed_link(qonto: Any, paper: Any) -> None:
    content = paper("INV-9")
    made = _one(qonto, 'a "b".pdf', content)
    body = qonto.get(f"/v2/attachments/{made['attachment_id']}").json()["attachment"]
    assert body["file_size"] == str(len(content)) and body["file_content_type"] == "application/pdf"
    assert qonto.http.get(body["url"]).content == content


def test_a_signed_link_refuses_a_bearer_a_change_and_old_age(qonto: Any) -> None:
    url = qonto.get(f"/v2/attachments/{RENT_FILE}").json()["attachment"]["url"]
    assert qonto.http.get(url).content.startswith(b"%PDF-")
    bearer = {"Authorization": f"Bearer {qonto.token}"}
    assert qonto.http.get(url, headers=bearer).status_code == 400
    assert qonto.http.get(url + "0").status_code == 403
    assert qonto.http.get(url.replace("expires=", "expires=9")).status_code == 403
    assert qonto.http.get(f"{qonto.api}{urlsplit(url).path}").status_code == 403
    qonto.later(1801)
    assert qonto.http.get(url).status_code == 403


def test_an_attachment_can_be_posted_once_per_key(qonto: Any, paper: Any) -> None:
    token = qonto.grant("attachment.write attachment.read")["access_token"]
    headers = {"Authorization": f"Bearer {token}", "X-Qonto-Idempotency-Key": "k"}
    files = {"file": ("x.pdf", paper("Z-1"), "application/pdf")}
    url = f"{qonto.api}/v2/attachments"
    first = qonto.http.post(url, files=files, headers=headers)
    assert list(first.json()) == ["attachment"] and list(first.json()["attachment"]) == ["id"]
    assert qonto.http.post(url, files=files, headers=headers).json() == first.json()
    assert qonto.http.post(url, data={"file": "x"}, headers=headers).status_code == 422
    del headers["X-Qonto-Idempotency-Key"]
    assert qonto.http.post(url, files=files, headers=headers).status_code == 422
