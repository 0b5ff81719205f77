"""The ports of `ports/mailer.py`: from a route and a letter to one submission.

Invariant: one call is at most one submission; no two submissions of a process are closer than the
pace. The workspace's password is read from its sealed grants and kept nowhere else; a token that
its mailbox refuses is renewed once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event, Lock

from well.domain.delivery import Delivery, DeliveryState, MailRoute, domain_of
from well.domain.failure import Failed, FailureKind
from well.mail import answers
from well.mail.dkim import keys_in, signed
from well.mail.idle import News, Watch
from well.mail.journal import Journal
from well.mail.mailbox import Seen, read_mailbox
from well.mail.message import compose, message_id
from well.mail.names import texts_by
from well.mail.receiver import Receiver
from well.mail.returned import Rules
from well.mail.returns import Returns
from well.mail.sender import Asker, SenderChecks
from well.mail.submission import STARTTLS, TLS, Envelope, Server, submit
from well.mail.wire import Resolve, resolve
from well.ports.clock import Clock
from well.ports.grants import Grants
from well.ports.mailer import (
    Bearer,
    DeliveryReport,
    Letter,
    Mailboxes,
    Mailer,
    WayLost,
    password_of,
)
from well.settings import Mail

TLS_PORT = 465
"""Where a workspace's server speaks TLS from the first byte (RFC 8314); STARTTLS elsewhere."""


class Pace:
    """Lets one through every `seconds`."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._every = timedelta(seconds=seconds)
        self._clock = clock
        self._lock = Lock()
        self._next: datetime | None = None

    def wait(self) -> None:
        """Return when it is this caller's turn."""
        with self._lock:
            now = self._clock.now()
            turn = max(now, self._next or now)
            self._next = turn + self._every
        if turn > now:
            self._clock.sleep((turn - now).total_seconds())


class Outbox:
    """Outgoing mail of one installation."""

    def __init__(
        self,
        mail: Mail,
        secret: bytes,
        clock: Clock,
        named: Resolve = resolve,
        mailboxes: Mailboxes | None = None,
        asker: Asker = texts_by,
    ) -> None:
        self.mail = mail
        self.mailboxes = mailboxes
        self.clock = clock
        self.returns = Returns(mail.domain, secret)
        self.pace = Pace(mail.pace, clock)
        self.named = named
        self.senders = SenderChecks(clock, asker)

    def of(self, connection: str, grants: Grants) -> Mailer:
        """The mailer of one connection."""
        return ConnectionMailer(self, connection, grants)


