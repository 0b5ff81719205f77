"""What a mailed document looks like to an independent reader, and who signed it."""

import email
from collections.abc import Callable
from dataclasses import replace
from email import policy
from pathlib import Path

import dkim
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.certificates import Authority, signing_key
from builders.connectors import NOW, FakeClock, MemoryGrants
from builders.mail_server import Inbox, mail_server
from well.domain.delivery import Delivery, DeliveryState, MailRoute, is_mail_address
from well.domain.document import Document
from well.domain.failure import Failed, FailureKind
from well.mail.adapter import Outbox
from well.mail.dkim import keys_in, signed
from well.mail.message import compose
from well.mail.returns import Returns
from well.ports.grants import Grant
from well.ports.mailer import Letter
from well.settings import Mail

POSTING = "0c6c6f6e-1a42-5b52-9f0e-8a4f5f2f3c11"
ROUTE = MailRoute("acme@qbodocs.example", "books@acme.example")
PDF = b"%PDF-1.7\n\x00\xff\r\nbytes\n.\n"
LETTER = Letter(
    POSTING,
    "INV-100 Algolia 1284.00 EUR [QONTO-9f2c]",
    "Total: 1284.00\nSupplier: Société Générale",
    Document("INV-100--qonto-9f2c.pdf", "application/pdf", PDF),
)


def _read(raw: bytes) -> email.message.EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.strict)
    assert isinstance(message, email.message.EmailMessage)
    return message


def test_a_message_carries_the_fields_to_read_and_the_file_untouched() -> None:
    message = _read(compose(LETTER, ROUTE, NOW, "well.example"))
    assert message["From"] == "books@acme.example"
    assert message["To"] == "acme@qbodocs.example"
    assert message["Message-ID"] == f"<{POSTING}@well.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Well-Posting"] == POSTING
    assert message["Date"].datetime == NOW
    body = message.get_body()
    assert body is not None
    assert body.get_content().splitlines() == LETTER.body.splitlines()
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "INV-100--qonto-9f2c.pdf"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == PDF


def test_the_message_id_is_that_of_the_posting_whenever_it_is_sent() -> None:
    one = _read(compose(LETTER, ROUTE, NOW, "well.example"))
    other = _read(compose(replace(LETTER, subject="x"), ROUTE, NOW.replace(day=30), "well.example"))
    assert one["Message-ID"] == other["Message-ID"]


@pytest.mark.parametrize(("length", "kept"), [(150, 150), (151, 150)])
def test_a_subject_has_at_most_150_characters(length: int, kept: int) -> None:
    message = _read(compose(replace(LETTER, subject="é" * length), ROUTE, NOW, "well.example"))
    assert message["Subject"] == "é" * kept


@pytest.mark.parametrize(("length", "kept"), [(120, 120), (121, 120)])
def test_a_file_name_has_at_most_120_characters_and_keeps_its_ending(
    length: int, kept: int
) -> None:
    document = replace(LETTER.document, name="n" * (length - 4) + ".pdf")
    message = _read(compose(replace(LETTER, document=document), ROUTE, NOW, "well.example"))
    (attached,) = message.iter_attachments()
    name = attached.get_filename() or ""
    assert (len(name), name[-4:]) == (kept, ".pdf")


@pytest.mark.parametrize(
    "letter",
    [
        replace(LETTER, subject="x\r\nBcc: thief@evil.example"),
        replace(LETTER, subject="x\nBcc: thief@evil.example"),
        replace(LETTER, document=replace(LETTER.document, name="a\r\nb.pdf")),
        replace(LETTER, posting="x> NOTIFY"),
    ],
)
def test_a_line_break_in_a_header_is_refused(letter: Letter) -> None:
    with pytest.raises(Failed) as caught:
        compose(letter, ROUTE, NOW, "well.example")
    assert caught.value.failure.kind is FailureKind.REJECTED


@pytest.mark.parametrize(
    "bad", ["", "a", "a@", "@b.example", "a@b.example\r\nX: y", "a b@c", "é@b"]
)
def test_only_plain_addresses_are_written_to(bad: str) -> None:
    assert not is_mail_address(bad)
    for route in (replace(ROUTE, inbox=bad), replace(ROUTE, sender=bad)):
        with pytest.raises(Failed):
            compose(LETTER, route, NOW, "well.example")


@given(st.text(), st.text(), st.binary(max_size=300))
def test_any_text_makes_one_readable_message_or_a_refusal(
    subject: str, body: str, content: bytes
) -> None:
    document = Document("a.pdf", "application/pdf", content)
    try:
        raw = compose(Letter(POSTING, subject, body, document), ROUTE, NOW, "well.example")
    except Failed as failed:
        assert failed.failure.kind is FailureKind.REJECTED
        return
    assert raw.isascii()
    message = email.message_from_bytes(raw, policy=policy.default)
    assert message.get_all("To") == ["acme@qbodocs.example"]
    assert message.get_all("Bcc") is None
    (attached,) = message.iter_attachments()  # type: ignore[attr-defined]
    assert attached.get_content() == content


KEY, RECORD = signing_key()


def _published(name: bytes, timeout: int = 5) -> bytes:
    return RECORD if name == b"w1._domainkey.acme.example." else b""


