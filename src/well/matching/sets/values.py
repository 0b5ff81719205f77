"""What goes in and out when one payment is matched with several open items.

Invariant: amounts are integer minor units of one currency, small enough that a sum of all of them
is exact; bits are multiples of 1/1024, so rows add up to their score. Nothing is computed here.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from well.domain.candidate import Evidence
from well.domain.money import minor_digits
from well.matching.references import Reference

AMOUNT_MAX = 10**14
"""Minor units; ten thousand of them still add up inside 64 bits."""
WHOLE = 10_000
"""Basis points in one."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid: signed minor units, negative for a refund. `references` are the numbers its
    memo names; `counterparty` is the key of who paid, "" when it is not known."""

    id: str
    amount: int
    currency: str
    day: date | None = None
    references: tuple[Reference, ...] = ()
    counterparty: str = ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An invoice by its open balance in signed minor units; a credit note is negative."""

    id: str
    amount: int
    currency: str
    day: date | None = None
    due: date | None = None
    reference: Reference | None = None
    counterparty: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a payment may fall short by. Rates in basis points (200 is 2 %), amounts in minor units.

    `discounts` count when paid within `discount_days` of every invoice's day; `fee_max` is the
    highest bank charge, `rounding` the cents that may be off either way.
    """

    discounts: tuple[int, ...] = (100, 200, 300)
    discount_days: int = 14
    withholdings: tuple[int, ...] = ()
    fee_max: int = 3_000
    rounding: int = 2

    def __post_init__(self) -> None:
        for rate in (*self.discounts, *self.withholdings):
            if not 0 < rate < WHOLE:
                raise ValueError(f"A rate of {rate} basis points is not between 0 and 100 %.")
        if min(self.fee_max, self.rounding, self.discount_days) < 0:
            raise ValueError("A tolerance cannot be negative.")


@dataclass(frozen=True, slots=True)
class Limits:
    """Where exactness ends: up to `exact_max` items every group of up to `size_max` is tried."""

    exact_max: int = 24
    size_max: int = 6
    listed_max: int = 50
    items_max: int = 10_000
    triples_max: int = 1_000
    days_before: int = 400
    days_after: int = 31


@dataclass(frozen=True, slots=True)
class Residual:
    """A line that explains the rest: `amount` is what the payment is short of (minor units)."""

    kind: str
    amount: int
    sentence: str
    bits: float


@dataclass(frozen=True, slots=True)
class SetCandidate:
    """One group of items. `remainder` is what it leaves open; negative: paid too much."""

    items: tuple[str, ...]
    bits: float
    confidence: float
    evidence: tuple[Evidence, ...]
    residuals: tuple[Residual, ...]
    remainder: int
    reason: str


@dataclass(frozen=True, slots=True)
class SetRanking:
    """Groups, most likely first; their confidences and `none_confidence` sum to at most 1.

    `fits` counts the groups that add up exactly, also those not listed; `truncated` says that not
    all groups were tried; `reason` says why `auto_allowed` is what it is.
    """

    candidates: tuple[SetCandidate, ...]
    none_confidence: float
    fits: int
    truncated: bool
    ambiguous: bool
    auto_allowed: bool
    reason: str

    @property
    def best(self) -> SetCandidate | None:
        """The most likely group, if any fits."""
        return self.candidates[0] if self.candidates else None


def quantised(bits: float) -> float:
    """Rounded to a multiple of 1/1024, so that sums are exact in any order."""
    return round(bits * 1024) / 1024


def shown(minor: int, currency: str) -> str:
    """An amount as a person reads it: `1,234.50 EUR`."""
    major = Decimal(minor).scaleb(-minor_digits(currency))
    return f"{major:,} {currency}".strip()
