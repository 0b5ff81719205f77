"""One simulated history: edits, syncs, crashes and lost answers from a seed, then healing.

Invariant: a history is (seed, commit): the same seed replays the same history.
"""

from dataclasses import replace
from datetime import timedelta
from random import Random

from simulation.mail_target import MailTarget
from simulation.memory_store import Disk, MemoryStore
from simulation.world import (
    Bill,
    Crash,
    FakeClock,
    FakeReader,
    FakeRenderer,
    FakeSource,
    FakeTarget,
    Faults,
)
from well.domain.case import CaseState
from well.domain.decision import Rules, Unseen
from well.domain.delivery import MailRoute
from well.domain.failure import Failed
from well.domain.flow import Connection, ConnectionState, Flow
from well.domain.mapping import FieldMapping
from well.domain.source_record import Kind
from well.pipeline.judge import Judgement, judge
from well.pipeline.sync import Phase, Run, advance
from well.pipeline.work import Work

ROUTE = MailRoute("inbox@dst.example", "acme@src.example", tested=True)
STEPS_MAX = 400
"""Steps of one run at the most; more means it does not come to rest."""


class History:
    """The world of one seed and what happens in it."""

    def __init__(self, seed: int, by_mail: bool = False) -> None:
        self.random = Random(seed)
        self.faults = Faults(
            self.random,
            crash=self.random.choice([0, 0.02, 0.08]),
            lost_answer=self.random.choice([0, 0.1, 0.3]),
            transient=self.random.choice([0, 0.05, 0.2]),
        )
        self.clock = FakeClock()
        self.source = FakeSource(self.clock, self.faults)
        kind = MailTarget if by_mail else FakeTarget
        self.target: FakeTarget = kind(self.clock, self.faults)
        self.disk = Disk()
        self.numbers = 0
        store = MemoryStore(self.disk)
        for id in ("src", "dst"):
            link = Connection(id, id, id, id, ConnectionState.CONNECTED)
            store.save_connection(replace(link, mail=ROUTE) if by_mail and id == "dst" else link)
        kinds = frozenset({Kind.SUPPLIER_INVOICE})
        # Older documents go to a target that cannot be seen, too: what matters here is mailing.
        rules = Rules(unseen=Unseen.ALL)
        store.save_flow(Flow("flow", "f", "src", "dst", kinds, FieldMapping(1, ()), rules))

    def work(self) -> Work:
        """A fresh process on the same disk."""
        store = MemoryStore(self.disk, self.faults.maybe_crash)
        return Work(
            store,
            self.source,
            self.target,
            FakeReader(),
            FakeRenderer(),
            self.clock,
            self.disk.flows["flow"],
            "fake",
            "Fake",
            batch=5,
        )

    def add_bills(self, count: int) -> None:
        """New bills, several at the same instant."""
        for _ in range(count):
            self.numbers += 1
            id = str(self.numbers)
            issued = self.clock.at.date() - timedelta(days=self.random.randrange(300))
            total = 10_000 + 37 * self.numbers
            self.source.bills[id] = Bill(
                id, f"INV-{4000 + self.numbers}", total, issued, self.clock.at
            )

    def edit_one(self) -> None:
        """Change, delete or leave one bill."""
        bill = self.random.choice(list(self.source.bills.values()))
        changed = replace(bill, changed_at=self.clock.at, version=bill.version + 1)
        if self.random.random() < 0.3:
            changed = replace(changed, deleted=True)
        elif self.random.random() < 0.5:
            changed = replace(changed, total=bill.total + 500)
        self.source.bills[bill.id] = changed

    def sync(self) -> Run:
        """One run; a crash restarts it on the same disk, a failure waits and goes on."""
        run = Run(self.clock.now())
        for _ in range(STEPS_MAX):
            if run.phase is Phase.DONE:
                return run
            try:
                run = advance(self.work(), run)
            except Crash:
                continue
            except Failed:
                self.clock.sleep(5)
            self.clock.sleep(run.pause)
        raise AssertionError("the run does not come to rest")

    def play(self) -> None:
        """A few days of work with faults, then the world heals and everything settles."""
        self.add_bills(self.random.randrange(1, 40))
        for _ in range(self.random.randrange(1, 5)):
            self.sync()
            self.clock.sleep(self.random.choice([60, 3600, 7200]))
            self.add_bills(self.random.randrange(0, 6))
            for _ in range(self.random.randrange(0, 4)):
                self.edit_one()
            # Longer than the overlap of windows, so that only the marker's place keeps them.
            self.clock.sleep(self.random.choice([0, 900]))
        self.faults.healed = True
        for _ in range(3):
            self.sync()
            self.clock.sleep(7200)

    def answer(self) -> None:
        """A diligent person looks at the other side for each question and says what is there."""
        assert isinstance(self.target, MailTarget)
        for posting in list(self.disk.postings.values()):
            case = self.disk.cases[posting.case]
            if posting.asks and case.state in (CaseState.REVIEW, CaseState.HELD):
                there = self.target.has(posting.id)
                judge(self.work(), case.id, Judgement("seen" if there else "again"), "p@a.example")
