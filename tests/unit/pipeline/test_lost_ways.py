"""A lost mail password stops mailing alone, a lost grant stops reading the target alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from simulation.history import ROUTE, History
from simulation.mail_target import MailTarget
from simulation.memory_store import MemoryStore
from simulation.world import Faults
from well.domain.case import CaseState, Step
from well.domain.failure import Failure, FailureKind, WayOut
from well.domain.flow import ConnectionState
from well.domain.posting import PostingState
from well.pipeline.inbox import go_on_mailing, set_route, stop_mailing
from well.pipeline.setup import lose_grant
from well.pipeline.sync import Phase, Run, advance, rest
from well.pipeline.work import Work
from well.ports.grants import Grant
from well.ports.mailer import WayLost
from well.ports.target import EntryPage, Sent, Shipment

PASSWORD = Failure(FailureKind.GRANT_LOST, "535 no.", way_out=WayOut.DELIVERY)
DOMAIN = Failure(FailureKind.REJECTED, "No key.", way_out=WayOut.DELIVERY)
GRANT = Failure(FailureKind.GRANT_LOST, "Reconnect.", way_out=WayOut.RECONNECT)
OWN = replace(ROUTE, host="mail.src.example", user="acme")


class _Grants:
    """Passwords of a test."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def put(self, id: str, grant: Grant) -> None:
        self.kept[id] = grant.access_token

    def drop(self, id: str) -> None:
        self.kept.pop(id, None)


@pytest.fixture
def history() -> History:
    made = History(1, by_mail=True)
    made.faults = Faults(made.random, healed=True)
    made.source.faults = made.target.faults = made.faults
    made.disk.connections["dst"] = replace(made.disk.connections["dst"], mail=OWN)
    made.add_bills(3)
    return made


def _store(history: History) -> MemoryStore:
    return MemoryStore(history.disk)


def _lose(history: History, failure: Failure) -> list[int]:
    """The way is lost from now on; each attempt is counted."""
    tried: list[int] = []

    def refuse(shipments: Sequence[Shipment]) -> Sequence[Sent]:
        tried.append(len(shipments))
        raise WayLost(failure)

    history.target.send = refuse  # type: ignore[method-assign]
    return tried


def _work(history: History) -> Work:
    return replace(history.work(), blind=history.disk.connections["dst"].blind)


def _run(history: History) -> Run:
    """One run as the worker does it: a lost way stops mailing, and the run goes on."""
    run = Run(history.clock.now())
    for _ in range(200):
        if run.phase is Phase.DONE:
            return run
        try:
            run = advance(_work(history), run)
        except WayLost as lost:
            assert lost.connection == "dst"
            stop_mailing(_store(history), "dst", lost.failure, history.clock)
        history.clock.sleep(run.pause)
    raise AssertionError("the run does not come to rest")


def _planned(history: History) -> list[tuple[PostingState, int, object, object]]:
    return [
        (p.state, p.attempts, p.first_sent_at, p.not_before) for p in history.disk.postings.values()
    ]


@pytest.mark.parametrize("failure", [PASSWORD, DOMAIN])
def test_a_lost_way_stops_mailing_and_reading_goes_on(history: History, failure: Failure) -> None:
    tried = _lose(history, failure)
    _run(history)
    link = history.disk.connections["dst"]
    assert link.state is ConnectionState.CONNECTED and link.mail is not None
    assert link.mail.stopped == failure and not link.mail.open
    assert tried == [1], "the first one stops it; no other document is tried"
    assert _planned(history) == [(PostingState.PLANNED, 0, None, None)] * 3
    history.clock.sleep(3600)
    history.add_bills(2)
    _run(history)
    assert tried == [1] and len(history.disk.postings) == 5, "new ones are read and decided"


@pytest.mark.parametrize("failure", [PASSWORD, DOMAIN])
def test_what_waited_for_a_lost_way_is_mailed_once_when_it_goes_on(
    history: History, failure: Failure
) -> None:
    send = history.target.send
    _lose(history, failure)
    _run(history)
    history.target.send = send  # type: ignore[method-assign]
    assert go_on_mailing(_store(history), "dst", "p@a.example", history.clock)
    assert not go_on_mailing(_store(history), "dst", "p@a.example", history.clock)
    _run(history)
    assert isinstance(history.target, MailTarget)
    assert sorted(history.target.taken.values()) == [1, 1, 1]


