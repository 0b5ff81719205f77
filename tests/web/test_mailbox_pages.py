"""Pages of the own mailbox: choosing it, signing in at its provider, mailing by it, and leaving."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client

from builders.connectors import MachineClock
from builders.mailbox_provider import NAME, mail_at, provider_at
from builders.office import Office, build_office
from builders.pages import as_, at, text_of
from builders.running_standin import Running, running
from builders.tiny_company import TinyCompany
from well.bootstrap import well
from well.connectors.mailboxes import connect, signed_out
from well.domain.delivery import MailRoute
from well.domain.flow import Connection, ConnectionState
from well.pipeline.inbox import stop_mailing
from well.ports.mailer import password_of, sign_in_of
from well.sandbox.mailbox import FAULT_MODES, create
from well.web.pages.mail_route import route_of
from well.web.pages.mailbox import SESSION_KEY

pytestmark = pytest.mark.django_db(databases=["default", "eu"])
LEDGER, INBOX = "ledger", "acme@in.freshbooks.example"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    """The mail provider."""
    with running(create, TinyCompany(), tmp_path, FAULT_MODES) as made:
        yield made


@pytest.fixture
def office(server: Running, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A house whose Well offers the provider."""
    made = build_office(each=0)
    made.store.save_connection(
        Connection(LEDGER, "freshbooks", "FreshBooks · Acme", "ABC123", ConnectionState.CONNECTED)
    )
    base = well().settings.base_url
    offered = connect([provider_at(server)], base, MachineClock()).offered
    monkeypatch.setattr(well().mailboxes, "offered", offered)
    monkeypatch.setattr(well().outbox, "mail", mail_at(server))
    return made


def typed(server: Running, **other: str) -> dict[str, str]:
    """The form as somebody fills it in."""
    sender = server.mail["sender"]
    form = {"inbox": INBOX, "sender": sender, "way": f"at:{NAME}", "host": "", "user": ""}
    return form | other


def page(office: Office) -> str:
    return at(office, f"connections/{LEDGER}/mail")


def leave(office: Office, client: Client) -> str:
    """The address of the consent that the button leads to."""
    answer = client.post(f"{page(office)}/sign-in")
    assert answer.status_code == 302
    return str(answer.url)


def signed_in(office: Office, server: Running, client: Client) -> str:
    """Sign in; what the page says then."""
    answer = server.consent(leave(office, client))
    back = client.get(f"/connect/mailbox/{NAME}/callback", answer, follow=True)
    assert back.status_code == 200
    return text_of(back)


def test_a_mailbox_is_chosen_signed_in_to_and_mailed_by(office: Office, server: Running) -> None:
    client, grants = as_(office, "admin"), well().grants(office.workspace)
    assert "Our own mailbox at Mailbox, without a password" in text_of(client.get(page(office)))
    shown = text_of(client.post(page(office), typed(server), follow=True))
    assert "not signed in" in shown
    assert "https://mail.sandbox.example/SMTP.Send" in shown
    assert "Go on sending without asking you each time." in shown
    shown = text_of(client.post(f"{page(office)}/test", follow=True))
    assert "sign in at Mailbox on the page “Delivery by e-mail”" in shown
    assert "Signed in at Mailbox. Send the test next" in signed_in(office, server, client)
    grant = grants.load(sign_in_of(LEDGER))
    assert grant is not None
    shown = text_of(client.post(f"{page(office)}/test", follow=True))
    assert "The mail server took the test (250 2.0.0 Taken as 1)" in shown
    (sent,) = server.admin.get("/_admin/mails").json()
    assert sent["envelope"] == server.mail["sender"]
    html = client.get(page(office)).content.decode()
    assert grant.access_token not in html and grant.refresh_token not in html
    assert f'value="at:{NAME}" checked' in html


