"""The worker's look at returned mail: runs the receiver and hands reports to the workspaces.

Invariant: a report may be handed on twice and is taken once; trouble with the mailbox or one
workspace stops neither the others nor the syncs. It decides nothing about a document.
"""

import threading
from datetime import datetime, timedelta

import structlog

from well.accounts.workspaces import all_workspaces
from well.bootstrap import Well, well
from well.domain.failure import Failed

EVERY_SECONDS = 5.0
MAILBOX_SECONDS = 60.0
"""A mailbox is asked over the network, so less often."""
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

    def start(self) -> None:
        """Listen where a port is set for it, and look from now on."""
        it = well()
        self._receiver = it.returned.receiver(it.clock)
        if self._receiver is not None:
            self._receiver.start()
        self._thread.start()

    def stop(self) -> None:
        """End; what has come is on disk."""
        self._thread.join(timeout=10)
        if self._receiver is not None:
            self._receiver.stop()

    def _run(self) -> None:
        pause = MAILBOX_SECONDS if well().settings.mail.imap_host else EVERY_SECONDS
        while not self._over.wait(pause):
            try:
                self._since = look(well(), self._since)
            except Failed as failed:
                log.warning("returned mail cannot be read now", note=str(failed))
            except Exception:
                log.exception("returned mail could not be taken; it is looked at again")


def look(it: Well, since: datetime | None) -> datetime:
    """Hand everything that came since then to the workspaces; from when to look next time."""
    start = it.clock.now()
    reports = it.returned.reports((since or start - LOOK_BACK) - OVERLAP)
    if reports:
        for workspace in all_workspaces():
            it.take_returned_mail(workspace, reports)
    return start
