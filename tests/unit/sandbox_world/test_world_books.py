"""The invented books: repeatable, adding up, inside their window, with every kind of mess.

Invariant: checked on the bodies a client would get, not on the plan behind them.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from well.sandbox.world import World, build_world
from well.sandbox.world.judgement import AFTER, STATES, VERDICTS

TODAY = date(2026, 11, 21)
Bodies = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(600, 7, TODAY)


@pytest.fixture(scope="module")
def bodies(world: World) -> Bodies:
    found: Bodies = {}
    for entity, body in world.quickbooks_objects():
        found.setdefault(entity, []).append(body)
    return found


def _values(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _values(part)
    elif isinstance(value, list):
        for part in value:
            yield from _values(part)
    else:
        yield value


def test_the_same_arguments_give_the_same_world() -> None:
    one, two = build_world(120, 5, TODAY), build_world(120, 5, TODAY)
    assert list(one.quickbooks_objects()) == list(two.quickbooks_objects())
    assert list(one.qonto_entries()) == list(two.qonto_entries())
    assert one.second_act() == two.second_act()
    assert one.truth() == two.truth()


def test_another_seed_gives_another_world() -> None:
    one, two = build_world(60, 5, TODAY), build_world(60, 6, TODAY)
    assert list(one.quickbooks_objects()) != list(two.quickbooks_objects())


def test_every_entity_of_the_flow_is_there(bodies: Bodies) -> None:
    wanted = {
        "Vendor", "Customer", "Account", "TaxCode", "TaxRate", "Bill", "VendorCredit", "Purchase",
        "PurchaseOrder", "Payment", "BillPayment", "Invoice", "SalesReceipt", "CreditMemo",
        "Attachable",
    }  # fmt: skip
    assert set(bodies) == wanted
    assert len(bodies["Bill"]) == 600
    assert len(bodies["Vendor"]) >= 60
    assert any(body["AccountType"] == "Bank" for body in bodies["Account"])
    assert any(body["Credit"] for body in bodies["Purchase"])


def test_no_float_is_in_any_body(world: World) -> None:
    for _, body in world.quickbooks_objects():
        assert not any(isinstance(value, float) for value in _values(body))


def test_lines_and_tax_add_up_to_the_total(bodies: Bodies) -> None:
    for body in bodies["Bill"] + bodies["VendorCredit"]:
        lines = sum((line["Amount"] for line in body["Line"]), Decimal(0))
        assert lines + body["TxnTaxDetail"]["TotalTax"] == body["TotalAmt"]
        assert body["Balance"] in (Decimal(0), body["TotalAmt"])


def test_transaction_ids_are_given_once(bodies: Bodies) -> None:
    lists = {"Vendor", "Customer", "Account", "TaxCode", "TaxRate", "Attachable"}
    ids = [b["Id"] for entity, many in bodies.items() if entity not in lists for b in many]
    assert len(set(ids)) == len(ids)
    files = [body["Id"] for body in bodies["Attachable"]]
    assert len(set(files)) == len(files)


def test_references_point_to_records_that_exist(bodies: Bodies) -> None:
    known = {entity: {body["Id"] for body in many} for entity, many in bodies.items()}
    for bill in bodies["Bill"]:
        assert bill["VendorRef"]["value"] in known["Vendor"]
        assert bill["APAccountRef"]["value"] in known["Account"]
        for link in bill["LinkedTxn"]:
            target = {"PurchaseOrder": "PurchaseOrder", "BillPaymentCheck": "BillPayment"}
            assert link["TxnId"] in known[target[link["TxnType"]]]
        for line in bill["Line"]:
            assert line["AccountBasedExpenseLineDetail"]["TaxCodeRef"]["value"] in known["TaxCode"]
    for file in bodies["Attachable"]:
        ref = file["AttachableRef"][0]["EntityRef"]
        assert ref["value"] in known[ref["type"]]


def test_a_payment_is_the_sum_of_what_it_pays(bodies: Bodies) -> None:
    bills = {body["Id"]: body for body in bodies["Bill"]}
    for payment in bodies["BillPayment"]:
        paid = [bills[line["LinkedTxn"][0]["TxnId"]] for line in payment["Line"]]
        assert payment["TotalAmt"] == sum(bill["TotalAmt"] for bill in paid)
        assert all(bill["Balance"] == 0 for bill in paid)


def test_no_stamp_lies_in_the_future_and_offsets_are_pacific(world: World) -> None:
    for _, body in world.quickbooks_objects():
        for name in ("CreateTime", "LastUpdatedTime"):
            moment = datetime.fromisoformat(body["MetaData"][name])
            assert moment < datetime(2026, 11, 21, tzinfo=UTC)
            assert moment.utcoffset() in (timedelta(hours=-7), timedelta(hours=-8))


def test_only_the_old_bills_are_older_than_three_years(world: World, bodies: Bodies) -> None:
    old = {r["id"] for r in world.truth()["records"] if r["scenario"] == "outside_window"}
    start = (TODAY - timedelta(days=3 * 365)).isoformat()
    for entity, many in bodies.items():
        for body in many:
            if "TxnDate" in body:
                assert (body["TxnDate"] < start) == (entity == "Bill" and body["Id"] in old)


def test_six_hundred_bills_have_every_scenario_and_change(world: World) -> None:
    records = world.truth()["records"]
    assert {record["scenario"] for record in records} == set(VERDICTS)
    assert {r.get("change") for r in records} >= {*AFTER, "paid"}
    shares = Counter(record["scenario"] for record in records)
    assert shares["huge"] == shares["text_file"] == 1
    clean = sum(bool(record["postable"]) for record in records)
    assert 0.85 < clean / len(records) < 0.97


@pytest.mark.parametrize("seed", range(5))
def test_sixty_bills_have_every_scenario_already(seed: int) -> None:
    records = build_world(60, seed, TODAY).truth()["records"]
    assert {record["scenario"] for record in records} == set(VERDICTS)
    assert sum(r["entity"] == "Bill" and r["act"] == 1 for r in records) == 60


@pytest.mark.parametrize("bills", [0, 1, 2, 9, 33])
def test_tiny_worlds_are_whole_too(bills: int) -> None:
    world = build_world(bills, 4, TODAY)
    counts = Counter(entity for entity, _ in world.quickbooks_objects())
    assert counts["Bill"] == bills
    world.second_act()


def test_fewer_than_no_bills_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 0"):
        build_world(-1, 1, TODAY)


def test_the_truth_counts_what_the_books_hold(world: World, bodies: Bodies) -> None:
    truth = world.truth()
    outside = sum(r["scenario"] == "outside_window" for r in truth["records"])
    counted = {entity: len(many) for entity, many in bodies.items()}
    counted["Bill"] -= outside
    assert truth["expected"] == counted
    for record in truth["records"]:
        assert set(record["ok"]) <= set(STATES)


def test_recurring_bills_have_equal_amounts_and_different_numbers(bodies: Bodies) -> None:
    by_vendor: dict[str, list[dict[str, Any]]] = {}
    for bill in bodies["Bill"]:
        by_vendor.setdefault(bill["VendorRef"]["value"], []).append(bill)
    rows = [
        bills for bills in by_vendor.values()
        if len(bills) > 20 and Counter(b["TotalAmt"] for b in bills).most_common(1)[0][1] > 20
    ]  # fmt: skip
    assert len(rows) >= 3
    for bills in rows:
        numbers = Counter(bill.get("DocNumber") for bill in bills)
        assert len(numbers) > len(bills) * 0.85


def test_foreign_bills_carry_a_rate_and_a_home_balance(bodies: Bodies) -> None:
    currencies = {bill["CurrencyRef"]["value"] for bill in bodies["Bill"]}
    assert {"EUR", "USD", "GBP", "JPY"} <= currencies
    for bill in bodies["Bill"]:
        if bill["CurrencyRef"]["value"] != "EUR":
            assert bill["ExchangeRate"] != 1
            assert "HomeBalance" in bill
        if bill["CurrencyRef"]["value"] == "JPY":
            assert bill["TotalAmt"] == bill["TotalAmt"].to_integral_value()
        assert len(bill.get("DocNumber", "")) <= 21


def test_second_act_changes_only_what_it_says(world: World, bodies: Bodies) -> None:
    before = {body["Id"]: body for body in bodies["Bill"]}
    changes = {r["id"]: r.get("change") for r in world.truth()["records"]}
    for op, entity, body in world.second_act():
        if op == "delete":
            assert changes[body["Id"]] == "deleted"
        if op != "update" or entity != "Bill":
            continue
        old, change = before[body["Id"]], changes[body["Id"]]
        assert (body["TotalAmt"] != old["TotalAmt"]) == (change == "amount")
        assert (body["DocNumber"] != old["DocNumber"]) == (change == "number")
        assert (body["Balance"] == 0) == (change == "paid")


def test_second_act_creates_nothing_that_was_there(world: World, bodies: Bodies) -> None:
    known = {(entity, body["Id"]) for entity, many in bodies.items() for body in many}
    made = [(entity, body["Id"]) for op, entity, body in world.second_act() if op == "create"]
    assert len(set(made)) == len(made)
    assert not known & set(made)
    assert {entity for entity, _ in made} == {"Bill", "BillPayment", "Attachable"}


def test_entries_at_the_target_have_the_published_shape(world: World) -> None:
    entries = list(world.qonto_entries())
    assert len({entry["id"] for entry in entries}) == len(entries) > 20
    unread = [entry for entry in entries if entry["analyzed_at"] is None]
    assert unread
    for entry in entries:
        assert entry["created_at"].endswith("Z")
        if entry["analyzed_at"]:
            assert isinstance(entry["total_amount"]["value"], str)
        else:
            assert entry["invoice_number"] is entry["total_amount"] is None


@pytest.mark.slow
def test_ten_thousand_bills_are_planned_in_seconds() -> None:
    world = build_world(10_000, 1, TODAY)
    counts = Counter(entity for entity, _ in world.quickbooks_objects())
    assert counts["Bill"] == 10_000
    assert counts["Vendor"] >= 1000
