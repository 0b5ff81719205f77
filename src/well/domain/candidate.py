"""Ranked answers to "which one is it?", each with the evidence that adds up to its score.

Invariant: a candidate's bits equal the sum of its evidence rows to 1e-9; the confidences of one
ranking and its `none` sum to 1. `none` is an answer with a probability.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """One feature's verdict: both values compared, the level reached and its weight in bits."""

    feature: str
    source: str
    target: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible answer. `id` names a counterparty or a target entry."""

    id: str
    label: str
    bits: float
    confidence: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, most likely first; `truncated` when a block of candidates was cut."""

    candidates: tuple[Candidate, ...] = ()
    none_confidence: float = 1.0
    truncated: bool = False

    @property
    def best(self) -> Candidate | None:
        """The most likely candidate, if there is any."""
        return self.candidates[0] if self.candidates else None
