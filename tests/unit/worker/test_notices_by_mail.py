"""What needs an owner reaches them by mail as well; a lost answer or a stop loses none of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest
from aiosmtpd.smtp import Envelope

from builders.mail_server import Inbox, mail_server
from builders.office import Office, build_office
from builders.stores import FakeClock
from well.accounts.models import Membership, Notice, User
from well.accounts.notices import FRESH, TRIES_MAX, claim, to_mail
from well.bootstrap import Well, well
from well.settings import Mail
from well.worker.notices import AGAIN, mail_notices

pytestmark = pytest.mark.django_db(databases="__all__")
TEXT = "QuickBooks no longer lets Well in. Everything is kept; reconnect it to go on."


@pytest.fixture
def office() -> Office:
    return build_office(each=0)


def _hub(port: int, clock: FakeClock | None = None, **more: str) -> Well:
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
    return replace(hub, settings=replace(hub.settings, mail=mail), clock=clock or hub.clock)


LEASE = timedelta(seconds=12 * 5 + 5)
"""How long a mail may take with the times of `_hub`."""


def _soon(moment: timedelta = timedelta(0)) -> datetime:
    return well().clock.now() + moment


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
def test_what_was_not_taken_for_now_is_tried_again_and_nothing_else(
    office: Office, answer: str, again: bool
) -> None:
    _tell(office)
    inbox = Inbox(recipient_answer=answer)
    with mail_server(inbox) as port:
        mail_notices(_hub(port))
    assert len(to_mail(_soon(AGAIN))) == (1 if again else 0)
    assert Notice.objects.count() == 1


def test_a_server_that_is_away_is_tried_with_growing_pauses_until_it_is_there(
    office: Office,
) -> None:
    _tell(office)
    inbox, clock = Inbox(), FakeClock(_soon())
    with mail_server(inbox) as port:
        pass
    hub = _hub(port, clock)
    for pause in (AGAIN, 2 * AGAIN, 4 * AGAIN):
        assert mail_notices(hub) == 0
        assert to_mail(clock.at + pause - timedelta(seconds=1)) == []
        assert len(to_mail(clock.at + pause)) == 1
        clock.at += pause
    with mail_server(inbox) as port:
        assert mail_notices(_hub(port, clock)) == 1
    assert len(inbox.received) == 1


def test_a_mail_whose_answer_was_lost_is_sent_again_as_the_same_mail(office: Office) -> None:
    _tell(office)
    inbox, clock = Inbox(cut=True), FakeClock(_soon())
    with mail_server(inbox) as port:
        assert mail_notices(_hub(port, clock)) == 0
        clock.at += AGAIN
        inbox.cut = False
        assert mail_notices(_hub(port, clock)) == 1
        clock.at += timedelta(hours=1)
        assert mail_notices(_hub(port, clock)) == 0
    (notice,) = Notice.objects.all()
    told = [_read(got)["Message-ID"] for got in inbox.received]
    assert told == [f"<notice-{notice.id}@well.example>"] * 2


def test_a_mail_whose_answers_are_always_lost_is_begun_a_bounded_number_of_times(
    office: Office,
) -> None:
    _tell(office)
    inbox, clock = Inbox(cut=True), FakeClock(_soon())
    with mail_server(inbox) as port:
        for tries in range(TRIES_MAX + 2):
            mail_notices(_hub(port, clock))
            assert len(inbox.received) == min(tries + 1, TRIES_MAX)
            clock.at += min(AGAIN * 2**tries, AGAIN * 2 ** (TRIES_MAX - 1))


def test_an_owner_who_has_it_is_not_told_again_for_another_whose_mail_was_not_taken(
    office: Office,
) -> None:
    second = User.objects.create_user("second@atelierlune.example")
    Membership.objects.create(workspace_id=office.workspace, user=second, role="owner")
    _tell(office)
    inbox, clock = _OneAway(), FakeClock(_soon())
    with mail_server(inbox) as port:
        assert mail_notices(_hub(port, clock)) == 0
        inbox.away = ""
        clock.at += AGAIN
        assert mail_notices(_hub(port, clock)) == 1
    assert [got.rcpt_tos for got in inbox.received] == [
        [office.people["owner"].email],
        ["second@atelierlune.example"],
    ]


class _OneAway(Inbox):
    """An inbox that does not take mail for one person now."""

    away = "second@atelierlune.example"

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802
        self.recipient_answer = "451 later" if given[3] == self.away else "250 OK"
        return await super().handle_RCPT(*given)


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


def test_one_of_two_workers_mails_it_and_what_it_leaves_behind_another_takes_up(
    office: Office,
) -> None:
    _tell(office)
    now = _soon()
    (notice,) = to_mail(now)
    assert [claim(notice, now + LEASE) for _ in range(2)] == [True, False]
    assert to_mail(now + LEASE - timedelta(seconds=1)) == []
    (again,) = to_mail(now + LEASE)
    assert (again.tries, claim(again, now + 2 * LEASE)) == (1, True)


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
