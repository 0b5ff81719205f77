"""Many flows at once on the real engine: three in a workspace, two workspaces on the same accounts.

QuickBooks -> Qonto, QuickBooks -> FreshBooks by mail, and Qonto -> QuickBooks by mail, which closes
a ring and whose mailbox takes nothing the whole time. Whether it is right the stand-ins tell.
"""

import asyncio
import json
import re
import smtplib
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from builders.mail_server import Inbox, mail_server
from builders.product import Product
from well.cli.demo_person import Person
from well.cli.demo_score import outcomes_of
from well.pipeline.loops import RULE
from well.sandbox.serve import Sandbox
from well.sandbox.world import score

BILLS = 24
DEAD = "books@qbodocs.com"
MAILED = re.compile(r"\[[A-Z]+-([^\]]+)\]$")
SINCE = re.compile(r"changedSince=([^&]+)")
STANDINS = ["quickbooks", "qonto", "freshbooks"]


class Relay(Inbox):
    """The installation's mail server: hands on to FreshBooks, and has no way to QuickBooks now."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port
        self.down = False
        self.turned_away: list[str] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.recipient_answer = "250 OK"
        if address == DEAD and self.down:
            self.turned_away.append(address)
            self.recipient_answer = "451 4.4.1 No answer from there"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if DEAD not in envelope.rcpt_tos:
            await asyncio.to_thread(self._hand_on, envelope)
        return await super().handle_DATA(server, session, envelope)

    def _hand_on(self, envelope: Envelope) -> None:
        with smtplib.SMTP("127.0.0.1", self._port, timeout=30) as wire:
            wire.sendmail(envelope.mail_from or "", envelope.rcpt_tos, envelope.content or b"")


class House:
    """One installation with its stand-ins, and the people of its workspaces."""

    def __init__(self, folder: Path, sandbox: Sandbox, relay: Relay, port: int) -> None:
        self.sandbox, self.relay = sandbox, relay
        mail = {
            "WELL_MAIL_HOST": "localhost",
            "WELL_MAIL_PORT": str(port),
            "WELL_MAIL_SECURITY": "none",
            "WELL_MAIL_SENDER": sandbox.addresses["freshbooks"]["sender"],
            "WELL_MAIL_PACE": "0",
            "WELL_MAIL_RETRY": "300",
        }
        self.product = Product(folder / "well", sandbox.addresses, mail)
        self.product.data.mkdir()
        self.product.command("migrate")
        self.people: dict[str, tuple[str, Person]] = {}
        made = {name: self._workspace(name) for name in ("One", "Two")}
        free = {"requests_per_minute": 100_000, "read_ms": 100}
        self.admin("freshbooks", "settings", free)
        self.product.start()
        self.product.wait_until_served()
        for name, (workspace, link) in made.items():
            person = Person(self.product.base)
            person.sign_in(link)
            self.people[name] = workspace, person

    def _workspace(self, name: str) -> tuple[str, str]:
        words = ("workspace", "create", name, "--owner", f"{name.lower()}@example.com")
        made = self.product.command(*words)
        return made.split()[1], made.split()[-1]

    def admin(self, name: str, path: str, body: dict[str, Any] | None = None) -> None:
        at = f"{self.sandbox.addresses[name]['admin']}/_admin/{path}"
        httpx.post(at, json=body or {}, timeout=60).raise_for_status()

    def told(self, name: str, path: str) -> list[dict[str, Any]]:
        """What only a stand-in itself knows."""
        at = f"{self.sandbox.addresses[name]['admin']}/_admin/{path}"
        rows: list[dict[str, Any]] = httpx.get(at, timeout=60).raise_for_status().json()
        return rows

    def page(self, name: str, path: str) -> httpx.Response:
        workspace, person = self.people[name]
        return person._open(f"{self.product.base}/w/{workspace}/{path}")

    def connection(self, name: str, connector: str) -> str:
        text = self.page(name, "connections/").text
        card = text[text.index(f'id="c-{connector}"') :]
        found = re.search(r"connections/([^/\"]+)/disconnect", card)
        assert found is not None
        return found[1]

    def mail_to(self, name: str, connector: str, inbox: str) -> None:
        """Say where documents go; the test document that is asked for is said to have arrived."""
        person = self.people[name][1]
        route = f"connections/{self.connection(name, connector)}/mail"
        sender = self.sandbox.addresses["freshbooks"]["sender"]
        form = self.page(name, route)
        saved = person._submit(form, "", inbox=inbox, sender=sender, way="")
        person._submit(saved, "/mail/test")
        person.it_arrived(str(saved.url))

    def flow(self, name: str, source: str, target: str) -> str:
        """Make a flow and start its first sync; its id."""
        person = self.people[name][1]
        both = {"source": self.connection(name, source), "target": self.connection(name, target)}
        made = person._submit(self.page(name, "connections/"), "/flows/new", **both)
        person._submit(made, "/start")
        return str(made.url.path.rstrip("/").split("/")[-1])

    def press(self, name: str, flow: str, button: str) -> None:
        person = self.people[name][1]
        person._submit(self.page(name, f"flows/{flow}/"), f"/{button}")

    def status(self, name: str) -> dict[str, Any]:
        found = json.loads(self.product.command("status", "--json", "--records"))
        return next(w for w in found["workspaces"] if w["name"] == name)

    def settle(
        self, name: str, at_rest: tuple[str, ...] = (), seconds: float = 120
    ) -> dict[str, list[dict[str, Any]]]:
        """Wait until nothing of the workspace is syncing and no record of the flows `at_rest`
        waits; its records by flow."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status = self.status(name)
            waits = [f["states"].get("waiting") for f in status["flows"] if f["id"] in at_rest]
            if not any(waits) and not any(flow["syncing"] for flow in status["flows"]):
                break
            time.sleep(0.3)
        else:
            raise AssertionError(status["flows"])
        flows: dict[str, list[dict[str, Any]]] = {flow["id"]: [] for flow in status["flows"]}
        for row in status["records"]:
            flows[row["flow"]].append(row)
        return flows


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Sandbox(STANDINS, tmp_path / "standins", bills=BILLS) as sandbox:
        relay = Relay(int(sandbox.addresses["freshbooks"]["smtp_port"]))
        with mail_server(relay) as port:
            made = House(tmp_path, sandbox, relay, port)
            try:
                yield made
            finally:
                made.product.stop()


