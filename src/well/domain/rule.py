"""One rule of a flow: which records it is about, and what it asks for them.

Invariant: it names conditions and limits and holds no code; every condition that is set has to
hold. It does not say which records meet it: policy does.
"""

from dataclasses import dataclass
from enum import StrEnum

from well.domain.money import Money
from well.domain.source_record import Kind

RULES_MAX = 30
"""Rules of a flow: more than a person can keep in mind are rather a table of suppliers."""


class Then(StrEnum):
    """What a rule asks: its own limits, always a person, or that nothing is posted."""

    LIMITS = "limits"
    ASK = "ask"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Rule:
    """`auto_post` and `review` are shares in (0,1] and count where `then` is LIMITS.

    Conditions, each off when empty: `counterparty` a name or VAT number of the supplier, `least`
    and `most` the total's range in one currency (both ends in it), `kind` and `stream` of the
    record, `account` the ledger account of one of its lines.
    """

    name: str
    then: Then = Then.ASK
    auto_post: float = 0.85
    review: float = 0.55
    counterparty: str = ""
    least: Money | None = None
    most: Money | None = None
    kind: Kind | None = None
    stream: str = ""
    account: str = ""

    def __post_init__(self) -> None:
        assert 0.0 < self.review <= self.auto_post <= 1.0, "review limit below auto-post limit"
        if self.least is not None and self.most is not None:
            assert self.least.currency == self.most.currency, "one currency for both ends"
            assert self.least.minor <= self.most.minor, "the range is not empty"

    @property
    def narrows(self) -> bool:
        """Whether it has a condition at all; without one it is about every record."""
        amounts = self.least is not None or self.most is not None
        named = self.counterparty or self.stream or self.account
        return bool(named) or amounts or self.kind is not None
