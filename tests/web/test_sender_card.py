"""The card "Your domain": what to publish, what is published, and what that stops."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dns.rcode
import pytest

from builders.certificates import signing_key
from builders.dns_server import Zone, dns_server
from builders.mail_server import Inbox, mail_server
from builders.office import Office, build_office
from builders.pages import as_, at, text_of
from web.test_mail_pages import LEDGER, OWN, TYPED
from well.bootstrap import well
from well.domain.flow import Connection, ConnectionState
from well.mail.records import key_record
from well.mail.returns import Returns
from well.mail.sender import SenderChecks
from well.pipeline.inbox import stop_mailing
from well.ports.mailer import WayLost
from well.settings import Mail

pytestmark = pytest.mark.django_db(databases=["default", "eu"])
KEY, _ = signing_key()
DOMAIN, NAME = "acme.example", "w1._domainkey.acme.example"


@pytest.fixture
def zone() -> Zone:
    return Zone()


@pytest.fixture
def inbox(zone: Zone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """The installation's mail server, which signs for acme.example."""
    (tmp_path / f"{DOMAIN}.pem").write_bytes(KEY)
    handler, outbox = Inbox(), well().outbox
    with mail_server(handler) as port, dns_server(zone) as server:
        mail = Mail(
            host="localhost",
            port=port,
            security="none",
            domain="well.example",
            pace=0.0,
            dkim_key=str(tmp_path),
            dkim_selector="w1",
            spf="include:_spf.well.example",
            dns=server,
        )
        monkeypatch.setattr(outbox, "mail", mail)
        monkeypatch.setattr(outbox, "returns", Returns("well.example", b"k" * 32))
        monkeypatch.setattr(outbox, "senders", SenderChecks(well().clock))
        yield handler


@pytest.fixture
def office(inbox: Inbox) -> Office:
    made = build_office(each=0)
    made.store.save_connection(
        Connection(LEDGER, "freshbooks", "FreshBooks · Acme", "ABC123", ConnectionState.CONNECTED)
    )
    as_(made).post(_page(made), TYPED)
    return made


def _page(office: Office) -> str:
    return at(office, f"connections/{LEDGER}/mail")


def _card(office: Office) -> str:
    return text_of(as_(office).get(f"{_page(office)}/domain"))


def test_the_page_does_not_wait_for_a_name_server_and_the_card_asks_by_itself(
    office: Office, zone: Zone
) -> None:
    page = as_(office).get(_page(office)).content.decode()
    assert f'hx-get="{_page(office)}/domain"' in page and "Look again" in page
    assert zone.asked == []
    _card(office)
    asked = len(zone.asked)
    assert NAME in text_of(as_(office).get(_page(office)))
    assert len(zone.asked) == asked, "what is known is shown without asking"


def test_each_record_stands_with_what_to_publish(office: Office) -> None:
    card = _card(office)
    assert "Your domain acme.example" in card
    for said in (
        NAME,
        key_record(KEY),
        "v=spf1 include:_spf.well.example ~all",
        "_dmarc.acme.example",
        "v=DMARC1; p=none",
        "missing",
        "Publish the record of the key where your domain is managed",
        "rests on the signature alone",
    ):
        assert said in card


def test_the_test_is_refused_while_the_key_is_not_published(
    office: Office, zone: Zone, inbox: Inbox
) -> None:
    client = as_(office)
    told = text_of(client.post(f"{_page(office)}/test", follow=True))
    assert f"The record {NAME} is not published" in told and inbox.received == []
    zone.publish(NAME, "v=DKIM1; p=AAAA")
    told = text_of(client.post(f"{_page(office)}/test", follow=True))
    assert f"The record {NAME} is published with another value" in told
    assert "another value" in told and inbox.received == []
    zone.publish(NAME, key_record(KEY))
    told = text_of(client.post(f"{_page(office)}/test", follow=True))
    assert "The mail server took the test" in told and len(inbox.received) == 1
    assert "was not proven" not in told


def test_a_key_that_could_not_be_asked_for_is_said_to_be_unproven(
    office: Office, zone: Zone, inbox: Inbox
) -> None:
    zone.fails = {NAME: dns.rcode.SERVFAIL}
    told = text_of(as_(office).post(f"{_page(office)}/test", follow=True))
    assert "The mail server took the test" in told and len(inbox.received) == 1
    assert "That your domain's key is published was not proven." in told
    assert "could not be asked now" in told and "missing" not in told.split("SPF")[0]


@pytest.mark.parametrize("trouble", [False, True])
def test_looking_again_lets_a_stopped_mailing_go_on_once_the_key_is_proven(
    office: Office, zone: Zone, trouble: bool
) -> None:
    with pytest.raises(WayLost) as lost:
        well().outbox.senders.before_sending(well().outbox.mail, DOMAIN)
    stop_mailing(office.store, LEDGER, lost.value.failure, well().clock)
    route = office.store.connection(LEDGER).mail
    assert route is not None and route.stopped == lost.value.failure
    client = as_(office)
    told = text_of(client.post(f"{_page(office)}/domain", follow=True))
    assert "not published as it must be" in told and "documents that are ready wait" in told
    if trouble:
        zone.fails = {NAME: dns.rcode.SERVFAIL}
    zone.publish(NAME, key_record(KEY))
    told = text_of(client.post(f"{_page(office)}/domain", follow=True))
    after = office.store.connection(LEDGER).mail
    assert after is not None and (after.stopped is None) is not trouble
    assert ("nothing is proven" in told) is trouble


def test_an_installation_that_signs_nothing_shows_records_as_information(
    office: Office, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = well().outbox
    monkeypatch.setattr(outbox, "mail", replace(outbox.mail, dkim_key=""))
    card = _card(office)
    assert "holds no key" in card and "_domainkey" not in card and "_dmarc" in card
    told = text_of(as_(office).post(f"{_page(office)}/test", follow=True))
    assert "The mail server took the test" in told and len(inbox.received) == 1


def test_a_sender_without_a_key_is_told_before_the_test_is_tried(office: Office) -> None:
    client = as_(office)
    client.post(_page(office), TYPED | {"sender": "books@other.example"})
    card = _card(office)
    assert "Well has no usable key to sign mail of other.example" in card


def test_the_domain_of_the_installation_is_nobody_elses_to_publish(office: Office) -> None:
    as_(office).post(_page(office), TYPED | {"sender": "hub@well.example"})
    assert "The domain of this installation" in _card(office)


def test_what_a_stranger_published_is_shown_as_text(office: Office, zone: Zone) -> None:
    zone.publish(NAME, "<script>alert(1)</script>" + "p=" * 4000)
    page = as_(office).get(f"{_page(office)}/domain").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert page.count("p=") < 400


def test_a_server_of_the_workspaces_own_has_no_such_card(office: Office) -> None:
    client = as_(office)
    client.post(_page(office), OWN | {"password": "secret"})
    assert client.get(f"{_page(office)}/domain").status_code == 404
    assert client.post(f"{_page(office)}/domain").status_code == 404
    assert "Look again" not in text_of(client.get(_page(office)))


def test_only_those_who_manage_look(office: Office) -> None:
    assert as_(office, "reviewer").get(f"{_page(office)}/domain").status_code == 403
    other = build_office("Other House", each=0)
    assert as_(other).post(at(other, f"connections/{LEDGER}/mail/domain")).status_code == 404
