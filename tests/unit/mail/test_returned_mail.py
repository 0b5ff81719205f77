"""Returned mail: real bounces, written refusals, forgeries, and bytes of any kind."""

import imaplib
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.certificates import Authority
from builders.connectors import NOW, FakeClock
from well.domain.delivery import Delivery, DeliveryState
from well.domain.failure import Failed, FailureKind
from well.mail.adapter import Returned
from well.mail.journal import Journal
from well.mail.receiver import Receiver
from well.mail.returned import READ_MAX, Rules, report_of
from well.mail.returns import Returns
from well.ports.mailer import DeliveryReport
from well.settings import Mail

POSTING = "0c6c6f6e-1a42-5b52-9f0e-8a4f5f2f3c11"
RETURNS = Returns("well.example", b"k" * 32)
RULES = Rules(RETURNS, "well.example", ("intuit.com", "qbodocs.com"))
OURS = RETURNS.address(POSTING)
ID = f"<{POSTING}@well.example>"


def dsn(
    *actions: str, status: str = "5.1.1", code: str = "smtp; 550 5.1.1 not registered"
) -> bytes:
    """A delivery status notification as Postfix writes it."""
    blocks = "".join(
        f"\r\nFinal-Recipient: rfc822; acme@qbodocs.example\r\nAction: {action}\r\n"
        f"Status: {status}\r\nDiagnostic-Code: {code}\r\n"
        for action in actions
    )
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {OURS}\r\nSubject: Undelivered\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\r\n\r\n'
        "--b1\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n"
        "--b1\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.example\r\n{blocks}\r\n"
        f"--b1\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {ID}\r\n\r\n--b1--\r\n"
    ).encode()


def refusal(sender: str = "receipts@intuit.com", answers: str = ID) -> bytes:
    """A refusal as a person or a robot of a provider writes it."""
    return (
        f"From: Receipts <{sender}>\r\nTo: books@acme.example\r\nSubject: We could not add it\r\n"
        f"In-Reply-To: {answers}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        "<p>The address <b>books@acme.example</b> is not registered.</p>\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("actions", "state", "note"),
    [
        (("failed",), DeliveryState.BOUNCED, "5.1.1 550 5.1.1 not registered"),
        (("delayed",), DeliveryState.HANDED_OVER, "delayed: 5.1.1 550 5.1.1 not registered"),
        (("delivered",), DeliveryState.DELIVERED, "5.1.1 550 5.1.1 not registered"),
        (("relayed",), DeliveryState.DELIVERED, "5.1.1 550 5.1.1 not registered"),
        (("delivered", "failed"), DeliveryState.BOUNCED, "5.1.1 550 5.1.1 not registered"),
    ],
)
def test_a_notification_tells_what_became_of_the_document(
    actions: tuple[str, ...], state: DeliveryState, note: str
) -> None:
    report = report_of(dsn(*actions), [OURS], RULES, NOW)
    assert report == DeliveryReport(POSTING, Delivery(state, ID, NOW, note))


@pytest.mark.parametrize("raw", [dsn(), dsn("invented"), b"", b"From: x\r\n\r\nhello"])
def test_a_mail_that_says_nothing_is_no_report(raw: bytes) -> None:
    assert report_of(raw, [OURS], RULES, NOW) is None


def test_a_notification_to_a_forged_address_is_not_believed() -> None:
    forged = OURS.replace(POSTING, POSTING[:-1] + "2")
    assert report_of(dsn("failed"), [forged], RULES, NOW) is None
    assert report_of(dsn("failed"), [], RULES, NOW) is None


def test_a_written_refusal_is_known_by_its_sender_and_what_it_answers() -> None:
    report = report_of(refusal(), ["books@acme.example"], RULES, NOW)
    assert report is not None
    note = "The address books@acme.example is not registered."
    assert report.delivery == Delivery(DeliveryState.BOUNCED, ID, NOW, note)
    assert report_of(refusal("a@mail.intuit.com"), [], RULES, NOW) is not None


@pytest.mark.parametrize(
    "raw",
    [
        refusal("a@evilintuit.com"),
        refusal("a@intuit.com.evil.example"),
        refusal(answers="<other@well.example.evil>"),
        refusal(answers=""),
        refusal().replace(b"In-Reply-To", b"Auto-Submitted: auto-replied\r\nIn-Reply-To"),
    ],
)
def test_other_letters_are_no_refusal(raw: bytes) -> None:
    assert report_of(raw, [], RULES, NOW) is None


@given(st.binary(max_size=2000), st.integers(0, 1500), st.integers(0, 200))
def test_broken_notifications_are_survived(noise: bytes, at: int, cut: int) -> None:
    raw = dsn("failed")
    report_of(raw[:at] + noise + raw[at + cut :], [OURS], RULES, NOW)


@given(
    st.sampled_from(["Content-Type", "From", "In-Reply-To", "Content-Transfer-Encoding"]),
    st.text(max_size=200),
)
def test_hostile_headers_are_survived(name: str, value: str) -> None:
    raw = f"{name}: {value}\r\n".encode("utf-8", "replace") + refusal()
    report_of(raw, [OURS, value], RULES, NOW)


def test_parts_in_parts_without_end_are_survived() -> None:
    part = b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n"
    raw = b"".join(part % (i, i) for i in range(5000))
    assert report_of(raw, [OURS], RULES, NOW) is None
    wrapped = b"Content-Type: message/rfc822\r\n\r\n" * 20_000
    assert report_of(wrapped, [OURS], RULES, NOW) is None


def test_a_returned_document_of_any_size_is_looked_at_only_in_front() -> None:
    assert report_of(dsn("failed") + b"x" * 20_000_000, [OURS], RULES, NOW) is not None
    late = b"X: " + b"x" * READ_MAX + b"\r\n" + dsn("failed")
    assert report_of(late, [OURS], RULES, NOW) is None


