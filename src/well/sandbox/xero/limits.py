"""Xero's limits: calls a minute and a day of each organisation, at once, and of the app.

Invariant: a refused call was not begun and is not counted; the numbers are read at each call, so
the admin port may raise them. It counts in memory: a restart forgives.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from well.sandbox.kit.clock import StandInClock
from well.sandbox.xero.problem import Problem

SETTINGS = {
    "requests_per_minute": 60,
    "concurrent": 5,
    "requests_per_day": 5000,
    "app_requests_per_minute": 10_000,
}
MINUTE, DAY = 60, 86_400


def too_many(problem: str, wait: int) -> Problem:
    """429 for one of the limits: minute, day, appminute or concurrent; `wait` in seconds."""
    headers = {"Retry-After": str(max(1, wait)), "X-Rate-Limit-Problem": problem}
    return Problem(429, f"The {problem} limit was reached.").with_headers(headers)


class Limits:
    """Counts calls. One organisation's calls do not count for another."""

    def __init__(self, settings: Mapping[str, int], clock: StandInClock) -> None:
        """Start with empty counters."""
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._recent: defaultdict[tuple[str, str], deque[int]] = defaultdict(deque)
        self._running: defaultdict[str, int] = defaultdict(int)

    @contextmanager
    def one(self, tenant: str) -> Iterator[None]:
        """Let one call in. Problem 429 when it is too many."""
        with self._lock:
            self._enter(tenant)
        try:
            yield
        finally:
            with self._lock:
                self._running[tenant] -= 1

    def _windows(self, tenant: str) -> list[tuple[str, deque[int], int, int]]:
        """(problem, calls, seconds, most) of each limit that counts over time."""
        now, found = self._clock.seconds(), []
        for problem, key, seconds, setting in (
            ("minute", tenant, MINUTE, "requests_per_minute"),
            ("day", tenant, DAY, "requests_per_day"),
            ("appminute", "", MINUTE, "app_requests_per_minute"),
        ):
            recent = self._recent[key, problem]
            while recent and recent[0] <= now - seconds:
                recent.popleft()
            found.append((problem, recent, seconds, self._settings[setting]))
        return found

    def _enter(self, tenant: str) -> None:
        now, windows = self._clock.seconds(), self._windows(tenant)
        for problem, recent, seconds, most in windows:
            if len(recent) >= most:
                raise too_many(problem, recent[0] + seconds - now if recent else seconds)
        if self._running[tenant] >= self._settings["concurrent"]:
            raise too_many("concurrent", 1)
        for _, recent, _, _ in windows:
            recent.append(now)
        self._running[tenant] += 1

    def headers(self, tenant: str) -> dict[str, str]:
        """What is left, as each answer tells it."""
        names = {"minute": "Min", "day": "Day", "appminute": "AppMin"}
        with self._lock:
            return {
                f"X-{names[problem]}Limit-Remaining": str(max(0, most - len(recent)))
                for problem, recent, _, most in self._windows(tenant)
            }
