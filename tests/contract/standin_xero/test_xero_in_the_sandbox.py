"""Xero served by the sandbox: its addresses, its truth, a restart, and the books behind it.

Invariant: checked on what a client or the score would get, not on the plan behind it.
"""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from builders.running_standin import NO_TLS
from well.sandbox.serve import Sandbox, truth_file
from well.sandbox.world import World
from well.sandbox.world.views import truth_as
from well.sandbox.xero.view import VIEW, later, objects

Row = dict[str, Any]


def test_the_sandbox_tells_every_address_and_keeps_a_truth_of_its_own(tmp_path: Path) -> None:
    with Sandbox(["xero", "qonto"], tmp_path, bills=12) as sandbox:
        at = sandbox.addresses["xero"]
        assert set(at) >= {
            "mcp",
            "api",
            "authorize",
            "token",
            "revoke",
            "register",
            "issuer",
            "admin",
            "client_id",
            "client_secret",
        }
        assert at["mcp"] == f"{at['api']}/mcp"
        health = httpx.get(f"{at['admin']}/_admin/health", verify=NO_TLS).json()
        assert health == {"ok": True, "name": "xero"}
        truth = sandbox.truth("xero")
    assert truth["source"] == "xero"
    assert {record["entity"] for record in truth["records"]} <= {"Invoice", "CreditNote"}
    assert truth["expected"]["TaxRate"] == 9
    assert truth_file(tmp_path, "xero").name == "truth-xero.json"


def test_a_restart_goes_on_with_the_same_books_registrations_and_organisations(
    tmp_path: Path,
) -> None:
    seen = []
    for _ in range(2):
        with Sandbox(["xero"], tmp_path, bills=12) as sandbox:
            at = sandbox.addresses["xero"]
            if not seen:
                body = {"redirect_uris": ["http://localhost:9/callback"]}
                assert httpx.post(at["register"], json=body, verify=NO_TLS).status_code == 201
            known = httpx.get(f"{at['admin']}/_admin/registrations", verify=NO_TLS).json()
            seen.append((at, known))
    assert seen[0] == seen[1]


@pytest.fixture(scope="module")
def rows(books: World) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for kind, body in objects(books.quickbooks_objects()):
        found.setdefault(kind, []).append(body)
    return found


def test_every_thing_of_the_books_is_there_once(books: World, rows: dict[str, list[Row]]) -> None:
    there = Counter(entity for entity, _ in books.quickbooks_objects())
    assert len(rows["Invoice"]) == there["Bill"] + there["Invoice"]
    assert len(rows["CreditNote"]) == there["VendorCredit"] + there["CreditMemo"]
    assert len(rows["BankTransaction"]) == there["Purchase"] + there["SalesReceipt"]
    assert len(rows["Contact"]) == there["Vendor"] + there["Customer"]
    assert len(rows["Attachment"]) == there["Attachable"]
    for kind, things in rows.items():
        assert len({VIEW.id_of(kind, body) for body in things}) == len(things)


def test_the_sums_are_those_of_the_books(books: World, rows: dict[str, list[Row]]) -> None:
    totals = Counter(
        (entity, body["TotalAmt"])
        for entity, body in books.quickbooks_objects()
        if entity in ("Bill", "VendorCredit")
    )
    told = Counter(
        ("Bill" if row["Type"] == "ACCPAY" else "VendorCredit", row["Total"])
        for row in (*rows["Invoice"], *rows["CreditNote"])
        if "ACCPAY" in row["Type"]
    )
    assert told == totals
    for row in (*rows["Invoice"], *rows["CreditNote"], *rows["BankTransaction"]):
        assert sum(line["LineAmount"] for line in row["LineItems"]) == row["SubTotal"]
        assert sum(line["TaxAmount"] for line in row["LineItems"]) == row["TotalTax"]
        assert row["SubTotal"] + row["TotalTax"] == row["Total"]
        assert isinstance(row["Total"], Decimal)


def test_payments_name_invoices_that_are_there_and_paid_ones_owe_nothing(
    rows: dict[str, list[Row]],
) -> None:
    invoices = {row["InvoiceID"]: row for row in rows["Invoice"]}
    paid: Counter[str] = Counter()
    for payment in rows["Payment"]:
        of = payment["Invoice"]["InvoiceID"]
        assert payment["Invoice"]["Contact"] == invoices[of]["Contact"]
        paid[of] += payment["Amount"]
    for key, row in invoices.items():
        assert (row["Status"] == "PAID") is (row["AmountDue"] == 0)
        assert row["AmountPaid"] == paid[key]


def test_the_second_act_touches_things_that_are_there(
    books: World, rows: dict[str, list[Row]]
) -> None:
    there = {(kind, VIEW.id_of(kind, body)) for kind, things in rows.items() for body in things}
    steps = list(later(books.second_act()))
    for operation, kind, body in steps:
        known = (kind, VIEW.id_of(kind, body)) in there
        assert known is (operation == "update")
    assert {body.get("Status") for op, _, body in steps if op == "update"} >= {"VOIDED", "PAID"}


def test_the_truth_in_xeros_words_counts_what_a_whole_reading_finds(
    books: World, rows: dict[str, list[Row]]
) -> None:
    truth = truth_as(VIEW, books)
    outside = sum(not record.get("in_window", True) for record in truth["records"])
    # Of the chart of accounts, the product promises to read the bank accounts.
    found = {kind: sum(VIEW.promised(kind, one) for one in things) for kind, things in rows.items()}
    assert truth["expected"] == found | {"Invoice": found["Invoice"] - outside}
    ids = {row["InvoiceID"] for row in rows["Invoice"]}
    ids |= {row["CreditNoteID"] for row in rows["CreditNote"]}
    assert {record["id"] for record in truth["records"] if record["act"] == 1} <= ids
