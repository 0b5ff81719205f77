"""Contract: a workspace's own mailbox, signed in by OAuth over HTTP, mails by SMTP over TLS.

The independent client is Python's own smtplib; the server's side of SMTP is aiosmtpd's.
"""

import json
import smtplib
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from builders.connectors import MachineClock, MemoryGrants
from builders.mailbox_provider import Mailing, challenge, mailing, provider_at
from builders.posting_mail import connected, message
from well.connectors.mailboxes import connect
from well.domain.failure import Failed, FailureKind, WayOut
from well.ports.grants import Grant
from well.ports.mailer import WayLost


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailing]:
    """A connection that is signed in."""
    with mailing(tmp_path) as made:
        yield made


def token_of(mailbox: Mailing) -> str:
    """The access token as it is kept."""
    assert mailbox.grants.grant is not None
    return mailbox.grants.grant.access_token


def xoauth2(user: str, token: str) -> str:
    """The response as the providers' pages print it."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def test_the_standard_client_opens_the_standin_by_the_token_that_oauth_gave(
    mailbox: Mailing,
) -> None:
    mail = mailbox.server.mail
    with connected(mail) as client:
        client.ehlo()
        assert client.esmtp_features["auth"].split() == ["OAUTHBEARER", "XOAUTH2"]
        refused = client.docmd("MAIL", f"FROM:<{mail['sender']}>")
        assert refused[0] == 530
        said = xoauth2(mail["sender"], token_of(mailbox))
        assert client.auth("XOAUTH2", lambda _=None: said) == (
            235,
            b"2.7.0 Authentication successful",
        )
        client.sendmail(mail["sender"], ["anybody@else.example"], message(mail).as_bytes())
    assert len(mailbox.sent) == 1


@pytest.mark.parametrize("trouble", ["expired", "revoked", "another user", "invented"])
def test_the_standard_client_is_refused_in_two_steps(mailbox: Mailing, trouble: str) -> None:
    mail, token = mailbox.server.mail, token_of(mailbox)
    user = "ceo@else.example" if trouble == "another user" else mail["sender"]
    if trouble == "expired":
        mailbox.expire()
    if trouble == "revoked":
        mailbox.revoke()
    if trouble == "invented":
        token = "x" * 40
    with connected(mail) as client:
        client.ehlo()
        challenges: list[bytes] = []

        def respond(challenge: bytes | None = None) -> str:
            if challenge is None:
                return xoauth2(user, token)
            challenges.append(challenge)
            return ""

        with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
            client.auth("XOAUTH2", respond)
    assert caught.value.smtp_code == 535
    assert json.loads(challenges[0])["schemes"] == "Bearer"


def test_no_password_and_no_clear_line_opens_it(mailbox: Mailing) -> None:
    with connected(mailbox.server.mail, tls=False) as client:
        client.ehlo()
        assert not client.has_extn("auth")
        assert client.docmd("AUTH", "XOAUTH2 dXNlcg==")[0] == 538
    with connected(mailbox.server.mail) as client:
        client.ehlo()
        assert client.docmd("AUTH", "PLAIN AGEAYg==")[0] == 504


def test_a_document_goes_by_the_own_mailbox(mailbox: Mailing) -> None:
    assert mailbox.send() == "250 2.0.0 Taken as 1"
    (sent,) = mailbox.sent
    assert sent["envelope"] == sent["sender"] == mailbox.route.sender
    assert sent["reason"] is None


def test_a_server_that_offers_only_oauthbearer_is_opened_too(mailbox: Mailing) -> None:
    mailbox.server.settings(mail_only_oauthbearer=1)
    assert mailbox.send() == "250 2.0.0 Taken as 1"
    mailbox.revoke()
    with pytest.raises(Failed) as caught:
        mailbox.send("p2")
    assert caught.value.failure.kind is FailureKind.GRANT_LOST


def test_a_token_that_the_server_refuses_is_renewed_once(mailbox: Mailing) -> None:
    former = token_of(mailbox)
    mailbox.expire()
    assert mailbox.send() == "250 2.0.0 Taken as 1"
    assert token_of(mailbox) != former
    assert len(mailbox.grants.saved) == 1
    assert len(mailbox.sent) == 1


def test_a_token_that_is_ending_is_renewed_before_it_is_said(mailbox: Mailing) -> None:
    assert mailbox.grants.grant is not None
    ending = datetime.now(UTC) + timedelta(seconds=119)
    mailbox.grants.grant = replace(mailbox.grants.grant, expires_at=ending)
    mailbox.send()
    assert len(mailbox.grants.saved) == 1


def test_a_permission_that_was_taken_back_is_a_question_to_a_person(mailbox: Mailing) -> None:
    mailbox.revoke()
    with pytest.raises(Failed) as caught:
        mailbox.send()
    failure = caught.value.failure
    assert isinstance(caught.value, WayLost), "reading goes on"
    assert (failure.kind, failure.way_out) == (FailureKind.GRANT_LOST, WayOut.DELIVERY)
    assert "sign in at Mailbox on the page “Delivery by e-mail”" in failure.sentence
    assert mailbox.sent == []


def test_a_mailbox_of_somebody_else_is_not_opened(mailbox: Mailing) -> None:
    mailbox.route = replace(mailbox.route, user="ceo@else.example")
    with pytest.raises(Failed) as caught:
        mailbox.send()
    failure = caught.value.failure
    assert failure.kind is FailureKind.GRANT_LOST
    assert "with the mailbox that is named there" in failure.sentence
    assert "535 5.7.8" in failure.operator_note
    assert '"scope"' in failure.operator_note
    assert mailbox.sent == []


def test_a_connection_that_never_signed_in_says_where_to(mailbox: Mailing) -> None:
    mailbox.grants.grant = None
    with pytest.raises(Failed) as caught:
        mailbox.send()
    assert caught.value.failure.kind is FailureKind.GRANT_LOST
    assert "Mailbox does not let Well send from your mailbox" in caught.value.failure.sentence


@pytest.mark.parametrize("mode", ["mail_no_starttls", "mail_wrong_certificate"])
def test_without_true_encryption_no_token_is_said(mailbox: Mailing, mode: str) -> None:
    mailbox.server.fault(mode)
    with pytest.raises(Failed) as caught:
        mailbox.send()
    assert caught.value.failure.kind is FailureKind.TRANSIENT
    assert mailbox.send("p2") == "250 2.0.0 Taken as 1"


def test_a_provider_that_is_down_while_renewing_costs_nothing(mailbox: Mailing) -> None:
    mailbox.expire()
    mailbox.server.fault("error_before", path="/oauth2/token")
    with pytest.raises(Failed) as caught:
        mailbox.send()
    assert caught.value.failure.kind is FailureKind.TRANSIENT
    assert mailbox.send() == "250 2.0.0 Taken as 1"


def test_the_consent_asks_for_sending_alone_with_a_proof_key(mailbox: Mailing) -> None:
    url = mailbox.provider.authorize_url("books@acme.example", "s1", challenge("v" * 43))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked.pop("client_id") == mailbox.server.client_id
    assert asked == {
        "response_type": "code",
        "scope": "https://mail.sandbox.example/SMTP.Send offline_access",
        "redirect_uri": "http://localhost:9/connect/mailbox/standin/callback",
        "state": "s1",
        "code_challenge": challenge("v" * 43),
        "code_challenge_method": "S256",
        "prompt": "consent",
        "login_hint": "books@acme.example",
    }


def _grant_of(mailbox: Mailing, *scopes: str) -> Grant:
    """The grant of a provider that asks for other scopes."""
    server = mailbox.server
    known = replace(provider_at(server), scopes=scopes)
    other = connect([known], "http://localhost:9", MachineClock()).offered[known.name]
    verifier = "w" * 43
    answer = server.consent(other.authorize_url("", "s1", challenge(verifier)))
    return mailbox.provider.exchange(answer, verifier)


@pytest.mark.parametrize(
    ("scopes", "lacking"),
    [
        (("offline_access",), "the permission https://mail.sandbox.example/SMTP.Send"),
        (("https://mail.sandbox.example/SMTP.Send",), "an access that lasts"),
    ],
)
def test_a_sign_in_that_is_no_use_is_given_back(
    mailbox: Mailing, scopes: tuple[str, ...], lacking: str
) -> None:
    with pytest.raises(Failed, match=lacking):
        _grant_of(mailbox, *scopes)
    assert mailbox.server.standin.log.view()[-1]["path"] == "/oauth2/revoke"


def test_leaving_ends_the_permission_at_the_provider(mailbox: Mailing) -> None:
    grant = mailbox.grants.grant
    assert grant is not None
    mailbox.provider.revoke(grant)
    with pytest.raises(Failed):
        mailbox.send()
    assert mailbox.sent == []


def test_a_provider_that_takes_no_word_of_leaving_says_so(mailbox: Mailing) -> None:
    known = provider_at(mailbox.server)
    silent = replace(known, provider=replace(known.provider, revoke=""))
    offered = connect([silent], "http://localhost:9", MachineClock()).offered
    with pytest.raises(Failed, match="takes no word"):
        offered[known.name].revoke(Grant("a", "b", datetime.now(UTC)))


def test_a_provider_without_a_client_id_is_not_offered(mailbox: Mailing) -> None:
    known = provider_at(mailbox.server)
    without = replace(known, provider=replace(known.provider, client_id=""))
    offered = connect([without], "http://localhost:9", MachineClock())
    assert offered.offered == {}
    with pytest.raises(Failed) as caught:
        offered.bearer(known.name, "c1", MemoryGrants())
    assert caught.value.failure.kind is FailureKind.GRANT_LOST


def test_the_reason_of_a_refusal_is_json_in_base64(mailbox: Mailing) -> None:
    with connected(mailbox.server.mail) as client:
        client.ehlo()
        code, words = client.docmd("AUTH", "OAUTHBEARER bixhPXgs")
        assert (code, json.loads(b64decode(words))["status"]) == (334, "400")
        assert client.docmd("AQ==")[0] == 535
        code, _ = client.docmd("AUTH", "XOAUTH2")
        assert code == 334
        assert client.docmd("dXNlcg==")[0] == 334
        assert client.docmd("AQ==")[0] == 501
