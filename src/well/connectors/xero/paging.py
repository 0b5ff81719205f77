"""Paging through a list of Xero that changes while it is read.

Invariant: a record that stays in the list is not skipped: after a page the list is asked again
from the last one's second on, because a changed record moves to the end and all behind it move
forward. Pages are counted only inside a run of records with one time.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from well.connectors.failures import malformed, rejected
from well.connectors.jsontext import moment
from well.connectors.xero.limits import TITLE
from well.domain.failure import Failed, WayOut

TICK = timedelta(seconds=1)
"""If-Modified-Since has whole seconds; asked from one before, its bound may be in or out."""

PAGES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """Page `page` of what changed since `since` (None: of everything), in leg `leg` of a walk."""

    leg: int = 0
    since: datetime | None = None
    page: int = 1

    def dump(self) -> str:
        """As a cursor."""
        return json.dumps([self.leg, self.since.isoformat() if self.since else None, self.page])

    def after(self, times: Sequence[datetime]) -> "Place":
        """Where to go on after a full page with these times."""
        if self.page >= PAGES_MAX:
            raise malformed(TITLE, "a list without an end")
        onward = times[-1].replace(microsecond=0) - TICK
        moves = self.since is None or onward > self.since
        if moves and list(times) == sorted(times) and times[0] < onward:
            return Place(self.leg, onward)
        return Place(self.leg, self.since, self.page + 1)


def place(cursor: str | None) -> Place | None:
    """The place of a cursor made by `dump`; None without one; `Failed` for any other text."""
    if cursor is None:
        return None
    try:
        leg, since, page = json.loads(cursor)
        found = Place(int(leg), None if since is None else moment(since), int(page))
    except (ValueError, TypeError):
        raise _lost() from None
    if found.leg < 0 or found.page < 1 or (since is not None and found.since is None):
        raise _lost()
    return found


def _lost() -> Failed:
    sentence = "Well lost its place in a list. Start this part of the sync again."
    return rejected(sentence, "unreadable cursor", WayOut.RETRY)
