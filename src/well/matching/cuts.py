"""Whether what a cut block left out could have been the answer.

Invariant: a cut is harmless only where every row left out is known to lack what the best candidate
has, because another key, which was not cut, would have brought it. It mends no cut.
"""

import numpy as np
import numpy.typing as npt

from well.matching.blocking import AMOUNT, PARTY_AMOUNT, PARTY_REFERENCE, REFERENCE
from well.matching.levels import LEVELS, level
from well.matching.link import Levels
from well.matching.vocabulary import Ints

Bools = npt.NDArray[np.bool_]

_SAME_NUMBER = [
    level("reference", word)
    for word in ("equal", "equal, 4 or 5 signs", "equal, short", "equal but for look-alikes")
]
_SAME_AMOUNT = [
    level("amount", word)
    for word in LEVELS["amount"]
    if word.startswith("equal") or word == "cents apart"
]
_SUPPLIER = {
    "name": ("equal", "equal, other legal form"),
    "tax number": ("equal", "same legal person"),
    "bank account": ("equal",),
    "domain": ("equal",),
}
"""Levels at which the rows share a key of their counterparty."""


def harmful(cut: Ints, levels: Levels, best: Ints) -> Bools:
    """For each pair of `best` (one a document), whether the document's `cut` forbids acting on it.

    `cut` holds a bit per kind of key that too many rows share, one number for each of `best`.
    """
    number = np.isin(levels["reference"][best], _SAME_NUMBER)
    amount = np.isin(levels["amount"][best], _SAME_AMOUNT)
    supplier = np.zeros(len(best), dtype=np.bool_)
    for feature, words in _SUPPLIER.items():
        supplier |= np.isin(levels[feature][best], [level(feature, word) for word in words])
    left_out = np.select(
        [number & supplier, number, amount & supplier, amount],
        [_bit(PARTY_REFERENCE), _bit(REFERENCE), _bit(PARTY_AMOUNT), _bit(AMOUNT)],
        default=-1,
    )
    return np.asarray((cut & left_out) != 0)


def _bit(kind: int) -> int:
    return 1 << kind
