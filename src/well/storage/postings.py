"""Postings: the outbox.

Invariant: a posting is claimed by one worker only: the move from planned to unknown happens
under a lock and is not made twice. It sends nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from well.domain.posting import THERE, Posting, PostingState
from well.storage.base import Base
from well.storage.codec import POSTING
from well.storage.models import PostingRow
from well.storage.projection import posting_row
from well.storage.scope import chunks, columns, put, reading, rows, unit


class PostingStore(Base):
    """The part of the store that keeps postings."""

    def claim_postings(self, ids: Sequence[str], at: datetime) -> Sequence[Posting]:
        """Move planned postings to unknown with one more attempt, sent at `at`; those it moved."""
        claimed: list[Posting] = []
        with unit(self._tenant):
            for some in chunks(ids):
                planned = rows(PostingRow, self._tenant).filter(
                    id__in=some, state=PostingState.PLANNED.value
                )
                # Another worker waits here, then finds them no longer planned.
                locked = planned.select_for_update().order_by("id")
                claimed += [_sent(posting, at) for posting in self._open_postings(locked)]
            self.save_postings(claimed)
        order = {posting: place for place, posting in enumerate(ids)}
        return sorted(claimed, key=lambda posting: order[posting.id])

    def find_postings(
        self, flow: str, states: Sequence[PostingState], limit: int, due: datetime
    ) -> Sequence[Posting]:
        """Postings in `states` whose `not_before` is past, highest priority first."""
        with reading(self._tenant):
            found = rows(PostingRow, self._tenant).filter(
                Q(not_before=None) | Q(not_before__lte=due),
                flow=flow,
                state__in=[state.value for state in states],
            )
            return self._open_postings(found.order_by("-priority", "id")[:limit])

    def postings(self, ids: Sequence[str]) -> Mapping[str, Posting]:
        """Postings by id, those that exist."""
        with reading(self._tenant):
            return {
                posting.id: posting
                for some in chunks(ids)
                for posting in self._open_postings(
                    rows(PostingRow, self._tenant).filter(id__in=some)
                )
            }

    def postings_there(self, target: str, marks: Sequence[str]) -> Sequence[Posting]:
        """Postings that reached `target` or may have, and whose entry, file name or original
        file's digest is one of `marks`; by id."""
        found: dict[str, Posting] = {}
        with reading(self._tenant):
            for some in chunks([mark for mark in marks if mark]):
                for column in ("entry", "file_name", "document"):
                    marked = rows(PostingRow, self._tenant).filter(
                        target=target, state__in=THERE, **{f"{column}__in": some}
                    )
                    found.update((posting.id, posting) for posting in self._open_postings(marked))
        return [found[id] for id in sorted(found)]

    def save_postings(self, postings: Sequence[Posting]) -> None:
        """Insert or replace by id."""
        newest = {posting.id: posting for posting in postings}
        workspace = self._tenant.workspace
        with unit(self._tenant):
            made = [posting_row(workspace, self._cipher, posting) for posting in newest.values()]
            put(self._tenant, made, columns(PostingRow))

    def _open_postings(self, found: Iterable[PostingRow]) -> list[Posting]:
        return [POSTING.open(self._cipher, row.body, row.id) for row in found]


def _sent(posting: Posting, at: datetime) -> Posting:
    return replace(
        posting,
        state=PostingState.UNKNOWN,
        attempts=posting.attempts + 1,
        first_sent_at=posting.first_sent_at or at,
        last_sent_at=at,
    )
