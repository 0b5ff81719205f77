"""One payment for several invoices in the ways people pay: how often a wrong group is posted.

Invariant: draws are seeded and the right answer is known by construction; figures are printed,
never asserted. It measures the function in production (`rank_sets`), never a copy.

`python -m benchmarks.engine_draws [DRAWS]`, by default 10,000.
"""

import random
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from well.matching.references import Reference, reference
from well.matching.sets import OpenItem, Payment, rank_sets

START = date(2026, 1, 1)
AUTO = 0.85


class Draw(NamedTuple):
    payment: Payment
    items: tuple[OpenItem, ...]
    right: frozenset[str]
    """Empty: the payment is for something else."""


Amount = Callable[[random.Random], int]
AMOUNTS: dict[str, Amount] = {
    "cents, even": lambda chance: chance.randint(1_000, 200_000),
    "cents, skewed": lambda chance: int(2 ** chance.uniform(9, 20)),
    "multiples of 50": lambda chance: 5_000 * chance.randint(1, 40),
    "five prices": lambda chance: chance.choice([4_900, 9_900, 11_999, 24_000, 120_000]),
    "one price": lambda _: 11_999,
}


def open_items(chance: random.Random, count: int, amount: Amount) -> tuple[OpenItem, ...]:
    """The open invoices of one supplier over half a year, due 30 days after their day."""
    days = sorted(START + timedelta(chance.randrange(180)) for _ in range(count))
    return tuple(
        OpenItem(
            f"i{at:04}",
            amount(chance),
            "EUR",
            day,
            day + timedelta(30),
            reference(f"FA-2026-{1000 + at}"),
            "supplier",
        )
        for at, day in enumerate(days)
    )


def paid(chance: random.Random, items: Sequence[OpenItem], named: bool, amount: Amount) -> Draw:
    """A payment for some of the items in one of the ways people pay, or for none of them."""
    way = chance.choice(["oldest", "oldest", "due", "all", "any", "any", "other", "other"])
    size = chance.choice([1, 1, 1, 2, 2, 3, 3, 4, 5])
    start = chance.randrange(len(items))
    chosen: Sequence[OpenItem] = {
        "oldest": items[:size],
        "due": items[start : start + size],
        "all": items if len(items) <= 6 else items[:size],
        "any": chance.sample(list(items), min(size, len(items))),
        "other": (),
    }[way]
    total = sum(item.amount for item in chosen) or sum(amount(chance) for _ in range(size))
    day = max((item.due or START for item in chosen), default=START + timedelta(200))
    numbers: tuple[Reference, ...] = ()
    if named:
        ours = [item.reference for item in chosen] or [reference(f"FA-2026-{2000 + start}")]
        numbers = tuple(number for number in ours if number)
    payment = Payment("p", total, "EUR", day, numbers, "supplier")
    return Draw(payment, tuple(items), frozenset(item.id for item in chosen))


def wrong_ones(kind: str, named: bool, draws: int) -> tuple[int, int]:
    """How often a group would be posted, rightly or not; (wrong, wrong where several fit)."""
    chance = random.Random(f"{kind} {named}")
    auto = wrong = ambiguous = wrong_ambiguous = unnamed = shown = hits = 0
    bands = [[0, 0.0, 0] for _ in range(10)]
    for _ in range(draws):
        items = open_items(chance, chance.randint(2, 24), AMOUNTS[kind])
        draw = paid(chance, items, named, AMOUNTS[kind])
        ranking = rank_sets(draw.payment, draw.items)
        best = ranking.best
        several = ranking.fits > 1
        ambiguous += several
        if best is None:
            continue
        shown += 1
        right = set(best.items) == draw.right
        hits += right
        band = bands[min(9, int(best.confidence * 10))]
        band[0] += 1
        band[1] += best.confidence
        band[2] += right
        if ranking.auto_allowed and best.confidence >= AUTO:
            auto += 1
            wrong += not right
            wrong_ambiguous += several and not right
            unnamed += several and not draw.payment.references
    error = sum(abs(total - right) for _, total, right in bands) / max(shown, 1)
    print(
        f"{kind:16} {'named' if named else 'sum only':8}: auto {auto / draws:6.1%}, wrong {wrong:3}"
        f" ({1 - wrong / max(auto, 1):.4f} right), several fit {ambiguous / draws:5.1%}, posted"
        f" without a reference although several fit {unnamed}, wrong where several fit"
        f" {wrong_ambiguous}, ECE {error:.3f}"
        f", mean shown {sum(b[1] for b in bands) / max(shown, 1):.3f}"
        f" true {hits / max(shown, 1):.3f}"
    )
    return wrong, wrong_ambiguous + unnamed


def main(words: list[str]) -> int:
    draws = int(words[0]) if words else 10_000
    each = draws // (2 * len(AMOUNTS))
    results = [wrong_ones(kind, named, each) for kind in AMOUNTS for named in (False, True)]
    total = 2 * len(AMOUNTS) * each
    print(f"wrong of {total} draws: {sum(w for w, _ in results)}, on ambiguous sums:", end=" ")
    print(sum(a for _, a in results))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
