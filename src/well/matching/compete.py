"""Competition: bits of all candidates and of `none` become probabilities that sum to one.

Invariant: the order in which candidates or documents come changes nothing; an entry is never
the likely answer of two documents. It adds no evidence of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt

from well.domain.candidate import Candidate, Ranking

ROUNDS = 24
CLAIM_MIN = 1e-3
"""A document that holds an entry for less likely than this does not contest it."""
_ODDS_MAX = 2.0**40


def rank(candidates: Sequence[Candidate], none_bits: float, truncated: bool) -> Ranking:
    """The candidates with their share of the odds, most likely first."""
    top = max([none_bits, *(c.bits for c in candidates)])
    odds = [2.0 ** (c.bits - top) for c in candidates]
    none = 2.0 ** (none_bits - top)
    whole = sum(sorted(odds)) + none
    settled = [replace(c, confidence=odd / whole) for c, odd in zip(candidates, odds, strict=True)]
    return Ranking(_sorted(settled), none / whole, truncated)


def _sorted(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(candidates, key=lambda c: (-c.confidence, -c.bits, c.id)))


def one_to_one(rankings: Mapping[str, Ranking]) -> Mapping[str, Ranking]:
    """Rankings of one batch after the documents competed for the entries, too.

    Messages are passed between documents and entries; on a tree of claims they give the exact
    share of each pair among all one-to-one assignments (every side may stay alone). An entry that
    only one document claims keeps its confidence.
    """
    claims = _claims(rankings)
    contested = {entry: docs for entry, docs in claims.items() if len(docs) > 1}
    if not contested:
        return rankings
    busy = {doc for docs in contested.values() for doc in docs}
    odds = {doc: _odds(rankings[doc]) for doc in sorted(busy)}
    pairs = _marginals(odds)
    return {
        doc: _reweighted(ranking, pairs[doc]) if doc in busy else ranking
        for doc, ranking in rankings.items()
    }


def _claims(rankings: Mapping[str, Ranking]) -> dict[str, list[str]]:
    claims: dict[str, list[str]] = {}
    for doc in sorted(rankings):
        for candidate in rankings[doc].candidates:
            if candidate.confidence > CLAIM_MIN:
                claims.setdefault(candidate.id, []).append(doc)
    return claims


def _odds(ranking: Ranking) -> dict[str, float]:
    """Odds of each candidate against `none`."""
    none = max(ranking.none_confidence, 1.0 / _ODDS_MAX)
    return {c.id: min(c.confidence / none, _ODDS_MAX) for c in ranking.candidates}


def _marginals(odds: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Share of every (document, entry) pair, by message passing in a fixed number of rounds."""
    by_entry: dict[str, dict[str, float]] = {}
    for doc, row in odds.items():
        for entry, odd in row.items():
            by_entry.setdefault(entry, {})[doc] = odd
    free_doc = {doc: dict.fromkeys(row, 1.0) for doc, row in odds.items()}
    free_entry = {entry: dict.fromkeys(row, 1.0) for entry, row in by_entry.items()}
    for _ in range(ROUNDS):
        free_entry = {e: _free(row, free_doc, e, free_entry[e]) for e, row in by_entry.items()}
        free_doc = {d: _free(row, free_entry, d, free_doc[d]) for d, row in odds.items()}
    shares: dict[str, dict[str, float]] = {}
    for doc, row in odds.items():
        both = {e: odd * free_doc[doc][e] * free_entry[e][doc] for e, odd in row.items()}
        shares[doc] = {entry: value / (1.0 + value) for entry, value in both.items()}
    return _within_one(shares)


def _free(
    row: Mapping[str, float],
    others: Mapping[str, Mapping[str, float]],
    me: str,
    before: Mapping[str, float],
) -> dict[str, float]:
    """For each partner, how likely I am still free when it is left out.

    The geometric mean with the round before keeps equal claims from swinging to and fro.
    """
    pull = {other: odd * others[other][me] for other, odd in row.items()}
    whole = sum(pull.values())
    return {
        other: sqrt(before[other] / (1.0 + max(whole - value, 0.0)))
        for other, value in pull.items()
    }


def _within_one(shares: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Scale down entries whose shares exceed one in all (claims that form a ring)."""
    whole: dict[str, float] = {}
    for row in shares.values():
        for entry, share in row.items():
            whole[entry] = whole.get(entry, 0.0) + share
    return {
        doc: {entry: share / max(1.0, whole[entry]) for entry, share in row.items()}
        for doc, row in shares.items()
    }


def _reweighted(ranking: Ranking, shares: Mapping[str, float]) -> Ranking:
    """What the entries lost goes to `none`."""
    sum_of_shares = sum(sorted(shares.values()))
    scale = 1.0 / max(1.0, sum_of_shares)
    candidates = [replace(c, confidence=shares[c.id] * scale) for c in ranking.candidates]
    none = max(0.0, 1.0 - sum_of_shares * scale)
    return Ranking(_sorted(candidates), none, ranking.truncated)
