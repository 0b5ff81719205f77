"""A bad day at the providers, for the demo: faults that strike while a sync runs.

Invariant: what happens follows from a seed and is switched on at the stand-ins' admin ports only;
the product is told nothing. When the day ends every fault is taken away. Consent pages and token
addresses are spared, since a provider that breaks a single-use token's answer asks for a new
consent: nothing that a program could mend.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from well.cli.demo_pairs import Pair

Fault = dict[str, Any]
STORM_SECONDS = 3
SUDDEN = 5
"""Storms and ended tokens in a day."""
TOKENS = "expire-tokens"
SECONDS = 20
READS: tuple[Fault, ...] = (
    {"mode": "error_before", "probability": 0.05, "count": 4},
    {"mode": "error_before", "status": 503, "probability": 0.03, "count": 4},
    {"mode": "cut_before", "probability": 0.05, "count": 4},
    {"mode": "cut_after", "probability": 0.05, "count": 4},
    {"mode": "cut_body", "probability": 0.05, "count": 4},
    {"mode": "slow_body", "probability": 0.05, "count": 3, "seconds": 2},
)
"""Single mishaps of reading."""
WRITES: tuple[Fault, ...] = (
    {"mode": "error_after", "count": 1},
    {"mode": "cut_after", "count": 1},
    {"mode": "cut_before", "probability": 0.5, "count": 1},
    {"mode": "error_before", "probability": 0.1, "count": 1},
    {"mode": "error_after", "probability": 0.1, "count": 1},
    {"mode": "cut_after", "probability": 0.1, "count": 1},
)
"""Writes that were done and look as if not, the first two requests at once, and some that were
not. Few: each is tried again only after a pause that doubles."""

MAILS: tuple[Fault, ...] = (
    {"mode": "mail_cut_kept", "count": 1},
    {"mode": "mail_cut_lost", "count": 1},
    {"mode": "mail_temporary", "method": "RCPT", "count": 1},
    {"mode": "mail_temporary", "method": "DATA", "probability": 0.1, "count": 2},
    {"mode": "mail_cut_kept", "probability": 0.1, "count": 2},
)
"""A connection cut after the final dot, with and without the mail kept: nobody can tell which."""


@dataclass(frozen=True)
class Moment:
    """Something sudden: `after` seconds from the one before, at one stand-in."""

    after: float
    standin: str
    fault: Fault | None
    """None: all access tokens end, which a renewal mends."""


def lasting(pair: Pair, seed: int) -> Iterator[tuple[str, Fault]]:
    """The faults that wait for their requests from the beginning of the day on."""
    for name, path in pair.reads.items():
        for number, fault in enumerate(READS):
            yield name, {"method": "GET", "path": path, "seed": seed + number, **fault}
    for number, fault in enumerate(MAILS if pair.by_mail else ()):
        yield pair.target, {"seed": seed + number, **fault}
    for name, path in pair.writes.items():
        for number, fault in enumerate(WRITES):
            yield name, {"method": "POST", "path": path, "seed": seed + number, **fault}


def moments(pair: Pair, seed: int) -> Iterator[Moment]:
    """Storms of 429 and ended tokens, one after the other."""
    chance = Random(f"bad day {pair.name} {seed}")  # noqa: S311 - no secret: a repeatable schedule
    for _ in range(SUDDEN):
        name = chance.choice(sorted(pair.reads))
        storm = {"mode": "rate_limit", "path": pair.reads[name], "retry_after": 1}
        fault = storm | {"seconds": STORM_SECONDS} if chance.random() < 0.5 else None
        yield Moment(chance.uniform(0.4, 6.0), name, fault)


@dataclass
class BadDays:
    """Makes days bad and counts the faults that were served."""

    pair: Pair
    addresses: Mapping[str, Mapping[str, str]]
    seed: int
    served: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def day(self) -> Iterator[None]:
        """One of them, as long as the block runs."""
        self.seed += 1
        for name, fault in lasting(self.pair, self.seed):
            self._ask("POST", name, "faults", fault)
        self._ended.clear()
        thread = threading.Thread(target=self._sudden, name="bad-day", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()
            self._clear()

    def _sudden(self) -> None:
        for moment in moments(self.pair, self.seed):
            if self._ended.wait(moment.after):
                return
            if moment.fault is not None:
                self._ask("POST", moment.standin, "faults", moment.fault)
            else:
                self.served += self._ask("POST", moment.standin, TOKENS)["expired"] > 0

    def _clear(self) -> None:
        for name in self.pair.reads:
            self.served += sum(fault["struck"] for fault in self._ask("GET", name, "faults"))
            self._ask("DELETE", name, "faults")

    def _ask(self, method: str, name: str, path: str, body: Fault | None = None) -> Any:
        where = f"{self.addresses[name]['admin']}/_admin/{path}"
        answer = httpx.request(method, where, json=body, timeout=SECONDS)
        return answer.raise_for_status().json()
