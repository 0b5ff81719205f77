"""Matching: canonicalise, find candidates, compare, score, compete, explain.

Invariant: pure functions of their arguments; the bits shown are the bits that were summed, and
`none` is always one of the answers. It never decides what happens to a record.
"""

from well.matching.arrival import Mailed, arrivals
from well.matching.compete import one_to_one
from well.matching.duplicates import duplicate_key, look_alike, same_document
from well.matching.entries import Question, model_of, rank_entries, rank_questions
from well.matching.explain import gap, lines, runner_up, would_change
from well.matching.keys import (
    RULES,
    entry_keys,
    file_token,
    invoice_keys,
    party_keys,
    seller_keys,
    with_canonical,
)
from well.matching.keys import seller_source as seller_source
from well.matching.link import Model
from well.matching.outlook import behind, flips, missing
from well.matching.parties import merge_party, rank_parties
from well.matching.weights import VERSION

__all__ = [
    "RULES",
    "VERSION",
    "Mailed",
    "Model",
    "Question",
    "arrivals",
    "behind",
    "duplicate_key",
    "entry_keys",
    "file_token",
    "flips",
    "gap",
    "invoice_keys",
    "lines",
    "look_alike",
    "merge_party",
    "missing",
    "model_of",
    "one_to_one",
    "party_keys",
    "rank_entries",
    "rank_parties",
    "rank_questions",
    "runner_up",
    "same_document",
    "seller_keys",
    "seller_source",
    "with_canonical",
    "would_change",
]
