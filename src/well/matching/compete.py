"""Competition: bits of all candidates and of `none` become probabilities that sum to one.

Invariant: the order in which candidates or documents come changes nothing; an entry is never
the likely answer of two documents. It adds no evidence of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from well.domain.candidate import Candidate, Ranking
from well.matching.assign import pair_shares, within_one

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

CLAIM_MIN = 1e-3
"""A document that holds an entry for less likely than this does not contest it."""
_ODDS_MAX = 2.0**40


def shares(doc: Ints, bits: Floats, none_bits: Floats) -> tuple[Floats, Floats]:
    """P of each pair and P(none) of each document.

    `doc` (pairs) is sorted; `bits` are those of the pairs and `none_bits` one per document, which
    may have no pairs at all.
    """
    top = none_bits.copy()
    np.maximum.at(top, doc, bits)
    odds = np.exp2(bits - top[doc])
    none = np.exp2(none_bits - top)
    whole = none + np.bincount(doc, odds, minlength=len(none_bits))
    return odds / whole[doc], none / whole


def settle(doc: Ints, entry: Ints, p: Floats, none: Floats) -> tuple[Floats, Floats]:
    """The same after the documents competed for the entries, too: each entry once.

    What a document loses goes to its `none`. An entry that one document claims keeps its share,
    unless a document that lost another entry falls back on it.
    """
    claim = p > CLAIM_MIN
    rivals = np.bincount(entry[claim], minlength=int(entry.max(initial=-1)) + 1)
    busy = np.zeros(len(none), dtype=bool)
    busy[doc[claim & (rivals[entry] > 1)]] = True
    odds = np.minimum(p / np.maximum(none, 1.0 / _ODDS_MAX)[doc], _ODDS_MAX)
    # What is too unlikely to be contested stays with `none`, in proportion.
    rest = np.where(claim, 0.0, odds)
    alone = 1.0 / (1.0 + np.bincount(doc, rest, minlength=len(none)))
    edge = np.flatnonzero(claim & busy[doc])
    won = np.zeros_like(p)
    weighed = odds[edge] * alone[doc[edge]]
    won[edge] = pair_shares(_numbered(doc[edge]), _numbered(entry[edge]), weighed)
    left = np.maximum(0.0, 1.0 - np.bincount(doc, won, minlength=len(none))) * alone
    after_none = np.where(busy, left, none)
    after_p = np.where(busy[doc], won + rest * left[doc], p)
    given = within_one(entry, after_p)
    return given, after_none + np.bincount(doc, after_p - given, minlength=len(none))


def _numbered(values: Ints) -> Ints:
    """The values numbered from 0 in their order."""
    _, numbers = np.unique(values, return_inverse=True)
    return numbers.astype(np.int64)


def rank(candidates: Sequence[Candidate], none_bits: float, truncated: bool) -> Ranking:
    """The candidates with their share of the odds, most likely first."""
    ordered = sorted(candidates, key=lambda c: c.id)
    doc = np.zeros(len(ordered), dtype=np.int64)
    bits = np.array([c.bits for c in ordered], dtype=np.float64)
    p, none = shares(doc, bits, np.array([none_bits]))
    settled = [replace(c, confidence=share) for c, share in zip(ordered, p.tolist(), strict=True)]
    return Ranking(in_order(settled), float(none[0]), truncated)


def in_order(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Most likely first; ties by bits, then by id."""
    return tuple(sorted(candidates, key=lambda c: (-c.confidence, -c.bits, c.id)))


def one_to_one(rankings: Mapping[str, Ranking]) -> Mapping[str, Ranking]:
    """Rankings of one batch after the documents competed for the entries, too."""
    docs = sorted(rankings)
    pairs = [(n, c) for n, d in enumerate(docs) for c in _by_id(rankings[d])]
    numbers = {id: n for n, id in enumerate(sorted({c.id for _, c in pairs}))}
    p, none = settle(
        np.array([n for n, _ in pairs], dtype=np.int64),
        np.array([numbers[c.id] for _, c in pairs], dtype=np.int64),
        np.array([c.confidence for _, c in pairs], dtype=np.float64),
        np.array([rankings[d].none_confidence for d in docs], dtype=np.float64),
    )
    settled: dict[str, list[Candidate]] = {doc: [] for doc in docs}
    for (n, candidate), share in zip(pairs, p.tolist(), strict=True):
        settled[docs[n]].append(replace(candidate, confidence=share))
    return {
        doc: Ranking(in_order(settled[doc]), left, rankings[doc].truncated)
        for doc, left in zip(docs, none.tolist(), strict=True)
    }


def _by_id(ranking: Ranking) -> list[Candidate]:
    return sorted(ranking.candidates, key=lambda c: c.id)
