"""The provider's limits: requests a minute and at the same time, per company.

Invariant: a refused request was not begun. It counts in memory: a restart forgives.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from well.sandbox.quickbooks.wire import Problem

WINDOW_SECONDS = 60


def too_many() -> Problem:
    """The body of a 429."""
    message = "message=ThrottleExceeded; errorCode=003001; statusCode=429"
    return Problem("3001", message, "", 429, "SERVICE")


class Limits:
    """Counts the requests of each company; the settings are read at each request."""

    def __init__(self, settings: Mapping[str, int]) -> None:
        """Start with empty counters."""
        self._settings = settings
        self._lock = threading.Lock()
        self._recent: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._running: defaultdict[str, int] = defaultdict(int)

    @contextmanager
    def one(self, realm: str, batch: bool) -> Iterator[None]:
        """Let one request in. Problem 429 when it is too many."""
        with self._lock:
            self._enter(realm, "requests_per_minute")
            if batch:
                self._enter(realm, "batches_per_minute")
            if self._running[realm] >= self._settings["concurrent"]:
                raise too_many()
            self._running[realm] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[realm] -= 1

    def _enter(self, realm: str, setting: str) -> None:
        recent = self._recent[realm, setting]
        now = time.monotonic()
        while recent and recent[0] <= now - WINDOW_SECONDS:
            recent.popleft()
        if len(recent) >= self._settings[setting]:
            raise too_many()
        recent.append(now)
