"""A failing target stops its own flow, says so to the owner, and makes room for the others."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from builders.office import BANK, BOOKS, Office, build_office
from builders.stores import FakeClock
from well.accounts.models import Notice
from well.bootstrap import well
from well.domain.delivery import MailRoute
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.flow import Connection, ConnectionState
from well.domain.posting import Posting, PostingState
from well.pipeline.setup import note_failure
from well.pipeline.sync import Phase, Run
from well.ports.mailer import WayLost
from well.worker import run as run_module
from well.worker.run import (
    TURN,
    UNSETTLED_EVERY,
    WAIT_MAX,
    after_failure,
    clear_failures,
    finish,
    others_wait,
    piece,
    usable,
)

pytestmark = pytest.mark.django_db(databases="__all__")
HOUR = timedelta(hours=1)


@pytest.fixture
def office() -> Office:
    made = build_office(each=0)
    made.store.save_connection(
        Connection("two", "qonto", "Second bank", "2", ConnectionState.CONNECTED)
    )
    made.store.save_flow(replace(made.flow, id="second", target="two"))
    made.store.set_due("flow-1", well().clock.now() + HOUR)
    made.store.set_due("second", well().clock.now() + HOUR)
    return made


def _fail(office: Office, kind: FailureKind, connection: str = "two") -> Run:
    failed = Failed(Failure(kind, "Qonto no longer lets Well in. Reconnect it."), connection)
    run = Run(well().clock.now())
    run, _ = after_failure(well(), office.workspace, "second", run, failed, 0)
    return run


def test_a_lost_grant_stops_its_connection_at_once_and_no_other(office: Office) -> None:
    run = _fail(office, FailureKind.GRANT_LOST)
    assert run.phase is Phase.DONE
    states = {c.id: c.state for c in office.store.connections()}
    assert states["two"] is ConnectionState.GRANT_LOST
    assert states[BOOKS] is states[BANK] is ConnectionState.CONNECTED
    assert not usable(well(), office.workspace, "second")
    assert usable(well(), office.workspace, "flow-1")
    (notice,) = Notice.objects.all()
    assert (notice.text, notice.subject, notice.mailed_at) == (
        "Qonto no longer lets Well in. Reconnect it.",
        "two",
        None,
    )


def _mails(office: Office, id: str) -> None:
    route = MailRoute("in@two.example", "a@acme.example", tested=True)
    office.store.save_connection(replace(office.store.connection(id), mail=route))


def test_a_lost_mail_password_stops_mailing_and_the_run_reads_on(office: Office) -> None:
    _mails(office, "two")
    failure = Failure(FailureKind.GRANT_LOST, "The password is not accepted.")
    before = Run(well().clock.now(), Phase.DRAIN)
    for _ in range(2):
        run, troubles = after_failure(
            well(), office.workspace, "second", before, WayLost(failure, "two"), 3
        )
        assert (run, troubles) == (before, 0)
    link = office.store.connection("two")
    assert link.state is ConnectionState.CONNECTED and link.mail is not None
    assert (link.failure, link.mail.stopped) == (None, failure)
    assert usable(well(), office.workspace, "second")
    (notice,) = Notice.objects.all()
    assert (notice.text, notice.subject) == ("The password is not accepted.", "two")


def test_a_target_with_an_inbox_is_mailed_to_while_its_grant_is_lost(office: Office) -> None:
    _mails(office, "two")
    _fail(office, FailureKind.GRANT_LOST)
    assert office.store.connection("two").blind
    assert usable(well(), office.workspace, "second")
    assert well().work(office.workspace, "second").blind
    assert not well().work(office.workspace, "flow-1").blind
    two = office.store.connection("two")
    office.store.save_connection(replace(two, state=ConnectionState.DISCONNECTED))
    assert not usable(well(), office.workspace, "second")


def test_a_target_that_is_only_mailed_to_is_not_looked_at_every_few_minutes(
    office: Office,
) -> None:
    _mails(office, "two")
    _fail(office, FailureKind.GRANT_LOST)
    office.store.save_slices([])
    due = well().clock.now()
    office.store.set_due("second", due)
    finish(office.workspace, "second", due.isoformat())
    wait = dict(office.store.due_flows(due + timedelta(days=1)))["second"] - due
    assert HOUR <= wait < HOUR + timedelta(minutes=1)


def test_the_same_loss_is_told_once(office: Office) -> None:
    for _ in range(3):
        _fail(office, FailureKind.GRANT_LOST)
    assert Notice.objects.count() == 1


def test_a_run_that_has_to_wait_makes_room_for_a_due_flow_of_its_source_alone(
    office: Office,
) -> None:
    assert not others_wait(well(), office.workspace, "second")
    office.store.set_due("second", well().clock.now())
    assert not others_wait(well(), office.workspace, "second")
    office.store.set_due("flow-1", well().clock.now())
    assert others_wait(well(), office.workspace, "second")
    office.store.save_flow(replace(office.flow, source="two"))
    assert not others_wait(well(), office.workspace, "second")


@pytest.mark.parametrize(
    ("trouble", "state", "soon"),
    [
        (None, ConnectionState.CONNECTED, False),
        (FailureKind.TRANSIENT, ConnectionState.CONNECTED, True),
        (FailureKind.GRANT_LOST, ConnectionState.GRANT_LOST, False),
    ],
)
def test_a_run_that_ended_in_trouble_is_tried_again_soon(
    office: Office, trouble: FailureKind | None, state: ConnectionState, soon: bool
) -> None:
    due = well().clock.now()
    office.store.set_due("second", due)
    open_ = [replace(s, flow="second") for s in office.store.slices("flow-1")]
    office.store.save_slices(open_ if trouble else [])
    if trouble is not None:
        note_failure(office.store, "two", Failure(trouble, "Not now."))
        two = office.store.connection("two")
        office.store.save_connection(replace(two, state=state))
    finish(office.workspace, "second", due.isoformat())
    far = due + timedelta(days=1)
    wait = dict(office.store.due_flows(far))["second"] - due
    wanted = UNSETTLED_EVERY if soon else HOUR
    assert wanted <= wait < wanted + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("changes", "state", "wait"),
    [
        ({}, ConnectionState.CONNECTED, TURN),
        ({"history_paused": True}, ConnectionState.CONNECTED, HOUR),
        ({"enabled": False}, ConnectionState.CONNECTED, HOUR),
        ({}, ConnectionState.DISCONNECTED, HOUR),
        ({"every": TURN / 2}, ConnectionState.CONNECTED, TURN / 2),
    ],
)
def test_a_history_that_made_room_goes_on_soon_and_a_paused_one_does_not(
    office: Office, changes: dict[str, Any], state: ConnectionState, wait: timedelta
) -> None:
    office.store.save_flow(replace(office.flow, **changes))
    bank = office.store.connection(BANK)
    office.store.save_connection(replace(bank, state=state))
    due = well().clock.now()
    office.store.set_due("flow-1", due)
    finish(office.workspace, "flow-1", due.isoformat())
    office.store.save_flow(replace(office.flow, enabled=True))
    found = dict(office.store.due_flows(due + timedelta(days=1)))["flow-1"] - due
    assert wait <= found < wait + timedelta(seconds=50)


@pytest.mark.parametrize(
    ("phase", "troubles", "due", "ends"),
    [
        (Phase.BACKFILL, 0, True, True),
        (Phase.BACKFILL, 0, False, False),
        (Phase.DRAIN, 0, True, False),
        (Phase.DRAIN, 2, True, True),
        (Phase.DRAIN, 2, False, False),
    ],
)
def test_history_and_waiting_make_room_and_other_work_does_not(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    phase: Phase,
    troubles: int,
    due: bool,
    ends: bool,
) -> None:
    if due:
        office.store.set_due("flow-1", well().clock.now())
    now = well().clock.now()

    def stay(work: object, run: Run) -> Run:
        if troubles:
            raise Failed(Failure(FailureKind.TRANSIENT, "Not now."), "two")
        return run

    monkeypatch.setattr(run_module, "_advance_for", stay)
    monkeypatch.setattr(type(well()), "work", lambda *_, **__: None)
    state = {"run": TypeAdapter(Run).dump_python(Run(now, phase), mode="json")}
    after = piece.__wrapped__(
        office.workspace, "second", {**state, "troubles": max(troubles - 1, 0)}
    )
    assert (after["run"]["phase"] == "done") == ends


RATE = FailureKind.RATE_LIMITED


@pytest.mark.parametrize(
    ("kind", "wait", "troubles", "phase", "pause", "resume"),
    [
        (RATE, 60.0, 0, Phase.CHANGES, 60.0, None),
        (RATE, WAIT_MAX, 0, Phase.CHANGES, WAIT_MAX, None),
        (RATE, WAIT_MAX + 1, 0, Phase.AWAY, 0.0, WAIT_MAX + 1),
        (RATE, 3600.0, 0, Phase.AWAY, 0.0, 3600.0),
        (RATE, -5.0, 0, Phase.CHANGES, 1.0, None),
        (FailureKind.TRANSIENT, None, 0, Phase.CHANGES, 1.0, None),
        (FailureKind.TRANSIENT, None, 6, Phase.CHANGES, 64.0, None),
        (FailureKind.TRANSIENT, None, 8, Phase.CHANGES, WAIT_MAX, None),
        (FailureKind.TRANSIENT, None, 9, Phase.AWAY, 0.0, 300.0),
        (FailureKind.REJECTED, None, 0, Phase.DONE, 0.0, None),
    ],
)
def test_a_short_wait_is_sat_out_and_a_long_one_gives_the_place_of_the_source_back(
    office: Office,
    kind: FailureKind,
    wait: float | None,
    troubles: int,
    phase: Phase,
    pause: float,
    resume: float | None,
) -> None:
    now = well().clock.now()
    hub = replace(well(), clock=FakeClock(now))
    at = now + timedelta(seconds=wait) if wait is not None else None
    failed = Failed(Failure(kind, "Slow down.", retry_at=at), BOOKS)
    before = Run(now, Phase.CHANGES)
    run, counted = after_failure(hub, office.workspace, "second", before, failed, troubles)
    until = now + timedelta(seconds=resume) if resume is not None else None
    assert (run.phase, run.pause, run.resume) == (phase, pause, until)
    assert counted == (troubles + 1 if pause else 0)
    failure = office.store.connection(BOOKS).failure
    assert failure is not None and failure.retry_at == at


def test_a_target_that_rests_ends_the_run_and_a_source_keeps_its_complaint_until_it_is_asked(
    office: Office,
) -> None:
    now = well().clock.now()
    at = now + HOUR
    for connection in ("two", BOOKS):
        failed = Failed(Failure(RATE, "Slow down.", retry_at=at), connection)
        run, _ = after_failure(
            well(), office.workspace, "second", Run(now, Phase.CHANGES), failed, 0
        )
        assert run.phase is (Phase.DONE if connection == "two" else Phase.AWAY)
    clear_failures(well(), office.workspace, "second", run)
    assert [office.store.connection(id).failure is None for id in ("two", BOOKS)] == [True, False]
    clear_failures(well(), office.workspace, "second", replace(run, resume=None))
    assert office.store.connection(BOOKS).failure is None


def test_a_flow_goes_on_when_its_provider_said_even_after_its_usual_time(office: Office) -> None:
    due = well().clock.now()
    for hours in (0.5, 3):
        resume = due + timedelta(hours=hours)
        office.store.set_due("second", due)
        finish(office.workspace, "second", due.isoformat(), resume.isoformat())
        found = dict(office.store.due_flows(due + timedelta(days=1)))["second"]
        assert abs(found - resume) < timedelta(seconds=1)


def test_a_flow_whose_provider_rests_comes_back_for_what_is_on_its_way(office: Office) -> None:
    due = well().clock.now()
    sent = Posting("p", "c", "second", "two", PostingState.SENT, 1.0, "f.pdf", "k", due)
    office.store.save_postings([sent])
    office.store.set_due("second", due)
    finish(office.workspace, "second", due.isoformat(), (due + 3 * HOUR).isoformat())
    found = dict(office.store.due_flows(due + timedelta(days=1)))["second"] - due
    assert UNSETTLED_EVERY <= found < UNSETTLED_EVERY + timedelta(seconds=50)
