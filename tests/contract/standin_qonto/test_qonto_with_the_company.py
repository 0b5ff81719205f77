"""Contract: the stand-in with the invented company of 120 bills: its entries, its pages."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from well.sandbox.analysis import analyse
from well.sandbox.world import World, build_world

pytestmark = pytest.mark.slow
CLEAN = {"normal", "recurring", "facturx", "no_file"}


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(120, 5, date(2026, 11, 21))


def test_its_entries_are_listed_and_their_files_can_be_fetched(house: Any, world: World) -> None:
    qonto = house.start(world)
    expected = {entry["id"]: entry for entry in world.qonto_entries()}
    listed = qonto.listed()
    assert {invoice["id"] for invoice in listed} == set(expected) and expected
    for invoice in listed[:5]:
        told = expected[invoice["id"]]
        assert invoice["invoice_number"] == told["invoice_number"]
        link = qonto.get(f"/v2/attachments/{invoice['attachment_id']}").json()["attachment"]
        assert qonto.http.get(link["url"]).content == world.file(told["_file"])[2]


def test_clean_pages_are_read_right_or_not_at_all_and_mostly_right(world: World) -> None:
    scenario = {(r["entity"], r["id"]): r["scenario"] for r in world.truth()["records"]}
    objects = list(world.quickbooks_objects())
    bills = {body["Id"]: body for entity, body in objects if entity == "Bill"}
    buyer = (world.company["CompanyName"], world.company["LegalName"])
    verdicts: Counter[str] = Counter()
    wrong = []
    for entity, file in objects:
        refs = file.get("AttachableRef", []) if entity == "Attachable" else []
        for ref in (r["EntityRef"] for r in refs):
            bill = bills.get(ref["value"]) if ref["type"] == "Bill" else None
            if bill is None or scenario["Bill", bill["Id"]] not in CLEAN:
                continue
            reading = analyse(world.file(file["Id"])[2], buyer)
            issued = reading.issue_date and reading.issue_date.isoformat()
            pairs = (
                ("number", reading.number, bill.get("DocNumber")),
                ("total", reading.gross, bill["TotalAmt"]),
                ("date", issued, bill["TxnDate"]),
            )
            for name, value, meant in pairs:
                verdicts["nothing" if value is None else "right"] += 1
                if value is not None and value != meant:
                    wrong.append((name, file["Id"], value, meant))
    assert wrong == []
    assert verdicts["right"] > 100 and verdicts["nothing"] <= 0.05 * verdicts["right"]
