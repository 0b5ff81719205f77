"""With the real stand-ins: a person corrects records, and nothing is posted twice or changed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from builders.day import Day
from well.sandbox.serve import Sandbox


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with Sandbox(["quickbooks", "qonto"], tmp_path / "standins", bills=60) as sandbox:
        made = Day(tmp_path, sandbox)
        yield made
        made.product.stop()


def _first(day: Day, listing: str, page: str) -> str:
    """The address of the first record that a list links to on `page`."""
    found = re.search(rf"/w/{day.workspace}/{page}/([0-9a-f-]{{36}})/", _get(day, listing))
    assert found is not None, listing
    return found[1]


def _get(day: Day, path: str) -> str:
    return str(day.person._open(f"{day.product.base}/w/{day.workspace}/{path}").text)


def _send(day: Day, path: str, action: str, **typed: str) -> httpx.Response:
    page = day.person._open(f"{day.product.base}/w/{day.workspace}/{path}")
    return day.person._submit(page, action, **typed)


def _states(status: dict[str, Any]) -> dict[str, str]:
    return {f"{r['stream']}/{r['source_id']}": r["state"] for r in status["records"]}


@pytest.mark.slow
def test_corrections_go_through_and_a_posted_record_is_held_and_restored(day: Day) -> None:
    day.person.create_flow(day.workspace)
    before = _states(day.settle())
    there = len(day.entries())
    reviewed = _first(day, "queue/?tab=review", "review")
    _send(day, f"review/{reviewed}/correct", "", number="CORRECTED-1", credit_note="")
    posted = _first(day, "records/?state=posted", "records")
    amounts = {"net_total": "", "tax_total": "", "gross_total": "7777.00", "credit_note": ""}
    _send(day, f"review/{posted}/correct", "", **amounts)
    after = _states(day.settle())
    changed = sorted(after[key] for key in after if after[key] != before[key])
    assert "held" in changed and "failed" not in changed
    assert "CORRECTED-1" in _get(day, f"records/{reviewed}/")
    assert len(day.entries()) <= there + 1, "at most the corrected one is posted"
    _send(day, f"review/{posted}/", "/correct/undo")
    restored = _states(day.settle())
    assert {restored[key] for key, state in before.items() if state == "posted"} == {"posted"}
    result = day.score(day.settle(), act=1)
    assert (result["duplicates"], result["lost"]) == (0, 0), result
