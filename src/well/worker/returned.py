"""The worker's look at returned mail: runs the receiver and hands reports to the workspaces.

Invariant: a report may be handed on twice and is taken once; trouble with the mailbox or one
workspace stops neither the others nor the syncs. A mailbox that can tell of new mail is looked at
when it does, any other every minute. It decides nothing about a document.
"""

import threading
import time
from datetime import datetime, timedelta

import structlog

from well.accounts.workspaces import all_workspaces
from well.bootstrap import Well, well
from well.domain.failure import Failed
from well.mail.idle import Watch

EVERY_SECONDS = 5.0
MAILBOX_SECONDS = 60.0
"""A mailbox is asked over the network, so less often."""
WATCHED_SECONDS = 1740.0
"""One that tells of new mail is looked at unasked only to be sure."""
NEWS_SECONDS = 5.0
"""Looks are at least so far apart, however often news comes: each signs in anew."""
SLICE_SECONDS = 0.5
STOP_SECONDS = 10.0
LOOK_BACK = timedelta(days=14)
"""What arrived while nothing ran is found after a start."""
OVERLAP = timedelta(hours=1)

log = structlog.get_logger("well.worker")


class ReturnedMailLoop:
    """Start with `start`, end with `stop`; ends by itself once `over` is set."""

    def __init__(self, over: threading.Event) -> None:
        self._over = over
        self._thread = threading.Thread(target=self._run, name="well-returned", daemon=True)
        self._since: datetime | None = None
        self._looked = True
        self._at: float | None = None
        self._news = threading.Event()
        self._watch: Watch | None = None
        self._watching: threading.Thread | None = None

    def start(self) -> None:
        """Listen where a port is set for it, and look from now on."""
        it = well()
        self._receiver = it.returned.receiver(it.clock)
        if self._receiver is not None:
            self._receiver.start()
        self._watch = it.returned.watch(self._over, self._news.set)
        if self._watch is not None:
            self._watching = threading.Thread(
                target=self._wait_for, args=(self._watch,), name="well-idle", daemon=True
            )
            self._watching.start()
        self._thread.start()

    def stop(self) -> None:
        """End; what has come is on disk."""
        end = time.monotonic() + STOP_SECONDS
        for thread in (self._thread, self._watching):
            if thread is not None:
                thread.join(timeout=max(0.0, end - time.monotonic()))
        if self._receiver is not None:
            self._receiver.stop()

    def _wait_for(self, watch: Watch) -> None:
        watch.run()
        if not self._over.is_set():
            log.info("the mailbox does not tell of new mail; it is asked", note=watch.note)

    def _run(self) -> None:
        while self._turn():
            self._looked, self._at = False, time.monotonic()
            try:
                self._news.clear()
                self._since = look(well(), self._since)
                self._looked = True
            except Failed as failed:
                log.warning("returned mail cannot be read now", note=str(failed))
            except Exception:
                log.exception("returned mail could not be taken; it is looked at again")

    def _turn(self) -> bool:
        """Wait until it is time to look; False when it is over."""
        begun = time.monotonic()
        while not self._over.wait(SLICE_SECONDS):
            now = time.monotonic()
            heard = self._news.is_set() or well().returned.behind
            rested = self._at is None or now - self._at >= NEWS_SECONDS
            if (heard and rested) or now - begun >= self._pause():
                return True
        return False

    def _pause(self) -> float:
        """Seconds between two looks, as things are now."""
        if self._watch is None:
            return EVERY_SECONDS
        told = self._looked and self._watch.watching and self._receiver is None
        return WATCHED_SECONDS if told else MAILBOX_SECONDS


def look(it: Well, since: datetime | None) -> datetime:
    """Hand everything that came since then to the workspaces; from when to look next time, which
    is the same time while the mailbox holds more than is read at once."""
    start = it.clock.now()
    since = since or start - LOOK_BACK
    reports = it.returned.reports(since - OVERLAP)
    if reports:
        for workspace in all_workspaces():
            it.take_returned_mail(workspace, reports)
    return since if it.returned.behind else start
