"""Waiting for new mail in a mailbox (IMAP IDLE, RFC 2177) instead of asking every minute.

Invariant: whenever mail may have come, `news` is called, at the beginning of each wait as well, for
what came before it; missing news is impossible, needless news is not. It reads no mail: whoever is
told looks. A lost connection is made again, ever more slowly.
"""

import imaplib
import time
from collections.abc import Callable
from threading import Event

from well.mail.answers import plain
from well.mail.box import TROUBLES, Box, opened
from well.settings import Mail

REISSUED = 28 * 60.0
"""Seconds after which a wait is begun anew: servers may close one of 29 minutes (RFC 2177 3)."""
SLICE = 1.0
"""How often a wait looks up, to end when it is to end."""
PATIENCE = 8.0
"""For every other answer, so that the worker stops within its ten seconds."""
AGAIN_FIRST, AGAIN_MAX = 5.0, 900.0
"""Seconds before a lost connection is made again, doubled each time."""
_TAG = b"WELLIDLE"
News = Callable[[], None]


class NoIdleError(Exception):
    """The server does not let anybody wait; it has to be asked instead."""


class Watch:
    """One connection that waits until `over`. `watching`: whether news would be heard now;
    `note`: the last trouble."""

    def __init__(self, mail: Mail, over: Event, news: News, reissued: float = REISSUED) -> None:
        self._mail = mail
        self._over = over
        self._news = news
        self._reissued = reissued
        self._lost = 0
        self.watching = False
        self.note = ""

    def run(self) -> None:
        """Return when `over` is set, or when the server does not know how to wait."""
        while not self._over.is_set():
            try:
                with opened(self._mail, min(self._mail.timeout, PATIENCE)) as box:
                    self._wait(box)
            except NoIdleError as error:
                self.note = plain(str(error))
                return
            except TROUBLES as error:
                self.note = plain(str(error))
            finally:
                self.watching = False
            self._over.wait(min(AGAIN_FIRST * 2.0**self._lost, AGAIN_MAX))
            self._lost = min(self._lost + 1, 16)

    def _wait(self, box: Box) -> None:
        if not offered(box):
            raise NoIdleError("IDLE is not offered")
        while not self._over.is_set():
            begin(box, self._news)
            self.watching, self._lost = True, 0
            end = time.monotonic() + self._reissued
            while not self._over.is_set() and time.monotonic() < end:
                _heard(box.line_within(SLICE), self._news)
            finish(box, self._news)


def offered(box: Box) -> bool:
    """Whether the server lets clients wait; asked after signing in, when it may say more."""
    _, told = box.capability()
    return isinstance(told[-1], bytes) and b"IDLE" in told[-1].upper().split()


def begin(box: Box, news: News) -> None:
    """Begin a wait; NoIdleError when it is refused."""
    box.send(_TAG + b" IDLE\r\n")
    line = _until(box, lambda line: line.startswith((b"+", _TAG)), news)
    if not line.startswith(b"+"):
        raise NoIdleError(f"IDLE was refused: {plain(line)}")
    news()


def finish(box: Box, news: News) -> None:
    """End a wait, and hear what came at the last moment."""
    box.send(b"DONE\r\n")
    line = _until(box, lambda line: line.startswith(_TAG), news)
    if not line.upper().startswith(_TAG + b" OK"):
        raise imaplib.IMAP4.abort(f"the wait did not end: {plain(line)}")


def _until(box: Box, wanted: Callable[[bytes], bool], news: News) -> bytes:
    """The first line that is wanted, within the patience for all of them."""
    end = time.monotonic() + box.patience
    while (left := end - time.monotonic()) > 0:
        line = box.line_within(left)
        if line is not None and wanted(line):
            return line
        _heard(line, news)
    raise TimeoutError("no answer in time")


def _heard(line: bytes | None, news: News) -> None:
    """Call `news` for a line that says that mail has come; `abort` for a good-bye."""
    words = (line or b"").upper().split(maxsplit=3)
    if words[:2] == [b"*", b"BYE"]:
        raise imaplib.IMAP4.abort("the server says good-bye")
    if words[:1] == [b"*"] and words[2:3] in ([b"EXISTS"], [b"RECENT"]):
        news()
