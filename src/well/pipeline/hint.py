"""Hint: a provider said that something changed, so its flows are due before their time.

Invariant: a hint makes a flow due at the next whole minute and never later than it was, so however
many come, repeated or replayed, it is one poll a minute at the most. It reads nothing of them.
"""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
PICKED_UP = timedelta(seconds=5)
"""A flow that has been due for longer is being synced: the hint came after that run began."""


def due_at(now: datetime) -> datetime:
    """The next whole minute after `now` (aware UTC). Pure."""
    return now.replace(second=0, microsecond=0) + MINUTE
