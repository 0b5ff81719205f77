"""An SMTP client's connection that never waits for ever and reads only what an answer may hold.

Invariant: an answer has at most ANSWER_LINES lines and comes within its time; after STARTTLS
nothing said in the clear is used; a name is resolved once and the address reached was checked.
It does not know what an answer means.
"""

import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from datetime import timedelta

from well.ports.clock import Clock

ANSWER_LINES = 100
ANSWER_BYTES = 32_768
_CHUNK = 4096
Resolve = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> Sequence[str]:
    """The numeric addresses of `host`; OSError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def reach(host: str, port: int, timeout: float, private: bool, named: Resolve) -> socket.socket:
    """A connection to the first address of `host` that answers; OSError when none may or does.

    `private`: addresses inside the machine's own network are allowed.
    """
    trouble: OSError | None = None
    for address in named(host, port):
        if not (private or ipaddress.ip_address(address.split("%", 1)[0]).is_global):
            continue
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            trouble = error
    raise trouble or OSError(f"{host} has no address that may be reached")


def trusting(ca_file: str, oldest: ssl.TLSVersion) -> ssl.SSLContext:
    """TLS with verified certificates, of `ca_file` or the machine's own authorities when ""."""
    context = ssl.create_default_context(cafile=ca_file or None)
    context.minimum_version = oldest
    return context


class Wire(smtplib.SMTP):
    """smtplib's client on a connection made by `reach`, with its own reading of answers."""

    def __init__(self, reached: socket.socket, name: str, clock: Clock, patience: float) -> None:
        super().__init__(local_hostname=name)
        self.sock = reached
        self.patience = patience
        self._clock = clock
        self._rest = b""

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Go on in TLS; the certificate must be that of `host`. SSLError (an OSError) if not."""
        if self._rest:
            raise smtplib.SMTPServerDisconnected("words in the clear behind STARTTLS")
        assert self.sock is not None, "the connection is open"
        self.sock = context.wrap_socket(self.sock, server_hostname=host)
        # What was offered in the clear counts no more (RFC 3207 4.2).
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def getreply(self) -> tuple[int, bytes]:
        """The next answer; SMTPServerDisconnected when none comes in time or it makes no sense."""
        until = self._clock.now() + timedelta(seconds=self.patience)
        words: list[bytes] = []
        while len(words) < ANSWER_LINES:
            line = self._line(until.timestamp())
            words.append(line[4:].strip())
            if not line[:3].isdigit() or len(line[:3]) < 3:
                break
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(words)
        self.close()
        raise smtplib.SMTPServerDisconnected("an answer that is none")

    def _line(self, until: float) -> bytes:
        while b"\n" not in self._rest:
            left = until - self._clock.now().timestamp()
            if left <= 0 or len(self._rest) > ANSWER_BYTES or self.sock is None:
                self.close()
                raise smtplib.SMTPServerDisconnected("no answer in time")
            self.sock.settimeout(left)
            try:
                more = self.sock.recv(_CHUNK)
            except OSError as error:
                self.close()
                raise smtplib.SMTPServerDisconnected(str(error)) from error
            if not more:
                self.close()
                raise smtplib.SMTPServerDisconnected("the connection was closed")
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line
