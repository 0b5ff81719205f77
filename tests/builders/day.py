"""One product with its stand-ins and a person at its pages, for tests of whole days.

Invariant: everything lives below one folder; whoever makes one stops its product.
"""

import time
from pathlib import Path
from typing import Any

import httpx

from builders.product import Product
from well.cli.demo_person import Person
from well.cli.demo_score import outcomes_of
from well.sandbox.serve import Sandbox
from well.sandbox.world import score


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