def test_a_signature_is_verified_by_an_independent_reader_and_tampering_is_seen() -> None:
    raw = compose(LETTER, ROUTE, NOW, "well.example")
    message = signed(raw, ROUTE.sender, "w1", lambda _: KEY)
    assert dkim.verify(message, dnsfunc=_published)
    assert b"c=relaxed/relaxed" in message
    for before, after in (
        (b"To: acme@qbodocs.example", b"To: thief@qbodocs.example"),
        (b"Subject: INV-100", b"Subject: INV-101"),
        (b"Total: 1284.00", b"Total: 9284.00"),
        (b"From: books@acme", b"From: books@evil"),
    ):
        assert before in message
        assert not dkim.verify(message.replace(before, after), dnsfunc=_published)


@pytest.mark.parametrize("key", [None, b"no key at all"])
def test_a_sender_without_a_usable_key_is_not_sent_for(key: bytes | None) -> None:
    with pytest.raises(Failed) as caught:
        signed(b"From: a@b\r\n\r\nx\r\n", "a@acme.example", "w1", lambda _: key)
    assert caught.value.failure.kind is FailureKind.REJECTED


def test_keys_are_one_file_for_the_own_domain_or_a_folder_of_domains(tmp_path: Path) -> None:
    (tmp_path / "acme.example.pem").write_bytes(KEY)
    folder = keys_in(str(tmp_path), "well.example")
    one = keys_in(str(tmp_path / "acme.example.pem"), "acme.example")
    assert keys_in("", "acme.example") is None
    for key_of in (folder, one):
        assert key_of is not None
        assert (key_of("acme.example"), key_of("other.example")) == (KEY, None)


def test_a_return_address_tells_its_posting_and_no_other_is_ours() -> None:
    returns = Returns("well.example", b"k" * 32)
    address = returns.address(POSTING)
    assert len(address.partition("@")[0]) <= 64
    assert returns.posting(address) == POSTING
    assert returns.posting(f"<{address.upper()}>") == POSTING
    forged = [
        address.replace(POSTING, POSTING[:-1] + "2"),
        address.replace("well.example", "evil.example"),
        address[:10],
        f"bounces+{POSTING}@well.example",
        f"bounces+{POSTING}.@well.example",
        Returns("well.example", b"l" * 32).address(POSTING),
    ]
    assert [returns.posting(one) for one in forged] == [None] * len(forged)


def _outbox(port: int, clock: FakeClock, **more: object) -> Outbox:
    mail = Mail(host="localhost", port=port, security="none", domain="well.example", **more)  # type: ignore[arg-type]
    return Outbox(mail, b"k" * 32, clock)


def test_a_letter_is_handed_over_signed_and_comes_back_to_an_address_of_ours(
    tmp_path: Path,
) -> None:
    (tmp_path / "acme.example.pem").write_bytes(KEY)
    inbox, clock = Inbox(), FakeClock()
    with mail_server(inbox) as port:
        outbox = _outbox(port, clock, dkim_key=str(tmp_path), dkim_selector="w1", dns="off")
        delivery = outbox.of("c", MemoryGrants()).hand_over(ROUTE, LETTER)
    assert delivery == Delivery(
        DeliveryState.HANDED_OVER, f"<{POSTING}@well.example>", clock.now(), "250 queued as 7f3a"
    )
    (got,) = inbox.received
    assert outbox.returns.posting(str(got.mail_from)) == POSTING
    assert dkim.verify(got.content, dnsfunc=_published)


def test_letters_leave_at_the_pace_that_is_set() -> None:
    inbox, clock = Inbox(), FakeClock()
    with mail_server(inbox) as port:
        mailer = _outbox(port, clock).of("c", MemoryGrants())
        for _ in range(3):
            mailer.hand_over(ROUTE, LETTER)
    assert clock.slept == [1.0, 1.0]


REFUSED: list[tuple[Callable[[], MailRoute], FailureKind]] = [
    (lambda: ROUTE, FailureKind.REJECTED),
    (lambda: replace(ROUTE, host="mail.acme.example", user="acme"), FailureKind.GRANT_LOST),
]


@pytest.mark.parametrize(("route", "kind"), REFUSED)
def test_without_a_server_or_a_password_nothing_is_tried(
    route: Callable[[], MailRoute], kind: FailureKind
) -> None:
    with pytest.raises(Failed) as caught:
        Outbox(Mail(), b"k", FakeClock()).of("c", MemoryGrants()).hand_over(route(), LETTER)
    assert caught.value.failure.kind is kind


def test_a_workspaces_own_server_is_signed_in_to_and_gets_its_own_sender(tmp_path: Path) -> None:
    authority, inbox = Authority(tmp_path), Inbox()
    grants = MemoryGrants(Grant("right", "", NOW))
    with mail_server(inbox, starttls=authority.context(), passwords={"acme": "right"}) as port:
        route = replace(ROUTE, host="localhost", port=port, user="acme")
        mail = Mail(domain="well.example", ca_file=str(authority.file), timeout=5.0)
        closed = Outbox(mail, b"k" * 32, FakeClock()).of("c", grants)
        with pytest.raises(Failed) as caught:
            closed.hand_over(route, LETTER)
        assert caught.value.failure.kind is FailureKind.TRANSIENT, "no address of the own network"
        opened = Outbox(replace(mail, private_hosts=("localhost",)), b"k" * 32, FakeClock())
        opened.of("c", grants).hand_over(route, LETTER)
    (got,) = inbox.received
    assert got.mail_from == ROUTE.sender
