"""What Well makes of FreshBooks' answers: times without a zone, entries, errors in two forms."""

from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.connectors import NOW
from well.connectors.freshbooks.limits import failure_of, troubles
from well.connectors.freshbooks.mapping import bill_of, expense_of, vendor_of
from well.connectors.freshbooks.times import eastern, universal, updated_min
from well.connectors.http import Answer
from well.domain.failure import Failed, FailureKind
from well.domain.money import Money

EXPENSE: dict[str, Any] = {
    "id": 43221133,
    "amount": {"amount": "1284.00", "code": "EUR"},
    "date": "2026-04-22",
    "has_receipt": True,
    "isduplicate": False,
    "notes": "INV-2026-04-100",
    "status": 1,
    "taxAmount1": {"amount": "256.80", "code": "EUR"},
    "taxAmount2": None,
    "updated": "2026-11-20 10:00:00",
    "vendor": "Algolia SAS",
    "vis_state": 0,
}
BILL: dict[str, Any] = {
    "id": 88112,
    "bill_number": "INV-2026-04-100",
    "vendorid": 1563,
    "issue_date": "2026-04-22",
    "due_date": "2026-05-22",
    "status": "unpaid",
    "amount": {"amount": "1027.20", "code": "EUR"},
    "tax_amount": {"amount": "256.80", "code": "EUR"},
    "total_amount": {"amount": "1284.00", "code": "EUR"},
    "attachment": None,
    "created_at": "2026-04-22 09:10:11",
    "updated_at": "2026-04-23 09:10:11",
    "vis_state": 0,
}


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("2026-11-20 10:00:00", utc(2026, 11, 20, 15)),
        ("2026-07-20 10:00:00", utc(2026, 7, 20, 14)),
        ("2026-11-01 00:59:59", utc(2026, 11, 1, 4, 59, 59)),
        # The hour that comes twice is read as its second pass.
        ("2026-11-01 01:00:00", utc(2026, 11, 1, 6)),
        ("2026-11-01 01:59:59", utc(2026, 11, 1, 6, 59, 59)),
        ("2026-11-01 02:00:00", utc(2026, 11, 1, 7)),
        ("2026-03-08 01:59:59", utc(2026, 3, 8, 6, 59, 59)),
        ("2026-03-08 03:00:00", utc(2026, 3, 8, 7)),
    ],
)
def test_expenses_tell_the_time_of_new_york(told: str, meant: datetime) -> None:
    assert eastern(told) == meant


def test_bills_tell_utc_and_other_forms_are_no_time() -> None:
    assert universal("2026-07-20 10:00:00") == utc(2026, 7, 20, 10)
    for odd in ("2026-07-20T10:00:00Z", "2026-13-20 10:00:00", "", None, 5, "2026-07-20"):
        assert eastern(odd) is None and universal(odd) is None


def test_expenses_are_asked_from_a_day_before_the_overlap() -> None:
    # 06:30 UTC less two hours is 00:30 in New York (summer), and the day before that is asked.
    assert updated_min(utc(2026, 7, 20, 6, 30)) == date(2026, 7, 19)
    assert updated_min(utc(2026, 7, 20, 6, 0)) == date(2026, 7, 19)
    assert updated_min(utc(2026, 7, 20, 5, 59)) == date(2026, 7, 18)


def test_an_expense_is_an_entry() -> None:
    entry = expense_of(EXPENSE, "", NOW)
    assert entry.id == "43221133" and entry.supplier_name == "Algolia SAS"
    assert entry.gross_total == Money(128400, "EUR") and entry.tax_total == Money(25680, "EUR")
    assert entry.invoice_number == "INV-2026-04-100" and entry.issue_date == date(2026, 4, 22)
    assert entry.updated_at == utc(2026, 11, 20, 15) and entry.status == "outstanding"
    assert entry.attachment_id and not entry.deleted and not entry.credit_note


def test_notes_are_a_number_only_where_they_look_like_one() -> None:
    for notes, number in (
        ("FA 2502-0221", "FA 2502-0221"),
        ("to 2502-0221", None),
        ("ABCDEF 2502-0221", None),
        ("INV-7", "INV-7"),
        ("Search, April", None),
        ("April", None),
        ("12", None),
        ("123", "123"),
        ("see INV-7", None),
        (None, None),
    ):
        entry = expense_of({**EXPENSE, "notes": notes}, "", NOW)
        assert (entry.invoice_number, entry.file_name) == (number, notes or "")


