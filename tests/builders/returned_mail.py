"""Mails that come back: notifications as servers write them, refusals as people do.

Invariant: they answer the one posting named here, to addresses made with the key of RETURNS.
"""

from well.mail.returned import Rules
from well.mail.returns import Returns

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
