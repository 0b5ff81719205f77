"""One document as a message (RFC 5322): who, to whom, the fields to read, the file untouched.

Invariant: the same posting always has the same Message-ID; a line break in a header is refused
and never repaired; the attachment's bytes arrive as they are. It signs and sends nothing.
"""

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from well.domain.delivery import MailRoute, domain_of, is_mail_address
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.ports.mailer import Letter

SUBJECT_MAX = 150
"""Characters; a longer subject is cut."""
NAME_MAX = 120
BODY_MAX = 20_000
POSTING = re.compile(r"[0-9a-z-]{1,40}")
"""What an id must look like to stand in an address."""
_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,60}")
_POLICY = SMTP.clone(cte_type="7bit")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def message_id(posting: str, domain: str) -> str:
    """`<posting@domain>`: stable, so that a copy can be told from another document."""
    return f"<{posting}@{domain}>"


def compose(letter: Letter, route: MailRoute, at: datetime, domain: str) -> bytes:
    """The message as it is sent, lines ended by CRLF, in ASCII.

    `Failed` (rejected) for an address or a name that cannot stand in a header.
    """
    if not (is_mail_address(route.inbox) and is_mail_address(route.sender)):
        raise Failed(_unfit("the inbox or the sender is no mail address"))
    if not POSTING.fullmatch(letter.posting):
        raise Failed(_unfit("the posting's id cannot stand in an address"))
    try:
        return _message(letter, route, at, domain or domain_of(route.sender)).as_bytes()
    except ValueError as error:
        raise Failed(_unfit(str(error))) from error


def _message(letter: Letter, route: MailRoute, at: datetime, domain: str) -> EmailMessage:
    if any(sign in letter.subject + letter.document.name for sign in "\r\n"):
        raise ValueError("a header with a line break")
    message = EmailMessage(policy=_POLICY)
    message["From"] = route.sender
    message["To"] = route.inbox
    message["Subject"] = _whole(letter.subject[:SUBJECT_MAX])
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(letter.posting, domain)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Well-Posting"] = letter.posting
    message.set_content(_CONTROL.sub("", _whole(letter.body[:BODY_MAX])))
    document = letter.document
    type = document.media_type if _TYPE.fullmatch(document.media_type) else _UNKNOWN
    main, _, sub = type.partition("/")
    # Base64 whatever it holds: a text file would else get other line ends.
    message.add_attachment(
        document.content, maintype=main, subtype=sub, cte="base64", filename=_name(document.name)
    )
    return message


def _whole(text: str) -> str:
    """Without broken surrogates, which no charset can write."""
    return text.encode("utf-8", "replace").decode("utf-8")


_UNKNOWN = "application/octet-stream"


def _name(name: str) -> str:
    """At most NAME_MAX characters, its ending kept."""
    stem, dot, ending = name.rpartition(".")
    if len(name) <= NAME_MAX or not dot or len(ending) > 5:
        return name[:NAME_MAX]
    return stem[: NAME_MAX - len(ending) - 1] + dot + ending


def _unfit(note: str) -> Failure:
    return Failure(
        FailureKind.REJECTED,
        "This document cannot be put into a mail: a part of it does not fit into a header. "
        "Nothing was sent. Correct the addresses of the connection or the record, then retry.",
        note[:300],
        way_out=WayOut.FIX_AND_RETRY,
    )
