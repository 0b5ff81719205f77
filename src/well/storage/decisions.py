"""Past decisions in the trail, newest first, a page at a time.

Invariant: memory holds one page; lines of other verbs are not opened. It reads only.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from well.domain.trail import TrailEvent
from well.storage.base import Base
from well.storage.codec import DETAIL
from well.storage.models import TrailRow
from well.storage.scope import CHUNK, reading, rows

_OUT_OF_ORDER = timedelta(hours=1)
"""Events of two workers may stand in the trail in another order than their times, by this much."""


class DecisionStore(Base):
    """The part of the store that reads decisions back."""

    def told_since(self, verbs: Sequence[str], since: datetime) -> Iterator[TrailEvent]:
        """Events with one of `verbs` at or after `since`, newest first."""
        before: int | None = None
        while page := self._told_page(verbs, before):
            before = page[-1].seq
            for row in page:
                if row.at >= since:
                    yield self._opened(row)
            if page[-1].at < since - _OUT_OF_ORDER:
                return

    def newest_decision(self, record: str, flow: str) -> TrailEvent | None:
        """The newest "decided" event of a record in a flow, if it was decided."""
        with reading(self._tenant):
            found = rows(TrailRow, self._tenant).filter(subject=record, verb="decided")
            events = map(self._opened, found.order_by("-seq")[:CHUNK])
            return next((e for e in events if e.detail.get("flow") == flow), None)

    def _told_page(self, verbs: Sequence[str], before: int | None) -> Sequence[TrailRow]:
        with reading(self._tenant):
            found = rows(TrailRow, self._tenant).filter(verb__in=verbs)
            if before is not None:
                found = found.filter(seq__lt=before)
            return list(found.order_by("-seq")[:CHUNK])

    def _opened(self, row: TrailRow) -> TrailEvent:
        detail = DETAIL.open(self._cipher, row.body, str(row.seq))
        return TrailEvent(row.at, row.actor, row.verb, row.subject, detail)
