"""Contract: a mail becomes a draft, or comes back with its reason."""

import smtplib
import time
from email.message import EmailMessage
from typing import Any

import pytest

from builders.posting_mail import BOUNCES, message, pdf, post, return_server


def waited(kept: Any, count: int = 1) -> list[tuple[str, list[str], EmailMessage]]:
    """What came back, once it is that much."""
    for _ in range(200):
        if len(kept.came) >= count:
            break
        time.sleep(0.02)
    assert len(kept.came) == count
    came: list[tuple[str, list[str], EmailMessage]] = kept.came
    return came


def reported(report: EmailMessage) -> dict[str, str]:
    """The fields about the recipient of a notification."""
    part = next(p for p in report.walk() if p.get_content_type() == "message/delivery-status")
    blocks = part.get_payload()
    assert isinstance(blocks, list)
    return {name: str(value) for name, value in blocks[-1].items()}


def test_a_mailed_invoice_is_a_draft_expense_with_what_is_printed(books: Any) -> None:
    post(books.mail)
    made = books.rows()[0]
    assert (made["vendor"], made["notes"], made["date"]) == (
        "Algolia SAS",
        "INV-2026-04-100",
        "2026-04-22",
    )
    assert made["amount"] == {"amount": "1284.00", "code": "EUR"}
    assert (made["taxAmount1"]["amount"], made["taxPercent1"]) == ("256.80", "25")
    assert made["has_receipt"] is True and made["status"] == 0
    entry = books.admin("entries")[-1]
    assert entry["id"] == str(made["id"])
    assert entry["file_name"] == "INV-2026-04-100--qonto-supplierinvoice-7.pdf"
    assert len(entry["sha256"]) == 64


def test_a_draft_appears_when_its_time_has_come_and_not_before(books: Any) -> None:
    books.server.settings(read_ms=60_000)
    post(books.mail)
    assert len(books.rows()) == 3
    books.server.clock.skew += 59
    assert len(books.rows()) == 3
    books.server.clock.skew += 2
    assert len(books.rows()) == 4


def test_the_same_mail_twice_is_two_drafts(books: Any) -> None:
    post(books.mail)
    post(books.mail)
    first, second = books.rows()[:2]
    assert first["id"] != second["id"] and first["notes"] == second["notes"]
    digests = {entry["sha256"] for entry in books.admin("entries")[-2:]}
    assert len(digests) == 1


def test_of_two_documents_in_a_mail_only_the_first_is_taken(books: Any) -> None:
    files = ("a.pdf", pdf("Alpha", "Total with VAT: 1.00 EUR")), ("b.pdf", pdf())
    post(books.mail, message(books.mail, *files))
    assert len(books.rows()) == 4
    assert books.admin("entries")[-1]["file_name"] == "a.pdf"
    assert books.admin("mails")[-1]["parts"] == 2


def test_a_reader_may_read_a_wrong_total_or_nothing_at_all(books: Any) -> None:
    books.server.settings(wrong_totals=1)
    post(books.mail)
    assert books.rows()[0]["amount"]["amount"] == "1294.00"
    post(books.mail, message(books.mail, ("broken.pdf", b"%PDF-1.4 and no more")))
    empty = books.rows()[0]
    assert (empty["amount"]["amount"], empty["vendor"]) == ("0.00", "")


def test_an_unknown_sender_gets_a_real_notification(books: Any) -> None:
    with return_server() as (kept, port):
        books.admin("return-server", host="127.0.0.1", port=port)
        post(books.mail, message(books.mail, sender="stranger@else.example"))
        ((sender, to, report),) = waited(kept)
    assert (sender, to) == ("<>", [BOUNCES]) or (sender, to) == ("", [BOUNCES])
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    fields = reported(report)
    assert (fields["Action"], fields["Status"]) == ("failed", "5.7.1")
    assert "stranger@else.example" in fields["Diagnostic-Code"]
    assert fields["Final-Recipient"] == f"rfc822; {books.mail['inbox']}"
    assert report["In-Reply-To"] == "<p1@well.example>"
    assert len(books.rows()) == 3
    books.admin("senders", address="Stranger@else.example")
    post(books.mail, message(books.mail, sender="stranger@else.example"))
    assert len(books.rows()) == 4


def test_success_is_notified_only_when_it_was_asked_for(books: Any) -> None:
    with return_server() as (kept, port):
        books.admin("return-server", host="127.0.0.1", port=port)
        post(books.mail)
        post(books.mail, None, "SUCCESS", "FAILURE")
        post(books.mail, message(books.mail, sender="no@else.example"), "NEVER")
        ((_, _, report),) = waited(kept)
    fields = reported(report)
    assert (fields["Action"], fields["Status"]) == ("delivered", "2.0.0")
    assert "Diagnostic-Code" not in fields


def test_a_notification_waits_until_a_server_takes_it(books: Any) -> None:
    post(books.mail, message(books.mail, sender="no@else.example"))
    assert [row["sent"] for row in books.admin("returned")] == [0]
    with return_server() as (kept, port):
        books.admin("return-server", host="127.0.0.1", port=port)
        assert books.server.admin.post("/_admin/returned").json() == {"taken": 1}
        waited(kept)
    assert [row["sent"] for row in books.admin("returned")] == [1]


def test_a_mail_without_a_document_comes_back(books: Any) -> None:
    made = message(books.mail, ("notes.pdf", b"only text"))
    post(books.mail, made)
    assert len(books.rows()) == 3
    assert "5.6.1" in books.admin("returned")[0]["message"]


def test_a_message_that_is_too_large_is_refused_before_and_after_it_came(books: Any) -> None:
    books.server.settings(mail_bytes_max=20_000)
    large = message(books.mail, ("large.pdf", pdf() + b"%" * 30_000))
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        post(books.mail, large)
    assert refused.value.smtp_code == 552
    assert len(books.admin("mails")) == 0
    post(books.mail)
    assert len(books.admin("mails")) == 1


@pytest.mark.parametrize(
    ("action", "status", "rows"), [("failed", "5.2.1", 3), ("delayed", "4.4.7", 4)]
)
def test_word_of_a_message_may_come_later(books: Any, action: str, status: str, rows: int) -> None:
    books.server.settings(read_ms=60_000)
    with return_server() as (kept, port):
        books.admin("return-server", host="127.0.0.1", port=port)
        post(books.mail)
        books.admin("mails/1/report", action=action, diagnostic="The mailbox is\nfull")
        ((_, to, report),) = waited(kept)
    fields = reported(report)
    assert (to, fields["Action"], fields["Status"]) == ([BOUNCES], action, status)
    assert ("Diagnostic-Code" in fields) is (action == "failed")
    books.server.clock.skew += 61
    assert len(books.rows()) == rows
    assert books.server.admin.post("/_admin/mails/9/report", json={}).status_code == 404
    wrong = books.server.admin.post("/_admin/mails/1/report", json={"action": "lost"})
    assert wrong.status_code == 400
