"""Returned mail: real bounces, written refusals, forgeries, and bytes of any kind."""

import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.connectors import NOW, FakeClock
from builders.returned_mail import ID, OURS, POSTING, RULES, dsn, refusal
from well.domain.delivery import Delivery, DeliveryState
from well.mail.adapter import Returned
from well.mail.journal import Journal
from well.mail.receiver import Receiver
from well.mail.returned import READ_MAX, report_of
from well.ports.mailer import DeliveryReport
from well.settings import Mail


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
