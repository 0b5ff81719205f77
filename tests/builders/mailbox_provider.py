"""A mail provider that really listens, the settings that lead to it, and a person who signs in.

Invariant: free loopback ports, and nothing is left behind.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx

from builders.connectors import MachineClock, MemoryGrants
from builders.mailed import mailed
from builders.running_standin import Running, running
from builders.tiny_company import TinyCompany
from well.connectors.mailboxes import MailboxProvider, connect
from well.domain.delivery import MailRoute
from well.mail.adapter import Outbox
from well.ports.clock import Clock
from well.ports.grants import Grant
from well.ports.mailer import Letter, Mailer
from well.sandbox.mailbox import FAULT_MODES, create
from well.settings import Mail, MailProvider, Provider

NAME, INBOX = "standin", "acme@in.freshbooks.example"


def provider_at(server: Running) -> MailProvider:
    """The settings of a running stand-in."""
    known = server.standin.addresses
    return MailProvider(
        name=NAME,
        title="Mailbox",
        provider=Provider(
            api="",
            authorize=known["authorize"],
            token=known["token"],
            revoke=known["revoke"],
            client_id=server.client_id,
            client_secret=server.secret,
        ),
        scopes=tuple(known["scopes"].split()),
        asks={"prompt": "consent"},
        host=server.mail["smtp_host"],
        port=int(server.mail["smtp_port"]),
    )


def mail_at(server: Running) -> Mail:
    """The installation's settings, which let the provider have a private address."""
    host = server.mail["smtp_host"]
    authority = server.mail["smtp_ca"]
    return Mail(domain="well.example", pace=0.0, private_hosts=(host,), ca_file=authority)


@dataclass
class Mailing:
    """A connection that is signed in; `sent` is what the provider took."""

    server: Running
    provider: MailboxProvider
    grants: MemoryGrants
    mailer: Mailer
    route: MailRoute

    @property
    def sent(self) -> list[dict[str, object]]:
        """Every message, oldest first."""
        mails: list[dict[str, object]] = self.server.admin.get("/_admin/mails").json()
        return mails

    def send(self, posting: str = "p1") -> str:
        """Mail one document; the server's words."""
        letter = Letter(posting, "INV-1", "The fields.", mailed(posting).document)
        return self.mailer.hand_over(self.route, letter).note

    def expire(self) -> None:
        """Every access token that was given is dead, but renewing still works."""
        answer = self.server.admin.post("/_admin/expire-tokens")
        assert answer.status_code == 200, answer.text

    def revoke(self) -> None:
        """The person took the permission back, at the provider."""
        answer = self.server.admin.post("/_admin/revoke-all")
        assert answer.status_code == 200, answer.text


def signed_in(server: Running, provider: MailboxProvider, user: str) -> Grant:
    """The grant of a person who approves."""
    verifier = "v" * 43
    answer = server.consent(provider.authorize_url(user, "s1", challenge(verifier)))
    return provider.exchange(answer, verifier)


def challenge(verifier: str) -> str:
    """RFC 7636 4.2."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@contextmanager
def mailing(
    folder: Path, clock: Clock | None = None, transport: httpx.BaseTransport | None = None
) -> Iterator[Mailing]:
    """A provider, and a connection that is signed in there."""
    clock = clock or MachineClock()
    with running(create, TinyCompany(), folder, FAULT_MODES) as server:
        offered = connect([provider_at(server)], "http://localhost:9", clock, transport)
        provider = offered.offered[NAME]
        user = server.mail["sender"]
        grants = MemoryGrants(signed_in(server, provider, user))
        outbox = Outbox(mail_at(server), b"k" * 32, clock, mailboxes=offered)
        host, port = server.mail["smtp_host"], int(server.mail["smtp_port"])
        route = MailRoute(INBOX, user, host, port, user, mailbox=NAME)
        yield Mailing(server, provider, grants, outbox.of("c1", grants), route)
        provider.close()
