"""A provider's request limits, kept before a request leaves.

Invariant: in no span of `seconds` do more than `count` requests start, and never more than
`concurrent` run at once; a pause that the provider asked for holds all of them. It counts the
requests of this process only.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore, Lock

from well.connectors.failures import rate_limited
from well.ports.clock import Clock

PATIENCE = timedelta(seconds=20)
"""A longer wait is handed back as a failure with its time, so that no worker sleeps through it."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` requests in any span of `seconds`."""

    count: int
    seconds: float


class Throttle:
    """One limit shared by everything that is counted together; safe for many threads."""

    def __init__(self, provider: str, rates: Sequence[Rate], concurrent: int, clock: Clock) -> None:
        self._provider = provider
        self._clock = clock
        self._lock = Lock()
        self._slots = BoundedSemaphore(concurrent)
        self._starts = [(rate, deque[datetime](maxlen=rate.count)) for rate in rates]
        self._pause: datetime | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it; raises `Failed` (rate limited) when that takes too long."""
        with self._slots:
            self._wait()
            yield

    def heed(self) -> None:
        """Wait out a pause before something that is no request itself; `Failed` as in `turn`."""
        now = self._clock.now()
        with self._lock:
            free = self._pause or now
        self._sleep(free, now)

    def pause(self, until: datetime) -> None:
        """Start nothing before `until` (aware UTC); an earlier end never shortens a pause."""
        with self._lock:
            self._pause = max(until, self._pause or until)

    def _wait(self) -> None:
        while True:
            now = self._clock.now()
            with self._lock:
                free = self._free_at(now)
                if free <= now:
                    for _, starts in self._starts:
                        starts.append(now)
                    return
            self._sleep(free, now)

    def _sleep(self, free: datetime, now: datetime) -> None:
        if free - now > PATIENCE:
            raise rate_limited(self._provider, "held back by Well's own throttle", free)
        if free > now:
            self._clock.sleep((free - now).total_seconds())

    def _free_at(self, now: datetime) -> datetime:
        times = [self._pause or now]
        for rate, starts in self._starts:
            if len(starts) == rate.count:
                times.append(starts[0] + timedelta(seconds=rate.seconds))
        return max(times)
