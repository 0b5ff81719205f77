"""Candidates: pairs of rows that share a key, by equality and ranges only.

Invariant: the keys of a row come from its own values, so asking a table and asking an index in
memory bring the same pairs; a key that too many rows share is left out and the row that asked is
marked as cut. A key proves nothing, it only brings a candidate in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from well.matching.columns import NO_AMOUNT, NO_DAY, Book, Columns, Marks
from well.matching.vocabulary import ABSENT, Ints, Keys, Vocabulary
from well.ports.store import BLOCK_MAX

VERSION = "blocking-1"
"""Stored beside keys: raise it whenever a row would get other keys than before."""
EARLIER, LATER = 31, 110
"""Days that a counterpart may lie before and after the row that asks."""
_BUCKET = 71
"""Days of one bucket; EARLIER to LATER touches three at the most."""
_NEAR = 0.06
"""Amounts whose logarithms fall into the same or the next step of this width are near."""
_SHORT = 4
"""A number shorter than this is a key only together with its supplier."""
_WORD_MIN = 3


@dataclass(frozen=True, slots=True)
class Keyed:
    """Keys of rows, one line per (row, key); `kind` numbers the sort of key."""

    row: Ints
    key: Keys
    kind: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs, sorted by (source, target); `cut` holds per source row a bit per kind."""

    source: Ints
    target: Ints
    cut: Ints


@dataclass(frozen=True, slots=True)
class Keyring:
    """What stands for each vocabulary's numbers inside a key.

    Inside one process the numbers do; what is stored needs the keys of the texts (`lasting`).
    """

    marks: Keys
    words: Keys
    ids: Keys
    names: Keys
    forms: Marks

    @staticmethod
    def of(book: Book, lasting: bool) -> "Keyring":
        """For the values the book holds now."""
        forms = Marks.of(book)
        compact = [book.ids.number("name " + name.compact) for name in book.names]
        ids = _values(book.ids, lasting)
        names = ids[np.array([*compact, ABSENT], dtype=np.int64)]
        marks, words = _values(book.marks, lasting), _values(book.words, lasting)
        return Keyring(marks, words, ids, names, forms)


def _values(vocabulary: Vocabulary, lasting: bool) -> Keys:
    if lasting:
        return vocabulary.keys()
    return np.arange(1, len(vocabulary) + 2, dtype=np.uint64)


REFERENCE, FOLDED, DIGITS, PARTY_REFERENCE, PARTY_AMOUNT, PARTY, AMOUNT, WORD = range(8)


Part = tuple[int, Ints, Keys]
"""(kind, rows, their keys)"""


