"""kill -9 at any moment, with the stand-ins cutting connections: nothing lost, nothing doubled."""

import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from builders.product import Product
from well.cli.demo_person import Person
from well.cli.demo_score import outcomes_of
from well.sandbox.serve import Sandbox
from well.sandbox.world import score

BILLS = 600
KILLS = 50
FAULTS = [
    {"mode": "cut_after", "match": {"method": "POST", "path": "/v2/supplier_invoices/bulk"}},
    {"mode": "error_after", "match": {"method": "POST", "path": "/v2/supplier_invoices/bulk"}},
    {"mode": "cut_before", "match": {"method": "GET", "path": "/v"}},
]


def _faults(addresses: dict[str, Any], on: bool) -> None:
    for name in ("quickbooks", "qonto"):
        admin = f"{addresses[name]['admin']}/_admin/faults"
        httpx.delete(admin).raise_for_status()
        for number, fault in enumerate(FAULTS if on else []):
            body = {**fault, "probability": 0.08, "seed": number, "count": 100_000}
            httpx.post(admin, json=body).raise_for_status()


def _unfinished(product: Product) -> bool:
    """Whether the flow's due time still stands, read from the database of the dead process."""
    with closing(sqlite3.connect(product.data / "data-eu.sqlite3")) as database:
        (due,) = database.execute("select due_at from flow").fetchone()
    return datetime.fromisoformat(due).replace(tzinfo=UTC) <= datetime.now(UTC)


def _busy(product: Product) -> bool:
    return any(flow["syncing"] for flow in product.status()["flows"])


@pytest.mark.slow
def test_fifty_kills_during_one_sync_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(20261121)
    with Sandbox(["quickbooks", "qonto"], tmp_path / "standins", bills=BILLS) as sandbox:
        product = Product(tmp_path / "well", sandbox.addresses)
        product.data.mkdir()
        product.command("migrate")
        made = product.command("workspace", "create", "Kill", "--owner", "kill@example.com")
        workspace, link = made.split()[1], made.split()[-1]
        entries = f"{sandbox.addresses['qonto']['admin']}/_admin/entries"
        before = len(httpx.get(entries).json())
        product.start()
        try:
            product.wait_until_served()
            person = Person(product.base)
            person.sign_in(link)
            person.connect(workspace, "quickbooks")
            person.connect(workspace, "qonto")
            _faults(sandbox.addresses, on=True)
            person.create_flow(workspace)
            for number in range(KILLS):
                # Often before it has started, sometimes in the middle of a batch.
                time.sleep(chance.uniform(0.3, 3.2))
                product.kill()
                assert _unfinished(product), f"the sync was over before kill {number}"
                product.start()
            _faults(sandbox.addresses, on=False)
            end = time.monotonic() + 240
            while _busy(product) and time.monotonic() < end:
                time.sleep(1)
            status = product.status()
        finally:
            product.stop()
        result = score(
            sandbox.truth(), outcomes_of(status["records"]), httpx.get(entries).json(), before
        )
    assert result["duplicates"] == 0, result
    assert result["lost"] == 0, result
    assert sum(result["by_outcome"].values()) == result["source_records"] == len(status["records"])
    assert Counter(row["state"] for row in status["records"])["waiting"] == 0
