"""One payment for several invoices, and several payments for one: groups, ranked and explained.

Invariant: pure; amounts are integers; ambiguous sums are never posted by themselves. It decides
nothing: the caller's limits do.
"""

from well.matching.sets.batch import match_sets
from well.matching.sets.many import balances
from well.matching.sets.rank import rank_payments, rank_sets
from well.matching.sets.values import (
    Limits,
    OpenItem,
    Payment,
    Residual,
    SetCandidate,
    SetRanking,
    Terms,
)

__all__ = [
    "Limits",
    "OpenItem",
    "Payment",
    "Residual",
    "SetCandidate",
    "SetRanking",
    "Terms",
    "balances",
    "match_sets",
    "rank_payments",
    "rank_sets",
]
