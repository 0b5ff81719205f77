"""What a returned mail says of the document that was sent: a DSN (RFC 3464) or a written refusal.

Invariant: bytes of any kind give a report or None, never an error; a report is made only for an
address of ours, or for a reply to a message of ours from a domain that is known to refuse by hand.
It changes nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr

from well.domain.delivery import Delivery, DeliveryState, domain_of
from well.mail.answers import plain
from well.mail.message import message_id
from well.mail.returns import Returns
from well.ports.mailer import DeliveryReport

READ_MAX = 262_144
"""Bytes of a returned mail that are looked at; what it brings back of the document comes last."""
PARTS_MAX = 100
_TAG = re.compile(r"<[^<>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class Rules:
    """Whose returned mail is believed: our addresses, our Message-IDs, and domains that refuse."""

    returns: Returns
    domain: str
    refusers: tuple[str, ...]


def report_of(
    raw: bytes, recipients: Sequence[str], rules: Rules, at: datetime
) -> DeliveryReport | None:
    """The report in one mail that came to `recipients` at `at`; None where it is none of ours."""
    try:
        message = message_from_bytes(raw[:READ_MAX], policy=compat32)
        parts = _parts(message)
        posting = next((p for r in recipients if (p := rules.returns.posting(r))), None)
        said = _notified(parts) if posting else None
        if said is None:
            posting = _replied_to(message, rules)
            said = (DeliveryState.BOUNCED, _text(parts)) if posting else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # The standard parser stumbles over some broken headers; such a mail says nothing to us.
        return None
    if posting is None or said is None:
        return None
    state, note = said
    id = message_id(posting, rules.domain)
    return DeliveryReport(posting, Delivery(state, id, at, plain(note)))


def addresses_of(message: Message) -> list[str]:
    """To whom a mail in a mailbox had come, as its headers tell."""
    names = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
    return [
        parseaddr(str(value))[1] for name in names for value in (message.get_all(name) or [])[:10]
    ]


def _parts(message: Message) -> list[Message]:
    found: list[Message] = []
    for part in message.walk():
        found.append(part)
        if len(found) >= PARTS_MAX:
            break
    return found


_RANK = ("failed", "delayed", "delivered", "relayed", "expanded")
"""Of several recipients the worst news counts."""


def _notified(parts: Iterable[Message]) -> tuple[DeliveryState, str] | None:
    """The worst action of a delivery status, with its status and the server's words."""
    statuses = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    blocks = [block for part in statuses for block in _blocks(part)]
    told = [(str(block.get("Action", "")).strip().lower(), block) for block in blocks]
    known = sorted(
        ((_RANK.index(action), block) for action, block in told if action in _RANK),
        key=lambda pair: pair[0],
    )
    if not known:
        return None
    action, block = _RANK[known[0][0]], known[0][1]
    words = _words(block)
    if action == "failed":
        return DeliveryState.BOUNCED, words
    if action == "delayed":
        return DeliveryState.HANDED_OVER, f"delayed: {words}"
    return DeliveryState.DELIVERED, words


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _words(block: Message) -> str:
    """Status and diagnostic code, the type of the latter left out."""
    diagnostic = str(block.get("Diagnostic-Code", ""))
    _, mark, text = diagnostic.partition(";")
    return f"{block.get('Status', '')} {text if mark else diagnostic}".strip()


def _replied_to(message: Message, rules: Rules) -> str | None:
    """The posting whose message this one answers, if its sender's domain refuses by hand."""
    sender = domain_of(parseaddr(str(message.get("From", "")))[1])
    if not any(sender == d or sender.endswith(f".{d}") for d in rules.refusers):
        return None
    if str(message.get("Auto-Submitted", "")).strip().lower() == "auto-replied":
        return None
    ids = f"{message.get('In-Reply-To', '')} {message.get('References', '')}"[:20_000]
    ours = re.search(rf"<([0-9a-z-]{{1,40}})@{re.escape(rules.domain)}>", ids)
    return ours[1] if ours and rules.domain else None


def _text(parts: Sequence[Message]) -> str:
    """The words of a letter: its plain text, else its page without marks."""
    for wanted in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == wanted:
                return _TAG.sub(" ", _decoded(part))
    return ""


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(str(part.get_content_charset() or "utf-8"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")
