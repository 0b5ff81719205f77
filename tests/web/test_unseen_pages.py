"""The flow's page where the target does not let Well see what it holds."""

from dataclasses import replace
from typing import Any

import pytest

from builders.office import Office, build_office
from builders.pages import as_
from well.domain.decision import Unseen
from well.domain.delivery import MailRoute
from well.domain.flow import Connection, ConnectionState

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def office() -> Office:
    return build_office(each=0)


def blind_flow(office: Office) -> str:
    """The flow of the office, led to a FreshBooks address without a read grant."""
    flow = office.store.flows()[0]
    office.store.save_connection(
        Connection(
            id="receipts",
            connector="freshbooks",
            label="FreshBooks · receipts",
            account="receipts",
            state=ConnectionState.CONNECTED,
            mail=MailRoute("receipts@inbox.example", "office@acme.example", tested=True),
        )
    )
    blind = replace(flow, id="blind", target="receipts", name="Blind")
    office.store.save_flow(blind)
    return f"/w/{office.workspace}/flows/blind/"


def kept(office: Office) -> Any:
    return next(flow for flow in office.store.flows() if flow.id == "blind").rules


def test_it_says_that_nothing_can_be_seen_and_lets_the_person_choose(office: Office) -> None:
    client, page = as_(office), blind_flow(office)
    text = client.get(page).content.decode()
    assert "cannot see FreshBooks's side" in text.replace("&#x27;", "'")
    before = kept(office)
    assert before.unseen is Unseen.NEW
    client.post(f"{page}unseen", {"unseen": "nothing"})
    assert kept(office).unseen is Unseen.NOTHING
    assert kept(office).version == before.version + 1
    client.post(f"{page}unseen", {"unseen": "all"})
    assert kept(office).unseen is Unseen.ALL
    assert client.post(f"{page}unseen", {"unseen": "sometimes"}).status_code == 404
    assert kept(office).unseen is Unseen.ALL


def test_a_flow_whose_target_is_seen_shows_no_such_card(office: Office) -> None:
    flow = office.store.flows()[0]
    text = as_(office).get(f"/w/{office.workspace}/flows/{flow.id}/").content.decode()
    assert "holds already" not in text


def test_only_who_may_manage_changes_it(office: Office) -> None:
    page = blind_flow(office)
    client = as_(office, "viewer")
    assert client.post(f"{page}unseen", {"unseen": "all"}).status_code in (302, 403, 404)
    assert kept(office).unseen is Unseen.NEW
