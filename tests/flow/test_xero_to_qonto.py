"""Whole days of Xero -> Qonto through the real product: consents at the pages, syncs, the score."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from builders.day import Day
from builders.product import Product
from well.cli.demo_person import Person
from well.sandbox.serve import Sandbox
from well.sandbox.world import score

pytestmark = pytest.mark.slow
ENTITIES = {
    "accounts": "Account",
    "tax_rates": "TaxRate",
    "tracking_categories": "TrackingCategory",
    "contacts": "Contact",
    "attachments": "Attachment",
    "purchase_orders": "PurchaseOrder",
    "bills": "Invoice",
    "credit_notes": "CreditNote",
    "bank_transactions": "BankTransaction",
    "sales_invoices": "Invoice",
    "sales_credit_notes": "CreditNote",
    "payments": "Payment",
}
FREE = {"requests_per_minute": 100_000, "concurrent": 50, "requests_per_day": 1_000_000}


class XeroDay(Day):
    """The product between Xero's and Qonto's stand-ins, connected."""

    def __init__(self, folder: Path, sandbox: Sandbox, rest: str) -> None:
        self.sandbox = sandbox
        self.admin("xero", "settings", FREE)
        addresses = sandbox.addresses
        unused = {"quickbooks": addresses["qonto"]}
        self.product = Product(folder / "well", addresses | unused, settings(addresses, rest))
        self.product.data.mkdir()
        self.product.command("migrate")
        made = self.product.command("workspace", "create", "Day", "--owner", "day@example.com")
        self.workspace, link = made.split()[1], made.split()[-1]
        self.before = len(self.entries())
        self.product.start()
        self.product.wait_until_served()
        self.person = Person(self.product.base)
        self.person.sign_in(link)
        for connector in ("xero", "qonto"):
            self.person.connect(self.workspace, connector)

    def score(self, status: dict[str, Any], act: int) -> dict[str, Any]:
        """Against the truth, in Xero's words."""
        cases = [
            {
                "entity": ENTITIES[row["stream"]],
                "id": row["source_id"],
                "state": row["state"],
                "by": row["by"],
                "entry": row["entry"] or None,
            }
            for row in status["records"]
        ]
        return score(self.sandbox.truth("xero"), cases, self.entries(), self.before, act=act)


def settings(addresses: dict[str, Any], rest: str) -> dict[str, str]:
    """What points the product at Xero's stand-in."""
    at = addresses["xero"]
    return {
        "WELL_XERO_API": at["api"],
        "WELL_XERO_MCP": at["mcp"],
        "WELL_XERO_AUTHORITIES": at["issuer"],
        "WELL_XERO_REST": rest,
        "WELL_XERO_PER_MINUTE": "100000",
        "WELL_XERO_PER_DAY": "1000000",
        "WELL_XERO_APP": at["api"],
    }


@contextmanager
def day(folder: Path, rest: str, bills: int) -> Iterator[XeroDay]:
    with Sandbox(["xero", "qonto"], folder / "standins", bills=bills) as sandbox:
        made = XeroDay(folder, sandbox, rest)
        try:
            yield made
        finally:
            made.product.stop()


def test_bills_of_xero_reach_qonto_once_and_the_next_day_as_well(tmp_path: Path) -> None:
    with day(tmp_path, "same", bills=100) as it:
        it.person.create_flow(it.workspace)
        first = it.score(it.settle(300), act=1)
        assert (first["duplicates"], first["lost"], first["wrong"]) == (0, 0, []), first
        assert first["by_outcome"]["posted"] > 70 and first["by_outcome"]["linked"] > 0, first
        it.admin("xero", "second-act")
        it.person.sync_now(it.workspace)
        second = it.score(it.settle(300), act=2)
        assert (second["duplicates"], second["lost"], second["wrong"]) == (0, 0, []), second


def test_by_the_tools_alone_every_bill_arrives_and_waits_for_a_person(tmp_path: Path) -> None:
    with day(tmp_path, "off", bills=40) as it:
        it.person.create_flow(it.workspace)
        status = it.settle(300)
        states = {r["source_id"]: r["state"] for r in status["records"] if r["stream"] == "bills"}
        truth = it.sandbox.truth("xero")["records"]
        wanted = {r["id"] for r in truth if r["entity"] == "Invoice" and r.get("in_window", True)}
        assert {id for id in wanted if id in states} == set(states)
        assert set(states.values()) <= {"review", "refused"}, states
        assert len(it.entries()) == it.before
