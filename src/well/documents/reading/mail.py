"""The files in an e-mail: its attachments, those of forwarded messages too.

Invariant: nothing outside the bytes is touched; names are only shown. The text of a message and
its HTML are not read. Parts, depth and bytes are limited.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

from well.documents.reading.limits import FILE_BYTES, MAIL_FILES, MAIL_PARTS, Unreadable

BROKEN = "This e-mail is damaged and cannot be read."
_NAME_SHOWN = 60
_BODIES = ("text/plain", "text/html", "text/calendar", "text/x-amp-html", "text/rfc822-headers")


@dataclass(frozen=True, slots=True)
class MailFile:
    """An attachment; `name` is fit to be shown."""

    name: str
    content: bytes


def mail_files(content: bytes) -> tuple[list[MailFile], int]:
    """The attachments to read, in order, and how many more there are."""
    try:
        message: Message = message_from_bytes(content)
        found = list(_files(message))
    except (RecursionError, MessageError, LookupError, ValueError, AttributeError):
        # The standard parser is lenient, but not with everything that an attacker may write.
        raise Unreadable(BROKEN) from None
    return found[:MAIL_FILES], max(len(found) - MAIL_FILES, 0)


def _files(message: Message) -> Iterator[MailFile]:
    total = 0
    for number, part in enumerate(message.walk()):
        if number >= MAIL_PARTS:
            return
        if part.is_multipart() or _is_body(part):
            continue
        data = part.get_payload(decode=True)
        total += len(data) if isinstance(data, bytes) else 0
        if isinstance(data, bytes) and data and total <= FILE_BYTES:
            yield MailFile(_name(part) or f"attachment {number}", data)


def _is_body(part: Message) -> bool:
    attached = part.get_content_disposition() == "attachment" or part.get_filename() is not None
    return part.get_content_type() in _BODIES and not attached


def _name(part: Message) -> str:
    try:
        name = str(make_header(decode_header(part.get_filename() or "")))
    except (MessageError, LookupError, ValueError, binascii.Error):
        return ""
    shown = re.sub(r"[^\w .,()+@#&'-]", "_", re.split(r"[/\\]", name)[-1]).strip()
    return shown[:_NAME_SHOWN]
