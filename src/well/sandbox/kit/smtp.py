"""A mail server on a loopback port that fails in the ways real ones do, when it is asked to.

Invariant: it says 250 to a message only after the mailbox has it on disk, but for the one fault
that lies about it; the moment of a cut is exact: before anything was kept, or after. It has one
mailbox and forwards nothing.
"""

# ruff: noqa: N802 - aiosmtpd finds its methods by the names of the verbs

import asyncio
import hmac
import logging
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from well.sandbox.kit.faults import Fault, Faults
from well.sandbox.kit.mailbox import Letter, Mailbox
from well.sandbox.kit.smtp_tls import AUTHORITY, Certificates, make_certificates
from well.sandbox.kit.smtp_tokens import MECHANISMS, PASSWORDS, Opens, TakesTokens
from well.sandbox.kit.standin import StandIn

ANSWERED = frozenset({"mail_temporary", "mail_refused", "mail_tarpit"})
"""Struck at the verb that the fault's method names: EHLO, MAIL, RCPT, DATA, DOT (the end)."""
MAIL_FAULTS = ANSWERED | {
    "mail_cut_lost",
    "mail_cut_kept",
    "mail_no_starttls",
    "mail_wrong_certificate",
    "mail_vanishes",
}
SETTINGS = {
    "mail_bytes_max": 14_500_000,
    "mail_auth_required": 0,
    "mail_tls_required": 0,
    "mail_bounce_ms": 0,
    "mail_only_oauthbearer": 0,
}
"""14.5 MB is a document of 10 MB in base64, and a little."""
DSN_PARAMETERS = re.compile(r"(?i)\s(RET|ENVID|NOTIFY|ORCPT)=(\S+)")
NOTIFY = frozenset({"NEVER", "SUCCESS", "FAILURE", "DELAY"})
HOST, USER = "127.0.0.1", "sandbox"
IDLE_SECONDS = 60
# aiosmtpd warns of its own old names at each login; without a handler that goes to stderr.
logging.getLogger("mail.log").addHandler(logging.NullHandler())
START_SECONDS = 30


@dataclass(frozen=True)
class Login:
    """The one login of the server."""

    user: str
    password: str


class _Conversation(TakesTokens):
    """One client's connection: aiosmtpd's, with the parameters of RFC 3461 understood."""

    envelope_id = ""
    notify: frozenset[str] = frozenset()

    async def smtp_MAIL(self, arg: str | None) -> None:
        """MAIL, with RET and ENVID taken off first."""
        arg, told = _without_dsn(arg)
        self.envelope_id, self.notify = told.get("ENVID", ""), frozenset()
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        """RCPT, with NOTIFY and ORCPT taken off first."""
        arg, told = _without_dsn(arg)
        self.notify = frozenset(told.get("NOTIFY", "").upper().split(",")) & NOTIFY
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        """DATA may be refused before the message comes, as RFC 5321 allows."""
        ready = self.envelope is not None and bool(self.envelope.rcpt_tos)
        refusal = await self.event_handler.refused_data() if ready else None
        if refusal:
            await self.push(refusal)
            return
        await super().smtp_DATA(arg)

    def cut(self) -> None:
        """Close the connection at once, without a word."""
        transport = self.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


def _without_dsn(arg: str | None) -> tuple[str | None, dict[str, str]]:
    if arg is None:
        return None, {}
    told = {found[1].upper(): found[2] for found in DSN_PARAMETERS.finditer(arg)}
    return DSN_PARAMETERS.sub("", arg), told


