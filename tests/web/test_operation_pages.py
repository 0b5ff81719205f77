"""The course of a flow on its page: start, history, reading again, rings."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from builders.office import BANK, BOOKS, Office, build_office
from builders.pages import as_, at, text_of
from well.bootstrap import well
from well.domain.case import CaseState
from well.domain.failure import Failure, FailureKind
from well.domain.flow import Connection, ConnectionState, Flow
from well.domain.marker import SliceState
from well.web import formats
from well.web.pages.operation import REACH
from well.web.pages.review import seen

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def office() -> Office:
    return build_office(each=1)


@pytest.fixture
def client(office: Office) -> Client:
    return as_(office)


def _page(client: Client, office: Office, path: str = "flows/flow-1/") -> str:
    answer = client.get(at(office, path))
    assert answer.status_code == 200
    return text_of(answer)


def _said(client: Client, office: Office, path: str, **values: str) -> str:
    answer = client.post(at(office, path), values, follow=True)
    assert answer.status_code == 200
    return text_of(answer)


def _flow(office: Office, id: str = "flow-1") -> Flow:
    return well().flow(office.workspace, id)


def _complete(office: Office) -> None:
    done = [replace(s, state=SliceState.DONE) for s in office.store.slices("flow-1")]
    office.store.save_slices(done)


def _new_flow(client: Client, office: Office, source: str, target: str) -> Flow:
    values = {"source": source, "target": target}
    page = client.post(at(office, "flows/new"), values, follow=True).content.decode()
    assert "Choose how far back it reads, then start it." in page
    (made,) = [f for f in office.store.flows() if (f.source, f.target) == (source, target)]
    return made


def _third(office: Office) -> None:
    office.store.save_connection(
        Connection("other", "quickbooks", "Other books", "77", ConnectionState.CONNECTED)
    )


def _due(office: Office) -> set[str]:
    return {flow for flow, _ in office.store.due_flows(well().clock.now())}


def test_a_new_flow_waits_until_its_window_is_chosen(client: Client, office: Office) -> None:
    _third(office)
    made = _new_flow(client, office, "other", BANK)
    assert made.id not in _due(office)
    page = _page(client, office, f"flows/{made.id}/")
    assert "Before the first sync" in page and "Read again" not in page
    raw = client.get(at(office, f"flows/{made.id}/")).content.decode()
    assert 'name="months" inputmode="numeric" value="36"' in raw
    told = _said(client, office, f"flows/{made.id}/start", months="5")
    assert "The first sync starts now, newest documents first." in told
    assert made.id in _due(office)
    chosen = _flow(office, made.id)
    assert round(chosen.backfill / timedelta(days=365) * 12) == 5
    assert chosen.every == made.every


@pytest.mark.parametrize("months", ["0", "121", "", "five", "-1"])
def test_a_window_that_is_none_starts_nothing(client: Client, office: Office, months: str) -> None:
    _third(office)
    made = _new_flow(client, office, "other", BANK)
    answer = client.post(at(office, f"flows/{made.id}/start"), {"months": months})
    assert answer.status_code == 400
    assert "is no whole number from 1 to 120." in text_of(answer)
    assert f'value="{months}"' in answer.content.decode(), "what was typed stays"
    assert made.id not in _due(office)


def test_the_history_is_paused_alone_and_continued(client: Client, office: Office) -> None:
    assert "Pause the history only" in _page(client, office)
    told = _said(client, office, "flows/flow-1/history", paused="yes")
    assert "The history is paused. What changes from now on is still read and posted." in told
    assert "Continue the history" in told
    assert (_flow(office).history_paused, _flow(office).enabled) == (True, True)
    assert "flow-1" in _due(office)
    assert "Nothing changed." in _said(client, office, "flows/flow-1/history", paused="yes")
    assert "goes on where it stopped" in _said(client, office, "flows/flow-1/history", paused="no")
    assert _flow(office).history_paused is False


def test_pausing_everything_keeps_the_history_as_it_was_and_continuing_syncs_at_once(
    client: Client, office: Office
) -> None:
    _said(client, office, "flows/flow-1/history", paused="yes")
    far = well().clock.now() + timedelta(hours=1)
    office.store.set_due("flow-1", far)
    assert "Nothing is read or posted until you continue." in _said(
        client, office, "flows/flow-1/pause", enabled="no"
    )
    assert (_flow(office).enabled, _flow(office).history_paused) == (False, True)
    assert "flow-1" not in _due(office)
    _said(client, office, "flows/flow-1/pause", enabled="yes")
    assert (_flow(office).enabled, _flow(office).history_paused) == (True, True)
    assert "flow-1" in _due(office)


def test_reading_the_history_again_asks_first_and_needs_a_complete_one(
    client: Client, office: Office
) -> None:
    assert "Read the history again" not in _page(client, office)
    told = _said(client, office, "flows/flow-1/again")
    assert "The history is not complete yet; it is read to its end first." in told
    _complete(office)
    assert "Read the history again" in _page(client, office)
    asked = _page(client, office, "flows/flow-1/again")
    assert "Nothing is posted twice: what has an entry keeps it." in asked
    assert all(s.state is SliceState.DONE for s in office.store.slices("flow-1"))
    told = _said(client, office, "flows/flow-1/again")
    assert "The history is read again from now on" in told
    assert all(s.state is SliceState.OPEN for s in office.store.slices("flow-1"))
    assert "flow-1" in _due(office)


def test_a_rewind_says_what_will_happen_and_then_sets_the_marker_back(
    client: Client, office: Office
) -> None:
    before = office.store.marker(BOOKS, "bills")
    assert before is not None
    day = (before.at - timedelta(days=3)).date()
    asked = _page(client, office, f"flows/flow-1/rewind?day={day}")
    assert "The sync marker goes back to the beginning of that day (UTC)." in asked
    assert "read the same connection" not in asked
    assert office.store.marker(BOOKS, "bills") == before
    told = _said(client, office, "flows/flow-1/rewind", day=day.isoformat())
    assert "are read again now; nothing is posted twice." in told
    after = office.store.marker(BOOKS, "bills")
    assert after is not None and after.at.isoformat() == f"{day}T00:00:00+00:00"
    assert "flow-1" in _due(office)


def test_a_rewind_names_the_flows_that_share_the_marker(client: Client, office: Office) -> None:
    office.store.save_flow(replace(office.flow, id="second", name="Second one", target="x"))
    asked = _page(client, office, "flows/flow-1/rewind?day=2026-04-20")
    assert "These flows read the same connection and see them again, too: Second one." in asked


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("", "Choose the day from which changes are to be read again."),
        ("yesterday", "is no date like 2026-03-31."),
        ("2026-02-30", "is no date like 2026-03-31."),
        ("2019-01-01", "Choose a day of the last three years"),
        ("9999-12-31", "Choose a day of the last three years"),
    ],
)
def test_a_day_that_cannot_be_is_told_and_changes_nothing(
    client: Client, office: Office, day: str, sentence: str
) -> None:
    before = office.store.marker(BOOKS, "bills")
    for told in (
        _said(client, office, "flows/flow-1/rewind", day=day),
        client.get(at(office, f"flows/flow-1/rewind?day={day}"), follow=True).content.decode(),
    ):
        assert sentence in told
    assert office.store.marker(BOOKS, "bills") == before


def test_the_first_day_of_the_reach_is_taken_and_the_one_before_is_not(
    client: Client, office: Office
) -> None:
    first = (well().clock.now() - REACH).date()
    assert "goes back" in _page(client, office, f"flows/flow-1/rewind?day={first}")
    before = first - timedelta(days=1)
    answer = client.get(at(office, f"flows/flow-1/rewind?day={before}"), follow=True)
    assert "Choose a day of the last three years" in answer.content.decode()


def test_a_ring_is_told_on_the_pages_of_its_flows_and_of_no_other(
    client: Client, office: Office
) -> None:
    assert "form a ring" not in _page(client, office)
    back = replace(office.flow, id="back", name="Back", source=BANK, target=BOOKS)
    office.store.save_flow(back)
    page = _page(client, office)
    assert "Your flows form a ring:" in page
    assert "Atelier Lune SAS → Atelier Lune → Atelier Lune SAS" in page
    assert "Atelier Lune → Atelier Lune SAS → Atelier Lune" in _page(client, office, "flows/back/")


def _leave(office: Office, id: str) -> Connection:
    link = office.store.connection(id)
    office.store.save_connection(replace(link, state=ConnectionState.DISCONNECTED))
    return link


@pytest.mark.parametrize("id", [BOOKS, BANK])
def test_a_flow_says_which_connection_it_waits_for(client: Client, office: Office, id: str) -> None:
    assert "Not connected now:" not in _page(client, office)
    link = _leave(office, id)
    assert f"Not connected now: {link.label} " in _page(client, office)


def test_records_in_review_are_decided_while_a_connection_is_away(
    client: Client, office: Office
) -> None:
    for id in (BOOKS, BANK):
        _leave(office, id)
    (case,) = office.cases["review"]
    entry = case.ranking.candidates[0].id
    values = {"verdict": "link", "entry": entry, "seen": seen(case)}
    client.post(at(office, f"review/{case.id}/judge"), values)
    after = office.store.cases([case.id])[case.id]
    assert (after.state, after.entry) == (CaseState.LINKED, entry)


def test_a_flow_is_listed_as_not_started_until_it_began(client: Client, office: Office) -> None:
    assert "Not started" not in _page(client, office, "flows/")
    _third(office)
    _new_flow(client, office, "other", BANK)
    assert "Not started" in _page(client, office, "flows/")


@pytest.mark.parametrize("path", ["start", "history", "again", "rewind"])
@pytest.mark.parametrize(("role", "may"), [("viewer", False), ("reviewer", False), ("admin", True)])
def test_only_who_may_change_a_flow_sets_its_course(
    office: Office, path: str, role: str, may: bool
) -> None:
    person = as_(office, role)
    answer = person.post(at(office, f"flows/flow-1/{path}"), {"months": "3", "day": "2026-04-20"})
    assert answer.status_code == (302 if may else 403)


@pytest.mark.parametrize("path", ["start", "history"])
def test_nothing_is_begun_by_looking(client: Client, office: Office, path: str) -> None:
    assert client.get(at(office, f"flows/flow-1/{path}")).status_code == 405


@pytest.mark.parametrize("path", ["start", "history", "again", "rewind"])
def test_a_flow_of_nobody_is_not_there(client: Client, office: Office, path: str) -> None:
    assert client.post(at(office, f"flows/none/{path}")).status_code == 404


def test_setting_the_course_leaves_a_line_in_the_trail(client: Client, office: Office) -> None:
    _complete(office)
    acts: list[Callable[[], str]] = [
        lambda: _said(client, office, "flows/flow-1/again"),
        lambda: _said(client, office, "flows/flow-1/rewind", day="2026-04-20"),
    ]
    for act in acts:
        act()
    told = [(e.actor, e.verb) for e in office.store.trail_of(["flow-1"])]
    owner = office.people["owner"].email
    assert (owner, "history reopened") in told and (owner, "rewound") in told


@pytest.mark.parametrize("connection", [BOOKS, BANK])
def test_a_provider_that_wants_to_be_left_alone_is_said_with_the_time_until_it_has_come(
    client: Client, office: Office, connection: str
) -> None:
    now = well().clock.now()
    for wait, told in ((timedelta(hours=1), True), (-timedelta(seconds=1), False)):
        failure = Failure(FailureKind.RATE_LIMITED, "It asks to slow down.", retry_at=now + wait)
        link = office.store.connection(connection)
        office.store.save_connection(replace(link, failure=failure))
        page = _page(client, office)
        assert ("It asks to slow down." in page) == told
        assert (f"The flow goes on at {formats.moment(now + wait)}" in page) == told
    link = office.store.connection(connection)
    office.store.save_connection(replace(link, failure=Failure(FailureKind.TRANSIENT, "Away.")))
    assert "The flow goes on at" not in _page(client, office)
