"""How far a stream has been read, and the windows a poll asks for.

Invariant: a marker only moves forward by itself, in the transaction that stores the last record
of its window; a person may set it back, and what is read again is recognised. Times are aware
and UTC.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

OVERLAP = timedelta(minutes=5)
"""How far a window reaches back before the marker: a late-committed record is not missed."""


@dataclass(frozen=True, slots=True)
class Window:
    """What one poll reads: changes in [since, until]. Both aware UTC."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        assert self.since.tzinfo is not None and self.until.tzinfo is not None, "aware times"
        assert self.since <= self.until, "a window does not end before it starts"


@dataclass(frozen=True, slots=True)
class Marker:
    """Everything of (connection, stream) up to `at` is stored."""

    connection: str
    stream: str
    at: datetime

    def next_window(self, until: datetime) -> Window:
        """The window to read next, with the overlap; never longer than up to `until`."""
        return Window(min(self.at - OVERLAP, until), until)


class SliceState(StrEnum):
    """State of one slice of a backfill."""

    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of a backfill: records of `stream` dated in [window.since, window.until).

    `cursor` is where the next page starts; None at the beginning. `rows` counts what was kept.
    """

    flow: str
    stream: str
    window: Window
    state: SliceState = SliceState.OPEN
    cursor: str | None = None
    rows: int = 0