@dataclass(frozen=True, slots=True)
class ConnectionMailer:
    """The port `Mailer`."""

    outbox: Outbox
    connection: str
    grants: Grants

    def hand_over(self, route: MailRoute, letter: Letter) -> Delivery:
        """Submit one message; what the server said of it, or `Failed` as the port says."""
        mail, clock = self.outbox.mail, self.outbox.clock
        server = self._server(route)
        message = compose(letter, route, clock.now(), mail.domain)
        key_of = keys_in(mail.dkim_key, mail.domain)
        # A workspace's own server signs for its own domain; we add to it only what we have.
        if key_of is not None and (not route.host or key_of(domain_of(route.sender))):
            message = signed(message, route.sender, mail.dkim_selector, key_of)
            if not route.host:
                self.outbox.senders.before_sending(mail, domain_of(route.sender))
        self.outbox.pace.wait()
        envelope = Envelope(self._return_address(route, letter), route.inbox, letter.posting)
        try:
            words = self._submit(server, self._bearer(route), envelope, message)
        except Failed as failed:
            raise self._later(_whose(failed, route)) from failed
        id = message_id(letter.posting, mail.domain or domain_of(route.sender))
        return Delivery(DeliveryState.HANDED_OVER, id, clock.now(), words)

    def _submit(
        self, server: Server, bearer: Bearer | None, envelope: Envelope, message: bytes
    ) -> str:
        """One submission. A refused token comes before anything was sent, so the server is asked
        once more with a new one."""
        clock, named = self.outbox.clock, self.outbox.named
        if bearer is None:
            return submit(server, envelope, message, clock, named)
        token = bearer.token()
        try:
            return submit(replace(server, token=token), envelope, message, clock, named)
        except Failed as failed:
            if failed.failure.kind is not FailureKind.GRANT_LOST:
                raise
        newer = replace(server, token=bearer.newer(token))
        return submit(newer, envelope, message, clock, named)

    def _bearer(self, route: MailRoute) -> Bearer | None:
        """The tokens of the workspace's mailbox, where somebody signed in to it."""
        if not (route.host and route.mailbox):
            return None
        known = self.outbox.mailboxes
        if known is None:
            raise Failed(answers.token_refused(route.host, "no mail provider is set up"))
        return known.bearer(route.mailbox, self.connection, self.grants)

    def _later(self, failed: Failed) -> Failed:
        """The failure with the time to try again, where the installation sets one."""
        failure, wait = failed.failure, self.outbox.mail.retry
        if wait <= 0 or failure.kind is not FailureKind.TRANSIENT:
            return failed
        retry_at = self.outbox.clock.now() + timedelta(seconds=wait)
        return Failed(replace(failure, retry_at=retry_at))

    def _return_address(self, route: MailRoute, letter: Letter) -> str:
        """Ours where we send ourselves; a workspace's own server takes only its own senders, so
        what comes back goes to that mailbox."""
        own = bool(route.host) or not self.outbox.mail.domain
        return route.sender if own else self.outbox.returns.address(letter.posting)

    def _server(self, route: MailRoute) -> Server:
        return self._own(route) if route.host else installation(self.outbox.mail)

    def _own(self, route: MailRoute) -> Server:
        mail = self.outbox.mail
        typed = bool(route.user) and not route.mailbox
        grant = self.grants.load(password_of(self.connection)) if typed else None
        if typed and grant is None:
            raise WayLost(answers.sign_in_refused(route.host, "no password is kept"))
        private = route.host in mail.private_hosts
        return Server(
            host=route.host,
            port=route.port,
            security=TLS if route.port == TLS_PORT else STARTTLS,
            user=route.user,
            password=grant.access_token if grant else "",
            ca_file=mail.ca_file if private else "",
            private=private,
            timeout=mail.timeout,
            answer_timeout=mail.answer_timeout,
            name=mail.domain or "localhost",
            tls=mail.tls,
        )


def _whose(failed: Failed, route: MailRoute) -> Failed:
    """A password that is not accepted is the workspace's to renew where the server is its own;
    that of the installation is not, so its documents wait until it is put right."""
    if failed.failure.kind is not FailureKind.GRANT_LOST:
        return failed
    if route.host:
        return WayLost(failed.failure)
    return Failed(answers.installation_refused(failed.failure.operator_note))


def installation(mail: Mail) -> Server:
    """The installation's own server; `Failed` (rejected) when none is set."""
    if not mail.host:
        raise Failed(answers.misconfigured("of this installation", "WELL_MAIL_HOST is not set"))
    return Server(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        user=mail.user,
        password=mail.password,
        ca_file=mail.ca_file,
        private=True,
        timeout=mail.timeout,
        answer_timeout=mail.answer_timeout,
        name=mail.domain or "localhost",
        tls=mail.tls,
    )


class Returned:
    """The port `ReturnedMail`: what the receiver kept, and what the mailbox holds."""

    def __init__(self, mail: Mail, secret: bytes, journal: Journal) -> None:
        self.mail = mail
        self.rules = Rules(Returns(mail.domain, secret), mail.domain, mail.refusers)
        self.journal = journal
        self._seen = Seen()

    @property
    def behind(self) -> bool:
        """Whether the mailbox holds more than was read the last time."""
        return self._seen.behind

    def reports(self, since: datetime) -> Sequence[DeliveryReport]:
        """Reports that came at or after `since`; `Failed` when the mailbox cannot be read now."""
        kept = list(self.journal.since(since))
        if self.mail.imap_host:
            kept += read_mailbox(self.mail, self.rules, since, self._seen)
        return sorted(kept, key=lambda report: report.delivery.at)

    def receiver(self, clock: Clock) -> Receiver | None:
        """The server for returned mail, where a port is set for it."""
        if not self.mail.return_port:
            return None
        host, port = self.mail.return_host, self.mail.return_port
        return Receiver(host, port, self.rules, self.journal, clock)

    def watch(self, over: Event, news: News) -> Watch | None:
        """Who waits for mail, where there is a mailbox; `run` it in a thread of its own."""
        return Watch(self.mail, over, news) if self.mail.imap_host else None
