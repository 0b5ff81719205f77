"""What became of a document that was mailed, and by which way a connection mails.

Invariant: a delivery says only what a server said: that it took the message, that it arrived,
or that it came back. Whether the receiver made an entry of it is another question, answered by
reading the target or by a person.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from well.domain.failure import Failure

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@"
    r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62})*"
)


class DeliveryState(StrEnum):
    """RFC 5321 and RFC 3464: accepted by the server, reported as delivered, reported as failed."""

    HANDED_OVER = "handed over"
    DELIVERED = "delivered"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The newest thing known of one message; `at` aware UTC, `note` the server's own words."""

    state: DeliveryState
    message_id: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class MailRoute:
    """How a connection mails: the receiver's inbox and the sender it knows.

    `host` empty: the installation's own server; else the workspace's, whose password is kept with
    the grants, never here. `mailbox` names the mail provider where somebody signed in instead of
    typing one. `tested`: a person has confirmed that the test document arrived.
    `stopped`: why nothing is mailed by it until somebody puts it right; None while it works.
    """

    inbox: str
    sender: str
    host: str = ""
    port: int = 587
    user: str = ""
    tested: bool = False
    test: Delivery | None = None
    mailbox: str = ""
    stopped: Failure | None = None

    @property
    def open(self) -> bool:
        """Whether documents may leave by it."""
        return self.tested and self.stopped is None


def is_mail_address(text: str) -> bool:
    """Whether `text` is one plain ASCII address (RFC 5321 without quoted local parts)."""
    return _ADDRESS.fullmatch(text) is not None


def domain_of(address: str) -> str:
    """What stands behind the @, in small letters; "" without one."""
    return address.rpartition("@")[2].lower() if "@" in address else ""
