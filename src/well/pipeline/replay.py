"""Replay: take a past decision's facts from the trail and decide again.

Invariant: with the same versions the answer is the same; a difference is reported with both
versions and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from well import policy
from well.domain.candidate import Ranking
from well.domain.decision import Decision
from well.pipeline.codec import facts_from
from well.policy import Facts

BITS_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Replay:
    """`same` when outcome, confidence, entry and reasons come out as recorded."""

    facts: Facts
    decision: Decision
    same: bool
    sums_hold: bool


def replay(detail: Mapping[str, Any]) -> Replay:
    """Replay a "decided" trail event. ValueError when the event holds no facts."""
    if "facts" not in detail:
        raise ValueError("This trail event holds no facts to replay.")
    facts = facts_from(detail["facts"])
    decision = policy.decide(facts)
    same = (
        decision.outcome.value == detail["outcome"]
        and round(decision.confidence, 6) == detail["confidence"]
        and decision.entry == detail["entry"]
        and [reason.code for reason in decision.reasons] == detail["reasons"]
    )
    return Replay(facts, decision, same, sums_hold(facts.parties) and sums_hold(facts.ranking))


def sums_hold(ranking: Ranking) -> bool:
    """Whether each candidate's evidence adds up to its bits."""
    return all(
        abs(sum(row.bits for row in candidate.evidence) - candidate.bits) <= BITS_TOLERANCE
        for candidate in ranking.candidates
    )
