"""Mails to the owner of a workspace: something needs them.

Invariant: plain text to one recipient; no line break of anybody reaches a header, and no more is
said than in the product. One call is at most one submission; it keeps nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from well.domain.delivery import domain_of, is_mail_address
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.mail.adapter import installation
from well.mail.dkim import keys_in, signed
from well.mail.submission import Envelope, submit
from well.mail.wire import Resolve, resolve
from well.ports.clock import Clock
from well.settings import Mail

NAME_MAX = 80
TEXT_MAX = 4000
_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class OwnerNote:
    """What is said; `id` makes the stable Message-ID, `address` is the page to go to."""

    id: str
    workspace: str
    text: str
    address: str


def mail_owner(mail: Mail, clock: Clock, to: str, note: OwnerNote, named: Resolve = resolve) -> str:
    """Hand one mail to the installation's server; its words of acceptance. `Failed` as `submit`."""
    if not (is_mail_address(to) and is_mail_address(mail.sender)):
        raise Failed(_unfit())
    message = compose(mail, to, note, clock.now())
    key_of = keys_in(mail.dkim_key, mail.domain)
    if key_of is not None and key_of(domain_of(mail.sender)):
        message = signed(message, mail.sender, mail.dkim_selector, key_of)
    envelope = Envelope(mail.sender, to, note.id)
    return submit(installation(mail), envelope, message, clock, named)


def compose(mail: Mail, to: str, note: OwnerNote, at: datetime) -> bytes:
    """The mail as it is sent (RFC 5322)."""
    name = _line(note.workspace, NAME_MAX)
    message = EmailMessage(policy=_POLICY)
    message["From"] = mail.sender
    message["To"] = to
    message["Subject"] = f"Well: {name} needs you"
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{note.id}@{mail.domain or domain_of(mail.sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"{_line(note.text, TEXT_MAX)}\n\n{note.address}\n\n"
        f"You get this because you are an owner of {name}. The same stands among its notices."
    )
    return message.as_bytes()


def _line(text: str, most: int) -> str:
    """On one line, printable, without broken surrogates."""
    shown = "".join(c if c.isprintable() else " " for c in text[:most])
    return " ".join(shown.split()).encode("utf-8", "replace").decode("utf-8")


def _unfit() -> Failure:
    return Failure(
        FailureKind.REJECTED,
        "The notice could not be mailed: the sender of this installation or the owner's address "
        "is no plain mail address. The notice stands in the product.",
        "WELL_MAIL_SENDER",
        way_out=WayOut.FIX_AND_RETRY,
    )
