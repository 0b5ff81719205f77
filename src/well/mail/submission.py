"""Submits one message and tells apart what may have happened to it (RFC 5321).

Invariant: at most one submission for a call. Until the final dot is sent nothing can have been
taken; from then on only the server's own answer counts, and without one the outcome is
`NO_ANSWER`. Without verified TLS nothing is said but EHLO. It retries nothing.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from well.domain.failure import Failed
from well.mail import answers
from well.mail.bearer import sign_in
from well.mail.wire import Resolve, Wire, reach, resolve, trusting
from well.ports.clock import Clock

DOT = b".\r\n"
READY = 354
TLS, STARTTLS, NONE = "tls", "starttls", "none"


@dataclass(frozen=True, slots=True)
class Server:
    """A submission server. `security` is TLS, STARTTLS or NONE (a relay of the same machine);
    `private`: it may have an address of the own network. Seconds to wait for an answer, and for
    the one to the dot. `name` is what we call ourselves, `tls` the oldest version spoken. With a
    `token`, no password is said."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    ca_file: str = ""
    private: bool = False
    timeout: float = 60.0
    answer_timeout: float = 300.0
    name: str = "localhost"
    tls: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who gets what comes back, who gets the mail, and the posting as the server repeats it."""

    sender: str
    inbox: str
    posting: str


def submit(
    server: Server, envelope: Envelope, message: bytes, clock: Clock, named: Resolve = resolve
) -> str:
    """Hand one message over; the server's words of acceptance.

    `Failed`: transient (nothing was sent), rejected, grant lost, or no answer.
    """
    with _opened(server, clock, named) as wire:
        _greet(wire, server)
        _offer(wire, server.host, envelope, message)
        return _deliver(wire, server, message)


@contextmanager
def _opened(server: Server, clock: Clock, named: Resolve) -> Iterator[Wire]:
    """A connection, ended whatever happens. Troubles that leave here come from before the dot."""
    wire: Wire | None = None
    try:
        reached = reach(server.host, server.port, server.timeout, server.private, named)
        wire = Wire(reached, server.name, clock, server.timeout)
        yield wire
    except (OSError, smtplib.SMTPException) as error:
        raise Failed(answers.nothing_sent(server.host, str(error))) from error
    except ValueError as error:
        raise Failed(answers.nothing_sent(server.host, f"unreadable: {error}")) from error
    finally:
        if wire is not None:
            wire.close()


def _greet(wire: Wire, server: Server) -> None:
    """Greeting, EHLO, TLS and signing in."""
    if server.security not in (TLS, STARTTLS, NONE):
        raise Failed(answers.misconfigured(server.host, "security is tls, starttls or none"))
    if server.security == TLS:
        wire.secure(_context(server), server.host)
    answers.before_dot(server.host, *wire.getreply())
    answers.before_dot(server.host, *wire.ehlo())
    if server.security == STARTTLS:
        if not wire.has_extn("starttls"):
            raise Failed(answers.no_tls(server.host))
        answers.before_dot(server.host, *wire.docmd("STARTTLS"))
        wire.secure(_context(server), server.host)
        answers.before_dot(server.host, *wire.ehlo())
    if server.user:
        if server.security == NONE:
            raise Failed(answers.misconfigured(server.host, "signing in needs TLS"))
        _sign_in(wire, server)


def _context(server: Server) -> ssl.SSLContext:
    return trusting(server.ca_file, server.tls)


def _sign_in(wire: Wire, server: Server) -> None:
    if server.token:
        sign_in(wire, server.host, server.user, server.token)
        return
    try:
        wire.login(server.user, server.password)
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code // 100 == 4:
            raise
        raise Failed(answers.sign_in_refused(server.host, str(error))) from error
    except smtplib.SMTPServerDisconnected:
        raise
    except (smtplib.SMTPException, ValueError) as error:
        raise Failed(answers.sign_in_refused(server.host, str(error))) from error


def _offer(wire: Wire, host: str, envelope: Envelope, message: bytes) -> None:
    """Size, sender and recipient, each answered before the next."""
    limit = wire.esmtp_features.get("size", "")
    if limit.isdigit() and 0 < int(limit[:18]) < len(message):
        raise Failed(answers.too_large(host, len(message), int(limit[:18])))
    options = [f"SIZE={len(message)}"] if wire.has_extn("size") else []
    notify = []
    if wire.has_extn("dsn"):
        options += ["RET=HDRS", f"ENVID={envelope.posting}"]
        notify = ["NOTIFY=SUCCESS,FAILURE,DELAY"]
    answers.before_dot(host, *wire.mail(envelope.sender, options))
    answers.before_dot(host, *wire.rcpt(envelope.inbox, notify))


def _deliver(wire: Wire, server: Server, message: bytes) -> str:
    code, words = wire.docmd("DATA")
    if code != READY:
        answers.before_dot(server.host, code, words)
        raise smtplib.SMTPServerDisconnected(f"{code} to DATA")
    wire.send(stuffed(message))
    # From here on the server may have taken it: only its answer can say that it has not.
    try:
        wire.patience = server.answer_timeout
        wire.send(DOT)
        code, words = wire.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise Failed(answers.unknown(server.host, str(error))) from error
    return answers.after_dot(server.host, code, words)


def stuffed(message: bytes) -> bytes:
    """Lines ended by CRLF, the last one too, dots at their beginnings doubled (RFC 5321 4.5.2)."""
    lines = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return b"".join((b"." + line if line[:1] == b"." else line) + b"\r\n" for line in lines)