@pytest.mark.parametrize(
    ("failure", "route", "password", "stopped", "tested"),
    [
        (PASSWORD, OWN, "new", None, True),
        (PASSWORD, OWN, "", PASSWORD, True),
        (DOMAIN, OWN, "new", DOMAIN, True),
        (PASSWORD, replace(OWN, user="other"), "new", None, False),
        (DOMAIN, replace(OWN, sender="b@src.example"), "", None, False),
    ],
)
def test_a_new_password_lets_the_same_way_go_on_and_another_way_is_tested_again(
    history: History,
    failure: Failure,
    route: object,
    password: str,
    stopped: Failure | None,
    tested: bool,
) -> None:
    store, grants = _store(history), _Grants()
    stop_mailing(store, "dst", failure, history.clock)
    typed = replace(route, tested=False)  # type: ignore[type-var]
    after = set_route(store, grants, "dst", typed, password, "p", history.clock)  # type: ignore[arg-type]
    assert after.mail is not None
    assert (after.mail.stopped, after.mail.tested) == (stopped, tested)


def test_a_password_does_not_bring_a_lost_grant_back(history: History) -> None:
    store = _store(history)
    lose_grant(store, "dst", GRANT, history.clock)
    after = set_route(store, _Grants(), "dst", OWN, "new", "p", history.clock)  # type: ignore[arg-type]
    assert (after.state, after.failure) == (ConnectionState.GRANT_LOST, GRANT)


def test_while_the_grant_is_lost_planned_mail_goes_and_new_records_wait_to_be_decided(
    history: History,
) -> None:
    send = history.target.send
    _lose(history, PASSWORD)
    _run(history)
    store = _store(history)
    go_on_mailing(store, "dst", "p", history.clock)
    lose_grant(store, "dst", GRANT, history.clock)
    history.target.send = send  # type: ignore[method-assign]
    history.clock.sleep(3600)
    history.add_bills(2)

    def refuse(*_: object) -> EntryPage:
        raise AssertionError("a target that cannot be read is not asked")

    entries = history.target.entries
    history.target.entries = refuse  # type: ignore[method-assign]
    _run(history)
    assert isinstance(history.target, MailTarget)
    assert sorted(history.target.taken.values()) == [1, 1, 1], "mail goes on meanwhile"
    waiting = [c for c in history.disk.cases.values() if c.state is CaseState.WAITING]
    assert sorted(c.step for c in waiting) == [Step.CONFIRM] * 3 + [Step.DECIDE] * 2
    history.clock.sleep(timedelta(days=3).total_seconds())
    _run(history)
    assert {p.failure for p in history.disk.postings.values()} == {None}, "nobody is asked"
    history.target.entries = entries  # type: ignore[method-assign]
    back = replace(store.connection("dst"), state=ConnectionState.CONNECTED, failure=None)
    store.save_connection(back)
    _run(history)
    assert sorted(history.target.taken.values()) == [1, 1, 1, 1, 1]


def test_a_broken_mail_asks_although_the_other_side_cannot_be_read(history: History) -> None:
    history.faults.healed = False
    history.faults.lost_answer = 1.0
    history.faults.crash = history.faults.transient = 0.0
    run = Run(history.clock.now())
    while PostingState.UNKNOWN not in {p.state for p in history.disk.postings.values()}:
        run = advance(_work(history), run)
    lose_grant(_store(history), "dst", GRANT, history.clock)
    _run(history)
    history.clock.sleep(7200)
    _run(history)
    asked = [p for p in history.disk.postings.values() if p.asks]
    assert len(asked) == 3


def test_planned_mail_goes_although_the_source_rests_and_the_target_cannot_be_read(
    history: History,
) -> None:
    _run(history)
    send = history.target.send
    _lose(history, PASSWORD)
    history.add_bills(2)
    _run(history)
    store = _store(history)
    go_on_mailing(store, "dst", "p", history.clock)
    lose_grant(store, "dst", GRANT, history.clock)
    history.target.send = send  # type: ignore[method-assign]
    run = rest(Run(history.clock.now(), Phase.CHANGES), history.clock.now(), source=True)
    while run.phase is not Phase.DONE:
        run = advance(_work(history), run)
    assert isinstance(history.target, MailTarget)
    assert sorted(history.target.taken.values()) == [1] * 5
