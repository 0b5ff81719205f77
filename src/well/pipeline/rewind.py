"""Rewind: a person has the history, or the changes since a day, read again.

Invariant: only progress is set back; records are recognised by their id and digest, so nothing is
posted twice, and a run that is under way cannot undo it. Nothing is read here.
"""

from dataclasses import replace
from datetime import datetime

from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.marker import Marker, SliceState
from well.domain.trail import TrailEvent
from well.pipeline.work import Work


def read_history_again(work: Work, actor: str) -> int:
    """Open every part of the backfill again; how many. Failed (conflict) while one is being read,
    since a page under way would close its part behind the person's back."""
    slices = work.store.slices(work.flow.id)
    if not slices or any(one.state is SliceState.OPEN for one in slices):
        raise _conflict("The history is not complete yet; it is read to its end first.")
    with work.store.unit():
        work.store.save_slices(
            [replace(one, state=SliceState.OPEN, cursor=None, rows=0) for one in slices]
        )
        work.append([_event(work, actor, "history reopened", parts=len(slices))])
    return len(slices)


def rewind(work: Work, to: datetime, actor: str) -> datetime:
    """Set the source's markers back to `to` (aware UTC); up to where they stood. They are those of
    the connection, so every flow that reads it has the changes read again.

    Failed (conflict) when nothing was read beyond `to`.
    """
    streams = [stream.name for stream in work.source.streams]
    with work.store.unit():
        known = [work.store.marker(work.flow.source, stream) for stream in streams]
        ahead = [marker for marker in known if marker is not None and marker.at > to]
        if not ahead:
            raise _conflict("Changes were not read as far as that day yet; choose an earlier one.")
        for marker in ahead:
            work.store.save_marker(Marker(marker.connection, marker.stream, to))
        stood = max(marker.at for marker in ahead)
        work.append([_event(work, actor, "rewound", to=to.isoformat(), stood=stood.isoformat())])
    return stood


def _conflict(sentence: str) -> Failed:
    return Failed(Failure(FailureKind.CONFLICT, sentence, way_out=WayOut.DECIDE))


def _event(work: Work, actor: str, verb: str, **detail: object) -> TrailEvent:
    return TrailEvent(work.clock.now(), actor, verb, work.flow.id, dict(detail))
