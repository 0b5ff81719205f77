"""One payment for three of twenty open invoices: how often found, how fast, how often wrong.

Invariant: the truth is drawn, never shown; a payment whose memo names no number is the hard case.
Ambiguous: amounts in whole fifties, so that many groups add up; there auto must not be wrong once.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from benchmarks.bars import at_least, at_most
from well.matching.references import reference
from well.matching.sets import OpenItem, Payment, SetRanking, rank_sets

OPEN, PAID, TRIALS = 20, 3, 300
DAY = date(2025, 6, 30)
Trial = tuple[Payment, list[OpenItem], set[str]]


def trials(chance: np.random.Generator, fifties: bool, named: bool) -> Iterator[Trial]:
    """Payments for three items drawn among twenty, with or without their numbers in the memo."""
    for _ in range(TRIALS):
        cents = np.maximum(100, np.exp(chance.normal(10.5, 1.0, OPEN))).astype(int)
        if fifties:
            cents = np.maximum(5_000, cents // 5_000 * 5_000)
        ages = chance.integers(5, 120, OPEN).tolist()
        first = int(chance.integers(1_000, 90_000))
        items = [
            OpenItem(
                f"i{n}",
                amount,
                "EUR",
                DAY - timedelta(days=age),
                DAY - timedelta(days=age - 30),
                reference(f"INV-{first + 7 * n}"),
                "supplier",
            )
            for n, (amount, age) in enumerate(zip(cents.tolist(), ages, strict=True))
        ]
        paid = [items[i] for i in np.sort(chance.permutation(OPEN)[:PAID]).tolist()]
        numbers = tuple(item.reference for item in paid if named and item.reference)
        total = sum(item.amount for item in paid)
        yield (
            Payment("p", total, "EUR", DAY, numbers, "supplier"),
            items,
            {item.id for item in paid},
        )


def _found(ranking: SetRanking, truth: set[str]) -> bool:
    return ranking.best is not None and set(ranking.best.items) == truth


def measure() -> Iterator[str]:
    """Lines for the four kinds of payments."""
    chance = np.random.default_rng(7)
    slowest, wrong_ambiguous, least = 0.0, 0, 1.0
    for fifties, named in ((False, True), (False, False), (True, True), (True, False)):
        wall, own, found, auto, wrong, ambiguous = [], [], 0, 0, 0, 0
        for payment, items, truth in trials(chance, fifties, named):
            started, started_own = time.perf_counter(), time.process_time()
            ranking = rank_sets(payment, items)
            own.append((time.process_time() - started_own) * 1_000)
            wall.append((time.perf_counter() - started) * 1_000)
            right = _found(ranking, truth)
            found += right
            auto += ranking.auto_allowed
            wrong += ranking.auto_allowed and not right
            ambiguous += ranking.fits > 1
            wrong_ambiguous += ranking.fits > 1 and ranking.auto_allowed and not right
        kind = f"{'fifties' if fifties else 'cents'}, numbers {'named' if named else 'not named'}"
        half, most = statistics.median(wall), float(np.quantile(wall, 0.99))
        yield (
            f"  {kind:26s} found {found}/{TRIALS}  auto allowed {auto}, wrong {wrong}  "
            f"several groups fit {ambiguous}  p50 {half:.2f} ms  p99 {most:.2f} ms  "
            f"(processor p50 {statistics.median(own):.2f} ms)"
        )
        slowest = max(slowest, half)
        least = min(least, found / TRIALS) if named else least
    yield at_least("share found when the memo names them", least, 1.0)
    yield at_most("milliseconds, slowest median", slowest, 5, " ms")
    yield at_most("false auto on ambiguous sums", wrong_ambiguous, 0)


def main() -> int:
    """Print the lines."""
    for one in measure():
        print(one)
    return 0


if __name__ == "__main__":
    sys.exit(main())
