"""QuickBooks to Qonto and back by mail: what Well brought to one side never goes back."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.day import Day
from well.pipeline.loops import RULE
from well.sandbox.serve import Sandbox

BILLS = 30


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with Sandbox(["quickbooks", "qonto"], tmp_path / "standins", bills=BILLS) as sandbox:
        made = Day(tmp_path, sandbox)
        yield made
        made.product.stop()


@pytest.mark.slow
def test_a_ring_of_two_flows_carries_nothing_back(day: Day) -> None:
    day.person.create_flow(day.workspace)
    first = day.settle()
    there = {r["entry"] for r in first["records"] if r["entry"]}
    posted = {r["entry"] for r in first["records"] if r["state"] == "posted"}
    linked = {r["entry"] for r in first["records"] if r["state"] == "linked"}
    assert posted and linked

    where = f"{day.product.base}/w/{day.workspace}"
    page = day.person._open(f"{where}/connections/")
    form = re.search(r"connections/[^/\"]+/mail", page.text)
    assert form is not None
    mail = day.person._open(f"{where}/{form[0]}")
    route = {"inbox": "books@qbodocs.com", "sender": "me@acme.example", "way": ""}
    day.person._submit(mail, "", **route)
    day.person.create_flow(day.workspace)
    both = day.settle()
    back = next(f["id"] for f in both["flows"] if f["id"] != first["flows"][0]["id"])

    invoices = [r for r in both["records"] if r["flow"] == back and "invoice" in r["stream"]]
    ours = {r["source_id"]: r for r in invoices if r["source_id"] in there}
    assert set(ours) == there
    assert Counter(r["state"] for r in ours.values()) == {"ignored": len(there)}
    assert all(r["reason"].startswith(RULE) for r in ours.values())
    brought = [r for id, r in ours.items() if id in posted]
    assert all("Well brought this document to Qonto itself" in r["reason"] for r in brought)
    met = [r for id, r in ours.items() if id in linked]
    assert all("it is linked with record" in r["reason"] for r in met)
    assert any(r["state"] != "ignored" for r in invoices), "what Qonto had of its own goes on"
    page = day.person._open(f"{where}/flows/{back}/")
    assert "Your flows form a ring:" in page.text
    assert len(day.entries()) == day.before + len(posted)
