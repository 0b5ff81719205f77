"""Candidates of rows that lack a day or an amount: they are looked for without it.

Invariant: a pair is added only where one of its rows lacks what is left out, so rows that have
both bring exactly what `blocking` brings. It compares nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from well.matching.blocking import (
    AMOUNT,
    PARTY,
    PARTY_AMOUNT,
    WORD,
    Keyring,
    Pairs,
    Part,
    asked_keys,
    join,
    stored_keys,
    unique_pairs,
)
from well.matching.columns import NO_AMOUNT, NO_DAY, Columns
from well.matching.compare import Sides

Bools = npt.NDArray[np.bool_]

_KINDS: Mapping[tuple[str, ...], tuple[int, ...]] = {
    ("day",): (PARTY_AMOUNT, PARTY, AMOUNT, WORD),
    ("amount",): (WORD,),
    ("day", "amount"): (WORD,),
}
"""What is left out of the keys, and the kinds of keys that mean something without it."""


def with_gaps(sides: Sides, ring: Keyring, pairs: Pairs) -> Pairs:
    """`pairs` and those of the rows that lack something."""
    found = [pairs, *_more(sides, ring)]
    source = np.concatenate([some.source for some in found])
    target = np.concatenate([some.target for some in found])
    cut = np.bitwise_or.reduce([some.cut for some in found])
    return unique_pairs(source, target, cut) if len(found) > 1 else pairs


def _more(sides: Sides, ring: Keyring) -> Iterator[Pairs]:
    for left_out, kinds in _KINDS.items():
        ours, theirs = _lacking(sides.source, left_out), _lacking(sides.target, left_out)
        source, target = _without(sides.source, left_out), _without(sides.target, left_out)
        for asking, there in ((ours, ~theirs), (np.ones_like(ours), theirs)):
            if asking.any() and there.any():
                asked = _only(asked_keys(source, ring), kinds, asking)
                yield join(asked, _only(stored_keys(target, ring), kinds, there), len(ours))


def _lacking(side: Columns, what: tuple[str, ...]) -> Bools:
    """Rows that have none of it."""
    dated = (side.day != NO_DAY) | (side.due != NO_DAY) | (side.made != NO_DAY)
    having = {"day": dated, "amount": side.amount != NO_AMOUNT}
    return np.asarray(np.all([~having[name] for name in what], axis=0))


def _without(side: Columns, what: tuple[str, ...]) -> Columns:
    """The side as if all rows had the same day or amount."""
    same = np.zeros(len(side), dtype=np.int64)
    day = same if "day" in what else side.day
    amount = same if "amount" in what else side.amount
    return replace(side, day=day, amount=amount)


def _only(parts: Iterator[Part], kinds: tuple[int, ...], rows: Bools) -> Iterator[Part]:
    """The keys of some rows, those of other kinds left out."""
    for kind, row, key in parts:
        kept = rows[row] & (kind in kinds)
        yield kind, row[kept], key[kept]
