"""What is to happen to a record, with every reason and the versions that said so.

Invariant: a decision is a value computed from its inputs alone; the same inputs and versions
give the same decision, so it can be replayed from the trail.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from well.domain.money import Money
from well.domain.rule import RULES_MAX, Rule

TARGET_LEAST, TARGET_MOST = 0.97, 0.999
"""Bounds of the share a workspace may ask to be right of what is done alone."""


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


KEPT_OUT = "rule_never"
"""Code of the reason that a rule of the flow says never to post the record."""

FACTORS = ("counterparty", "page_seller", "field", "finding.", "page_not_read", "no_duplicate")
"""How the codes of the factors begin that a record's own confidence is multiplied from."""


class Unseen(StrEnum):
    """What goes by itself to a target that cannot be seen: everything, only what is dated since
    it was connected (what is older may well be there), or nothing."""

    ALL = "all"
    NEW = "new"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Rules:
    """A flow's limits. Shares in [0,1]; `version` changes with every change of a value.

    `closed_until`: a document of that day or an earlier one waits for a person.
    `first_document_max`: a larger first document of a supplier waits, too. None: no such rule.
    `target`: of what is done alone, at least this share is to need no correction.
    `unseen`: which documents go to a target that does not let Well see what it holds.
    `clicks_first`: a person confirms each automatic decision until enough of them were right.
    `exceptions`: rules for some records, in the order they are tried; the first that is met holds.
    """

    auto_post: float = 0.85
    review: float = 0.55
    version: int = 1
    closed_until: date | None = None
    first_document_max: Money | None = None
    target: float = 0.99
    clicks_first: bool = False
    unseen: Unseen = Unseen.NEW
    exceptions: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        assert 0.0 < self.review <= self.auto_post <= 1.0, "review limit below auto-post limit"
        assert len(self.exceptions) <= RULES_MAX, "so many rules at the most"
        assert TARGET_LEAST <= self.target <= TARGET_MOST, "the target is 97 % to 99.9 %"


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
    `shown` is `confidence` after the gates, None where nothing else than it is to be shown.
    """

    outcome: Outcome
    confidence: float
    record_confidence: float
    reasons: tuple[Reason, ...] = ()
    entry: str | None = None
    counterparty: str | None = None
    versions: Versions = Versions()
    shown: float | None = None

    @property
    def deciding(self) -> tuple[Reason, ...]:
        """The reasons that decided, without the factors of the record's confidence."""
        return tuple(r for r in self.reasons if not r.code.startswith(FACTORS))

    @property
    def together(self) -> float:
        """The one number for a person: behind a shut gate it stays below the gate's limit."""
        return self.confidence if self.shown is None else self.shown
