"""The demo inside the prepared process: workspace, consents, syncs, progress, score.

Invariant: it uses the product as a person would, through its pages and its commands; only the
score at the end reads the stand-ins' truth, which the product never sees.
"""

import argparse
import json
import re
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from django.core.management import call_command
from django.db import connections

from well.accounts.signin import make_signin_link
from well.accounts.workspaces import create_workspace, owner_of, workspaces
from well.bootstrap import well
from well.cli.demo_faults import BadDays
from well.cli.demo_pairs import Pair
from well.cli.demo_person import Person
from well.cli.demo_progress import Meter, bar
from well.cli.demo_result import JSON_KEYS, broken_promises
from well.cli.demo_score import score_demo
from well.worker.engine import Engine

OWNER = "demo@example.com"
LINK_LIFE = timedelta(hours=24)
POLL_SECONDS = 0.5
MAILED = re.compile(r"\[[A-Z]+-([^\]]+)\]$")
"""The source record that the subject of a mailed document ends with."""


@dataclass
class Demo:
    """One run of the demo."""

    arguments: argparse.Namespace
    addresses: dict[str, Any]
    data: Path
    pair: Pair
    engine: Engine = field(default_factory=Engine)
    meter: Meter = field(default_factory=Meter)
    server: uvicorn.Server | None = None

    @property
    def state_file(self) -> Path:
        """What a second run needs to know of the first."""
        return self.data / "demo.json"

    def say(self, line: str) -> None:
        """A line for the person, apart from the JSON on stdout."""
        print(line, file=sys.stderr, flush=True)

    def start(self) -> None:
        """Databases, web and worker."""
        for alias in connections:
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        config = uvicorn.Config(
            "well.web.asgi:application",
            host="127.0.0.1",
            port=self.arguments.port,
            log_level="warning",
            server_header=False,
        )
        self.server = uvicorn.Server(config)
        threading.Thread(target=self.server.run, name="well-web", daemon=True).start()
        while not self.server.started:
            if not any(t.name == "well-web" for t in threading.enumerate()):
                raise SystemExit(f"Port {self.arguments.port} is taken; choose one with --port.")
            time.sleep(0.05)
        self.engine.start()

    def stop(self) -> None:
        """End what was started here."""
        self.engine.stop()
        if self.server:
            self.server.should_exit = True
        well().close()

    def workspace(self) -> str:
        """The demo's workspace, made at the first run."""
        known = workspaces()
        if known:
            return str(known[0].id)
        it = well()
        region = next(iter(it.settings.regions))
        made, _ = create_workspace("Demo company", region, OWNER, it.clock.now())
        return str(made.id)

    def signin(self, workspace: str) -> str:
        """A fresh one-time sign-in link for the owner."""
        it = well()
        return make_signin_link(owner_of(workspace), it.settings.base_url, it.clock, LINK_LIFE)

    def raise_limits(self) -> None:
        """Ask the stand-ins to bear years of records in a minute."""
        for name, settings in self.pair.standin_settings.items():
            where = f"{self.addresses[name]['admin']}/_admin/settings"
            httpx.post(where, json=dict(settings), timeout=60).raise_for_status()

    def connect(self, workspace: str) -> str:
        """Walk both consents through the pages, once; returns the flow's id."""
        flows = well().store(workspace).flows()
        self.raise_limits()
        if flows:
            return flows[0].id
        person = Person(well().settings.base_url)
        person.sign_in(self.signin(workspace))
        for connector in self.pair.standins:
            self.say(f"  connecting {connector}: consent page, code, tokens")
            person.connect(workspace, connector)
        if self.pair.by_mail:
            self.open_inbox(person, workspace)
        person.create_flow(workspace)
        return well().store(workspace).flows()[0].id

    def open_inbox(self, person: Person, workspace: str) -> None:
        """Where documents are mailed; the person looks for the test there before saying so."""
        at = self.addresses[self.pair.target]
        self.say(f"  publishing the records of {at['sender']}, mailing a test to {at['inbox']}")
        page = person.mail_to(workspace, at["inbox"], at["sender"])
        for name, text in person.records_to_publish(page):
            record = {"name": name, "text": text}
            httpx.post(f"{at['admin']}/_admin/dns", json=record, timeout=60).raise_for_status()
        person.mail_test(page)
        answer = httpx.get(f"{at['admin']}/_admin/mails", timeout=60)
        if not answer.raise_for_status().json():
            raise SystemExit("The test did not arrive in the inbox.")
        person.it_arrived(page)

    def answer_questions(self, workspace: str) -> int:
        """A person is asked about each mail that nobody knows the fate of, looks at the inbox, and
        says what is true; returns how many."""
        person = Person(well().settings.base_url)
        person.sign_in(self.signin(workspace))
        admin = self.addresses[self.pair.target]["admin"]
        mails = httpx.get(f"{admin}/_admin/mails", timeout=60).raise_for_status().json()
        there = {id for mail in mails for id in MAILED.findall(mail["subject"])}
        told: Counter[str] = Counter()
        for page in list(person.asked(workspace)):
            verdict = "seen" if any(id in page.text for id in there) else "again"
            person.answer(page, verdict)
            told[verdict] += 1
        self.say(f"  a person said: {told['seen']} are there, {told['again']} are not")
        return told.total()

    def sync(self, workspace: str, flow: str, title: str) -> None:
        """Ask for a sync and wait until the flow is not due any more: its run is over."""
        it = well()
        it.start_sync(workspace, flow)
        tenant = it.tenant(workspace)
        while it.store(workspace).due_flows(it.clock.now()):
            self.meter.sample()
            bar(it.store(workspace), tenant, flow, title)
            time.sleep(POLL_SECONDS)
        bar(it.store(workspace), tenant, flow, title, last=True)

    def second_act(self, workspace: str, flow: str) -> None:
        """The next day at the source: edits, a deletion, late files; then another sync."""
        if self.remembered().get("second_act"):
            return
        admin = self.addresses[self.pair.source]["admin"]
        httpx.post(f"{admin}/_admin/second-act", timeout=60).raise_for_status()
        self.remember(second_act=True)
        time.sleep(self.pair.morning)
        self.sync(workspace, flow, "the next day")

    def remembered(self) -> dict[str, Any]:
        """What former runs wrote down."""
        if not self.state_file.exists():
            return {}
        known: dict[str, Any] = json.loads(self.state_file.read_text())
        return known

    def remember(self, **facts: Any) -> None:
        """Write something down for the next run."""
        self.state_file.write_text(json.dumps(self.remembered() | facts))


