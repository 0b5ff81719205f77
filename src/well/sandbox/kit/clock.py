"""The clock of a stand-in, which a test can move.

Invariant: every time a stand-in speaks of comes from here and is aware UTC. It does not sleep.
"""

from datetime import UTC, datetime, timedelta


class StandInClock:
    """The machine's time plus a skew in seconds (negative is the past)."""

    def __init__(self) -> None:
        """Start without skew."""
        self.skew = 0

    def now(self) -> datetime:
        """The time as this provider believes it to be."""
        return datetime.now(UTC) + timedelta(seconds=self.skew)

    def seconds(self) -> int:
        """The same as whole seconds since 1970, the form in which expiries are stored."""
        return int(self.now().timestamp())
