"""A flow is left, taken up, read again and rewound over real stand-ins: each document once."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from builders.day import Day
from well.sandbox.serve import Sandbox

BILLS = 40


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with Sandbox(["quickbooks", "qonto"], tmp_path / "standins", bills=BILLS) as sandbox:
        made = Day(tmp_path, sandbox)
        yield made
        made.product.stop()


def _get(day: Day, path: str) -> httpx.Response:
    return day.person._open(f"{day.product.base}/w/{day.workspace}/{path}")


def _flow_page(day: Day) -> str:
    found = re.search(r'flows/[^/"]+/"', _get(day, "flows/").text)
    assert found is not None
    return found[0][:-1]


def _disconnect(day: Day, connector: str) -> str:
    text = _get(day, "connections/").text
    card = text[text.index(f'id="c-{connector}"') :]
    found = re.search(r'connections/[^/"]+/disconnect', card)
    assert found is not None
    return day.person._submit(_get(day, found[0]), "").text


def _states(status: dict[str, Any]) -> dict[str, str]:
    return {f"{r['stream']}/{r['source_id']}": r["state"] for r in status["records"]}


def _paths(day: Day, connector: str) -> list[str]:
    admin = day.sandbox.addresses[connector]["admin"]
    return [str(row["path"]) for row in httpx.get(f"{admin}/_admin/log").json()]


@pytest.mark.slow
def test_left_and_taken_up_again_read_again_and_rewound(day: Day) -> None:
    day.person.create_flow(day.workspace)
    before = day.settle()
    kept = _states(before)

    said = _disconnect(day, "quickbooks")
    assert "is disconnected." in said
    assert "could not be told" not in said
    assert any("revoke" in path for path in _paths(day, "quickbooks"))
    day.admin("quickbooks", "second-act")
    day.person.sync_now(day.workspace)
    while_gone = day.settle()
    assert _states(while_gone) == kept, "nothing is read, and what waits for a person waits on"
    states = {c["connector"]: c["state"] for c in while_gone["flows"][0]["connections"]}
    assert states == {"quickbooks": "disconnected", "qonto": "connected"}

    day.person.connect(day.workspace, "quickbooks")
    after = day.settle()
    result = day.score(after, act=2)
    assert (result["duplicates"], result["lost"]) == (0, 0), result
    assert len(after["records"]) > len(kept)

    entries = len(day.entries())
    page = _flow_page(day)
    asked = day.person._submit(_get(day, f"{page}again"), "").text
    assert "The history is read again from now on" in asked
    again = day.settle()
    assert (_states(again), len(day.entries())) == (_states(after), entries)

    since = (datetime.now(UTC) - timedelta(days=20)).date().isoformat()
    told = day.person._submit(_get(day, f"{page}rewind?day={since}"), "", day=since).text
    assert "are read again now; nothing is posted twice." in told
    rewound = day.settle()
    assert (_states(rewound), len(day.entries())) == (_states(after), entries)
