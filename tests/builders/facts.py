"""Facts of a clean bill, to be changed by one thing at a time.

Invariant: unchanged, they are posted by Well alone.
"""

from dataclasses import replace
from typing import Any

from builders.matching import a_party, an_invoice
from well.domain.candidate import Candidate, Evidence, Ranking
from well.policy import Facts

SURE_PARTY = Ranking((Candidate("party-1", "Algolia SAS", 20.0, 0.98),), 0.02)


def bill_facts(**changes: Any) -> Facts:
    """A complete bill of a known supplier, with nothing like it at the target."""
    facts = Facts(invoice=an_invoice(), parties=SURE_PARTY, party=a_party(), ranking=Ranking())
    return replace(facts, **changes)


def fits(confidence: float, *evidence: Evidence, **changes: Any) -> Ranking:
    """A ranking of one existing entry."""
    bits = sum(row.bits for row in evidence)
    best = replace(Candidate("entry-1", "INV-1", bits, confidence, evidence), **changes)
    return Ranking((best,), 1.0 - confidence)
