"""What connectors that are fed by e-mail ask of outgoing mail.

Promise: one call is one message and at most one submission; nothing is ever sent again by itself.
A connection that broke after the final dot and before its answer is `NO_ANSWER`. A mailer does
not know what the receiver makes of a message, nor how a mailbox's token is renewed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from well.domain.delivery import Delivery, MailRoute
from well.domain.document import Document
from well.domain.failure import Failed
from well.ports.grants import Grants


@dataclass(frozen=True, slots=True)
class Letter:
    """One document on its way. `posting` gives the stable Message-ID; `body` is plain text."""

    posting: str
    subject: str
    body: str
    document: Document


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What came back about one posting: a DSN (RFC 3464) or a refusal written by a person."""

    posting: str
    delivery: Delivery


class WayLost(Failed):
    """The way by which a connection mails is at fault, no document: its password is not accepted
    any more, or the world no longer believes its sender. Nothing was sent; only mailing stops."""


class Mailer(Protocol):
    """Outgoing mail of one connection of one workspace."""

    def hand_over(self, route: MailRoute, letter: Letter) -> Delivery:
        """Submit one message. `WayLost` (grant lost: the mail password; rejected: the sender's
        domain); `Failed`: transient (nothing was sent), rejected (with the server's words), no
        answer (it may have been taken)."""
        ...


class Mailers(Protocol):
    """Outgoing mail of the installation, from which each connection gets its own."""

    def of(self, connection: str, grants: Grants) -> Mailer:
        """The mailer of a connection; `grants` keep the password of the workspace's own server
        under `password_of(connection)`."""
        ...


def password_of(connection: str) -> str:
    """Under which name the grants keep the password of a connection's own mail server."""
    return f"mail:{connection}"


def sign_in_of(connection: str) -> str:
    """Under which name the grants keep the sign-in to the mailbox of a connection."""
    return f"mailbox:{connection}"


class Bearer(Protocol):
    """The tokens with which one connection's mailbox is opened."""

    def token(self) -> str:
        """One that should be good; `Failed`: grant lost where a person has to sign in."""
        ...

    def newer(self, refused: str) -> str:
        """Another one than that which the server refused; `Failed` as `token`."""
        ...


class Mailboxes(Protocol):
    """The mail providers where a workspace may sign in."""

    def bearer(self, provider: str, connection: str, grants: Grants) -> Bearer:
        """The tokens of a connection that is signed in at `provider`; nobody is asked yet.
        `Failed` (grant lost) for a provider that this installation does not have any more."""
        ...


class ReturnedMail(Protocol):
    """Where bounces and receipts of the installation arrive."""

    def reports(self, since: datetime) -> Sequence[DeliveryReport]:
        """Reports that came at or after `since` (aware UTC) whose keyed address is ours."""
        ...