def _connect(house: House, name: str, *connectors: str) -> None:
    workspace, person = house.people[name]
    for connector in connectors:
        person.connect(workspace, connector)


def _qonto_score(house: House, rows: list[dict[str, Any]], before: int, act: int) -> dict[str, Any]:
    entries = house.told("qonto", "entries")
    return score(house.sandbox.truth(), outcomes_of(rows), entries, before, act=act)


def _mailed(house: House) -> Counter[str]:
    """How often each source record was mailed to FreshBooks, as its mailbox knows."""
    subjects = [str(mail["subject"]) for mail in house.told("freshbooks", "mails")]
    return Counter(id for subject in subjects for id in MAILED.findall(subject))


def _posted(rows: list[dict[str, Any]]) -> set[str]:
    return {row["source_id"] for row in rows if row["state"] == "posted"}


def _states(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {f"{row['stream']}/{row['source_id']}": row["state"] for row in rows}


@pytest.mark.slow
def test_flows_share_a_source_and_nothing_else(house: House) -> None:
    before = len(house.told("qonto", "entries"))
    _connect(house, "One", *STANDINS)
    house.mail_to("One", "freshbooks", house.sandbox.addresses["freshbooks"]["inbox"])
    house.mail_to("One", "quickbooks", DEAD)
    house.relay.down = True
    bank = house.flow("One", "quickbooks", "qonto")
    books = house.flow("One", "quickbooks", "freshbooks")
    back = house.flow("One", "qonto", "quickbooks")

    first = house.settle("One", at_rest=(bank, books))
    result = _qonto_score(house, first[bank], before, act=1)
    assert (result["duplicates"], result["lost"]) == (0, 0), result
    assert result["by_outcome"]["posted"] > 5 and result["by_outcome"]["linked"] > 0, result
    mailed = _mailed(house)
    assert set(mailed.values()) == {1} and set(mailed) == _posted(first[books])
    assert {r["source_id"] for r in first[bank]} == {r["source_id"] for r in first[books]}

    read = len(house.told("quickbooks", "log"))
    _assert_another_workspace_is_apart(house, first)
    others = slice(read, len(house.told("quickbooks", "log")))

    house.press("One", books, "pause")
    house.admin("quickbooks", "second-act")
    house.press("One", bank, "sync")
    second = house.settle("One", at_rest=(bank,))
    result = _qonto_score(house, second[bank], before, act=2)
    assert (result["duplicates"], result["lost"]) == (0, 0), result
    assert _mailed(house) == mailed, "what is paused sends nothing"
    house.press("One", books, "pause")
    house.press("One", back, "sync")
    third = house.settle("One", at_rest=(bank, books))
    mailed = _mailed(house)
    assert set(mailed.values()) == {1} and set(mailed) >= _posted(third[books])
    assert _states(third[books]).keys() == _states(third[bank]).keys(), "it found the day it missed"
    assert len(_states(third[books])) > len(_states(first[books]))
    _assert_the_source_was_read_for_all(house, others)
    _assert_nothing_went_round(house, third, bank, back)
    _assert_a_source_that_rests_holds_up_nobody(house, bank, books)


def _assert_the_source_was_read_for_all(house: House, others: slice) -> None:
    """But for what another workspace asked: each window of changes begins where the last one
    ended, whichever flow read it, and no file was fetched twice. (The history is asked for by each
    flow: it may reach further back.)"""
    asked = house.told("quickbooks", "log")
    del asked[others]
    # As a target QuickBooks is asked for its entries alone.
    changes = [row["query"] for row in asked if row["path"].endswith("/cdc")]
    since = [SINCE.findall(query)[0] for query in changes if "Customer" in query]
    assert len(since) >= 4 and since == sorted(set(since)), since
    files = Counter(row["path"] for row in asked if row["path"].startswith("/_files/"))
    assert files and set(files.values()) == {1}, files


def _assert_nothing_went_round(
    house: House, flows: dict[str, list[dict[str, Any]]], bank: str, back: str
) -> None:
    """What Well brought to Qonto is not carried on, and a dead mailbox holds up its own flow."""
    brought = {row["entry"] for row in flows[bank] if row["state"] == "posted"}
    ours = [row for row in flows[back] if row["source_id"] in brought]
    assert {row["source_id"] for row in ours} == brought
    assert all(row["state"] == "ignored" and row["reason"].startswith(RULE) for row in ours)
    assert house.relay.turned_away, "it was tried"
    assert not [row for row in flows[back] if row["state"] in ("posted", "failed")]
    assert [row for row in flows[back] if row["state"] == "waiting"], "it is kept for later"


def _assert_another_workspace_is_apart(
    house: House, known: dict[str, list[dict[str, Any]]]
) -> None:
    """The same accounts in another workspace: it finds everything there, adds nothing, and neither
    sees the other."""
    entries = len(house.told("qonto", "entries"))
    _connect(house, "Two", "quickbooks", "qonto")
    flow = house.flow("Two", "quickbooks", "qonto")
    (rows,) = house.settle("Two", at_rest=(flow,)).values()
    assert len(house.told("qonto", "entries")) == entries
    assert not _posted(rows) and {row["flow"] for row in rows} == {flow}
    after = house.settle("One")
    assert {id: _states(some) for id, some in after.items()} == {
        id: _states(some) for id, some in known.items()
    }


def _assert_a_source_that_rests_holds_up_nobody(house: House, bank: str, books: str) -> None:
    """QuickBooks wants an hour: runs end at once, and what a person approves is posted."""
    limit = {"mode": "rate_limit", "count": 1000, "retry_after": 3600, "path": "/v3"}
    house.admin("quickbooks", "faults", limit)
    for flow in (bank, books):
        house.press("One", flow, "sync")
        house.settle("One", seconds=60)
        page = house.page("One", f"flows/{flow}/").text
        assert "QuickBooks asks Well to slow down." in page
        assert "The flow goes on at" in page
    entries = len(house.told("qonto", "entries"))
    assert _approved(house) > 0
    end = time.monotonic() + 60
    while len(house.told("qonto", "entries")) == entries:
        assert time.monotonic() < end, "a posting that is decided waits for the source"
        time.sleep(0.3)


def _approved(house: House) -> int:
    """Approve what the review queue shows; how many."""
    workspace, person = house.people["One"]
    found = re.findall(rf'href="/w/{workspace}/(review/[^/"?]+/)', house.page("One", "queue/").text)
    pages = [house.page("One", path) for path in dict.fromkeys(found)]
    ready = [page for page in pages if person._form_for(page, "approve") is not None]
    for page in ready:
        person.answer(page, "approve")
    return len(ready)
