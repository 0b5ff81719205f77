"""Level tables made of a prior and of what was learned, for one month.

Invariant: without observations a table is its prior, and so, but for the order of levels, is each
level that no observation showed; "missing" is worth exactly 0; a closer level never earns less;
every figure is a multiple of 1/1024 bit, so that sums are exact in any order. It reads a state and
changes none.
"""

from collections.abc import Mapping, Sequence
from math import fsum, log2

import numpy as np
from scipy.optimize import isotonic_regression

from well.matching.bits import grained
from well.matching.learn import ENTRY, MISSING, PARTY, Learned

HALF_LIFE = 12
"""Months after which an observation counts half."""
STRENGTH = 100.0
"""Observations the prior is worth while there are none."""
FADE = 200.0
"""Observations at which the prior is worth half of that."""
LEAST = 10.0
"""Observations that the prior stays worth however many there are."""
UNSEEN = 0.5
"""Matches that a level is taken to have where none was seen (Jeffreys)."""
ALIAS_MAX = 6.0
NONE_MAX = 6.0
NONE_SHARE = 0.15
"""Share of documents without an entry that the default weight of `none` stands for."""

Table = Mapping[str, float]


def tables(
    prior: Mapping[str, Table],
    learned: Learned,
    month: int,
    order: Mapping[str, Sequence[str]],
    space: str = ENTRY,
) -> Mapping[str, Table]:
    """Bits of each level of each feature of `prior` in `month`; `order` has closer levels first.

    log2(m/u) of Dirichlet means: the prior's pseudo-counts fade as observations come in.
    """
    return {
        feature: _table(table, learned, feature, month, order.get(feature, ()), space)
        for feature, table in prior.items()
    }


def _table(
    prior: Table, learned: Learned, feature: str, month: int, order: Sequence[str], space: str
) -> Table:
    levels = [level for level in prior if level != MISSING]
    bits = {level: prior[level] for level in levels}
    match = _aged(learned, "match", feature, month, space)
    other = _aged(learned, "other", feature, month, space)
    weight = dict.fromkeys(levels, 1.0)
    if (match or other) and min(bits.values()) < 0 < max(bits.values()):
        bits, weight = _posterior(bits, match, other)
    rising = _in_order(bits, weight, [level for level in order if level in bits])
    return {level: 0.0 if level == MISSING else grained(rising[level]) for level in prior}


def _aged(learned: Learned, kind: str, feature: str, month: int, space: str) -> dict[str, float]:
    """Counts by level, each halved for every twelve months of its age."""
    parts: dict[str, list[float]] = {}
    for level, then, count in learned.found(space, kind, feature):
        parts.setdefault(level, []).append(count * _kept(month - then))
    return {level: fsum(some) for level, some in parts.items()}


def _kept(age: int) -> float:
    return float(0.5 ** (max(age, 0) / HALF_LIFE))


def _posterior(
    prior: Table, match: Mapping[str, float], other: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Bits of each level and how much stands behind them."""
    seen = fsum(match.get(level, 0.0) for level in prior)
    unlike = fsum(other.get(level, 0.0) for level in prior)
    m_prior, u_prior = shares(prior)
    pseudo = LEAST + STRENGTH * FADE / (FADE + seen)
    # As strong beside the others, of whom there are many more.
    times = (pseudo + unlike) / (pseudo + seen)
    m = {level: pseudo * m_prior[level] + match.get(level, 0.0) for level in prior}
    u = {level: pseudo * times * u_prior[level] + other.get(level, 0.0) for level in prior}
    shift = log2(fsum(u.values()) / fsum(m.values()))
    bits = {level: log2(m[level] / u[level]) + shift for level in prior}
    # Never seen among so many matches says no more than that it is rarer than one in so many.
    rarest = {level: log2(UNSEEN / u[level]) + shift for level in prior}
    bits = {level: max(bits[level], min(prior[level], rarest[level])) for level in prior}
    # What neither showed keeps its bits: only the proportion of the two counts would move it.
    bits |= {level: prior[level] for level in prior if not (match.get(level) or other.get(level))}
    return bits, {level: m[level] + u[level] for level in prior}


def shares(bits: Table) -> tuple[dict[str, float], dict[str, float]]:
    """The level shares of matches (m) and of others (u) that a table of bits stands for, so that
    log2(m/u) is the table. Some bits must be above 0 and some below.

    Within the levels for and those against, u falls with the bits as 2 ** (-bits / 2) and m rises
    as 2 ** (bits / 2); how much each of the two groups holds follows from both adding up to one.
    """
    for_m, for_u = _sums([value for value in bits.values() if value > 0.0])
    against_m, against_u = _sums([value for value in bits.values() if value <= 0.0])
    whole = for_m * against_u - for_u * against_m
    high, low = (against_u - against_m) / whole, (for_m - for_u) / whole
    u = {
        level: (high if value > 0.0 else low) * 2.0 ** (-value / 2.0)
        for level, value in bits.items()
    }
    return {level: u[level] * 2.0**value for level, value in bits.items()}, u


def _sums(values: Sequence[float]) -> tuple[float, float]:
    """Sums of 2 ** (value / 2) and of 2 ** (-value / 2)."""
    return fsum(2.0 ** (v / 2.0) for v in values), fsum(2.0 ** (-v / 2.0) for v in values)


def _in_order(
    bits: Mapping[str, float], weight: Mapping[str, float], order: Sequence[str]
) -> dict[str, float]:
    """Closer levels earn no less (pool adjacent violators); agreeing never costs, the farthest
    never earns."""
    after = dict(bits)
    if not order:
        return after
    values = np.array([bits[level] for level in order])
    weights = np.array([weight[level] for level in order])
    pooled = isotonic_regression(values, weights=weights, increasing=False).x
    after.update(zip(order, pooled.tolist(), strict=True))
    after[order[0]] = max(after[order[0]], 0.0)
    after[order[-1]] = min(after[order[-1]], 0.0)
    return after


def alias_bits(
    learned: Learned, alias: str, counterparty: str, month: int, space: str = PARTY
) -> float:
    """What the memory of a name says for a counterparty: log-odds of Beta(1 + n, 1 + k), n times
    confirmed and k times rejected, both ageing; between -6 and 6."""
    confirmed = _aged(learned, "alias", alias, month, space).get(counterparty, 0.0)
    rejected = _aged(learned, "not alias", alias, month, space).get(counterparty, 0.0)
    bits = log2((1.0 + confirmed) / (1.0 + rejected))
    return grained(min(max(bits, -ALIAS_MAX), ALIAS_MAX))


def none_bits(
    learned: Learned,
    default: float,
    month: int,
    share: float = NONE_SHARE,
    space: str = ENTRY,
) -> float:
    """The weight of `none` when the workspace's own share of documents without an answer counts.

    `share` is the one that `default` stands for.
    """
    documents = fsum(_aged(learned, "documents", "", month, space).values())
    nones = fsum(_aged(learned, "none", "", month, space).values())
    pseudo = STRENGTH * FADE / (FADE + documents)
    none, some = pseudo * share + nones, pseudo * (1.0 - share) + documents - nones
    shift = log2(none / some) - log2(share / (1.0 - share))
    return grained(default + min(max(shift, -NONE_MAX), NONE_MAX))
