"""Bad days: storms of 429 and 500, a revoked grant, a reconnect. Nothing lost, nothing doubled."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.day import Day
from well.sandbox.serve import Sandbox

BILLS = 60


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
