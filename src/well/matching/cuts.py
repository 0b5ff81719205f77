"""Whether what a cut block left out could have been the answer.

Invariant: a cut is harmless only where every row left out is known to lack what the best candidate
has, because another key, which was not cut, would have brought it. It mends no cut.
"""

import numpy as np
import numpy.typing as npt

from well.matching.blocking import (
    AMOUNT,
    FOLDED,
    PARTY_AMOUNT,
    PARTY_REFERENCE,
    REFERENCE,
    REPEATED,
)
from well.matching.levels import LEVELS, among
from well.matching.link import Levels
from well.matching.vocabulary import Ints

Bools = npt.NDArray[np.bool_]

_LONG = among("reference", ["equal", "equal, 4 or 5 signs"])
"""Numbers that are keys by themselves; a short one is only together with its supplier."""
_SAME_NUMBER = _LONG | among("reference", ["equal, short"])
_LOOK_ALIKE = among("reference", ["equal but for look-alikes"])
_SAME_AMOUNT = among(
    "amount",
    [word for word in LEVELS["amount"] if word.startswith("equal") or word == "cents apart"],
)
_SUPPLIER = {
    "name": among("name", ["equal", "equal, other legal form"]),
    "tax number": among("tax number", ["equal", "same legal person"]),
    "bank account": among("bank account", ["equal"]),
    "domain": among("domain", ["equal"]),
}
"""Levels at which the rows share a key of their counterparty."""


def _bit(kind: int) -> int:
    return 1 << kind


_EVERY = ~_bit(REPEATED)
"""All kinds at once, but for rows that only tell how often a total is repeated."""


def may_hide(cut: Ints) -> Bools:
    """Whether a document's cut left out rows that could be its answer, of whatever kind."""
    return np.asarray((cut & _EVERY) != 0)


def harmful(cut: Ints, levels: Levels, best: Ints) -> Bools:
    """For each pair of `best` (one a document), whether the document's `cut` forbids acting on it.

    `cut` holds a bit per kind of key that too many rows share, one number for each of `best`.
    """
    number, total = levels["reference"][best], levels["amount"][best]
    supplier = np.zeros(len(best), dtype=np.bool_)
    for feature, same in _SUPPLIER.items():
        supplier |= same[levels[feature][best]]
    amount = _SAME_AMOUNT[total]
    cases = [
        (_SAME_NUMBER[number] & supplier, _bit(PARTY_REFERENCE)),
        (_LONG[number], _bit(REFERENCE)),
        (_LOOK_ALIKE[number], _bit(FOLDED)),
        (amount & supplier, _bit(PARTY_AMOUNT)),
        (amount, _bit(AMOUNT)),
    ]
    left_out = np.full(len(best), _EVERY)
    for holds, bit in reversed(cases):
        left_out[holds] = bit
    return np.asarray((cut & left_out) != 0)
