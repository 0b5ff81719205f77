"""The audit trail of a workspace: added to, never changed, every line chained to the one before.

Invariant: numbers have no gap, each digest covers the line and the digest before it, and the
head names the last line; `verify_trail` finds a missing, altered or cut-off line. It does not
judge what is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC

from well.domain.trail import GENESIS, TrailEvent, chain
from well.storage.base import Base
from well.storage.codec import DETAIL
from well.storage.models import TrailHead, TrailRow
from well.storage.scope import CHUNK, put, reading, rows, unit


@dataclass(frozen=True, slots=True)
class TrailCheck:
    """`lines` found right, and the number of the first that is not (None when all are)."""

    lines: int
    broken_at: int | None = None


class TrailStore(Base):
    """The part of the store that keeps the trail."""

    def append(self, events: Sequence[TrailEvent]) -> None:
        """Add to the trail, chained, inside the current unit."""
        with unit(self._tenant):
            head = self._locked_head()
            made = []
            for event in events:
                utc = replace(event, at=event.at.astimezone(UTC))
                digest = chain(head.digest, utc)
                made.append(self._trail_row(utc, head.seq + 1, head.digest, digest))
                head.seq, head.digest = head.seq + 1, digest
            put(self._tenant, made)
            put(self._tenant, [head], ["seq", "digest"])

    def trail_of(self, subjects: Sequence[str], limit: int = 500) -> Sequence[TrailEvent]:
        """The newest `limit` events about any of `subjects`, oldest first."""
        with reading(self._tenant):
            found = rows(TrailRow, self._tenant).filter(subject__in=subjects).order_by("-seq")
            return [self._trail_event(row) for row in reversed(found[:limit])]

    def verify_trail(self) -> TrailCheck:
        """Read the whole trail and compute its chain again."""
        with reading(self._tenant):
            head = rows(TrailHead, self._tenant).first()
            digest, seq = GENESIS, 0
            for row in self._lines():
                if not self._line_fits(row, seq + 1, digest):
                    return TrailCheck(seq, seq + 1)
                digest, seq = row.digest, seq + 1
        whole = (seq, digest) == ((head.seq, head.digest) if head else (0, GENESIS))
        return TrailCheck(seq, None if whole else seq + 1)

    def _line_fits(self, row: TrailRow, seq: int, previous: str) -> bool:
        if row.seq != seq or row.previous != previous:
            return False
        try:
            return chain(previous, self._trail_event(row)) == row.digest
        except ValueError:
            return False

    def _lines(self) -> Iterator[TrailRow]:
        last, page = 0, [*self._page(0)]
        while page:
            yield from page
            last = page[-1].seq
            page = [*self._page(last)]

    def _page(self, after: int) -> Sequence[TrailRow]:
        return list(rows(TrailRow, self._tenant).filter(seq__gt=after).order_by("seq")[:CHUNK])

    def _locked_head(self) -> TrailHead:
        """The chain's end; no other transaction adds to the chain until this one ends."""
        first = TrailHead(workspace_id=self._tenant.workspace, seq=0, digest=GENESIS)
        put(self._tenant, [first], [])
        return rows(TrailHead, self._tenant).select_for_update().get()

    def _trail_row(self, event: TrailEvent, seq: int, previous: str, digest: str) -> TrailRow:
        return TrailRow(
            workspace_id=self._tenant.workspace,
            seq=seq,
            at=event.at,
            actor=event.actor,
            verb=event.verb,
            subject=event.subject,
            previous=previous,
            digest=digest,
            body=DETAIL.seal(self._cipher, event.detail, str(seq)),
        )

    def _trail_event(self, row: TrailRow) -> TrailEvent:
        detail = DETAIL.open(self._cipher, row.body, str(row.seq))
        return TrailEvent(row.at, row.actor, row.verb, row.subject, detail)
