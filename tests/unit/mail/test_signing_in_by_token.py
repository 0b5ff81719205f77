"""Signing in by a token: the exact bytes, what every answer means, and what is never said."""

import smtplib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.connectors import MachineClock
from builders.mail_server import Inbox, mail_server
from well.domain.failure import Failed, FailureKind, WayOut
from well.mail.bearer import OAUTHBEARER, XOAUTH2, initial, mechanism, sign_in
from well.mail.submission import NONE, Envelope, Server, submit

USER, TOKEN = "books@acme.example", "ya29.token"


@dataclass
class Spoken:
    """Stands where the wire stands: answers in turn, notes what was said."""

    answers: list[tuple[int, bytes]]
    auth: str = "XOAUTH2"
    said: list[str] = field(default_factory=list)

    @property
    def esmtp_features(self) -> dict[str, str]:
        return {"auth": self.auth} if self.auth else {}

    def docmd(self, verb: str, words: str = "") -> tuple[int, bytes]:
        self.said.append(f"{verb} {words}".strip())
        return self.answers.pop(0)


def opened(*answers: tuple[int, bytes], auth: str = "XOAUTH2") -> Spoken:
    """Sign in with these answers; what was said."""
    wire: Any = Spoken(list(answers), auth)
    sign_in(wire, "smtp.example", USER, TOKEN)
    spoken: Spoken = wire
    return spoken


def test_the_response_is_that_of_the_documentation() -> None:
    # The example of Google's page on the protocol.
    user, token = "someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"
    wanted = (
        "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52"
        "YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ=="
    )
    assert initial(XOAUTH2, user, token) == wanted


def test_the_other_response_is_that_of_its_standard() -> None:
    said = b64decode(initial(OAUTHBEARER, "a=b@acme.example", TOKEN))
    assert said == b"n,a=a=3Db@acme.example,\x01auth=Bearer ya29.token\x01\x01"


@pytest.mark.parametrize(
    ("offered", "way"),
    [
        ("LOGIN PLAIN XOAUTH2 OAUTHBEARER", XOAUTH2),
        (" login xoauth2", XOAUTH2),
        ("PLAIN OAUTHBEARER", OAUTHBEARER),
        ("PLAIN XOAUTH2X", None),
        ("", None),
    ],
)
def test_only_what_is_offered_is_used(offered: str, way: str | None) -> None:
    assert mechanism(offered) == way


def test_a_token_that_is_taken_needs_one_step() -> None:
    assert opened((235, b"ok")).said == [f"AUTH XOAUTH2 {initial(XOAUTH2, USER, TOKEN)}"]


@pytest.mark.parametrize(("auth", "end"), [("XOAUTH2", ""), ("OAUTHBEARER", "AQ==")])
def test_a_refusal_in_two_steps_is_read_to_its_end(auth: str, end: str) -> None:
    reason = b64encode(b'{"status":"400","schemes":"Bearer"}')
    wire: Any = Spoken([(334, reason), (535, b"5.7.8 no")], auth)
    with pytest.raises(Failed) as caught:
        sign_in(wire, "smtp.example", USER, TOKEN)
    failure = caught.value.failure
    assert failure.kind is FailureKind.GRANT_LOST
    assert failure.operator_note == '535 5.7.8 no {"status":"400","schemes":"Bearer"}'
    assert wire.said[1] == end
    assert "the sign-in that Well has (535 5.7.8 no). Everything is kept" in failure.sentence


@pytest.mark.parametrize("code", [535, 454])
def test_a_server_that_repeats_the_token_brings_it_nowhere(code: int) -> None:
    said = f"{TOKEN} {initial(XOAUTH2, USER, TOKEN)} is bad".encode()
    with pytest.raises((Failed, smtplib.SMTPResponseException)) as caught:
        opened((334, b64encode(said)), (code, said))
    assert "*** *** is bad" in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("challenge", [b"", b"not base64!", b"\xff\xfe", b"=" * 9999])
def test_a_reason_that_cannot_be_read_is_left_out(challenge: bytes) -> None:
    wire: Any = Spoken([(334, challenge), (535, b"no")])
    with pytest.raises(Failed) as caught:
        sign_in(wire, "smtp.example", USER, TOKEN)
    assert caught.value.failure.operator_note == "535 no"


@pytest.mark.parametrize("code", [500, 504, 534, 535, 599])
def test_a_no_for_good_is_a_sign_in_that_was_lost(code: int) -> None:
    with pytest.raises(Failed) as caught:
        opened((code, b"no"))
    assert caught.value.failure.kind is FailureKind.GRANT_LOST


@pytest.mark.parametrize("code", [421, 454, 250, 200, 354, -1])
def test_any_other_answer_says_nothing_of_the_token(code: int) -> None:
    with pytest.raises(smtplib.SMTPResponseException):
        opened((code, b"later"))


def test_a_server_that_takes_no_token_gets_none() -> None:
    wire: Any = Spoken([], "PLAIN LOGIN")
    with pytest.raises(Failed) as caught:
        sign_in(wire, "smtp.example", USER, TOKEN)
    failure = caught.value.failure
    assert (failure.kind, failure.way_out) == (FailureKind.REJECTED, WayOut.FIX_AND_RETRY)
    assert wire.said == []


@pytest.mark.parametrize(
    ("user", "token", "fits"),
    [
        (USER, "x" * 8192, True),
        (USER, "x" * 8193, False),
        (USER, "", False),
        (USER, "a b", False),
        (USER, "a\x01b", False),
        (USER, "a\r\nb", False),
        (USER, "é", False),
        ("", TOKEN, False),
        ("a@b.example\x01auth=Bearer y", TOKEN, False),
        ("a,b@acme.example", TOKEN, False),
        ("é@acme.example", TOKEN, False),
    ],
)
def test_odd_users_and_tokens_are_not_said(user: str, token: str, fits: bool) -> None:
    wire: Any = Spoken([(235, b"ok")])
    if fits:
        sign_in(wire, "smtp.example", user, token)
        return
    with pytest.raises(Failed) as caught:
        sign_in(wire, "smtp.example", user, token)
    assert caught.value.failure.kind is FailureKind.GRANT_LOST
    assert wire.said == []


def test_the_longest_line_is_one_that_servers_take() -> None:
    user = f"{'u' * 64}@{'d' * 62}.{'d' * 62}.{'d' * 62}.{'d' * 62}"
    for way in (XOAUTH2, OAUTHBEARER):
        assert len(f"AUTH {way} {initial(way, user, 'x' * 8192)}\r\n") <= 12_288


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_given_nothing_but_base64_is_said(user: str, token: str) -> None:
    try:
        said = initial(XOAUTH2, user, token)
    except ValueError:
        return
    assert b64decode(said, validate=True).count(b"\x01") == 3


def test_a_token_is_never_said_without_encryption() -> None:
    with mail_server(Inbox()) as port:
        server = Server("127.0.0.1", port, NONE, user=USER, token=TOKEN, private=True, timeout=5)
        with pytest.raises(Failed) as caught:
            submit(server, Envelope(USER, "a@b.example", "p1"), b"x\r\n", MachineClock())
    assert "signing in needs TLS" in caught.value.failure.sentence
    assert TOKEN not in repr(server)
