"""A score in words: the running total, the gap to the next best, what would change it.

Invariant: the last running total is the candidate's score; nothing is computed that was not
scored. It does not decide.
"""

from dataclasses import dataclass
from itertools import accumulate

from well.domain.candidate import Candidate, Evidence, Ranking
from well.matching import weights

BEST_LEVEL = {
    "reference": ("an equal number", weights.ENTRY["reference"]["equal"]),
    "amount": ("an equal total", weights.ENTRY["amount"]["equal"]),
    "date": ("the same day", weights.ENTRY["date"]["same day"]),
    "name": ("an equal name", weights.ENTRY["name"]["equal"]),
    "tax number": ("an equal tax number", weights.ENTRY["tax number"]["equal"]),
    "bank account": ("an equal bank account", weights.ENTRY["bank account"]["equal"]),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row with the total up to and with it, in bits."""

    evidence: Evidence
    running: float


def lines(candidate: Candidate) -> tuple[Line, ...]:
    """The rows in order with their running total."""
    running = accumulate(evidence.bits for evidence in candidate.evidence)
    return tuple(map(Line, candidate.evidence, running))


def gap(ranking: Ranking) -> float | None:
    """Bits between the best and the second best candidate; None without a second."""
    if len(ranking.candidates) < 2:
        return None
    bits = sorted((c.bits for c in ranking.candidates), reverse=True)
    return bits[0] - bits[1]


def runner_up(ranking: Ranking) -> str | None:
    """Why the second candidate is behind: the feature that costs it most."""
    if len(ranking.candidates) < 2:
        return None
    best, second = ranking.candidates[:2]
    ours = {e.feature: e.bits for e in best.evidence}
    worst = min(
        second.evidence, key=lambda e: (e.bits - ours.get(e.feature, 0.0), e.feature), default=None
    )
    if worst is None:
        return None
    behind = best.bits - second.bits
    return f"{second.label} is {behind:.1f} bits behind: {worst.feature} {worst.level}."


def would_change(candidate: Candidate) -> tuple[str, ...]:
    """What is missing of an entry and how much it would add if it agreed."""
    levels = {e.feature: e.level for e in candidate.evidence}
    return tuple(
        f"{words} would add {bits:g} bits"
        for feature, (words, bits) in BEST_LEVEL.items()
        if levels.get(feature, "missing") == "missing"
    )
