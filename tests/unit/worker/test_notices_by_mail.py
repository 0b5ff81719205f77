"""What needs an owner reaches them by mail as well, once, and nothing of it is lost meanwhile."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest
from aiosmtpd.smtp import Envelope

from builders.mail_server import Inbox, mail_server
from builders.office import Office, build_office
from well.accounts.models import Membership, Notice, User
from well.accounts.notices import FRESH, claim, to_mail
from well.bootstrap import Well, well
from well.settings import Mail
from well.worker.notices import mail_notices

pytestmark = pytest.mark.django_db(databases="__all__")
TEXT = "QuickBooks no longer lets Well in. Everything is kept; reconnect it to go on."


@pytest.fixture
def office() -> Office:
    return build_office(each=0)


def _hub(port: int, **more: str) -> Well:
    mail = Mail(
        host="localhost",
        port=port,
        security="none",
        sender="well@well.example",
        domain="well.example",
        timeout=5,
        answer_timeout=5,
        **more,  # type: ignore[arg-type]
    )
    hub = well()
    return replace(hub, settings=replace(hub.settings, mail=mail))


def _tell(office: Office, text: str = TEXT) -> None:
    well().notices(office.workspace).tell_owner("books", text)


def _read(got: Envelope) -> EmailMessage:
    content = got.content
    assert isinstance(content, bytes)
    return cast(EmailMessage, message_from_bytes(content, policy=default))


def test_an_owner_gets_the_sentence_and_the_way_to_the_page_once(office: Office) -> None:
    _tell(office)
    inbox = Inbox()
    with mail_server(inbox) as port:
        assert mail_notices(_hub(port)) == 1
        assert mail_notices(_hub(port)) == 0
    (got,) = inbox.received
    message = _read(got)
    (notice,) = Notice.objects.all()
    assert (got.mail_from, got.rcpt_tos) == ("well@well.example", [office.people["owner"].email])
    assert message["Subject"] == "Well: Atelier Lune needs you"
    assert message["Message-ID"] == f"<notice-{notice.id}@well.example>"
    body = message.get_content()
    assert TEXT in body
    assert f"/w/{office.workspace}/connections/" in body
    assert notice.mailed_at is not None and notice.read_at is None


def test_every_owner_gets_it_and_nobody_else(office: Office) -> None:
    second = User.objects.create_user("second@atelierlune.example")
    gone = User.objects.create_user("gone@atelierlune.example", is_active=False)
    for person in (second, gone):
        Membership.objects.create(workspace_id=office.workspace, user=person, role="owner")
    _tell(office)
    inbox = Inbox()
    with mail_server(inbox) as port:
        mail_notices(_hub(port))
    assert [got.rcpt_tos for got in inbox.received] == [
        [office.people["owner"].email],
        ["second@atelierlune.example"],
    ]


@pytest.mark.parametrize(
    ("answer", "again"),
    [("451 try later", True), ("550 no such person", False), ("250 OK", False)],
)
def test_only_what_was_surely_not_sent_is_tried_again(
    office: Office, answer: str, again: bool
) -> None:
    _tell(office)
    inbox = Inbox(recipient_answer=answer)
    with mail_server(inbox) as port:
        mail_notices(_hub(port))
    assert len(to_mail(well().clock.now())) == (1 if again else 0)
    assert Notice.objects.count() == 1


def test_a_server_that_is_away_is_tried_until_it_is_there(office: Office) -> None:
    _tell(office)
    inbox = Inbox()
    with mail_server(inbox) as port:
        pass
    assert mail_notices(_hub(port)) == 0
    with mail_server(inbox) as port:
        assert mail_notices(_hub(port)) == 1
    assert len(inbox.received) == 1


def test_a_mail_whose_answer_was_lost_is_not_sent_twice(office: Office) -> None:
    _tell(office)
    inbox = Inbox(cut=True)
    with mail_server(inbox) as port:
        mail_notices(_hub(port))
        mail_notices(_hub(port))
    assert len(inbox.received) == 1


def test_without_a_server_the_notice_stands_in_the_product(office: Office) -> None:
    _tell(office)
    assert mail_notices(well()) == 0
    assert len(to_mail(well().clock.now())) == 1


def test_what_was_read_is_old_or_is_no_warning_is_not_mailed(office: Office) -> None:
    now = well().clock.now()
    for number in range(4):
        _tell(office, f"{TEXT} {number}")
    first, second, third, fourth = Notice.objects.order_by("id")
    Notice.objects.filter(id=first.id).update(read_at=now)
    Notice.objects.filter(id=second.id).update(created_at=now - FRESH - timedelta(seconds=1))
    Notice.objects.filter(id=third.id).update(level="info")
    assert [notice.id for notice in to_mail(now)] == [fourth.id]
    Notice.objects.filter(id=second.id).update(created_at=now - FRESH + timedelta(seconds=1))
    assert [notice.id for notice in to_mail(now)] == [second.id, fourth.id]


def test_one_of_two_workers_mails_it(office: Office) -> None:
    _tell(office)
    (notice,) = to_mail(well().clock.now())
    assert [claim(notice.id, well().clock.now()) for _ in range(2)] == [True, False]


@pytest.mark.parametrize("sender", ["", "no address", "two@a.example, b@c.example"])
def test_an_installation_without_a_sound_sender_mails_nothing(office: Office, sender: str) -> None:
    _tell(office)
    inbox = Inbox()
    with mail_server(inbox) as port:
        hub = _hub(port)
        mail = replace(hub.settings.mail, sender=sender)
        mail_notices(replace(hub, settings=replace(hub.settings, mail=mail)))
    assert inbox.received == []


def test_nothing_that_anybody_typed_reaches_a_header(office: Office) -> None:
    workspace = Membership.objects.get(user=office.people["owner"]).workspace
    workspace.name = "Lune\r\nBcc: all@evil.example\nÉté\ud83d"[:-1] + " " * 200
    workspace.save()
    _tell(office, "One\r\n.\r\nTwo\x00")
    inbox = Inbox()
    with mail_server(inbox) as port:
        assert mail_notices(_hub(port)) == 1
    message = _read(inbox.received[0])
    assert message["Bcc"] is None
    assert message["Subject"] == "Well: Lune Bcc: all@evil.example Été needs you"
    assert "One . Two" in message.get_content()
