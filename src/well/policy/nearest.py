"""What would change the verdict of a record that a person has to look at.

Invariant: each answer is one doubt of the record's own confidence taken away and the product
computed again; nothing else changes and no gate is opened by it. It promises nothing about entries.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from well.policy.assess import MISSING_REFUSED, RecordConfidence, assess
from well.policy.confidence import MOST, factors, percent
from well.policy.facts import Facts
from well.policy.ruling import acting_limit

SHOWN_MAX = 3
"""Doubts named at the most; the others move the number less."""
GAIN_MIN = 0.005
"""A doubt worth less than half a point of percent is not named."""
_DOUBTS = {
    "counterparty": "who the supplier is",
    "page_seller": "the supplier the page names",
    "no_duplicate": "the existing entries that look alike",
    "page_not_read": "the page that could not be read",
    "field.number": "the invoice number",
    "field.issue_date": "the date",
    "field.gross_total": "the total",
    "field.currency": "the currency",
    "field.seller.name": "the supplier's name",
}


@dataclass(frozen=True, slots=True)
class Nearer:
    """One doubt gone: the probability then, and whether Well would act alone."""

    doubt: str
    probability: float
    acts: bool

    @property
    def sentence(self) -> str:
        """For a person."""
        told = f"Without doubt about {self.doubt} it would be {percent(self.probability)}"
        return f"{told}: then it would be posted by itself." if self.acts else f"{told}."


def nearest(facts: Facts) -> tuple[Nearer, ...]:
    """The doubts that cost the record most, dearest first."""
    known = assess(facts)
    found = sorted(_nearer(facts, known), key=lambda n: (-n.probability, n.doubt))
    return tuple(found[:SHOWN_MAX])


def only_gates(facts: Facts) -> bool:
    """Whether the record is sure enough and nothing but a shut gate asks for a person."""
    known = assess(facts)
    sure = known.probability if known.existing is None else known.existing
    return sure >= acting_limit(facts) and not _open(known)


def _open(known: RecordConfidence) -> bool:
    return known.completeness.holds and known.policy.holds


def _nearer(facts: Facts, known: RecordConfidence) -> Iterator[Nearer]:
    if known.existing is not None or len(known.completeness.missing) >= MISSING_REFUSED:
        return
    if known.probability <= 0.0:
        return
    for code, sentence, share in factors(facts):
        best = MOST if code == "counterparty" else 1.0
        after = known.probability / share * best
        if after - known.probability >= GAIN_MIN:
            acts = after >= acting_limit(facts) and _open(known)
            yield Nearer(_DOUBTS.get(code, f"“{sentence.rstrip('.')}”"), after, acts)
