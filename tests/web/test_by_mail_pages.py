"""Connecting a target by its address alone, and letting Well read it later."""

from urllib.parse import parse_qs, urlsplit

import pytest

from builders.office import Office, build_office
from builders.pages import as_
from well.bootstrap import well
from well.web.pages.oauth import SESSION_KEY

pytestmark = pytest.mark.django_db(databases=["default", "eu"])
TYPED = {"inbox": "receipts@inbox.example", "sender": "office@acme.example"}


@pytest.fixture
def office() -> Office:
    return build_office(each=0)


def at(office: Office, path: str) -> str:
    return f"/w/{office.workspace}/connections/{path}"


def test_an_address_makes_a_connection_whose_delivery_comes_next(office: Office) -> None:
    client = as_(office)
    answer = client.post(at(office, "freshbooks/by-mail"), TYPED)
    made = next(c for c in office.store.connections() if c.connector == "freshbooks")
    assert made.mail is not None and made.mail.inbox == TYPED["inbox"] and not made.mail.tested
    assert answer.status_code == 302 and answer.url == at(office, f"{made.id}/mail")
    text = client.get(at(office, "")).content.decode()
    assert "Let Well read it, too" in text and "Delivery by e-mail" in text


@pytest.mark.parametrize("wrong", ["", "no address", "a@b@c", "x" * 400 + "@a.example"])
def test_what_is_no_address_makes_no_connection_and_says_so(office: Office, wrong: str) -> None:
    client = as_(office)
    answer = client.post(at(office, "freshbooks/by-mail"), {**TYPED, "inbox": wrong}, follow=True)
    assert "is not one plain e-mail address" in answer.content.decode()
    assert [c for c in office.store.connections() if c.connector == "freshbooks"] == []


def test_only_a_target_that_is_never_a_source_goes_by_its_address_alone(office: Office) -> None:
    client = as_(office)
    for name in ("quickbooks", "qonto", "nothing"):
        assert client.post(at(office, f"{name}/by-mail"), TYPED).status_code == 404
    viewer = as_(office, "viewer")
    assert viewer.post(at(office, "freshbooks/by-mail"), TYPED).status_code in (302, 403, 404)
    assert [c for c in office.store.connections() if c.connector == "freshbooks"] == []


def test_a_consent_is_led_onto_the_connection_it_was_asked_for(office: Office) -> None:
    client = as_(office)
    client.post(at(office, "freshbooks/by-mail"), TYPED)
    made = next(c for c in office.store.connections() if c.connector == "freshbooks")
    asked = client.post(at(office, "freshbooks/connect"), {"onto": made.id})
    assert client.session[SESSION_KEY]["onto"] == made.id
    scopes = parse_qs(urlsplit(asked.url).query)["scope"][0].split()
    assert all(scope.endswith(":read") for scope in scopes)
    for stranger in ("books", "", "nobody"):
        client.post(at(office, "freshbooks/connect"), {"onto": stranger})
        assert client.session[SESSION_KEY]["onto"] == ""


def test_the_new_connection_can_be_the_target_of_a_flow_at_once(office: Office) -> None:
    client = as_(office)
    client.post(at(office, "freshbooks/by-mail"), TYPED)
    made = next(c for c in office.store.connections() if c.connector == "freshbooks")
    assert well().takes_documents(made)
    path = f"/w/{office.workspace}/flows/new"
    client.post(path, {"source": "bank", "target": made.id})
    assert (made.id, "bank") in [(f.target, f.source) for f in office.store.flows()]
