"""Bad days: storms of 429 and 500, a revoked grant, a reconnect. Nothing lost, nothing doubled."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from builders.product import Product
from well.cli.demo_person import Person
from well.cli.demo_score import outcomes_of
from well.sandbox.serve import Sandbox
from well.sandbox.world import score

BILLS = 60


class Day:
    """One product with its stand-ins, connected."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.product = Product(folder / "well", sandbox.addresses)
        self.product.data.mkdir()
        self.product.command("migrate")
        made = self.product.command("workspace", "create", "Day", "--owner", "day@example.com")
        self.workspace, link = made.split()[1], made.split()[-1]
        self.before = len(self.entries())
        self.product.start()
        self.product.wait_until_served()
        self.person = Person(self.product.base)
        self.person.sign_in(link)
        for connector in ("quickbooks", "qonto"):
            self.person.connect(self.workspace, connector)

    def admin(self, name: str, path: str, body: dict[str, Any] | None = None) -> None:
        """Ask a stand-in's admin port."""
        address = f"{self.sandbox.addresses[name]['admin']}/_admin/{path}"
        httpx.post(address, json=body or {}, timeout=60).raise_for_status()

    def entries(self) -> list[dict[str, Any]]:
        """What the target holds."""
        admin = self.sandbox.addresses["qonto"]["admin"]
        entries: list[dict[str, Any]] = httpx.get(f"{admin}/_admin/entries").json()
        return entries

    def settle(self, seconds: float = 120) -> dict[str, Any]:
        """Wait until no flow is syncing; the status then."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status = self.product.status()
            if status["flows"] and not any(flow["syncing"] for flow in status["flows"]):
                return status
            time.sleep(0.5)
        raise AssertionError(status)

    def score(self, status: dict[str, Any], act: int) -> dict[str, Any]:
        """Against the truth."""
        cases = outcomes_of(status["records"])
        return score(self.sandbox.truth(), cases, self.entries(), self.before, act=act)


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with Sandbox(["quickbooks", "qonto"], tmp_path / "standins", bills=BILLS) as sandbox:
        made = Day(tmp_path, sandbox)
        yield made
        made.product.stop()


@pytest.mark.slow
def test_storms_pass_and_a_revoked_grant_stops_until_the_owner_reconnects(day: Day) -> None:
    storm = {"mode": "rate_limit", "count": 3, "retry_after": 1}
    day.admin("quickbooks", "faults", {**storm, "path": "/v3"})
    day.admin("qonto", "faults", {**storm, "path": "/v2/supplier_invoices/bulk"})
    day.admin("quickbooks", "faults", {"mode": "error_before", "count": 2, "path": "/v3"})
    after = {"mode": "error_after", "count": 2, "path": "/v2/supplier_invoices/bulk"}
    day.admin("qonto", "faults", after)
    day.person.create_flow(day.workspace)
    result = day.score(day.settle(), act=1)
    assert (result["duplicates"], result["lost"]) == (0, 0), result

    day.admin("quickbooks", "revoke-all")
    day.admin("quickbooks", "second-act")
    day.person.sync_now(day.workspace)
    status = day.settle()
    states = {c["connector"]: c for c in status["flows"][0]["connections"]}
    assert states["quickbooks"]["state"] == "grant_lost"
    assert states["quickbooks"]["failure"]
    assert states["qonto"]["state"] == "connected"
    assert "QuickBooks" in day.person.notices(day.workspace)
    assert day.score(status, act=1)["lost"] == 0

    day.person.connect(day.workspace, "quickbooks")
    time.sleep(2)
    result = day.score(day.settle(), act=2)
    assert (result["duplicates"], result["lost"]) == (0, 0), result
    assert result["auto_precision"] >= 0.99
