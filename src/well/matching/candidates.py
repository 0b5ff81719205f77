"""Where candidates come from: rows of one side in memory, or a table of keys.

Invariant: both ways bring the same pairs and mark the same cuts, because both ask by the keys of
`blocking` and leave out a key that more than BLOCK_MAX rows share. Rows of whole tables that lack
a day or an amount are looked for once more in `gaps`. Nothing is compared here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from well.matching.blocking import (
    Keyring,
    Pairs,
    asked_keys,
    join,
    key_texts,
    kinds,
    stored_keys,
)
from well.matching.columns import Book, Columns
from well.ports.store import Block

Lookup = Callable[[Sequence[Sequence[str]]], Sequence[Block[int]]]
"""From the keys of each row that asks to the target rows they hit and the keys that were cut."""


class Candidates(Protocol):
    """One side, asked for the rows that may be those of the other."""

    def pairs(self, source: Columns) -> Pairs:
        """Pairs of the rows of `source` with rows that share a key."""
        ...


@dataclass(frozen=True, slots=True)
class InMemory:
    """All rows of a side; `ring` is of the book of both sides."""

    ring: Keyring
    target: Columns

    def pairs(self, source: Columns) -> Pairs:
        """By a join of all keys."""
        asked, stored = asked_keys(source, self.ring), stored_keys(self.target, self.ring)
        return join(asked, stored, len(source))


@dataclass(frozen=True, slots=True)
class ByKeys:
    """Rows that lie elsewhere under the keys that `keys_of` gives; `ring` is a lasting one."""

    ring: Keyring
    lookup: Lookup

    def pairs(self, source: Columns) -> Pairs:
        """By one lookup for all rows."""
        return block_pairs(self.lookup(key_texts(asked_keys(source, self.ring), len(source))))


def keys_of(book: Book, side: Columns) -> list[tuple[str, ...]]:
    """The keys under which each row is to be stored for `ByKeys`."""
    return key_texts(stored_keys(side, Keyring.of(book, lasting=True)), len(side))


def block_pairs(blocks: Sequence[Block[int]]) -> Pairs:
    """The pairs of each block's number with its hits."""
    hits = [sorted(block.hits) for block in blocks]
    source = np.repeat(np.arange(len(hits), dtype=np.int64), [len(some) for some in hits])
    target = np.array([row for some in hits for row in some], dtype=np.int64)
    cut = np.array([kinds(block.cut) for block in blocks], dtype=np.int64)
    return Pairs(source, target, cut)