def stored_keys(side: Columns, ring: Keyring) -> Iterator[Part]:
    """Keys under which rows are found."""
    days = _days(side)
    bucket = [np.where(days == NO_DAY, NO_DAY, days // _BUCKET)]
    return _keys(side, ring, [side.amount], bucket, [_step(side.amount)])


def asked_keys(side: Columns, ring: Keyring) -> Iterator[Part]:
    """Keys under which rows look for their counterparts."""
    days = _days(side)
    spans = [(days + shift) // _BUCKET for shift in (-EARLIER, (LATER - EARLIER) // 2, LATER)]
    buckets = [np.where(days == NO_DAY, NO_DAY, span) for span in spans]
    step = _step(side.amount)
    steps = [np.where(step == NO_AMOUNT, NO_AMOUNT, step + more) for more in (-1, 0, 1)]
    return _keys(side, ring, list(_amounts(side)), buckets, steps)


def _days(side: Columns) -> Ints:
    """The day, else the due day, else the day the record was made."""
    due = np.where(side.due == NO_DAY, side.made, side.due)
    return np.where(side.day == NO_DAY, due, side.day)


def key_texts(parts: Iterable[Part], rows: int) -> list[tuple[str, ...]]:
    """The keys of `rows` rows as texts of one length, each once; the first sign is the kind."""
    texts: list[dict[str, None]] = [{} for _ in range(rows)]
    for kind, row, key in parts:
        for at, value in zip(row.tolist(), key.tolist(), strict=True):
            texts[at][f"{kind:x}{value:016x}"] = None
    return [tuple(some) for some in texts]


def kinds(texts: Iterable[str]) -> int:
    """A bit for each kind of the keys."""
    bits = 0
    for text in texts:
        bits |= 1 << int(text[0], 16)
    return bits


def _step(amount: Ints) -> Ints:
    """Amounts on a logarithmic ladder; the sign stays."""
    size = np.abs(np.where(amount == NO_AMOUNT, 1, amount))
    steps = np.floor(np.log(np.maximum(size, 1)) / _NEAR).astype(np.int64)
    return np.where(amount == NO_AMOUNT, NO_AMOUNT, steps)


_CENTS = (0, 1, -1, 2, -2)


def _amounts(side: Columns) -> Iterator[Ints]:
    """The total to two cents and the stated net total."""
    for cents in _CENTS:
        yield np.where(side.amount == NO_AMOUNT, NO_AMOUNT, side.amount + cents)
    yield side.net


def _keys(
    side: Columns, ring: Keyring, amounts: list[Ints], buckets: list[Ints], steps: list[Ints]
) -> Iterator[Part]:
    yield from _reference_keys(side, ring)
    handles = list(_handles(side, ring))
    for row, handle in handles:
        yield from _party_reference(side, ring, row, handle)
        yield from _combined(PARTY_AMOUNT, row, handle, amounts, buckets)
        yield from _combined(PARTY, row, handle, None, buckets)
    row = np.arange(len(side), dtype=np.int64)
    currency = ring.ids[side.currency]
    yield from _combined(AMOUNT, row, currency, amounts, buckets)
    for row, word in _word_values(side, ring):
        yield from _combined(WORD, row, word, steps, buckets)


def _reference_keys(side: Columns, ring: Keyring) -> Iterator[Part]:
    """Own number and those mentioned, in three forms."""
    row, value = side.carried.lists()
    long = ring.forms.size[value] >= _SHORT
    for kind, form in (
        (REFERENCE, ring.forms.plain),
        (FOLDED, ring.forms.folded),
        (DIGITS, ring.forms.digits),
        (DIGITS, ring.forms.core),
    ):
        kept = (form[value] != ABSENT) & long
        yield kind, row[kept], _mixed(kind, ring.marks[form[value[kept]]])


def _handles(side: Columns, ring: Keyring) -> Iterator[tuple[Ints, Keys]]:
    """What a counterparty is known by: names, numbers, accounts, domains."""
    row, name = side.names.lists()
    yield row, ring.names[name]
    for column in (side.tax, side.legal, side.ibans, side.domains):
        row, value = column.lists()
        yield row, ring.ids[value]


def _party_reference(side: Columns, ring: Keyring, row: Ints, handle: Keys) -> Iterator[Part]:
    mark = ring.forms.plain[side.reference[row]]
    kept = mark != ABSENT
    key = _mixed(PARTY_REFERENCE, handle[kept], ring.marks[mark[kept]])
    yield PARTY_REFERENCE, row[kept], key


def _combined(
    kind: int, row: Ints, handle: Keys, amounts: list[Ints] | None, buckets: list[Ints]
) -> Iterator[Part]:
    """The handle with each of the amounts and of the buckets."""
    for at, bucket in enumerate(buckets):
        fresh = bucket != NO_DAY
        for before in buckets[:at]:
            fresh &= bucket != before
        for amount in amounts or [bucket]:
            kept = fresh[row] & (amount[row] != NO_AMOUNT)
            r = row[kept]
            values = [amount[r]] if amounts else []
            yield kind, r, _mixed(kind, handle[kept], bucket[r], *values)


def _word_values(side: Columns, ring: Keyring) -> Iterator[tuple[Ints, Keys]]:
    """Words of a memo and pairs of neighbours, which tell initials apart."""
    row, word = side.words.lists()
    value = ring.words[word]
    yield row, value
    together = row[1:] == row[:-1]
    yield row[1:][together], _mixed(WORD, value[:-1][together], value[1:][together])


def _mixed(kind: int, *values: Ints | Keys) -> Keys:
    """One 64-bit key of several values (the finalizer of SplitMix64 after each)."""
    key = np.full(len(values[0]), 0x9E3779B97F4A7C15 * (kind + 1) % 2**64, dtype=np.uint64)
    for value in values:
        key ^= (
            value.astype(np.int64, copy=False).view(np.uint64)
            if value.dtype != np.uint64
            else value
        )
        key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        key ^= key >> np.uint64(31)
    return key


def join(asked: Iterable[Part], stored: Iterable[Part], rows: int) -> Pairs:
    """Pairs for `rows` source rows, numbered from 0, that share a key."""
    asks = list(asked)
    wanted = _Sieve(key for _, _, key in asks)
    holds = [(kind, *wanted.kept(row, key)) for kind, row, key in stored]
    held = _Sieve(key for _, _, key in holds)
    asks = [(kind, *held.kept(row, key)) for kind, row, key in asks]
    return _met(_joined(asks), _joined(holds), rows)


class _Sieve:
    """Lets through every key that it was made of and few others: a table of their low bits."""

    def __init__(self, keys: Iterable[Keys]) -> None:
        self._there = np.zeros(1 << _SIEVE_BITS, dtype=np.bool_)
        for some in keys:
            self._there[self._place(some)] = True

    @staticmethod
    def _place(keys: Keys) -> Keys:
        return keys & np.uint64((1 << _SIEVE_BITS) - 1)

    def kept(self, row: Ints, key: Keys) -> tuple[Ints, Keys]:
        """The rows and keys that may be among them."""
        may = self._there[self._place(key)]
        return row[may], key[may]


_SIEVE_BITS = 25


def _joined(parts: list[Part]) -> Keyed:
    return Keyed(
        np.concatenate([row for _, row, _ in parts]),
        np.concatenate([key for _, _, key in parts]),
        np.concatenate([np.full(len(row), kind, dtype=np.int8) for kind, row, _ in parts]),
    )


def _met(asked: Keyed, stored: Keyed, rows: int) -> Pairs:
    order = np.argsort(stored.key)
    keys, held = stored.key[order], stored.row[order]
    turn = np.argsort(asked.key)
    row, key, kind = asked.row[turn], asked.key[turn], asked.kind[turn]
    first = np.searchsorted(keys, key, "left")
    count = np.searchsorted(keys, key, "right") - first
    cut = np.zeros(rows, dtype=np.int64)
    common = count > BLOCK_MAX
    np.bitwise_or.at(cut, row[common], 1 << kind[common].astype(np.int64))
    count[common] = 0
    owner = np.repeat(np.arange(len(count), dtype=np.int64), count)
    within = np.arange(len(owner), dtype=np.int64) - np.repeat(np.cumsum(count) - count, count)
    return unique_pairs(row[owner], held[first[owner] + within], cut)


def unique_pairs(source: Ints, target: Ints, cut: Ints) -> Pairs:
    """Each pair once, sorted."""
    both = (source << 32) | target
    both.sort()
    both = both[np.diff(both, prepend=-1) != 0]
    return Pairs(both >> 32, both & 0xFFFFFFFF, cut)
