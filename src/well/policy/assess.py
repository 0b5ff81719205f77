"""The record's confidence, apart and together: three parts and the one number a person sees.

Invariant: the parts are those the decision was made from; behind a shut gate the number shown
never reaches the limit that the gate stands before. It decides nothing.
"""

from dataclasses import dataclass

from well.domain.decision import Reason
from well.policy.confidence import counterparty_share, record_confidence
from well.policy.facts import Facts
from well.policy.gates import Completeness, PolicyFit, completeness, fitting_entry, policy_fit
from well.policy.ruling import acting_limit, asking_limit

MISSING_REFUSED = 2
"""From this many missing mandatory fields on there is nothing to review, only to repair."""
BELOW = 0.01
"""A shut gate shows the confidence this far below the limit: the next lower whole percent."""


@dataclass(frozen=True, slots=True)
class RecordConfidence:
    """`probability` that posting it new needs no correction; `counterparty` is its part that the
    supplier is right and `parts` its factors in points of percent. `existing` is the probability
    of the existing entry that fits, None without one. `shown` is the verdict's, after the gates.
    """

    probability: float
    counterparty: float
    existing: float | None
    completeness: Completeness
    policy: PolicyFit
    parts: tuple[Reason, ...]
    shown: float


def assess(facts: Facts) -> RecordConfidence:
    """The parts and the whole for one record."""
    probability, parts = record_confidence(facts)
    whole, fit = completeness(facts.invoice), policy_fit(facts)
    refused = len(whole.missing) >= MISSING_REFUSED
    best = None if refused else fitting_entry(facts)
    existing = best.confidence if best is not None else None
    most = ceiling(facts, len(whole.missing), shut=not (whole.holds and fit.holds))
    return RecordConfidence(
        probability=probability,
        counterparty=counterparty_share(facts),
        existing=existing,
        completeness=whole,
        policy=fit,
        parts=parts,
        shown=min(probability if existing is None else existing, most),
    )


def ceiling(facts: Facts, missing: int, *, shut: bool) -> float:
    """The most that is shown with so many fields `missing` and with a gate `shut`."""
    if missing >= MISSING_REFUSED:
        return max(asking_limit(facts) - BELOW, 0.0)
    return max(acting_limit(facts) - BELOW, 0.0) if shut else 1.0