def run(arguments: argparse.Namespace, addresses: dict[str, Any], data: Path, pair: Pair) -> int:
    """The demo from start to score; 1 when a promise is broken."""
    demo = Demo(arguments, addresses, data, pair)
    started = time.monotonic()
    demo.start()
    try:
        workspace = demo.workspace()
        before = _entries_before(demo)
        flow = demo.connect(workspace)
        _work(demo, workspace, flow)
        seconds = round(time.monotonic() - started, 1)
        result = score_demo(pair, demo.addresses, demo.data, workspace, before)
        result |= {"seconds": seconds, "peak_mb": demo.meter.peak_mb}
        code = _report(demo, result)
        if not arguments.once:
            _stay(demo, workspace)
        return code
    finally:
        demo.stop()


def _work(demo: Demo, workspace: str, flow: str) -> None:
    """The first sync and the next day; with faults, bad days both and a calm sync after them."""
    if not demo.arguments.faults:
        demo.sync(workspace, flow, "first sync")
        demo.second_act(workspace, flow)
        return
    bad = BadDays(demo.pair, demo.addresses, demo.arguments.seed)
    with bad.day():
        demo.sync(workspace, flow, "first sync, on a bad day")
        demo.second_act(workspace, flow)
    demo.say(f"The providers served {bad.served} faults; now they are well again.")
    demo.sync(workspace, flow, "the sync after it")
    if demo.pair.by_mail and demo.answer_questions(workspace):
        demo.sync(workspace, flow, "after the answers")


def _entries_before(demo: Demo) -> int:
    """How many entries the target held before Well came, remembered from the first run."""
    known = demo.remembered().get("entries_before")
    if known is None:
        answer = httpx.get(
            f"{demo.addresses[demo.pair.target]['admin']}/_admin/entries", timeout=60
        )
        known = len(answer.raise_for_status().json())
        demo.remember(entries_before=known)
    return int(known)


def _report(demo: Demo, result: dict[str, Any]) -> int:
    broken = broken_promises(result)
    counts = ", ".join(f"{n} {state}" for state, n in result["by_outcome"].items() if n)
    demo.say(f"{result['source_records']} records in {result['seconds']} s: {counts}")
    demo.say(
        f"Against the stand-ins' truth: {result['duplicates']} doubled, {result['lost']} lost, "
        f"{result['auto_precision']:.2%} of what was posted or linked alone is right, "
        f"{result['auto_share']:.1%} needed nobody."
    )
    for sentence in broken:
        demo.say(f"BROKEN PROMISE: {sentence}")
    if demo.arguments.json:
        print(json.dumps({key: result[key] for key in JSON_KEYS}), flush=True)
    return 1 if broken else 0


def _stay(demo: Demo, workspace: str) -> None:
    demo.say("")
    demo.say("The pages are open. Sign in with this link (it works once, for a day):")
    demo.say(f"  {demo.signin(workspace)}")
    demo.say("Ctrl-C ends everything; the next `make demo` goes on from here.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        demo.say("Ending.")