def _report(at: datetime, posting: str = POSTING) -> DeliveryReport:
    return DeliveryReport(posting, Delivery(DeliveryState.BOUNCED, ID, at, "no é"))


def test_reports_are_kept_from_their_time_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "returned")
    assert journal.since(NOW) == []
    for minutes in (0, 1, 60 * 24):
        journal.add(_report(NOW + timedelta(minutes=minutes)))
    later = NOW + timedelta(minutes=1)
    assert [one.delivery.at for one in journal.since(later)] == [later, NOW + timedelta(days=1)]


def test_a_line_cut_by_a_crash_loses_no_other(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.add(_report(NOW))
    file = tmp_path / f"{NOW.date()}.jsonl"
    file.write_bytes(file.read_bytes()[:-20])
    (tmp_path / "notes.jsonl").write_text("{}")
    journal.add(_report(NOW, "p2"))
    assert [one.posting for one in journal.since(NOW)] == ["p2"]


def test_reports_older_than_sixty_days_go(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for days in (0, 60, 61):
        journal.add(_report(NOW + timedelta(days=days)))
    assert sorted(f.stem for f in tmp_path.iterdir()) == ["2026-06-21", "2026-06-22"]


@contextmanager
def _receiving(tmp_path: Path) -> Iterator[tuple[int, Returned]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    mail = Mail(domain="well.example", return_port=port)
    returned = Returned(mail, b"k" * 32, Journal(tmp_path))
    receiver = returned.receiver(FakeClock())
    assert isinstance(receiver, Receiver)
    receiver.start()
    try:
        yield port, returned
    finally:
        receiver.stop()


def test_a_bounce_sent_over_the_network_is_reported(tmp_path: Path) -> None:
    with _receiving(tmp_path) as (port, returned), smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("", [OURS], dsn("failed"))
        assert [one.posting for one in returned.reports(NOW)] == [POSTING]
        assert returned.reports(NOW + timedelta(seconds=1)) == []


def test_the_receiver_takes_mail_for_nobody_else(tmp_path: Path) -> None:
    with _receiving(tmp_path) as (port, returned), smtplib.SMTP("127.0.0.1", port) as client:
        for other in ("someone@well.example", OURS.replace("well.example", "evil.example")):
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.sendmail("", [other], dsn("failed"))
        client.sendmail("", [OURS], b"Subject: I am on holiday\r\n\r\nBack soon.\r\n")
        assert returned.reports(NOW) == []


def test_without_a_port_nothing_listens(tmp_path: Path) -> None:
    assert Returned(Mail(), b"k", Journal(tmp_path)).receiver(FakeClock()) is None


@contextmanager
def _imap(authority: Authority, mails: list[tuple[str, bytes]]) -> Iterator[int]:
    """The few words of IMAP that a reader needs."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        raw, _ = listening.accept()
        raw.settimeout(5)
        with authority.context().wrap_socket(raw, server_side=True) as box, box.makefile("rb") as f:
            box.sendall(b"* OK ready\r\n")
            while words := f.readline().split():
                tag, command = words[0], b" ".join(words[1:]).upper()
                if b"LOGIN" in command and b"WRONG" in command:
                    box.sendall(tag + b" NO wrong password\r\n")
                    continue
                if command.startswith(b"CAPABILITY"):
                    box.sendall(b"* CAPABILITY IMAP4rev1\r\n")
                if command.startswith((b"EXAMINE", b"SELECT")):
                    assert command.startswith(b"EXAMINE"), "the mailbox is only read"
                    box.sendall(b"* %d EXISTS\r\n" % len(mails))
                if b"SEARCH" in command:
                    box.sendall(
                        b"* SEARCH %s\r\n" % b" ".join(b"%d" % i for i in range(len(mails)))
                    )
                if b"FETCH" in command:
                    at, body = mails[int(words[3])]
                    head = f'INTERNALDATE "{at}" BODY[]<0> {{{len(body)}}}'.encode()
                    box.sendall(b"* 1 FETCH (%s\r\n%s)\r\n" % (head, body))
                box.sendall(tag + b" OK done\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        listening.close()
        thread.join(timeout=5)


def test_a_mailbox_is_read_for_what_came_since(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    mails = [
        ("22-Apr-2026 10:59:59 +0200", dsn("failed")),
        ("22-Apr-2026 11:00:00 +0200", dsn("delivered")),
        ("22-Apr-2026 11:00:01 +0200", refusal()),
        ("22-Apr-2026 11:00:02 +0200", b"Subject: hello\r\n\r\nhello\r\n"),
    ]
    with _imap(authority, mails) as port:
        mail = Mail(
            domain="well.example",
            imap_host="localhost",
            imap_port=port,
            imap_user="u",
            imap_password="p",
            ca_file=str(authority.file),
        )
        reports = Returned(mail, b"k" * 32, Journal(tmp_path / "j")).reports(NOW)
    states = [one.delivery.state for one in reports]
    assert states == [DeliveryState.DELIVERED, DeliveryState.BOUNCED]
    assert imaplib.IMAP4_SSL_PORT == 993


def test_a_mailbox_that_cannot_be_read_is_tried_again(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with _imap(authority, []) as port:
        mail = Mail(
            imap_host="localhost",
            imap_port=port,
            imap_user="u",
            imap_password="wrong",
            ca_file=str(authority.file),
        )
        with pytest.raises(Failed) as caught:
            Returned(mail, b"k", Journal(tmp_path / "j")).reports(NOW)
    assert caught.value.failure.kind is FailureKind.TRANSIENT