def test_signing_in_again_keeps_the_test_and_brings_a_lost_way_back(
    office: Office, server: Running
) -> None:
    client = as_(office)
    client.post(page(office), typed(server))
    signed_in(office, server, client)
    client.post(f"{page(office)}/test")
    client.post(f"{page(office)}/arrived")
    server.admin.post("/_admin/revoke-all")
    assert "sign in at Mailbox" in text_of(client.post(f"{page(office)}/test", follow=True))
    lost = signed_out("Mailbox")
    stop_mailing(office.store, LEDGER, lost, well().clock)
    shown = text_of(client.get(page(office)))
    assert lost.sentence in shown
    assert "not signed in" in shown
    signed_in(office, server, client)
    mail = office.store.connection(LEDGER).mail
    assert mail is not None and mail.open
    shown = text_of(client.post(f"{page(office)}/test", follow=True))
    assert "The mail server took the test" in shown


def test_the_page_lets_its_form_lead_to_the_provider_alone(office: Office, server: Running) -> None:
    client = as_(office)
    client.post(page(office), typed(server))
    policy = client.get(page(office)).headers["Content-Security-Policy"]
    assert f"form-action 'self' {server.base};" in policy
    assert urlsplit(leave(office, client)).netloc == urlsplit(server.base).netloc


@pytest.mark.parametrize("trouble", ["state", "twice", "late", "other provider", "declined"])
def test_an_answer_that_is_not_ours_signs_nobody_in(
    office: Office, server: Running, trouble: str
) -> None:
    client = as_(office)
    client.post(page(office), typed(server))
    address = leave(office, client)
    answer = server.consent(address, "deny" if trouble == "declined" else "approve")
    here = f"/connect/mailbox/{NAME}/callback"
    if trouble == "state":
        answer["state"] = "wrong"
    if trouble == "twice":
        client.get(here, {"state": "other"})
    if trouble == "late":
        session = client.session
        session[SESSION_KEY] |= {"at": "2020-01-01T00:00:00+00:00"}
        session.save()
    if trouble == "other provider":
        here = "/connect/mailbox/google/callback"
    back = client.get(here, answer, follow=True)
    statuses = {"other provider": 404, "declined": 200}
    assert back.status_code == statuses.get(trouble, 400)
    if trouble == "declined":
        assert "Mailbox: The authorisation was declined there." in text_of(back)
    assert well().grants(office.workspace).load(sign_in_of(LEDGER)) is None


def test_an_answer_for_a_way_that_was_changed_meanwhile_is_not_kept(
    office: Office, server: Running
) -> None:
    client = as_(office)
    client.post(page(office), typed(server))
    answer = server.consent(leave(office, client))
    client.post(page(office), typed(server, user="else@company.example"))
    back = client.get(f"/connect/mailbox/{NAME}/callback", answer, follow=True)
    assert "The way was changed meanwhile" in text_of(back)
    assert well().grants(office.workspace).load(sign_in_of(LEDGER)) is None


@pytest.mark.parametrize("how", ["disconnect", "another way", "another mailbox"])
def test_leaving_ends_the_sign_in_at_the_provider_and_here(
    office: Office, server: Running, how: str
) -> None:
    client, grants = as_(office), well().grants(office.workspace)
    client.post(page(office), typed(server))
    signed_in(office, server, client)
    grant = grants.load(sign_in_of(LEDGER))
    assert grant is not None
    if how == "disconnect":
        asked = text_of(client.get(at(office, f"connections/{LEDGER}/disconnect")))
        assert "Mailbox is told that the sign-in to your mailbox ends." in asked
        client.post(at(office, f"connections/{LEDGER}/disconnect"))
    else:
        other = {"way": ""} if how == "another way" else {"user": "else@company.example"}
        client.post(page(office), typed(server, **other))
    assert grants.load(sign_in_of(LEDGER)) is None
    assert server.standin.oauth.store.token(grant.refresh_token) is None


def test_a_mailbox_that_another_workspace_uses_is_left_without_ending_it_for_both(
    office: Office, server: Running
) -> None:
    """Some providers end every sign-in of a mailbox with one of them."""
    other = build_office("Atelier Soleil", each=0)
    other.store.save_connection(office.store.connection(LEDGER))
    for one in (office, other):
        client = as_(one)
        client.post(page(one), typed(server))
        signed_in(one, server, client)
    for one, ended in ((office, False), (other, True)):
        grants = well().grants(one.workspace)
        grant = grants.load(sign_in_of(LEDGER))
        assert grant is not None
        as_(one).post(at(one, f"connections/{LEDGER}/disconnect"))
        assert grants.load(sign_in_of(LEDGER)) is None
        assert (server.standin.oauth.store.token(grant.refresh_token) is None) is ended


