"""Monitoring: do the spot checks still bear out what is posted without a person.

Invariant: the bounds hold at every moment, however often one looks; the order of checks does not
matter to them. An alarm only ever raises the limit. It samples nothing and writes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log, nextafter

import numpy as np
import numpy.typing as npt

from well.policy.threshold import DELTA, LEVELS, changed

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_STAKES = np.array([1.0, 15 / 16, 7 / 8, 3 / 4, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32])
"""Shares of the capital that are bet; several, because the true share is not known."""
_SPREAD = np.array([1 / 2, *[1 / 16] * 8])
"""Capital given to each stake: half to the one that proves most while nothing is wrong."""
_HALVINGS = 30
NOTHING_ALONE = nextafter(1.0, 2.0)
"""A limit that no confidence reaches, not even a certain one."""
STABLE = 0.25
"""Stability index above which a distribution has shifted (a common reading in credit scoring)."""


@dataclass(frozen=True, slots=True)
class Check:
    """A person looked at an automatic decision. `weight` in (0, 1] is the usual inclusion
    probability of its day over its own; `confidence` is what it was decided with."""

    confidence: float
    right: bool
    weight: float
    by: str


@dataclass(frozen=True, slots=True)
class Watch:
    """Checks of one flow. `limit` is the confidence from which it acts alone; `held` says that
    the target was proven at that limit."""

    target: float
    limit: float
    checks: tuple[Check, ...] = ()
    held: bool = False


@dataclass(frozen=True, slots=True)
class Alarm:
    """The limit was raised, and why, in words for owner and trail."""

    limit: float
    sentence: str


def proves(target: float, right: Flags, weights: Floats, delta: float = DELTA) -> bool:
    """Whether the checks prove at this moment that more than `target` is right, wrong with
    probability `delta` at the most however often one asks.

    Betting against "the share is at most the target" (Waudby-Smith and Ramdas 2020): a stake of
    the capital wins on each right check and loses on each wrong one; the claim is refuted once the
    mixture of all stakes has multiplied by 1/delta. Weights below one shrink the bet on a decision
    that was likelier to be checked, which keeps the game fair for the whole.
    """
    gain = np.log1p(np.outer(_STAKES, weights[right]) * (1.0 - target) / target).sum(axis=1)
    with np.errstate(divide="ignore"):
        loss = np.log1p(-np.outer(_STAKES, weights[~right])).sum(axis=1)
    capital = np.logaddexp.reduce(gain + loss + np.log(_SPREAD))
    return bool(capital >= -log(delta))


def lower_bound(right: Flags, weights: Floats, delta: float = DELTA) -> float:
    """The share of right decisions is at least this at every moment with probability 1 - delta."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if proves(middle, right, weights, delta) else (low, middle)
    return low


def upper_bound(right: Flags, weights: Floats, delta: float = DELTA) -> float:
    """The share of right decisions is at most this at every moment with probability 1 - delta."""
    return 1.0 - lower_bound(~right, weights, delta)


def bounds(watch: Watch, limit: float) -> tuple[float, float]:
    """Bounds of the share of right decisions among those at `limit` or above."""
    right, weights = _columns(_from(watch.checks, limit))
    return lower_bound(right, weights), upper_bound(right, weights)


def _from(checks: Sequence[Check], limit: float) -> list[Check]:
    return [check for check in checks if check.confidence >= limit]


def _columns(checks: Sequence[Check]) -> tuple[Flags, Floats]:
    """Verdict and weight of each check."""
    right = np.array([check.right for check in checks], dtype=np.bool_)
    return right, np.array([check.weight for check in checks], dtype=np.float64)


def watch(state: Watch, check: Check) -> tuple[Watch, Alarm | None]:
    """The state after one more check, and an alarm when the target is no longer borne out.

    A young workspace has proven nothing yet, which is no alarm: it rests on the shipped limit
    until the checks speak against it (the upper bound under the target). Once the target was
    proven, falling under it (the lower bound) is enough.
    """
    after = replace(state, checks=(*state.checks, check))
    right, weights = _columns(_from(after.checks, after.limit))
    if proves(after.target, right, weights):
        return replace(after, held=True), None
    if not after.held and not proves(1.0 - after.target, ~right, weights):
        return after, None
    limit = _next_limit(after)
    held = proves(after.target, *_columns(_from(after.checks, limit)))
    return replace(after, limit=limit, held=held), Alarm(limit, _sentence(after, limit))


def _next_limit(state: Watch) -> float:
    """The lowest level above the limit that is proven together with all stricter ones; without
    one, the lowest above every decision found wrong."""
    above = [level for level in LEVELS if level > state.limit]
    groups = [(level, _from(state.checks, level)) for level in above]
    proven = list(_unbroken(groups, state.target))
    if proven:
        return proven[-1]
    worst = max(check.confidence for check in state.checks if not check.right)
    return min((level for level in above if level > worst), default=NOTHING_ALONE)


def _unbroken(groups: Iterable[tuple[float, list[Check]]], target: float) -> Iterator[float]:
    """Levels whose checks prove the target, up to the first that fails; a level with too few
    checks to prove anything, whatever they found, is passed over."""
    for level, checks in groups:
        right, weights = _columns(checks)
        if proves(target, right, weights):
            yield level
        elif proves(target, np.ones_like(right), weights):
            return


def eased(limit: float, target: float, judged: Sequence[Check]) -> float:
    """A lower limit where people's word on the records below it proves that the target holds
    there, too; otherwise the same. All those records came before a person, so each weighs 1.

    Each level is tested on the band from it up to the limit, stopping at the first failure, and
    one reviewer alone lowers nothing.
    """
    below = [check for check in judged if check.confidence < limit]
    groups = [(level, _from(below, level)) for level in LEVELS]
    found = limit
    for level in _unbroken(groups, target):
        found = changed(found, level, {check.by for check in _from(below, level)})
    return found


def _sentence(state: Watch, limit: float) -> str:
    seen = [check for check in state.checks if check.confidence >= state.limit]
    wrong = sum(not check.right for check in seen)
    found = f"{wrong} of {len(seen)} spot checks found a wrong decision"
    goal = f"{state.target * 100:.4g} % right"
    if limit >= NOTHING_ALONE:
        return f"{found}, too many for {goal}. From now on a person confirms every record."
    old, new = f"{state.limit * 100:.4g} %", f"{limit * 100:.4g} %"
    return f"{found}, too many for {goal}. Well now acts alone from {new} on, before from {old}."


def stability(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """Population stability index of two counts of the same levels; 0 when nothing shifted.

    Half a count is added to each level, so that an unseen one stays finite.
    """
    names = sorted({*before, *now})
    old = np.array([before.get(name, 0) + 0.5 for name in names])
    new = np.array([now.get(name, 0) + 0.5 for name in names])
    old_share, new_share = old / old.sum(), new / new.sum()
    return float(((new_share - old_share) * np.log(new_share / old_share)).sum())


def shifted(
    before: Mapping[str, Mapping[str, int]], now: Mapping[str, Mapping[str, int]]
) -> tuple[str, ...]:
    """Features of both periods whose levels are no longer spread as before.

    The share of documents without an entry is one more feature with the levels none and some.
    """
    return tuple(
        feature
        for feature in sorted(before)
        if feature in now and stability(before[feature], now[feature]) > STABLE
    )
