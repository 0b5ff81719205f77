"""Candidates: pairs of rows that share a key, by equality and ranges only.

Invariant: the keys of a row come from its own values, so asking a table and asking an index in
memory bring the same pairs; a key that too many rows share is left out and the row that asked is
marked as cut. A key proves nothing, it only brings a candidate in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from well.matching.columns import NO_AMOUNT, NO_DAY, Book, Columns, Marks
from well.matching.vocabulary import ABSENT, Ints, Keys, Vocabulary, runs
from well.ports.store import BLOCK_MAX

VERSION = "blocking-2"
"""Stored beside keys: raise it whenever a row would get other keys than before."""
EARLIER, LATER = 31, 110
"""Days that a counterpart may lie before and after the row that asks."""
_BUCKET = 71
"""Days of one bucket; EARLIER to LATER touches three at the most."""
_NEAR = 0.06
"""Amounts whose logarithms fall into the same or the next step of this width are near."""
_SHORT = 4
"""A number shorter than this is a key only together with its supplier."""
_PORTION = 65_536
"""Rows whose keys are made at once: bounds memory."""


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


REFERENCE, FOLDED, DIGITS, PARTY_REFERENCE, PARTY_AMOUNT, PARTY, AMOUNT, WORD, REPEATED = range(9)
"""Kinds of keys. REPEATED brings a counterparty's rows of one total whatever their day: they tell
how little that total says."""


Part = tuple[int, Ints, Keys]
"""(kind, rows, their keys)"""


def stored_keys(side: Columns, ring: Keyring) -> Iterator[Part]:
    """Keys under which rows are found."""
    days = _days(side)
    bucket = np.where(days == NO_DAY, NO_DAY, days // _BUCKET)
    yield from _keys(side, ring, side.amount[None], bucket[None], _step(side.amount)[None])


def asked_keys(side: Columns, ring: Keyring) -> Iterator[Part]:
    """Keys under which rows look for their counterparts."""
    days = _days(side)
    buckets = np.where(days == NO_DAY, NO_DAY, (days + _SPANS) // _BUCKET)
    buckets[1:][buckets[1:] == buckets[:-1]] = NO_DAY
    step = _step(side.amount)
    steps = np.where(step == NO_AMOUNT, NO_AMOUNT, step + _STEPS)
    amounts = np.where(side.amount == NO_AMOUNT, NO_AMOUNT, side.amount + _CENTS)
    yield from _keys(side, ring, np.concatenate([amounts, side.net[None]]), buckets, steps)


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


_CENTS = np.array([[0], [1], [-1], [2], [-2]])
_STEPS = np.array([[-1], [0], [1]])
_SPANS = np.array([[-EARLIER], [(LATER - EARLIER) // 2], [LATER]])


def _keys(
    side: Columns, ring: Keyring, amounts: Ints, buckets: Ints, steps: Ints
) -> Iterator[Part]:
    """By number, supplier, total and words; the last three arrays have a line per alternative."""
    yield from _reference_keys(side, ring)
    row, handle = _handles(side, ring)
    yield from _party_reference(side, ring, row, handle)
    yield from _combined(PARTY_AMOUNT, row, handle, buckets, amounts)
    yield from _combined(PARTY, row, handle, buckets)
    yield from _combined(REPEATED, row, handle, np.zeros_like(amounts[:1]), amounts[:1])
    yield from _combined(AMOUNT, np.arange(len(side)), ring.ids[side.currency], buckets, amounts)
    if not side.words.empty:
        yield from _combined(WORD, *_word_values(side, ring), buckets, steps)


def _reference_keys(side: Columns, ring: Keyring) -> Iterator[Part]:
    """Own number and those mentioned, in their forms."""
    row, value = side.carried.lists()
    of = ring.forms
    form = np.stack([of.plain[value], of.folded[value], of.digits[value], of.core[value]])
    kept = (form != ABSENT) & (of.size[value] >= _SHORT)
    key = _mix(_SEEDS[list(_FORMS), None], ring.marks[form])
    for kind, there, keys in zip(_FORMS, kept, key, strict=True):
        yield kind, row[there], keys[there]


_FORMS = (REFERENCE, FOLDED, DIGITS, DIGITS)
"""Kind of key that each form of a reference is: plain, folded, digits, digits without the year."""


def _handles(side: Columns, ring: Keyring) -> tuple[Ints, Keys]:
    """(row, what its counterparty is known by): names, numbers, accounts, domains."""
    row, name = side.names.lists()
    rows, handles = [row], [ring.names[name]]
    for column in (side.tax, side.legal, side.ibans, side.domains):
        row, value = column.lists()
        rows.append(row)
        handles.append(ring.ids[value])
    return np.concatenate(rows), np.concatenate(handles)


def _party_reference(side: Columns, ring: Keyring, row: Ints, handle: Keys) -> Iterator[Part]:
    mark = ring.forms.plain[side.reference[row]]
    kept = mark != ABSENT
    key = _mixed(PARTY_REFERENCE, handle[kept], ring.marks[mark[kept]])
    yield PARTY_REFERENCE, row[kept], key


def _combined(
    kind: int, row: Ints, handle: Keys, buckets: Ints, amounts: Ints | None = None
) -> Iterator[Part]:
    """The handle with each bucket and, where there are amounts, with each of them."""
    for at in range(0, len(row), _PORTION):
        r = row[at : at + _PORTION]
        days = buckets[:, r]
        kept, key = days != NO_DAY, _mix(_mixed(kind, handle[at : at + _PORTION]), days)
        if amounts is not None:
            sums = amounts[:, None, r]
            kept, key = kept & (sums != NO_AMOUNT), _mix(key, sums)
        (there,) = kept.reshape(-1).nonzero()
        yield kind, r[there % len(r)], key.reshape(-1)[there]


def _word_values(side: Columns, ring: Keyring) -> tuple[Ints, Keys]:
    """(row, word of its memo or pair of neighbours), which tell initials apart."""
    row, word = side.words.lists()
    value = ring.words[word]
    together = row[1:] == row[:-1]
    pair = _mixed(WORD, value[:-1][together], value[1:][together])
    return np.concatenate([row, row[1:][together]]), np.concatenate([value, pair])


def _mixed(kind: int, first: Keys, *more: Keys) -> Keys:
    """One 64-bit key of several values."""
    key = _mix(_SEEDS[kind : kind + 1], first)
    for value in more:
        key = _mix(key, value)
    return key


def _mix(key: Keys, value: Ints | Keys) -> Keys:
    """One more value in a key (the finalizer of SplitMix64)."""
    mixed = np.asarray(key ^ value.view(np.uint64))
    # In place: a row by itself pays for every array, a million rows for their memory.
    mixed ^= mixed >> _BY_30
    mixed *= _FIRST
    mixed ^= mixed >> _BY_27
    mixed *= _SECOND
    mixed ^= mixed >> _BY_31
    return mixed


_BY_30, _BY_27, _BY_31 = np.uint64(30), np.uint64(27), np.uint64(31)
_SEEDS = np.arange(1, REPEATED + 2, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
"""What the keys of each kind begin with."""
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def join(asked: Iterable[Part], stored: Iterable[Part], rows: int) -> Pairs:
    """Pairs for `rows` source rows, numbered from 0, that share a key."""
    asks = list(asked)
    wanted = _Sieve([key for _, _, key in asks])
    holds = [(kind, *wanted.kept(row, key)) for kind, row, key in stored]
    held = _Sieve([key for _, _, key in holds])
    asks = [(kind, *held.kept(row, key)) for kind, row, key in asks]
    return _met(_joined(asks), _joined(holds), rows)


class _Sieve:
    """Lets through every key that it was made of and few others: a table of their low bits."""

    def __init__(self, keys: Sequence[Keys]) -> None:
        bits = min(_SIEVE_BITS, sum(map(len, keys)).bit_length() + _SIEVE_ROOM)
        self._low = np.uint64((1 << bits) - 1)
        self._there = np.zeros(1 << bits, dtype=np.bool_)
        for some in keys:
            self._there[some & self._low] = True

    def kept(self, row: Ints, key: Keys) -> tuple[Ints, Keys]:
        """The rows and keys that may be among them."""
        may = self._there[key & self._low]
        return row[may], key[may]


_SIEVE_BITS, _SIEVE_ROOM = 25, 3
"""Bits of the table at the most, and those beyond the number of keys."""


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
    both = both[runs(both)[0]]
    return Pairs(both >> 32, both & 0xFFFFFFFF, cut)
