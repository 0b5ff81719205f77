"""What would change an answer: evidence that is missing, and why the next best lost.

Invariant: every figure follows from the bits and confidences of the ranking; evidence that is
there is never wished away. It knows no rule and decides nothing: the limits are given to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from well.domain.candidate import Candidate, Evidence, Ranking
from well.matching import weights
from well.matching.bits import SUPPLIER
from well.matching.explain import BEST_LEVEL

BEHIND_MAX = 5
"""Candidates that are told why they lost."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A feature nothing is known of: what its agreement would add (`bits`), and the candidate's
    confidence then. `words` name the agreement ("an equal tax number")."""

    feature: str
    words: str
    bits: float
    confidence: float


def missing(candidate: Candidate) -> tuple[Missing, ...]:
    """The features nothing is known of, the one that would add most first."""
    rows = {row.feature: row for row in candidate.evidence}
    found = [
        _missing(candidate, feature, words, _added(rows, feature, bits))
        for feature, (words, bits) in BEST_LEVEL.items()
        if feature not in rows or rows[feature].level == "missing"
    ]
    return tuple(sorted(found, key=lambda one: (-one.bits, one.feature)))


def _missing(candidate: Candidate, feature: str, words: str, bits: float) -> Missing:
    return Missing(feature, words, bits, raised(candidate.confidence, bits))


def _added(rows: Mapping[str, Evidence], feature: str, bits: float) -> float:
    """What the feature earns beside those that agree for the same reason already."""
    if feature not in SUPPLIER:
        return bits
    others = [rows[name].bits for name in SUPPLIER if name in rows and rows[name].bits > 0.0]
    room = max([bits, *others]) + weights.SUPPLIER_EXTRA - sum(others)
    return min(bits, max(room, 0.0))


def raised(confidence: float, bits: float) -> float:
    """A confidence after `bits` more evidence, all other answers as they are (Bayes)."""
    odds: float = confidence * 2.0**bits
    return min(1.0, odds / (odds + 1.0 - confidence))


def flips(candidate: Candidate, acting: float, asking: float) -> tuple[str, ...]:
    """What missing evidence would change the verdict, in sentences; the strongest one where none
    would; nothing when Well would act alone already. `acting` and `asking` are the limits of
    acting alone and of asking."""
    if candidate.confidence >= acting:
        return ()
    wanted = missing(candidate)
    if not any(_crosses(one, candidate, acting, asking) for one in wanted):
        return tuple(f"{_told(one)} and change nothing alone." for one in wanted[:1])
    return tuple(
        f"{_told(one)}: then {_then(one, acting)}."
        for one in wanted
        if _crosses(one, candidate, acting, asking)
    )


def _crosses(one: Missing, candidate: Candidate, acting: float, asking: float) -> bool:
    """Whether the agreement would lift the candidate over a limit it is below."""
    return one.confidence >= acting or candidate.confidence < asking <= one.confidence


def _told(one: Missing) -> str:
    return f"{one.words.capitalize()} would add {one.bits:g} bits"


def _then(one: Missing, acting: float) -> str:
    if one.confidence >= acting:
        return "it would be linked by itself"
    return "a person would be asked about it"


def behind(ranking: Ranking) -> tuple[str, ...]:
    """Why each of the next best candidates lost against the best."""
    return tuple(_behind(ranking))


def _behind(ranking: Ranking) -> Iterator[str]:
    for other in ranking.candidates[1 : BEHIND_MAX + 1]:
        best = ranking.candidates[0]
        gap = best.bits - other.bits
        cost = _dearest(best, other)
        if gap <= 0.0 or cost is None:
            yield f"{other.label} has as much evidence, but is likelier to be of another record."
        else:
            yield f"{other.label} is {gap:.1f} bits behind: {cost}."


def _dearest(best: Candidate, other: Candidate) -> str | None:
    """The feature that costs `other` most against `best`."""
    ours = {row.feature: row for row in best.evidence}
    theirs = {row.feature: row for row in other.evidence}
    gaps = {f: _bits(ours.get(f)) - _bits(theirs.get(f)) for f in sorted(ours.keys() | theirs)}
    if not gaps:
        return None
    feature = max(gaps, key=lambda f: gaps[f])
    return f"{feature} {_level(theirs.get(feature))} instead of {_level(ours.get(feature))}"


def _bits(row: Evidence | None) -> float:
    return row.bits if row is not None else 0.0


def _level(row: Evidence | None) -> str:
    return row.level if row is not None else "missing"
