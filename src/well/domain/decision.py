"""What is to happen to a record, with every reason and the versions that said so.

Invariant: a decision is a value computed from its inputs alone; the same inputs and versions
give the same decision, so it can be replayed from the trail.
"""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The verdicts of the decision table (DESIGN 2)."""

    POST = "post"
    LINK = "link"
    REVIEW = "review"
    REFUSE = "refuse"
    HOLD = "hold"
    IGNORE = "ignore"
    KEEP = "keep"
    """The record is already linked and nothing that was posted has changed."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `stops` marks a hard stop or a failed gate; `weight` is in points of percent."""

    code: str
    sentence: str
    stops: bool = False
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Rules:
    """A flow's limits. Shares in [0,1]; `version` changes with every change of a value."""

    auto_post: float = 0.85
    review: float = 0.55
    version: int = 1

    def __post_init__(self) -> None:
        assert 0.0 < self.review <= self.auto_post <= 1.0, "review limit below auto-post limit"


@dataclass(frozen=True, slots=True)
class Versions:
    """What decided: the models' names and the numbers of mapping and rules."""

    matching: str = ""
    policy: str = ""
    mapping: int = 0
    rules: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict. `entry` is the existing entry it is about (link, hold, or best candidate).

    `confidence` is that of the verdict's band (the existing entry's where one fits, else the
    record's own); `record_confidence` is the probability that posting it new needs no correction.
    """

    outcome: Outcome
    confidence: float
    record_confidence: float
    reasons: tuple[Reason, ...] = ()
    entry: str | None = None
    counterparty: str | None = None
    versions: Versions = Versions()
