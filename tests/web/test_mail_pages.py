"""Pages about delivery by e-mail: the form, the test, what came back, and the two ways out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from builders.mail_server import Inbox, mail_server
from builders.office import AT, BANK, Office, build_office
from builders.pages import as_, at, text_of
from well.bootstrap import well
from well.domain.case import Case, CaseState
from well.domain.delivery import Delivery, DeliveryState, MailRoute
from well.domain.failure import Failure, FailureKind
from well.domain.flow import Connection, ConnectionState
from well.domain.ids import posting_id
from well.domain.posting import NEVER, Posting, PostingState
from well.domain.trail import TrailEvent
from well.mail import answers
from well.mail.returns import Returns
from well.pipeline.arrive import MAY_BE_THERE
from well.pipeline.inbox import stop_mailing
from well.pipeline.inbox import test_posting as posting_of_test
from well.pipeline.setup import lose_grant
from well.ports.mailer import DeliveryReport, password_of
from well.settings import Mail
from well.web.pages.mail_route import route_of

pytestmark = pytest.mark.django_db(databases=["default", "eu"])
LEDGER = "ledger"
TYPED = {
    "inbox": "acme@in.freshbooks.example",
    "sender": "books@acme.example",
    "way": "",
    "host": "",
    "port": "587",
    "user": "",
}


@pytest.fixture
def office() -> Office:
    made = build_office(each=1)
    made.store.save_connection(
        Connection(LEDGER, "freshbooks", "FreshBooks · Acme", "ABC123", ConnectionState.CONNECTED)
    )
    return made


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """The installation's mail server."""
    handler = Inbox()
    with mail_server(handler) as port:
        mail = Mail(host="localhost", port=port, security="none", domain="well.example", pace=0.0)
        monkeypatch.setattr(well().outbox, "mail", mail)
        monkeypatch.setattr(well().outbox, "returns", Returns("well.example", b"k" * 32))
        yield handler


OWN = TYPED | {"way": "own", "host": "smtp.acme.example", "user": "acme"}


@pytest.mark.parametrize(
    ("fields", "route"),
    [
        (TYPED, MailRoute(TYPED["inbox"], TYPED["sender"])),
        (OWN, MailRoute(TYPED["inbox"], TYPED["sender"], "smtp.acme.example", 587, "acme")),
        (
            OWN | {"port": "465", "host": "SMTP.acme.example"},
            MailRoute(TYPED["inbox"], TYPED["sender"], "smtp.acme.example", 465, "acme"),
        ),
    ],
)
def test_a_way_that_can_be_is_taken(fields: dict[str, str], route: MailRoute) -> None:
    assert route_of(fields, password_kept=True) == route


