"""From a provider's refusal of the tokens to the owner's page and mailbox, and once."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from builders.mail_server import Inbox, mail_server
from builders.office import BOOKS, Office, build_office
from builders.pages import as_, at, text_of
from well.bootstrap import well
from well.domain.failure import Failed, Failure, FailureKind
from well.pipeline.sync import Phase, Run
from well.settings import Mail
from well.worker.notices import mail_notices
from well.worker.run import after_failure

pytestmark = pytest.mark.django_db(databases="__all__")
TEXT = "QuickBooks no longer lets Well in. Everything is kept; reconnect it to go on."


@pytest.fixture
def office() -> Office:
    return build_office(each=0)


def test_a_lost_authorisation_reaches_the_owner_in_the_product_and_by_mail(office: Office) -> None:
    lost = Failed(Failure(FailureKind.GRANT_LOST, TEXT), BOOKS)
    run = Run(well().clock.now())
    after, _ = after_failure(well(), office.workspace, "flow-1", run, lost, 0)
    assert after.phase is Phase.DONE, "nothing is tried again"
    assert TEXT in text_of(as_(office).get(at(office, "notices/")))
    inbox = Inbox()
    with mail_server(inbox) as port:
        mail = Mail(
            host="localhost",
            port=port,
            security="none",
            sender="well@well.example",
            domain="well.example",
            timeout=5,
            answer_timeout=5,
        )
        hub = replace(well(), settings=replace(well().settings, mail=mail))
        assert (mail_notices(hub), mail_notices(hub)) == (1, 0)
    (got,) = inbox.received
    assert got.rcpt_tos == [office.people["owner"].email]
    assert isinstance(got.content, bytes)
    body = message_from_bytes(got.content, policy=default).get_payload(decode=True)
    assert isinstance(body, bytes) and TEXT in body.decode()
