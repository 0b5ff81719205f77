"""An IMAP connection that reads only what it should, and can wait without losing its place.

Invariant: the mailbox is opened to be read, over verified TLS; a line and a literal are bounded,
and no answer is waited for longer than the patience. What a mail means is not known here.
Source: RFC 9051; imaplib lets a subclass replace its reading.
"""

import imaplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from well.mail.returned import READ_MAX
from well.mail.wire import trusting
from well.settings import Mail

LINE_MAX = 1_000_000
"""Bytes of a line, as in imaplib itself: a search answers on one."""
LITERAL_MAX = READ_MAX + 1024
LEAVE_SECONDS = 2.0
"""How long a good-bye may take; the connection is closed without it as well."""
_CHUNK = 65_536
TROUBLES = (imaplib.IMAP4.error, OSError, ValueError)
"""What a server that fails or talks nonsense makes of a call here."""


class Box(imaplib.IMAP4_SSL):
    """imaplib's client with its own reading; `patience` in seconds for each line or literal."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, patience: float) -> None:
        self.patience = patience
        self._rest = b""
        super().__init__(host, port, ssl_context=context, timeout=patience)

    def read(self, size: int) -> bytes:
        """A literal of `size` bytes."""
        if size > LITERAL_MAX:
            raise self.abort(f"a literal of {size} bytes")
        until = time.monotonic() + self.patience
        while len(self._rest) < size:
            self._more(until)
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def readline(self) -> bytes:
        """The next line with its end; TimeoutError when it does not come."""
        return self._line(time.monotonic() + self.patience)

    def line_within(self, seconds: float) -> bytes | None:
        """The next line where one comes in that time; what came of it so far is kept."""
        try:
            return self._line(time.monotonic() + seconds)
        except TimeoutError:
            return None

    def leave(self) -> None:
        """Say good-bye and close, whatever state it is in."""
        self.patience = min(self.patience, LEAVE_SECONDS)
        try:
            self.logout()
        except TROUBLES:
            with suppress(OSError):
                self.shutdown()

    def _line(self, until: float) -> bytes:
        while b"\n" not in self._rest:
            if len(self._rest) > LINE_MAX:
                raise self.abort("a line without end")
            self._more(until)
        line, mark, self._rest = self._rest.partition(b"\n")
        return line + mark

    def _more(self, until: float) -> None:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        self.sock.settimeout(left)
        try:
            found = self.sock.recv(_CHUNK)
        finally:
            self.sock.settimeout(self.patience)
        if not found:
            raise self.abort("the connection was closed")
        self._rest += found


@contextmanager
def opened(mail: Mail, patience: float) -> Iterator[Box]:
    """The mailbox for returned mail, to be read only; one of TROUBLES where it cannot be."""
    context = trusting(mail.ca_file, mail.tls)
    box = Box(mail.imap_host, mail.imap_port, context, patience)
    try:
        box.login(mail.imap_user, mail.imap_password)
        chosen, _ = box.select(f'"{mail.imap_folder}"', readonly=True)
        if chosen != "OK":
            raise box.error(f"no folder {mail.imap_folder}")
        yield box
    finally:
        box.leave()