@pytest.mark.parametrize(
    ("fields", "kept", "said"),
    [
        (TYPED | {"inbox": ""}, True, "inbox"),
        (TYPED | {"inbox": "a@b\r\nBcc: c@d"}, True, "inbox"),
        (TYPED | {"sender": "Acme <books@acme.example>"}, True, "sender"),
        (OWN | {"host": ""}, True, "name like"),
        (OWN | {"host": "smtp acme"}, True, "name like"),
        (OWN | {"host": "-smtp"}, True, "name like"),
        (OWN | {"port": "25"}, True, "port"),
        (OWN | {"port": "5 87"}, True, "port"),
        (OWN | {"port": "٥٨٧"}, True, "port"),
        (OWN | {"port": "9" * 5000}, True, "port"),
        (OWN | {"user": ""}, True, "password"),
        (OWN, False, "password"),
    ],
)
def test_a_way_that_cannot_be_is_said(fields: dict[str, str], kept: bool, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        route_of(fields, kept)


def _route(office: Office) -> MailRoute:
    route = office.store.connection(LEDGER).mail
    assert route is not None
    return route


def test_an_inbox_is_entered_tested_and_confirmed(office: Office, inbox: Inbox) -> None:
    client = as_(office, "admin")
    assert "enter the inbox that takes them" in text_of(client.get(at(office, "connections/")))
    here = at(office, f"connections/{LEDGER}/mail")
    assert client.post(here, TYPED).status_code == 302
    assert _route(office) == MailRoute(TYPED["inbox"], TYPED["sender"])
    assert "Documents wait until you have confirmed" in text_of(
        client.get(at(office, "connections/"))
    )
    assert client.post(f"{here}/arrived").status_code == 302
    assert not _route(office).tested, "nothing was sent yet that could have arrived"
    page = text_of(client.post(f"{here}/test", follow=True))
    assert "The mail server took the test (250 queued as 7f3a)" in page
    (got,) = inbox.received
    assert got.rcpt_tos == [TYPED["inbox"]]
    assert b"Subject: This is a test by Well" in got.content
    assert b"application/pdf" in got.content
    client.post(f"{here}/arrived")
    assert _route(office).tested
    assert "it arrived" in text_of(client.get(here))
    client.post(here, TYPED)
    assert _route(office).tested, "the same way keeps its test"
    client.post(here, TYPED | {"inbox": "other@in.freshbooks.example"})
    assert (_route(office).tested, _route(office).test) == (False, None)


def test_a_password_is_sealed_and_never_shown(office: Office) -> None:
    client = as_(office)
    here = at(office, f"connections/{LEDGER}/mail")
    assert client.post(here, OWN).status_code == 422
    client.post(here, OWN | {"password": "s3cret-word"})
    grants = well().grants(office.workspace)
    grant = grants.load(password_of(LEDGER))
    assert grant is not None
    assert grant.access_token == "s3cret-word"
    assert "s3cret-word" not in client.get(here).content.decode()
    assert "s3cret-word" not in repr(office.store.connection(LEDGER))
    client.post(here, OWN)
    assert grants.load(password_of(LEDGER)) is not None, "left empty, it is kept"
    client.post(here, TYPED)
    assert grants.load(password_of(LEDGER)) is None, "nothing is kept that is not used"


def test_a_lost_password_is_told_and_a_new_one_lets_the_mailing_go_on(office: Office) -> None:
    here = at(office, f"connections/{LEDGER}/mail")
    client = as_(office)
    client.post(here, OWN | {"password": "old"})
    route = replace(_route(office), tested=True)
    office.store.save_connection(replace(office.store.connection(LEDGER), mail=route))
    refused = answers.sign_in_refused("smtp.acme.example", "535")
    stop_mailing(office.store, LEDGER, refused, well().clock)
    assert "does not accept the user name and password" in text_of(client.get(here))
    connections = text_of(client.get(at(office, "connections/")))
    assert "does not accept the user name and password" in connections
    assert "Reconnect FreshBooks" not in connections
    client.post(here, OWN | {"password": "right now"})
    assert _route(office).open
    assert office.store.connection(LEDGER).state is ConnectionState.CONNECTED


def test_a_lost_grant_says_that_mail_goes_on(office: Office) -> None:
    client = as_(office)
    client.post(at(office, f"connections/{LEDGER}/mail"), TYPED)
    lost = Failure(FailureKind.GRANT_LOST, "FreshBooks no longer lets Well in.")
    lose_grant(office.store, LEDGER, lost, well().clock)
    page = text_of(client.get(at(office, "connections/")))
    assert "What was planned is mailed meanwhile" in page
    assert "nothing is read or posted until" not in page


@pytest.mark.parametrize("path", ["mail", "mail/test", "mail/arrived"])
def test_only_those_who_manage_change_the_way(office: Office, path: str) -> None:
    here = at(office, f"connections/{LEDGER}/{path}")
    assert as_(office, "reviewer").post(here, TYPED).status_code == 403
    other = build_office("Other House", each=1)
    assert as_(other).post(here, TYPED).status_code == 404
    assert as_(other).post(at(other, f"connections/{LEDGER}/{path}"), TYPED).status_code == 404


def test_a_connection_that_takes_no_mail_has_no_such_page(office: Office) -> None:
    assert as_(office).get(at(office, f"connections/{BANK}/mail")).status_code == 404


def test_a_test_that_comes_back_says_why(office: Office, inbox: Inbox) -> None:
    client, here = as_(office), at(office, f"connections/{LEDGER}/mail")
    client.post(here, TYPED)
    client.post(f"{here}/test")
    later = well().clock.now() + timedelta(seconds=1)
    bounce = Delivery(DeliveryState.BOUNCED, "<t@well.example>", later, "5.7.1 not a user")
    report = DeliveryReport(posting_of_test(LEDGER), bounce)
    assert well().take_returned_mail(office.workspace, [report]) == 1
    assert well().take_returned_mail(office.workspace, [report]) == 0
    assert "The test came back: 5.7.1 not a user" in text_of(client.get(here))
    assert "5.7.1 not a user" in text_of(client.get(at(office, "connections/")))
    assert "It arrived" not in text_of(client.get(here))


def test_a_server_that_refuses_the_test_is_told(office: Office, inbox: Inbox) -> None:
    client, here = as_(office), at(office, f"connections/{LEDGER}/mail")
    client.post(here, TYPED)
    inbox.recipient_answer = "550 no such inbox"
    page = text_of(client.post(f"{here}/test", follow=True))
    assert "refused the document: 550 no such inbox" in page
    assert _route(office).test is None


def _mailed(office: Office, at_state: CaseState, **posting: object) -> tuple[Case, Posting]:
    """A record of the office that was mailed, as far as `posting` says."""
    case = replace(
        office.cases["review"][0],
        state=at_state,
        posted=office.cases["review"][0].invoice,
        reason=MAY_BE_THERE.sentence,
    )
    taken = Delivery(DeliveryState.HANDED_OVER, "<p@well.example>", AT, "250 queued as 7f3a")
    own = posting_id(office.workspace, office.flow.target, case.record)
    base = Posting(
        id=own,
        case=case.id,
        flow=case.flow,
        target=office.flow.target,
        state=PostingState.SENT,
        priority=1.0,
        file_name="F.pdf",
        idempotency_key=own,
        planned_at=AT,
        attempts=1,
        first_sent_at=AT,
        last_sent_at=AT,
        not_before=NEVER,
        delivery=taken,
    )
    made = replace(base, **posting)  # type: ignore[arg-type]
    detail = {"delivery": "handed over", "server": "250 queued as 7f3a", "message": "<p@w>"}
    with office.store.unit():
        office.store.save_cases([case], AT)
        office.store.save_postings([made])
        office.store.append([TrailEvent(AT, "well", "posting sent", case.record, detail)])
    return case, made


def _asked(office: Office) -> Case:
    case, _ = _mailed(
        office,
        CaseState.REVIEW,
        state=PostingState.UNKNOWN,
        delivery=None,
        failure=MAY_BE_THERE,
    )
    return case


def _say(office: Office, case: Case, verdict: str) -> Case:
    client = as_(office, "reviewer")
    page = client.get(at(office, f"review/{case.id}/?entry=none")).content.decode()
    seen = unescape(page.split('name="seen" value="', 1)[1].split('"', 1)[0])
    client.post(at(office, f"review/{case.id}/judge"), {"verdict": verdict, "seen": seen})
    return office.store.cases([case.id])[case.id]


def test_a_question_about_a_mail_has_two_ways_out(office: Office) -> None:
    case = _asked(office)
    page = text_of(as_(office, "reviewer").get(at(office, f"review/{case.id}/?entry=none")))
    assert "broke at the decisive moment" in page
    assert "I see it in Qonto" in page
    assert "It is not in Qonto: send it again" in page
    assert "there are two of it: look first" in page
    assert "as a new invoice" not in page
    assert _say(office, case, "approve").state is CaseState.REVIEW
    assert _say(office, case, "seen").state is CaseState.POSTED


def test_sending_again_is_planned_once(office: Office) -> None:
    case = _asked(office)
    assert _say(office, case, "again").state is CaseState.WAITING
    (posting,) = office.store.find_postings(
        case.flow, [PostingState.PLANNED], 1, well().clock.now()
    )
    assert (posting.case, posting.attempts) == (case.id, 0)


def test_the_record_tells_what_became_of_its_mail(office: Office) -> None:
    case, _ = _mailed(office, CaseState.POSTED)
    client = as_(office, "reviewer")
    page = text_of(client.get(at(office, f"records/{case.id}/")))
    assert "Handed over to the mail server" in page
    assert "250 queued as 7f3a" in page
    assert "Well can prove that the mail server took it, not that the entry was made" in page
    assert "I see it in Qonto" in page
    assert "I see it in Qonto" not in text_of(
        as_(office, "viewer").get(at(office, f"records/{case.id}/"))
    )
    status = text_of(client.get(at(office, "status/")))
    assert "Handed over to the mail server" in status


def test_a_bounce_stands_on_the_status_page_with_its_reason(office: Office) -> None:
    case, posting = _mailed(office, CaseState.POSTED)
    bounce = Delivery(DeliveryState.BOUNCED, "<p@w>", AT + timedelta(minutes=1), "5.7.1 not a user")
    well().take_returned_mail(office.workspace, [DeliveryReport(posting.id, bounce)])
    status = text_of(as_(office).get(at(office, "status/")))
    assert "The mail came back: 5.7.1 not a user" in status
    record = text_of(as_(office).get(at(office, f"records/{case.id}/")))
    assert "Came back" in record


def test_what_was_mailed_and_is_looked_at_again_is_not_offered_as_new(office: Office) -> None:
    case, _ = _mailed(office, CaseState.REVIEW)
    page = text_of(as_(office, "reviewer").get(at(office, f"review/{case.id}/?entry=none")))
    assert "I see it in Qonto" in page
    assert "send it again" not in page.replace("say that you see it or send it again", "")
    assert "as a new invoice" not in page