def test_two_taxes_are_one_and_a_negative_expense_is_a_credit() -> None:
    body = {
        **EXPENSE,
        "amount": {"amount": "-12.00", "code": "CAD"},
        "taxAmount1": {"amount": "-0.60", "code": "CAD"},
        "taxAmount2": {"amount": "-0.84", "code": "CAD"},
    }
    entry = expense_of(body, "", NOW)
    assert entry.credit_note and entry.gross_total == Money(1200, "CAD")
    assert entry.tax_total == Money(144, "CAD")


@pytest.mark.parametrize(("state", "deleted"), [(0, False), (1, True), (2, False), (None, False)])
def test_a_deleted_entry_is_told_as_deleted(state: object, deleted: bool) -> None:
    assert expense_of({**EXPENSE, "vis_state": state}, "", NOW).deleted is deleted
    assert bill_of({**BILL, "vis_state": state}, {}, "", NOW).deleted is deleted


def test_a_bill_is_an_entry_with_the_name_of_its_vendor() -> None:
    entry = bill_of(BILL, {"1563": "Algolia SAS"}, "https://app.example.com", NOW)
    assert entry.id == "bill-88112" and entry.supplier_name == "Algolia SAS"
    assert entry.gross_total == Money(128400, "EUR") and entry.due_date == date(2026, 5, 22)
    assert entry.created_at == utc(2026, 4, 22, 9, 10, 11)
    assert entry.updated_at == utc(2026, 4, 23, 9, 10, 11)
    told = bill_of({**BILL, "vendor": {"vendor_name": "Other"}}, {}, "", NOW)
    assert told.supplier_name == "Other"
    assert bill_of(BILL, {}, "", NOW).supplier_name is None


@given(
    st.dictionaries(
        st.sampled_from(sorted({**EXPENSE, **BILL, "vendor_name": 0})),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner),
            max_leaves=4,
        ),
    )
)
def test_whatever_a_row_holds_it_is_an_entry_or_a_sentence(row: dict[str, Any]) -> None:
    for reading in (
        lambda: expense_of(row, "", NOW),
        lambda: bill_of(row, {}, "", NOW),
        lambda: vendor_of(row),
    ):
        try:
            reading()
        except Failed as failed:
            assert failed.failure.kind is FailureKind.TRANSIENT


def answer(status: int, **headers: str) -> Answer:
    return Answer(status, httpx.Headers(headers), b"")


OLD = {"response": {"errors": [{"errno": 1012, "field": "id", "message": "Expense not found."}]}}
NEW = {
    "code": 5,
    "message": "Request failed with status_code: 404",
    "details": [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "1012",
            "metadata": {"message": "Expense not found.", "field": "id"},
        }
    ],
}


@pytest.mark.parametrize("body", [OLD, NEW])
@pytest.mark.parametrize("status", [200, 404, 422])
def test_both_forms_of_an_error_are_a_refusal_whatever_the_status(body: Any, status: int) -> None:
    failed = failure_of(answer(status), body, NOW)
    assert failed is not None and failed.failure.kind is FailureKind.REJECTED
    assert "Expense not found." in failed.failure.sentence


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"error": "unauthenticated", "error_description": "no"}, FailureKind.GRANT_LOST),
        (403, {"errno": 403, "message": "insufficient_scope"}, FailureKind.GRANT_LOST),
        (403, {"response": {"errors": [{"errno": 1038, "message": "x"}]}}, FailureKind.BUG),
        (408, None, FailureKind.TRANSIENT),
        (429, None, FailureKind.RATE_LIMITED),
        (400, None, FailureKind.REJECTED),
        (500, {"message": "x", "code": 13}, FailureKind.TRANSIENT),
        (502, None, FailureKind.TRANSIENT),
        (302, None, FailureKind.REJECTED),
    ],
)
def test_each_answer_that_is_no_result_has_its_kind(
    status: int, body: Any, kind: FailureKind
) -> None:
    failed = failure_of(answer(status), body, NOW)
    assert failed is not None and failed.failure.kind is kind


def test_a_limit_waits_as_long_as_it_says_else_half_a_minute() -> None:
    told = failure_of(answer(429, **{"Retry-After": "7"}), None, NOW)
    silent = failure_of(answer(429), None, NOW)
    assert told is not None and silent is not None
    waits = [f.failure.retry_at - NOW for f in (told, silent) if f.failure.retry_at]
    assert [wait.total_seconds() for wait in waits] == [7, 30]


def test_a_result_without_errors_is_none() -> None:
    assert failure_of(answer(200), {"response": {"result": {"expenses": []}}}, NOW) is None
    assert troubles({"response": {"errors": []}}) == []
