"""E-mails: the attachment that is the invoice, forwarded messages, several invoices, covers."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from builders.invoice_files import cii, encrypted, page
from builders.scans import mail, saved, seeing
from well.documents.reading.mail import mail_files
from well.documents.reading.read_file import Aids, read_content, read_file
from well.documents.reading.sniff import FileType, sniff

PAPER = page(
    (50, 50, "Invoice number F-1"), (50, 70, "Invoice date 22/04/2026"), (50, 90, "Total 12.00 EUR")
)
GRAIN = saved(Image.effect_noise((300, 300), 90))


def codes(content: bytes) -> list[str]:
    return [finding.code for finding in read_file(content).findings]


def test_a_mail_is_known_by_its_headers() -> None:
    content = mail({})
    assert sniff(content) is FileType.MAIL
    assert sniff(b"From MAILER Mon Apr 1\n" + content) is FileType.MAIL
    assert sniff(b"Subject: one header is not enough\n\n") is FileType.UNKNOWN


def test_the_attached_invoice_is_read_and_named() -> None:
    reading = read_file(mail({"terms.pdf": page((50, 50, "General terms")), "bill.pdf": PAPER}))
    assert (reading.kind, reading.invoice and reading.invoice.number) == ("invoice", "F-1")
    (told,) = [finding for finding in reading.findings if finding.code == "mail_attachments"]
    assert told.sentence == (
        "Attachments of this mail: “terms.pdf” holds no invoice; "
        "“bill.pdf” is the invoice that was read."
    )
    assert not told.stops_auto_post


def test_the_e_invoice_is_preferred_to_its_page() -> None:
    reading = read_file(
        mail(
            {
                "bill.pdf": page(
                    (50, 50, "Invoice number F-2026-17"), (50, 70, "Total 120.00 EUR")
                ),
                "bill.xml": cii(),
            }
        )
    )
    assert reading.syntax == "CII"
    assert "several_invoices" not in [finding.code for finding in reading.findings]


def test_several_invoices_stop() -> None:
    reading = read_file(mail({"one.pdf": PAPER, "two.xml": cii()}))
    assert reading.invoice is not None
    assert reading.invoice.number == "F-1"
    (finding,) = [finding for finding in reading.findings if finding.code == "several_invoices"]
    assert finding.stops_auto_post
    assert "“two.xml” was not" in finding.sentence


def test_a_forwarded_message_is_walked() -> None:
    inner = mail({"bill.xml": cii()})
    reading = read_file(mail({}, forwarded=[mail({}, forwarded=[inner])]))
    assert reading.invoice is not None


def test_a_message_attached_as_a_plain_file_is_not_opened_again() -> None:
    assert read_file(mail({"old.eml": mail({"bill.xml": cii()})})).invoice is None


def test_text_and_html_of_a_mail_are_not_read() -> None:
    html = "<p>Invoice number F-9</p><p>Invoice date 2026-04-22</p><p>Total 99.00 EUR</p>"
    reading = read_file(mail({}, html=html))
    assert (reading.kind, reading.invoice) == ("other", None)


def test_a_locked_attachment_says_so() -> None:
    (finding,) = read_file(mail({"bill.pdf": encrypted(PAPER)})).findings
    assert "“bill.pdf” was not read (This PDF is protected" in finding.sentence


def test_pictures_wait_only_when_nothing_else_is_an_invoice() -> None:
    assert read_content(mail({"scan.png": GRAIN, "bill.pdf": PAPER})).scans == 0
    assert read_content(mail({"scan.png": GRAIN})).scans == 1
    assert read_content(mail({"logo.png": saved(Image.new("RGB", (90, 30)))})).scans == 0


def test_a_receipt_in_a_mail_is_seen() -> None:
    see = seeing("SHOP LTD", "01/02/2026", "Total  9.00", "Cash  10.00", "Change  1.00")
    reading = read_content(mail({"scan.png": GRAIN}), Aids(see=see)).reading
    assert (reading.kind, reading.syntax) == ("receipt", "ocr")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\bill.pdf", "bill.pdf"),
        ("a\n\x1b[31mb.pdf", "_[31mb.pdf"),
    ],
)
def test_names_are_only_shown_and_shown_plainly(name: str, shown: str) -> None:
    files, _ = mail_files(mail({name: b"x" * 10}) if "\n" not in name else mail({"b.pdf": b"x"}))
    assert files[0].name in (shown, "b.pdf")


def test_only_twenty_files_are_opened() -> None:
    files, more = mail_files(mail({f"{at}.bin": b"x" for at in range(23)}))
    assert (len(files), more) == (20, 3)


def test_endless_nesting_ends() -> None:
    deep = b"From: a@b\nTo: c@d\n" + b"Content-Type: message/rfc822\n\n" * 3000
    assert read_file(deep).kind in ("other", "unreadable")


@given(st.binary(max_size=400))
def test_any_bytes_behind_a_header_get_a_reading(tail: bytes) -> None:
    head = b"From: a@b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
    assert read_file(head + tail).kind in ("other", "unreadable", "invoice")


def test_archives_office_files_and_outlook_messages_are_refused_by_name() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
    outlook = b"\xd0\xcf\x11\xe0" + bytes(600) + "__substg1.0_".encode("utf-16-le")
    for content, word in (
        (out.getvalue(), "office"),
        (outlook, "Outlook"),
        (b"PK\x03\x04", "archive"),
    ):
        reading = read_file(content)
        assert reading.kind == "unreadable"
        assert reading.error is not None
        assert word in reading.error