def test_a_provider_that_cannot_be_told_is_said_and_forgotten_all_the_same(
    office: Office, server: Running
) -> None:
    client, grants = as_(office), well().grants(office.workspace)
    client.post(page(office), typed(server))
    signed_in(office, server, client)
    server.fault("error_before", path="/oauth2/revoke")
    back = client.post(at(office, f"connections/{LEDGER}/disconnect"), follow=True)
    assert "Mailbox could not be told" in text_of(back)
    assert grants.load(sign_in_of(LEDGER)) is None


def test_a_password_is_forgotten_when_somebody_signs_in_instead(
    office: Office, server: Running
) -> None:
    client, grants = as_(office), well().grants(office.workspace)
    own = {"way": "own", "host": "smtp.acme.example", "port": "587", "user": "acme"}
    client.post(page(office), typed(server, **own, password="s3cret"))
    assert grants.load(password_of(LEDGER)) is not None
    client.post(page(office), typed(server))
    assert grants.load(password_of(LEDGER)) is None


def test_a_provider_that_was_taken_away_leaves_other_ways(
    office: Office, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_(office)
    client.post(page(office), typed(server))
    monkeypatch.setattr(well().mailboxes, "offered", {})
    shown = text_of(client.get(page(office)))
    assert "has taken this sign-in away" in shown
    assert client.post(f"{page(office)}/sign-in").status_code == 404
    shown = text_of(client.post(f"{page(office)}/test", follow=True))
    assert "does not let Well send from your mailbox" in shown
    assert client.post(page(office), typed(server)).status_code == 422
    client.post(page(office), typed(server, way=""))
    assert office.store.connection(LEDGER).mail == MailRoute(INBOX, server.mail["sender"])


def test_only_those_who_manage_sign_in(office: Office, server: Running) -> None:
    as_(office).post(page(office), typed(server))
    assert as_(office, "reviewer").post(f"{page(office)}/sign-in").status_code == 403
    other = build_office("Other House", each=0)
    assert as_(other).post(f"{page(office)}/sign-in").status_code == 404
    foreign = at(other, f"connections/{LEDGER}/mail/sign-in")
    assert as_(other).post(foreign).status_code == 404


def test_the_user_is_a_plain_address(server: Running) -> None:
    known = {NAME: provider_at(server)}
    for user in ("acme", "a@b\x01auth=Bearer x", "a b@c.example"):
        with pytest.raises(ValueError, match="no mailbox"):
            route_of(typed(server, user=user), False, (), known)
    sender, host = server.mail["sender"], server.mail["smtp_host"]
    port = int(server.mail["smtp_port"])
    wanted = MailRoute(INBOX, sender, host, port, sender, mailbox=NAME)
    assert route_of(typed(server), False, (), known) == wanted


def test_the_provider_itself_may_be_away(
    office: Office, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_(office)
    client.post(page(office), typed(server))
    answer = server.consent(leave(office, client))

    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    base, gone = well().settings.base_url, httpx.MockTransport(away)
    offered = connect([provider_at(server)], base, MachineClock(), gone).offered
    monkeypatch.setattr(well().mailboxes, "offered", offered)
    back = client.get(f"/connect/mailbox/{NAME}/callback", answer, follow=True)
    assert "Mailbox did not answer" in text_of(back)


def test_a_provider_that_hears_nothing_is_ended_by_hand(
    office: Office, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_(office)
    known = provider_at(server)
    deaf = replace(known, provider=replace(known.provider, revoke=""))
    offered = connect([deaf], well().settings.base_url, MachineClock()).offered
    monkeypatch.setattr(well().mailboxes, "offered", offered)
    client.post(page(office), typed(server))
    signed_in(office, server, client)
    leaving = at(office, f"connections/{LEDGER}/disconnect")
    assert "End its permission at Mailbox yourself" in text_of(client.get(leaving))
    assert "End the authorisation there by hand" in text_of(client.post(leaving, follow=True))
    assert well().grants(office.workspace).load(sign_in_of(LEDGER)) is None
