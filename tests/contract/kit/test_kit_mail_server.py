"""Contract: the mail server fails at the exact moment that was asked for, and only then."""

import smtplib
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders.posting_mail import BOUNCES, connected, message, post
from builders.running_standin import Running, running
from builders.tiny_company import TinyCompany
from well.sandbox.freshbooks import FAULT_MODES, create
from well.sandbox.kit.listen import bind
from well.sandbox.kit.mailbox import carried
from well.sandbox.kit.smtp import mail_server
from well.sandbox.serve import Sandbox, SandboxRefusedError


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    """A stand-in with a mailbox."""
    with running(create, TinyCompany(), tmp_path, FAULT_MODES) as made:
        yield made


def kept(server: Running) -> int:
    """How many messages are in the mailbox."""
    mails: list[Any] = server.admin.get("/_admin/mails").json()
    return len(mails)


def test_it_offers_what_a_careful_sender_looks_for(server: Running) -> None:
    with connected(server.mail, tls=False) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == "14500000"
        assert client.has_extn("starttls") and client.has_extn("dsn")
        assert not client.has_extn("auth")
    with connected(server.mail) as client:
        client.ehlo()
        assert client.has_extn("auth") and not client.has_extn("starttls")
        assert client.mail(BOUNCES)[0] == 250
        assert client.rcpt("somebody@else.example")[0] == 550
        assert client.rcpt(server.mail["inbox"].upper())[0] == 250
        assert client.rcpt(server.mail["inbox"])[0] == 452


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize(("mode", "status"), [("mail_temporary", 421), ("mail_refused", 554)])
def test_a_verb_is_refused_once_and_nothing_is_kept(
    server: Running, verb: str, mode: str, status: int
) -> None:
    server.fault(mode, method=verb, status=status)
    with pytest.raises(smtplib.SMTPException) as refused:
        post(server.mail)
    assert str(status) in str(refused.value)
    assert kept(server) == 0
    post(server.mail)
    assert kept(server) == 1


@pytest.mark.parametrize(
    ("mode", "asked", "given"),
    [
        ("mail_temporary", 400, 400),
        ("mail_temporary", 499, 499),
        ("mail_temporary", 500, 451),
        ("mail_temporary", 399, 451),
        ("mail_refused", 501, 501),
        ("mail_refused", 500, 550),
        ("mail_refused", 600, 550),
    ],
)
def test_a_status_outside_its_class_is_the_usual_one(
    server: Running, mode: str, asked: int, given: int
) -> None:
    server.fault(mode, method="MAIL", status=asked)
    with connected(server.mail) as client:
        client.ehlo()
        assert client.mail(BOUNCES)[0] == given


@pytest.mark.parametrize(("mode", "left"), [("mail_cut_lost", 0), ("mail_cut_kept", 1)])
def test_a_cut_after_the_dot_is_before_or_after_it_was_kept(
    server: Running, mode: str, left: int
) -> None:
    server.fault(mode)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError, ssl.SSLError)):
        post(server.mail)
    assert kept(server) == left
    post(server.mail)
    assert kept(server) == left + 1


def test_a_mail_may_vanish_although_it_was_taken(server: Running) -> None:
    server.fault("mail_vanishes")
    post(server.mail)
    assert kept(server) == 0


def test_a_tarpit_answers_late_but_well(server: Running) -> None:
    server.fault("mail_tarpit", method="RCPT", seconds=1)
    begun = time.monotonic()
    post(server.mail)
    assert 1.0 <= time.monotonic() - begun < 15
    assert kept(server) == 1


def test_starttls_may_be_missing_and_a_certificate_wrong(server: Running) -> None:
    server.fault("mail_no_starttls")
    with pytest.raises(smtplib.SMTPNotSupportedError), connected(server.mail):
        pass
    server.fault("mail_wrong_certificate")
    with pytest.raises(ssl.SSLCertVerificationError), connected(server.mail):
        pass
    post(server.mail)
    assert kept(server) == 1


def test_tls_and_the_login_can_be_demanded(server: Running) -> None:
    server.settings(mail_tls_required=1, mail_auth_required=1)
    with connected(server.mail, tls=False) as client:
        client.ehlo()
        assert client.mail(BOUNCES)[0] == 530
    with connected(server.mail) as client:
        client.ehlo()
        assert client.mail(BOUNCES)[0] == 530
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login(server.mail["smtp_user"], "wrong")
        client.login(server.mail["smtp_user"], server.mail["smtp_password"])
        client.sendmail(BOUNCES, [server.mail["inbox"]], message(server.mail).as_bytes())
    assert kept(server) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\xff\xfe",
        b"From: =?utf-8?b?////?= <a@b>\r\n\r\n",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"From: " + b"<" * 500 + b"\r\n\r\n",
        b'Content-Type: image/png; name="\xff"\r\nContent-Transfer-Encoding: base64\r\n\r\n%%',
        b"Message-ID: <x\r\n y>\r\nFrom: a@b\r\n\r\n",
    ],
)
def test_hostile_bytes_are_a_refusal_with_a_reason(content: bytes) -> None:
    found = carried(content)
    assert found.reason and found.status in ("5.6.0", "5.6.1")
    assert all("\n" not in value and value.isascii() for value in found.headers.values())


def test_nothing_stays_behind_when_it_ends_in_the_middle_of_a_message(tmp_path: Path) -> None:
    with running(create, TinyCompany(), tmp_path, FAULT_MODES) as server:
        client = smtplib.SMTP(server.mail["smtp_host"], int(server.mail["smtp_port"]), timeout=5)
        client.ehlo()
        client.mail(BOUNCES)
    client.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("sandbox")]


def test_a_port_that_is_taken_refuses_the_start_and_leaves_nothing(tmp_path: Path) -> None:
    with bind(0) as taken:
        taken.listen()
        ports = {"freshbooks-smtp": taken.getsockname()[1]}
        sandbox = Sandbox(["freshbooks"], tmp_path, 60, 7, ports)
        with pytest.raises(SandboxRefusedError, match="freshbooks-smtp cannot be used"):
            sandbox.start()
    assert not [t for t in threading.enumerate() if t.name.startswith("sandbox")]


def test_a_server_that_was_never_started_is_stopped_without_a_trace(tmp_path: Path) -> None:
    with running(create, TinyCompany(), tmp_path, FAULT_MODES) as server:
        sock = bind(0)
        mail_server(server.standin, sock, server.faults, tmp_path / "second").stop()
        assert sock.fileno() == -1
