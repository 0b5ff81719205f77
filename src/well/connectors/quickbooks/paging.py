"""Paging through a list that changes while it is read.

Invariant: a record that stays in the list is never skipped. QuickBooks can order by one field
only and cannot say "after (value, id)", so a page begins again at the last page's border value
and repeats a few records; only inside a run of equal values does it count positions, and then it
goes back by OVERLAP, because a row that leaves the run moves all behind it forward.
"""

import json
from dataclasses import dataclass

from well.connectors.failures import rejected
from well.domain.failure import Failed, WayOut

ROWS = 200
OVERLAP = 20
REPEATS_MAX = ROWS // 4
"""Rows at the border that a page may repeat; with more it goes on by position."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list stands: from `value` on (None: its beginning), at `position` from 1."""

    value: str | None = None
    position: int = 1

    def after(self, values: list[str], descending: bool = False) -> "Place | None":
        """The place after a page whose rows had these border values; None after the last page."""
        if len(values) < ROWS:
            return None
        last = values[-1]
        ordered = bool(values[0]) and values == sorted(values, reverse=descending)
        if ordered and self._is_beyond(last, descending) and values.count(last) <= REPEATS_MAX:
            return Place(last, 1)
        return Place(self.value, self.position + ROWS - OVERLAP)

    def _is_beyond(self, last: str, descending: bool) -> bool:
        """Whether a border lies further on; without it a list that ignores borders had no end."""
        if self.value is None or not last:
            return bool(last)
        return last < self.value if descending else last > self.value

    def dump(self) -> str:
        """As a cursor."""
        return json.dumps([self.value, self.position])


def place(cursor: str | None) -> Place:
    """The place of a cursor made by `dump`; `Failed` for any other text."""
    if cursor is None:
        return Place()
    try:
        value, position = json.loads(cursor)
    except (ValueError, TypeError):
        raise lost_place() from None
    if not isinstance(position, int) or position < 1 or not isinstance(value, (str, type(None))):
        raise lost_place()
    return Place(value, position)


def lost_place() -> Failed:
    """A cursor that this version of Well did not write."""
    sentence = "Well lost its place in a list. Start this part of the sync again."
    return rejected(sentence, "unreadable cursor", WayOut.RETRY)
