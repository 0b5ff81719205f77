"""Exact amount and (reference or rapidfuzz name ratio), as matching rules in ledgers do it.

How: amounts equal and references equal .99; amounts equal and token set ratio of names .9 or more
.90; references equal .60; amounts equal .40; among equals the nearer date.
Why fair: it gets the pairs that Splink gets; a rule has no probability, so its level stands for it.

Invariant: no label and no truth is read.
"""

import sys

import numpy as np

from benchmarks.rivals.pairs import Floats, Pairs, main

NEARER = 1e-5
"""What a day of distance costs: it breaks ties and changes no level."""


def scores(pairs: Pairs) -> Floats:
    """The level of each pair."""
    same_amount = pairs.document_amount == pairs.entry_amount
    levels = [
        same_amount & pairs.same_reference,
        same_amount & (pairs.name >= 0.9),
        pairs.same_reference,
        same_amount,
    ]
    level = np.select(levels, [0.99, 0.90, 0.60, 0.40], default=0.0)
    score: Floats = np.where(level > 0, level - NEARER * np.abs(np.nan_to_num(pairs.days)), 0.0)
    return score


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], scores))
