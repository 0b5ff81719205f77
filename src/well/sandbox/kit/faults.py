"""Faults on demand: what a provider does on its bad days, switched on by a test.

Invariant: a fault strikes exactly as often as it was asked to, counted under a lock, and a fault
"after the write" lets the write happen wholly first. It does not decide what an error looks like:
the stand-in formats its own bodies.
"""

import random
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from well.sandbox.kit.clock import StandInClock

EDGE_MODES = frozenset(
    {
        "rate_limit",
        "error_before",
        "error_after",
        "cut_before",
        "cut_after",
        "cut_body",
        "slow_body",
    }
)
MODES = EDGE_MODES | {"token_revoked", "clock_skew"}


class BadFaultError(ValueError):
    """The description of a fault makes no sense; the message says why."""


@dataclass
class Fault:
    """One fault that waits for its requests.

    `count` None means without end; `seconds` is how long it lasts (rate_limit), how long the body
    takes (slow_body) or the skew (clock_skew).
    """

    mode: str
    count: int | None = 1
    path: str = ""
    method: str = ""
    probability: float = 1.0
    seed: int = 0
    seconds: int = 0
    retry_after: int | None = None
    status: int = 500
    until: int | None = None
    struck: int = 0
    chance: random.Random = field(default_factory=random.Random, repr=False)

    def view(self) -> dict[str, Any]:
        """The form in which the admin port shows it."""
        names = ("mode", "count", "path", "method", "probability", "seed", "seconds", "retry_after")
        return {name: getattr(self, name) for name in (*names, "status", "struck")}

    def meets(self, method: str, path: str, now: int) -> bool:
        """Whether this request is one of those meant."""
        if self.count == 0 or (self.until is not None and now >= self.until):
            return False
        if not path.startswith(self.path) or (self.method and self.method != method):
            return False
        return self.probability >= 1.0 or self.chance.random() < self.probability


def _whole(given: Mapping[str, Any], name: str, default: int | None) -> int | None:
    value = given.get(name, default)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise BadFaultError(f"{name} must be a whole number.")


def _text(given: Mapping[str, Any], name: str) -> str:
    match = given.get("match", {})
    value = given.get(name, match.get(name, "") if isinstance(match, Mapping) else "")
    if not isinstance(value, str):
        raise BadFaultError(f"{name} must be text.")
    return value


def _probability(given: Mapping[str, Any]) -> float:
    value = given.get("probability", 1)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadFaultError("probability must be a number from 0 to 1.")
    return float(value)


def read_fault(given: object, modes: Collection[str]) -> Fault:
    """Make a fault of its JSON description. BadFaultError says what is wrong with it."""
    if not isinstance(given, Mapping):
        raise BadFaultError("A fault is an object with a mode.")
    mode = given.get("mode")
    if not isinstance(mode, str) or mode not in modes:
        raise BadFaultError(f"mode must be one of {', '.join(sorted(modes))}.")
    seconds = _whole(given, "seconds", 0) or 0
    # A storm that lasts some seconds has no count unless one was asked for.
    lasting = mode == "clock_skew" or (mode == "rate_limit" and seconds > 0)
    seed = _whole(given, "seed", 0) or 0
    return Fault(
        mode=mode,
        count=_whole(given, "count", None if lasting else 1),
        path=_text(given, "path"),
        method=_text(given, "method").upper(),
        probability=_probability(given),
        seed=seed,
        seconds=seconds,
        retry_after=_whole(given, "retry_after", None),
        status=_whole(given, "status", 500) or 500,
        chance=random.Random(seed),
    )


class Faults:
    """The faults of one stand-in. `extra_modes` are those that only this provider knows."""

    def __init__(self, clock: StandInClock, extra_modes: Collection[str] = ()) -> None:
        """Start without faults."""
        self.modes = MODES | set(extra_modes)
        self._clock = clock
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, given: object) -> Fault:
        """Switch a fault on. BadFaultError when the description makes no sense."""
        fault = read_fault(given, self.modes)
        with self._lock:
            if fault.mode == "clock_skew":
                self._clock.skew = fault.seconds
            elif fault.mode == "rate_limit" and fault.seconds > 0:
                fault.until = self._clock.seconds() + fault.seconds
            self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """End all faults and set the clock right."""
        with self._lock:
            self._waiting.clear()
            self._clock.skew = 0

    def view(self) -> list[dict[str, Any]]:
        """All faults that are switched on or spent since the last clear."""
        with self._lock:
            return [fault.view() for fault in self._waiting]

    def take(self, modes: Collection[str], method: str, path: str) -> Fault | None:
        """The first fault of these modes that this request meets; counts as one strike."""
        if not self._waiting:
            return None
        now = self._clock.seconds()
        with self._lock:
            for fault in self._waiting:
                if fault.mode in modes and fault.meets(method, path, now):
                    fault.struck += 1
                    fault.count = None if fault.count is None else fault.count - 1
                    return fault
        return None