class _Handler:
    """What the server decides at each verb; its methods are called by aiosmtpd."""

    def __init__(self, mailbox: Mailbox, faults: Faults, settings: Mapping[str, int]) -> None:
        self._mailbox = mailbox
        self._faults = faults
        self._settings = settings
        self._running: set[asyncio.Task[None]] = set()

    async def handle_EHLO(
        self, _: SMTP, session: Session, __: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        """The greeting; 250-DSN says that notifications can be asked for."""
        refusal = await self._struck("EHLO")
        if refusal:
            return [refusal]
        session.host_name = name
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def handle_MAIL(
        self, _: SMTP, __: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        """Any sender: whether it is a known one is seen by the message, not by the envelope."""
        refusal = await self._struck("MAIL")
        if refusal is None:
            envelope.mail_from = sender
            envelope.mail_options.extend(options)
        return refusal or "250 2.1.0 OK"

    async def handle_RCPT(
        self, _: SMTP, __: Session, envelope: Envelope, to: str, ___: list[str]
    ) -> str:
        """One recipient, the mailbox."""
        refusal = await self._struck("RCPT")
        if refusal is None and not self._mailbox.knows(to):
            refusal = "550 5.1.1 There is no such mailbox here"
        if refusal is None and envelope.rcpt_tos:
            refusal = "452 4.5.3 One recipient at a time"
        if refusal is None:
            envelope.rcpt_tos.append(to)
        return refusal or "250 2.1.5 OK"

    async def handle_DATA(self, server: _Conversation, _: Session, envelope: Envelope) -> str:
        """The end of the message: refuse it, cut, or keep it and say so."""
        refusal = await self._struck("DOT")
        if refusal:
            return refusal
        if self._met("mail_cut_lost"):
            return await self._cut(server)
        if self._met("mail_vanishes"):
            return "250 2.0.0 Taken"
        kept = await asyncio.to_thread(self._mailbox.take, _letter(server, envelope))
        self._return_later()
        if self._met("mail_cut_kept"):
            return await self._cut(server)
        return f"250 2.0.0 Taken as {kept}"

    async def refused_data(self) -> str | None:
        """The refusal of the verb DATA itself, before any of the message came."""
        return await self._struck("DATA")

    def _met(self, mode: str) -> bool:
        return self._faults.take({mode}, "DOT", "") is not None

    async def _struck(self, verb: str) -> str | None:
        fault = self._faults.take(ANSWERED, verb, "")
        if fault is None:
            return None
        if fault.mode == "mail_tarpit":
            await asyncio.sleep(fault.seconds)
            return None
        return _answer(fault)

    async def _cut(self, server: _Conversation) -> str:
        server.cut()
        # The connection's end cancels this task; it must not answer before that.
        await asyncio.sleep(IDLE_SECONDS)
        return "421 4.3.0 Closed"

    def _return_later(self) -> None:
        task = asyncio.get_running_loop().create_task(self._return())
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _return(self) -> None:
        await asyncio.sleep(self._settings["mail_bounce_ms"] / 1000)
        await asyncio.to_thread(self._mailbox.returns.flush)


def _letter(server: _Conversation, envelope: Envelope) -> Letter:
    content = envelope.content or b""
    return Letter(
        envelope="" if envelope.mail_from in (None, "<>") else str(envelope.mail_from),
        recipient=envelope.rcpt_tos[0],
        content=content if isinstance(content, bytes) else content.encode(),
        notify=server.notify,
        envelope_id=server.envelope_id,
    )


def _answer(fault: Fault) -> str:
    """The words of a refusal; a status outside its class is replaced by the usual one."""
    if fault.mode == "mail_temporary":
        status = fault.status if 400 <= fault.status < 500 else 451
        return f"{status} 4.3.0 The stand-in was asked to fail for now"
    status = fault.status if 500 < fault.status < 600 else 550
    return f"{status} 5.3.0 The stand-in was asked to refuse"


def mail_addresses(standin: StandIn, port: int, folder: Path) -> dict[str, str]:
    """What a sender must know; empty for a stand-in that takes no mail."""
    mailbox = standin.mailbox
    if mailbox is None:
        return {}
    return {
        "smtp_host": HOST,
        "smtp_port": str(port),
        "smtp_ca": str((folder / AUTHORITY).resolve()),
        "smtp_user": USER,
        "smtp_password": standin.oauth.client_secret,
        "inbox": mailbox.address,
        "sender": next(iter(mailbox.senders()), ""),
    }


def mail_server(
    standin: StandIn, sock: socket.socket, faults: Faults, folder: Path
) -> "MailServer":
    """The server of a stand-in's mailbox; certificates are made in the folder."""
    assert standin.mailbox is not None, "this stand-in takes no mail"
    login = Login(USER, standin.oauth.client_secret)
    made = make_certificates(folder)
    return MailServer(standin.mailbox, sock, made, faults, standin.settings, login, standin.opens)


class MailServer:
    """Serves one mailbox on its socket from a thread of its own, between start() and stop()."""

    def __init__(
        self,
        mailbox: Mailbox,
        sock: socket.socket,
        certificates: Certificates,
        faults: Faults,
        settings: Mapping[str, int],
        login: Login,
        opens: Opens | None = None,
    ) -> None:
        """The socket is bound already and belongs to the server from now on. With `opens`, tokens
        are taken and no password."""
        self._opens = opens
        self._sock = sock
        self._certificates = certificates
        self._faults = faults
        self._settings = settings
        self._login = login
        self._hostname = mailbox.manner.server
        self._handler = _Handler(mailbox, faults, settings)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="sandbox-mail", daemon=True)
        self._listening = threading.Event()

    def start(self) -> None:
        """Return when it listens; RuntimeError when it does not within 30 s."""
        self._thread.start()
        if not self._listening.wait(START_SECONDS):
            raise RuntimeError("The mail server could not start listening.")

    def stop(self) -> None:
        """Close every connection and the socket, join the thread. Harmless when not started."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=10)
        elif self._thread.ident is None:
            self._loop.close()
        self._sock.close()

    def _run(self) -> None:
        loop = self._loop
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(loop.create_server(self._conversation, sock=self._sock))
        self._listening.set()
        try:
            loop.run_forever()
        finally:
            server.close()
            loop.run_until_complete(self._end())
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    async def _end(self) -> None:
        mine = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not mine]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _conversation(self) -> _Conversation:
        """What serves the next connection, by the faults and settings of this moment."""
        required = bool(self._settings["mail_auth_required"])
        context = self._context()
        made = _Conversation(
            self._handler,
            data_size_limit=self._settings["mail_bytes_max"],
            enable_SMTPUTF8=True,
            hostname=self._hostname,
            ident="ESMTP",
            tls_context=context,
            require_starttls=bool(self._settings["mail_tls_required"]) and context is not None,
            timeout=IDLE_SECONDS,
            auth_required=required,
            auth_require_tls=True,
            authenticator=self._authenticated,
            auth_exclude_mechanism=self._excluded(),
            loop=self._loop,
        )
        made.opens = self._opens
        return made

    def _excluded(self) -> frozenset[str]:
        if self._opens is None:
            return MECHANISMS
        only = {"XOAUTH2"} if self._settings["mail_only_oauthbearer"] else set()
        return PASSWORDS | only

    def _context(self) -> ssl.SSLContext | None:
        if self._faults.take({"mail_no_starttls"}, "CONNECT", ""):
            return None
        if self._faults.take({"mail_wrong_certificate"}, "CONNECT", ""):
            return self._certificates.wrong
        return self._certificates.right

    def _authenticated(
        self, _: SMTP, __: Session, ___: Envelope, ____: str, given: object
    ) -> AuthResult:
        login = self._login
        good = isinstance(given, LoginPassword) and hmac.compare_digest(
            given.login + b"\0" + given.password, f"{login.user}\0{login.password}".encode()
        )
        return AuthResult(success=good, handled=False)
