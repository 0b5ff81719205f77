"""Several payments at once: no open item is settled twice.

Invariant: among the groups that may be posted each item is in one at most; an item two payments
ask for with less than 2 bits between them is for a person, in both. The order of payments and
items changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from well.matching.sets.many import parts
from well.matching.sets.rank import rank_sets
from well.matching.sets.values import Limits, OpenItem, Payment, SetCandidate, SetRanking, Terms

CLAIM_MIN = 1e-3
"""A group less likely than this is not held against another payment."""
NODES_MAX = 12
ASSIGNED_MAX = 500
CONTEST_BITS = 2.0
_TERMS, _LIMITS = Terms(), Limits()
Rankings = dict[str, SetRanking]
Choice = Mapping[str, SetCandidate]


def match_sets(
    payments: Sequence[Payment],
    items: Sequence[OpenItem],
    terms: Terms = _TERMS,
    limits: Limits = _LIMITS,
) -> Rankings:
    """The ranking of every payment by its id, after the payments competed for the items.

    ValueError for an amount too large and for an id given twice, on either side.
    """
    by_owner: dict[str, list[OpenItem]] = {}
    for item in items:
        by_owner.setdefault(item.counterparty, []).append(item)
    rankings: Rankings = {}
    for payment in sorted(payments, key=lambda payment: payment.id):
        if payment.id in rankings:
            raise ValueError(f"The id {payment.id!r} is given twice.")
        known = by_owner.get(payment.counterparty, []) if payment.counterparty else items
        rankings[payment.id] = rank_sets(payment, known, terms, limits)
    return settle(rankings)


def settle(rankings: Rankings) -> Rankings:
    """The rankings after payments that ask for the same items competed."""
    claims = {
        id: {i for c in _claims(ranking) for i in c.items} for id, ranking in rankings.items()
    }
    settled = dict(rankings)
    for ids, wanted in parts(claims):
        if len(ids) > 1:
            settled |= _settle_part({id: rankings[id] for id in ids}, len(ids) + len(wanted))
    return settled


def _claims(ranking: SetRanking) -> list[SetCandidate]:
    return [c for c in ranking.candidates if c.confidence >= CLAIM_MIN]


def _settle_part(rankings: Rankings, nodes: int) -> Rankings:
    after = _divided(rankings) if nodes <= NODES_MAX else _assigned(rankings)
    exact = nodes <= NODES_MAX or _all_single(rankings)
    return {id: _judged(id, rankings, after[id], exact) for id in rankings}


def _all_single(rankings: Rankings) -> bool:
    return all(len(c.items) == 1 for ranking in rankings.values() for c in _claims(ranking))


def _judged(id: str, before: Rankings, after: SetRanking, exact: bool) -> SetRanking:
    """Whether the best group may still be posted now that others were heard."""
    was = before[id].best
    if was is None:
        return after
    if after.best is None or after.best.items != was.items:
        return _for_a_person(after, "Another payment has the better claim to its best group.")
    for other, ranking in sorted(before.items()):
        rival = ranking.best
        if other == id or rival is None or not {*rival.items} & {*was.items}:
            continue
        if not exact:
            return _for_a_person(after, f"Payment {other} asks for the same open items.")
        if was.bits - rival.bits < CONTEST_BITS:
            return _for_a_person(after, f"Payment {other} asks for the same open items as surely.")
    return after


def _for_a_person(ranking: SetRanking, reason: str) -> SetRanking:
    return replace(ranking, auto_allowed=False, reason=reason)


def _divided(rankings: Rankings) -> Rankings:
    """Each group's share of all ways to give every payment one group or none, items once.

    Exact: ways are counted from the left and from the right over the sets of items used.
    """
    ids = sorted(rankings)
    places = {
        item: at
        for at, item in enumerate(
            sorted({i for id in ids for c in _claims(rankings[id]) for i in c.items})
        )
    }
    options = [_options(rankings[id], places) for id in ids]
    left: list[dict[int, float]] = [{0: 1.0}]
    for row in options:
        left.append(_further(left[-1], row))
    right: list[dict[int, float]] = [{0: 1.0}]
    for row in reversed(options):
        right.append(_further(right[-1], row))
    right.reverse()
    return {
        id: _reweighted(rankings[id], _shares(options[at], left[at], right[at + 1]))
        for at, id in enumerate(ids)
    }


def _options(ranking: SetRanking, places: Mapping[str, int]) -> list[tuple[int, float]]:
    """The items of each group as a mask with its weight; the last one is none of the listed."""
    claims = _claims(ranking)
    rest = 1.0 - sum(c.confidence for c in claims)
    masks = [(sum(1 << places[item] for item in c.items), c.confidence) for c in claims]
    return [*masks, (0, max(rest, 1e-12))]


def _further(ways: Mapping[int, float], row: Sequence[tuple[int, float]]) -> dict[int, float]:
    after: dict[int, float] = {}
    for used, weight in ways.items():
        for mask, share in row:
            if not used & mask:
                after[used | mask] = after.get(used | mask, 0.0) + weight * share
    return after


def _shares(
    row: Sequence[tuple[int, float]], left: Mapping[int, float], right: Mapping[int, float]
) -> list[float]:
    others: dict[int, float] = {}
    for used, weight in left.items():
        for further, ways in right.items():
            if not used & further:
                others[used | further] = others.get(used | further, 0.0) + weight * ways
    open_ways = [
        share * sum(weight for used, weight in others.items() if not used & mask)
        for mask, share in row
    ]
    whole = sum(open_ways)
    return [way / whole for way in open_ways]


def _reweighted(ranking: SetRanking, shares: Sequence[float]) -> SetRanking:
    """The claims with their new shares; the others and none share what is left as before."""
    claims = _claims(ranking)
    rest = max(1.0 - sum(c.confidence for c in claims), 1e-12)
    scale = shares[-1] / rest
    share = dict(zip((c.items for c in claims), shares, strict=False))
    moved = [
        replace(c, confidence=share.get(c.items, c.confidence * scale)) for c in ranking.candidates
    ]
    none = min(ranking.none_confidence * scale, shares[-1])
    return replace(ranking, candidates=_sorted(moved), none_confidence=none)


def _sorted(candidates: Sequence[SetCandidate]) -> tuple[SetCandidate, ...]:
    return tuple(sorted(candidates, key=lambda c: (-c.confidence, -c.bits, c.items)))


def _assigned(rankings: Rankings) -> Rankings:
    """One group each, items once; groups that others got are given up, their share to none."""
    hungarian = len(rankings) <= ASSIGNED_MAX and _all_single(rankings)
    choice = _hungarian(rankings) if hungarian else _greedy(rankings)
    owner = {item: id for id, candidate in choice.items() for item in candidate.items}
    return {id: _without(ranking, id, owner) for id, ranking in rankings.items()}


def _hungarian(rankings: Rankings) -> Choice:
    """The assignment of single items with the most bits in all (Kuhn 1955, by scipy)."""
    ids = sorted(rankings)
    items = sorted({c.items[0] for id in ids for c in _claims(rankings[id])})
    column = {item: at for at, item in enumerate(items)}
    gain = np.zeros((len(ids), len(items) + len(ids)))
    held = {(id, c.items[0]): c for id in ids for c in _claims(rankings[id])}
    for row, id in enumerate(ids):
        for candidate in _claims(rankings[id]):
            gain[row, column[candidate.items[0]]] = max(candidate.bits, 0.0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    pairs = [(ids[r], items[c]) for r, c in zip(rows, columns, strict=True) if gain[r, c] > 0]
    return {id: held[id, item] for id, item in pairs}


def _greedy(rankings: Rankings) -> Choice:
    """The payment with the widest margin chooses first."""
    taken: set[str] = set()
    choice: dict[str, SetCandidate] = {}
    for _, id in sorted((-_margin(ranking), id) for id, ranking in rankings.items()):
        free = [c for c in _claims(rankings[id]) if not taken.intersection(c.items)]
        if free:
            choice[id] = free[0]
            taken.update(free[0].items)
    return choice


def _margin(ranking: SetRanking) -> float:
    bits = [c.bits for c in ranking.candidates]
    return bits[0] - bits[1] if len(bits) > 1 else max([0.0, *bits])


def _without(ranking: SetRanking, id: str, owner: Mapping[str, str]) -> SetRanking:
    kept = [c for c in ranking.candidates if all(owner.get(i, id) == id for i in c.items)]
    lost = sum(c.confidence for c in ranking.candidates) - sum(c.confidence for c in kept)
    none = min(1.0, ranking.none_confidence + lost)
    return replace(ranking, candidates=tuple(kept), none_confidence=none)
