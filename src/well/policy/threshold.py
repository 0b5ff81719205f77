"""The certified limit: from which confidence on the promise "nearly all is right" is proven.

Invariant: a limit is certified only when it and every stricter one that could be tested passed;
levels are fixed before looking at what was right. It lowers nothing on one reviewer's word alone.
"""

from collections.abc import Collection, Mapping, Sequence
from math import ceil, log

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DELTA = 0.05
"""How likely a certificate may be wrong."""
LEVELS = tuple(
    dict.fromkeys(
        round(1.0 - 1.0 / (1.0 + 2.0 ** (quarter / 4.0)), 4) for quarter in range(52, -1, -1)
    )
)
"""Levels tested, strictest first: quarters of a bit of odds from .9999 down to even."""
CLEAN_CHECKS = 59
"""Right decisions in a row, none wrong, that prove 95 % at 95 % certainty: .95 ** 59 < .05."""
REVIEWERS_MIN = 2
"""Different people whose checks may lower a limit."""
POOLED: Mapping[float, float] = {0.97: 0.5, 0.98: 0.5, 0.99: 0.5, 0.995: 0.6667, 0.999: 0.9412}
"""Target share to the limit certified for it with the shipped weights, nothing learned, on
`python -m benchmarks.ledger --documents 20000 --entries 200000 --seed 11` (measured 2026-11-21):
no workspace has a part in it. Where the rule of the flow is stricter, the rule holds."""


def clopper_pearson_lower(right: int, checked: int, delta: float = DELTA) -> float:
    """The share of right decisions is at least this, wrong with probability `delta` at the most.

    Clopper and Pearson (1934), one side.
    """
    if right == 0:
        return 0.0
    return float(betaincinv(right, checked - right + 1, delta))


def checks_needed(target: float, delta: float = DELTA) -> int:
    """Fewest checks, all right, whose bound reaches `target`."""
    return ceil(log(delta) / log(target))


def certified(
    p: Floats,
    right: Flags,
    target: float = 0.99,
    delta: float = DELTA,
    levels: Sequence[float] = LEVELS,
) -> float | None:
    """The lowest level proven to keep `target`, None when none is.

    Fixed-sequence testing (Learn then Test, Angelopoulos et al. 2021): from the strictest level
    down, stopping at the first that fails. A level above which too few decisions lie to prove
    anything is passed over; that depends on `p` alone and so does not spoil the test.
    """
    needed = checks_needed(target, delta)
    found: float | None = None
    for level in sorted(levels, reverse=True):
        above = p >= level
        checked = int(above.sum())
        if checked < needed:
            continue
        if clopper_pearson_lower(int(right[above].sum()), checked, delta) < target:
            break
        found = level
    return found


def pooled(target: float) -> float:
    """The shipped limit for the next stricter target there is; 1 beyond them all."""
    return min((limit for goal, limit in POOLED.items() if goal >= target), default=1.0)


def effective(auto_post: float, certified: float | None) -> float:
    """From which confidence Well acts alone: the rule's limit or the certified one if stricter."""
    return auto_post if certified is None else max(auto_post, certified)


def changed(current: float, proposed: float, reviewers: Collection[str]) -> float:
    """The limit after new evidence: up at once, down only when several people's checks say so."""
    if proposed < current and len(set(reviewers)) < REVIEWERS_MIN:
        return current
    return proposed


def one_click(clean: int, asked_for: bool) -> bool:
    """Whether automatic decisions still wait for a person's one click in a young workspace.

    Only where the workspace's rule asks for it: the shipped limit already stands on checks, and
    whoever connects a tool expects it to work from the first day.
    """
    return asked_for and clean < CLEAN_CHECKS
