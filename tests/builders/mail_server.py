"""Mail servers of a test on loopback: aiosmtpd where it behaves, a scripted one where it must not.

Invariant: each listens on a free port and ends with its `with`; what was accepted is kept in order.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"


@dataclass
class Inbox:
    """An aiosmtpd handler: answers as told, keeps what it accepts. `cut`: the connection is
    dropped after the dot instead of an answer; `keep` says whether it was taken before."""

    sender_answer: str = "250 OK"
    recipient_answer: str = "250 OK"
    data_answer: str = "250 queued as 7f3a"
    cut: bool = False
    received: list[Envelope] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.sender_answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.cut or self.data_answer.startswith("2"):
            self.received.append(envelope)
        if self.cut and server.transport is not None:
            server.transport.abort()  # type: ignore[attr-defined]
        return self.data_answer


class _Door(Controller):
    """A controller that finds its own port and may speak TLS from the first byte."""

    def __init__(self, inbox: Inbox, wrapped: ssl.SSLContext | None, **options: Any) -> None:
        super().__init__(inbox, hostname=HOST, port=_free_port(), ssl_context=wrapped, **options)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(
    inbox: Inbox,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    size: int = 33_554_432,
    passwords: Mapping[str, str] | None = None,
) -> Iterator[int]:
    """The port of a running server; with `passwords` it wants one of them."""

    def known(server: object, session: object, envelope: object, way: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (passwords or {}).get(data.login.decode()) == (
            data.password.decode()
        )
        return AuthResult(success=right, handled=False)

    options: dict[str, Any] = {"data_size_limit": size, "tls_context": starttls}
    if passwords is not None:
        wanted = tls is None  # aiosmtpd does not see TLS that it did not begin itself
        options |= {"authenticator": known, "auth_required": wanted, "auth_require_tls": wanted}
    door = _Door(inbox, tls, **options)
    door.start()
    try:
        yield int(door.port)
    finally:
        door.stop()


Script = Callable[[socket.socket, Callable[[], bytes]], None]


@contextmanager
def scripted_server(script: Script) -> Iterator[int]:
    """A server that does exactly what `script(connection, next_line)` says, once."""
    listening = socket.create_server((HOST, 0))
    thread = threading.Thread(target=_serve_once, args=(listening, script), daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        listening.close()
        thread.join(timeout=5)


def _serve_once(listening: socket.socket, script: Script) -> None:
    try:
        connection, _ = listening.accept()
    except OSError:
        return
    with connection, connection.makefile("rb") as lines:
        connection.settimeout(5)
        try:
            script(connection, lines.readline)
        except OSError:
            return


def dialogue(answers: Mapping[str, bytes], after_dot: bytes | None) -> Script:
    """A plain server: `answers` by command replace the usual ones; `after_dot` None drops the
    connection when the dot has come. An empty answer drops it at that command."""

    def script(connection: socket.socket, line: Callable[[], bytes]) -> None:
        usual = {"EHLO": b"250 here", "MAIL": b"250 ok", "RCPT": b"250 ok", "DATA": b"354 go"}
        connection.sendall(answers.get("GREETING", b"220 hello") + b"\r\n")
        while command := line():
            verb = command[:4].decode("ascii", "replace").upper()
            answer = answers.get(verb, usual.get(verb, b"250 ok"))
            if not answer:
                return
            connection.sendall(answer + b"\r\n")
            if verb == "DATA" and answer.startswith(b"354"):
                while (text := line()) and text != b".\r\n":
                    pass
                if after_dot is None:
                    return
                connection.sendall(after_dot + b"\r\n")

    return script
