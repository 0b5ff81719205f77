"""The machine's clock, as the port wants it.

Invariant: times are aware and UTC. Nothing else in the house asks the machine for the time.
"""

import time
from datetime import UTC, datetime


class SystemClock:
    """The Clock of the running product."""

    def now(self) -> datetime:
        """The machine's time, aware UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait that many seconds."""
        time.sleep(seconds)
