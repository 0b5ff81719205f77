"""Contract: bulk creation, its errors item by item, its keys and their life of 30 minutes."""

from typing import Any
from uuid import uuid4

import pytest

TEN_MB = 10 * 1024 * 1024
RENT_FILE = "aaaaaaaa-1111-4111-8111-111111111111"


def _errors(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.text
    return [(error["code"], error["source"]["pointer"]) for error in answer.json()["errors"]]


def _created(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["supplier_invoices"]
    return found


def _post(qonto: Any, parts: Any) -> Any:
    headers = {"Authorization": f"Bearer {qonto.token}"}
    return qonto.http.post(f"{qonto.api}/v2/supplier_invoices/bulk", files=parts, headers=headers)


def _file(content: bytes = b"%PDF-1.4", name: str = "a.pdf") -> tuple[str, Any]:
    return ("supplier_invoices[][file]", (name, content, "application/pdf"))


def _key(key: str | None = None) -> tuple[str, Any]:
    return ("supplier_invoices[][idempotency_key]", (None, key or str(uuid4())))


def _attachment(known: str) -> tuple[str, Any]:
    return ("supplier_invoices[][attachment_id]", (None, known))


def test_created_items_come_back_in_order_unread_and_to_review(qonto: Any, paper: Any) -> None:
    qonto.settings(analysis_min_ms=60_000, analysis_max_ms=60_000)
    answer = qonto.bulk(("one.pdf", paper("A-1")), ("zwei ü.pdf", paper("A-2")))
    one, two = _created(answer)
    assert [one["file_name"], two["file_name"]] == ["one.pdf", "zwei ü.pdf"]
    assert one["status"] == "to_review" and one["analyzed_at"] is None
    assert one["invoice_number"] is None and answer.json()["errors"] == []
    assert qonto.get(f"/v2/supplier_invoices/{two['id']}").json()["supplier_invoice"] == two


def test_created_and_refused_items_share_one_200(qonto: Any, paper: Any) -> None:
    huge = b"%PDF-1.4" + b"0" * TEN_MB
    answer = qonto.bulk(
        ("good.pdf", paper("A-1")), ("big.pdf", huge), ("no.pdf", b"hello"), ("empty.pdf", b"")
    )
    assert [item["file_name"] for item in _created(answer)] == ["good.pdf"]
    assert _errors(answer) == [
        ("invalid", "/supplier_invoices/1/file"),
        ("invalid", "/supplier_invoices/2/file"),
        ("invalid", "/supplier_invoices/3/file"),
    ]
    assert answer.json()["errors"][0]["detail"] == "file is too large"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([_file()], [("required", "/supplier_invoices/0/idempotency_key")]),
        ([_file(), _key("no uuid")], [("invalid", "/supplier_invoices/0/idempotency_key")]),
        ([_key()], [("required", "/supplier_invoices/0/file")]),
        (
            [_file(), _attachment(RENT_FILE), _key()],
            [("invalid", "/supplier_invoices/0/file")],
        ),
        ([_attachment("none"), _key()], [("invalid", "/supplier_invoices/0/attachment_id")]),
        (
            [_file(), _file(), _key()],
            [("required", "/supplier_invoices/0/idempotency_key")],
        ),
    ],
)
def test_an_incomplete_item_is_an_error_with_a_pointer(
    qonto: Any, parts: Any, expected: list[tuple[str, str]]
) -> None:
    assert _errors(_post(qonto, parts)) == expected


def test_an_attachment_that_is_there_can_become_an_invoice(qonto: Any) -> None:
    answer = _post(qonto, [_attachment(RENT_FILE), _key()])
    assert _created(answer)[0]["attachment_id"] == RENT_FILE


def test_only_twenty_are_taken(qonto: Any, paper: Any) -> None:
    answer = qonto.bulk(*[(f"{at}.pdf", paper(f"A-{at}")) for at in range(21)])
    assert len(_created(answer)) == 20
    assert _errors(answer) == [("limit_reached", "/supplier_invoices/20")]


def test_a_request_without_items_or_of_another_type_is_refused(qonto: Any) -> None:
    assert _post(qonto, [("other", (None, "x"))]).status_code == 422
    headers = {"Authorization": f"Bearer {qonto.token}"}
    url = f"{qonto.api}/v2/supplier_invoices/bulk"
    assert qonto.http.post(url, json={}, headers=headers).status_code == 422
    headers["Content-Type"] = "multipart/form-data; boundary=x"
    assert qonto.http.post(url, content=b"--x\r\nbroken", headers=headers).status_code in (400, 422)
    headers["Content-Type"] = "multipart/form-data"
    assert qonto.http.post(url, content=b"--x", headers=headers).status_code == 400
    assert qonto.http.post(url, content=b"").status_code == 401


def test_the_same_key_gives_the_first_answer_even_with_another_file(qonto: Any, paper: Any) -> None:
    key = str(uuid4())
    first = _created(qonto.bulk(("a.pdf", paper("A-1")), keys=[key]))
    again = _created(qonto.bulk(("b.pdf", paper("B-2")), keys=[key.upper()]))
    assert again == first
    assert len(qonto.listed()) == 3


def test_after_thirty_minutes_the_same_key_makes_a_second_one(qonto: Any, paper: Any) -> None:
    key = str(uuid4())
    first = _created(qonto.bulk(("a.pdf", paper("A-1")), keys=[key]))
    qonto.later(29 * 60)
    assert _created(qonto.bulk(("a.pdf", paper("A-1")), keys=[key])) == first
    qonto.later(61)
    second = _created(qonto.bulk(("a.pdf", paper("A-1")), keys=[key]))
    assert second[0]["id"] != first[0]["id"]
    assert sum(invoice["has_duplicates"] for invoice in qonto.listed()) == 2


def test_the_header_key_repeats_the_whole_first_answer(qonto: Any, paper: Any) -> None:
    header = str(uuid4())
    first = qonto.bulk(("a.pdf", paper("A-1")), ("bad.pdf", b"x"), header=header)
    again = qonto.bulk(("c.pdf", paper("C-3")), header=header)
    assert again.json() == first.json()
    qonto.later(1801)
    assert qonto.bulk(("c.pdf", paper("C-3")), header=header).json() != first.json()


def test_a_key_of_a_refused_item_can_be_used_again(qonto: Any, paper: Any) -> None:
    key = str(uuid4())
    assert _errors(qonto.bulk(("a.pdf", b"text"), keys=[key]))
    assert len(_created(qonto.bulk(("a.pdf", paper("A-1")), keys=[key]))) == 1


def test_an_item_can_fail_inside_a_200_before_or_after_it_was_made(qonto: Any, paper: Any) -> None:
    qonto.settings(item_errors=1)
    answer = qonto.bulk(("a.pdf", paper("A-1")), ("b.pdf", paper("B-1")))
    assert _errors(answer) == [("internal_server_error", "/supplier_invoices/0")]
    assert len(qonto.listed()) == 3
    qonto.settings(item_errors_written=1)
    assert _errors(qonto.bulk(("c.pdf", paper("C-1"))))[0][0] == "internal_server_error"
    assert "c.pdf" in {invoice["file_name"] for invoice in qonto.listed()}


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd.pdf", "passwd.pdf"), ("a\\b.pdf", "b.pdf"), ("x" * 300, "x" * 255)],
)
def test_a_file_name_is_a_label_and_no_path(qonto: Any, paper: Any, given: str, kept: str) -> None:
    assert _created(qonto.bulk((given, paper("A-1"))))[0]["file_name"] == kept
