"""QuickBooks as a target: its books as entries, documents by mail, nothing written."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from builders.connectors import (
    NOW,
    QUICKBOOKS,
    REDIRECT,
    FakeClock,
    MemoryGrants,
    Script,
    body,
    connection,
    grant,
)
from builders.mailed import ROUTE, Postbox, mailed
from well.connectors import quickbooks
from well.connectors.quickbooks.target import SETTLE
from well.domain.entry import TargetEntry
from well.domain.failure import Failed, FailureKind
from well.domain.flow import Connection
from well.domain.marker import Window
from well.domain.money import Money
from well.ports.target import Target

BILL: dict[str, Any] = {
    "Id": "145",
    "MetaData": {
        "CreateTime": "2026-04-22T01:10:05-07:00",
        "LastUpdatedTime": "2026-04-22T01:20:05-07:00",
    },
    "DocNumber": "INV-2026-04-100",
    "TxnDate": "2026-04-22",
    "DueDate": "2026-05-22",
    "CurrencyRef": {"value": "EUR"},
    "VendorRef": {"value": "56", "name": "Algolia SAS"},
    "PrivateNote": "Search, April",
    "TxnTaxDetail": {"TotalTax": 256.80},
    "TotalAmt": 1284.00,
}


def link() -> Connection:
    return connection("quickbooks", "123")


def opened(answer: Any, grants: MemoryGrants | None = None, box: Postbox | None = None) -> Target:
    clock = FakeClock()
    made = quickbooks.connect(
        QUICKBOOKS, REDIRECT, clock, Script([answer]).transport, box or Postbox()
    )
    return made.target(link(), grants or MemoryGrants(grant(clock)))


class Books:
    """Answers queries of one entity with one row, and the change feed with what it is given."""

    def __init__(self, **rows: dict[str, Any]) -> None:
        self.rows = rows
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path.endswith("/cdc"):
            groups = [{name: [row]} for name, row in self.rows.items()]
            return body({"CDCResponse": [{"QueryResponse": groups}]})
        asked = request.url.params["query"].split(" from ")[1].split()[0]
        found = {asked: [self.rows[asked]]} if asked in self.rows else {}
        return body({"QueryResponse": found})


def walked(target: Target, window: Window | None) -> list[TargetEntry]:
    found: list[TargetEntry] = []
    cursor: str | None = None
    while True:
        page = target.entries(window, cursor)
        found += page.entries
        cursor = page.next_cursor
        if cursor is None:
            return found


def test_all_bills_credits_and_purchases_are_mirrored() -> None:
    purchase = {
        **{key: BILL[key] for key in ("MetaData", "TxnDate", "CurrencyRef", "TotalAmt")},
        "Id": "146",
        "EntityRef": {"value": "9", "name": "Café", "type": "Vendor"},
        "Credit": True,
    }
    books = Books(Bill=BILL, VendorCredit={**BILL, "Id": "147"}, Purchase=purchase)
    found = walked(opened(books), None)
    assert [e.id for e in found] == ["bill-145", "vendorcredit-147", "purchase-146"]
    assert [e.credit_note for e in found] == [False, True, True]
    bill = found[0]
    assert bill.gross_total == Money(128400, "EUR") and bill.tax_total == Money(25680, "EUR")
    assert bill.invoice_number == "INV-2026-04-100" and bill.supplier_name == "Algolia SAS"
    assert bill.created_at.isoformat() == "2026-04-22T08:10:05+00:00"
    assert bill.link == "https://app.example.com/app/bill?txnId=145"
    assert found[2].supplier_name == "Café" and found[2].invoice_number is None
    assert {request.method for request in books.requests} == {"GET"}


def test_changes_come_by_the_feed_and_deleted_ones_as_deleted() -> None:
    gone = {"domain": "QBO", "status": "Deleted", "Id": "148", "MetaData": BILL["MetaData"]}
    window = Window(NOW - timedelta(hours=1), NOW)
    found = {e.id: e for e in walked(opened(Books(Bill=gone, Purchase=BILL)), window)}
    assert found["bill-148"].deleted and not found["purchase-145"].deleted


def test_created_since_leaves_out_what_was_only_changed_and_what_is_gone() -> None:
    made = NOW - timedelta(minutes=49, seconds=55)
    assert [e.id for e in opened(Books(Bill=BILL)).created_since(made)] == ["bill-145"]
    assert opened(Books(Bill=BILL)).created_since(made + timedelta(seconds=1)) == []


@pytest.mark.parametrize("wrong", [{}, {"TotalAmt": "NaN"}, {"CurrencyRef": 5}, {"VendorRef": []}])
def test_odd_values_are_none(wrong: dict[str, Any]) -> None:
    bare = {"Id": "1", **wrong}
    entry = walked(opened(Books(Bill=bare)), None)[0]
    assert entry.gross_total is None and entry.supplier_name is None


@pytest.mark.parametrize("cursor", ["x", "[]", "[9,null]", "[0,5]", "{}", '["0",null]'])
def test_a_strange_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Failed):
        opened(body({})).entries(None, cursor)


def test_a_document_goes_by_mail_once_and_nothing_through_the_api() -> None:
    box, clock = Postbox(), FakeClock()
    script = Script([body({})])
    made = quickbooks.connect(QUICKBOOKS, REDIRECT, clock, script.transport, box)
    at = Connection(**{name: getattr(link(), name) for name in link().__slots__} | {"mail": ROUTE})
    sent = made.target(at, MemoryGrants(grant(clock))).send([mailed("p1")])
    assert sent[0].delivery is not None and [x.posting for x in box.letters] == ["p1"]
    assert script.requests == []
    for method in ("POST", "PUT", "DELETE"):
        with pytest.raises(Failed) as caught:
            made._door.check(method, f"{QUICKBOOKS.api}/v3/company/123/bill")
        assert caught.value.failure.kind is FailureKind.BUG


def test_with_a_grant_it_is_seen_and_without_one_it_is_not() -> None:
    seen, blind = opened(body({})).limits, opened(body({}), MemoryGrants(None)).limits
    assert (seen.sees_entries, seen.settle) == (True, SETTLE)
    assert (blind.sees_entries, blind.settle) == (False, 0.0)
    assert not seen.sends_again and seen.batch_max == 1
    target = opened(body({}), MemoryGrants(None))
    assert target.entries(None, None).entries == () and target.created_since(NOW) == []
    assert json.dumps(sorted(seen.takes)) == '["application/pdf", "image/jpeg", "image/png"]'
