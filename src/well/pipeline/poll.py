"""Poll: ask the source for what changed, and the target for what it holds.

Invariant: a marker moves only in the transaction that stores the last record of its window, to
the provider's own time of the first answer, and not where a person set it back meanwhile; windows
overlap and the unique key removes repeats.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from well.domain.entry import TargetEntry
from well.domain.marker import Marker, Window
from well.matching import RULES, entry_keys, with_canonical
from well.pipeline.capture import capture
from well.pipeline.work import Work, asking

ENTRIES = "entries"
"""Stream name of the target's mirror."""
REKEYED = 500
"""Entries stored anew at once."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a window stands: its end, the next page, the provider's time of the first page, and
    its start, where a change of markers may not move it."""

    until: datetime
    next: str | None = None
    as_of: datetime | None = None
    since: datetime | None = None


def poll_changes(work: Work, at: Cursor) -> Cursor | None:
    """Capture one page of the source's changes up to `at.until`; None when the window is done."""
    streams = [stream.name for stream in work.source.streams]
    since = at.since or _since(work, streams, at.until)
    window = Window(since, at.until)
    with asking(work.flow.source):
        page = work.source.changes(streams, window, at.next)
    as_of = min(at.as_of or page.as_of, page.as_of, at.until)
    if page.next_cursor is not None:
        capture(work, page.records)
        return Cursor(at.until, page.next_cursor, as_of, since)
    capture(work, page.records, lambda: _advance(work, streams, since, as_of))
    return None


def _since(work: Work, streams: list[str], until: datetime) -> datetime:
    """The earliest start that any stream needs; streams never read start at `until`."""
    starts = []
    for stream in streams:
        marker = work.store.marker(work.flow.source, stream)
        if marker is not None:
            starts.append(marker.next_window(until).since)
    return min(starts, default=until)


def _advance(work: Work, streams: list[str], since: datetime, at: datetime) -> None:
    """Move the markers to `at`; one set back since the window began waits for the next window."""
    for stream in streams:
        known = work.store.marker(work.flow.source, stream)
        if known is None or (known.at < at and known.next_window(at).since >= since):
            work.store.save_marker(Marker(work.flow.source, stream, at))


def poll_entries(work: Work, at: Cursor) -> Cursor | None:
    """Mirror one page of the target's entries; None when the window is done."""
    if at.next is None:
        rekey(work)
    marker = work.store.marker(work.flow.target, ENTRIES)
    window = marker.next_window(at.until) if marker else None
    with asking(work.flow.target):
        page = work.target.entries(window, at.next)
    as_of = min(at.as_of or page.as_of, page.as_of, at.until)
    with work.store.unit():
        mirror(work, _news(work, page.entries))
        if page.next_cursor is None:
            if marker is None or marker.at < as_of:
                work.store.save_marker(Marker(work.flow.target, ENTRIES, as_of))
            return None
    return Cursor(at.until, page.next_cursor, as_of)


def _news(work: Work, entries: Sequence[TargetEntry]) -> list[TargetEntry]:
    """What the mirror does not say already: windows overlap, and to keep an entry costs more than
    to look at it."""
    held = work.store.entries(work.flow.target, [entry.id for entry in entries])
    return [entry for entry in entries if held.get(entry.id) != entry]


def mirror(work: Work, entries: list[TargetEntry]) -> None:
    """Keep what the target said, its canonical values beside it."""
    kept = with_canonical(entries)
    keyed = list(zip(kept, entry_keys(kept), strict=True))
    work.store.save_entries(work.flow.target, keyed, RULES)


def rekey(work: Work) -> None:
    """Give entries that an earlier version stored the canonical values and keys of this one.

    Each portion is a unit of its own, so a stop in between loses nothing.
    """
    while stale := work.store.entries_by_other_rules(work.flow.target, RULES, REKEYED):
        with work.store.unit():
            mirror(work, list(stale))
