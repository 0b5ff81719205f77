"""Records of both sides in canonical form, as columns of numbers.

Invariant: a row's values come from its record alone; what is not valid is missing. One `Book`
numbers the values of both sides, so equal values have equal numbers. It compares nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from well.matching.contacts import address_words, country_code, phone
from well.matching.domains import domain
from well.matching.identifiers import iban, legal_ids, tax_id
from well.matching.names import Name, parse
from well.matching.references import Reference, mentioned, reference
from well.matching.text import fold
from well.matching.vocabulary import ABSENT, Coded, Coder, Ints, Ragged, Vocabulary

NO_AMOUNT = np.iinfo(np.int64).min
NO_DAY = np.iinfo(np.int32).min
WORDS_MAX = 40
"""Words of a memo that are looked at."""

MEMO_MAX = 80
"""Signs of a memo that are compared."""
AMOUNT_MAX = 10**15
"""Minor units; a larger amount is a broken one and counts as missing."""

Texts = str | tuple[str, ...]


class Raw(NamedTuple):
    """One record before canonicalising; "" and None are missing, several texts as a tuple.

    Amounts are signed minor units, days proleptic ordinals. `memo` and `file_name` are searched
    for numbers; only `memo` is compared as text. `made` is the day the record was made: where it
    tells no other day it is looked for near that one.
    """

    id: str
    names: Texts = ""
    memo: str = ""
    reference: str = ""
    file_name: str = ""
    amount: int | None = None
    net: int | None = None
    currency: str = ""
    day: int | None = None
    due: int | None = None
    numbers: Texts = ""
    ibans: Texts = ""
    sites: Texts = ""
    address: str = ""
    phone: str = ""
    country: str = ""
    credit: bool = False
    made: int | None = None


class Book:
    """The vocabularies both sides share."""

    def __init__(self) -> None:
        self.marks = Vocabulary()
        """Forms of references."""
        self.words = Vocabulary()
        self.ids = Vocabulary()
        """Tax numbers, accounts, domains, telephones, countries, currencies, compact names."""
        self.names: list[Name] = []
        self.plains: list[str] = []
        """Of each reference: its plain form."""
        self._names: dict[Name, int] = {}
        self._references: dict[bytes, int] = {}

    @property
    def forms(self) -> list[tuple[int, ...]]:
        """Of each reference: the numbers of its forms and its length."""
        return [_FORMS.unpack(packed) for packed in self._references]

    def packed(self) -> bytes:
        """The same as 64-bit numbers one after the other."""
        return b"".join(self._references)

    def close(self) -> None:
        """No more references: millions of texts that only numbered them are let go."""
        self.marks.close()

    def country(self, number: int) -> str:
        """The code of a country by its number; "" for ABSENT."""
        return self.ids.text(number)

    def name(self, text: str) -> int:
        """Number of a name; ABSENT when nothing of it can be compared."""
        return self.known_name(parse(text))

    def known_name(self, name: Name) -> int:
        """The same of a name that is parsed already."""
        if not name.core:
            return ABSENT
        if name not in self._names:
            self._names[name] = len(self.names)
            self.names.append(name)
        return self._names[name]

    def reference(self, found: Reference | None) -> int:
        """Number of a reference."""
        if found is None:
            return ABSENT
        mark = self.marks.number
        forms = (found.plain, found.folded, found.digits, found.core, found.shape)
        # Packed, since a ledger holds a million of them.
        packed = _FORMS.pack(*map(mark, forms), len(found.plain))
        number = self._references.setdefault(packed, len(self.plains))
        if number == len(self.plains):
            self.plains.append(found.plain)
        return number


_FORMS = Struct("6q")


@dataclass(frozen=True, slots=True)
class Marks:
    """Forms of every reference of a book, by its number; the last row is that of ABSENT."""

    texts: npt.NDArray[np.object_]
    plain: Ints
    folded: Ints
    digits: Ints
    core: Ints
    shape: Ints
    size: Ints

    @staticmethod
    def of(book: Book) -> "Marks":
        """Those that the book holds now."""
        texts = np.array([*book.plains, ""], dtype=object)
        packed = book.packed() + _FORMS.pack(*(ABSENT,) * 6)
        forms = np.frombuffer(packed, dtype=np.int64).reshape(-1, 6)
        return Marks(texts, *np.ascontiguousarray(forms.T))


class RawTexts(NamedTuple):
    """What a coded column was made from: each row's group and the raw value of each group."""

    groups: Ints
    raws: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """One side. `reference` is a row's own number, `carried` that and those in its texts."""

    ids: list[str]
    reference: Ints
    carried: Coded
    names: Coded
    words: Coded
    memo: Coded
    memo_texts: npt.NDArray[np.object_]
    amount: Ints
    net: Ints
    currency: Ints
    day: Ints
    due: Ints
    made: Ints
    tax: Coded
    legal: Coded
    ibans: Coded
    domains: Coded
    address: Coded
    phone: Ints
    country: Ints
    credit: npt.NDArray[np.bool_]
    texts: Mapping[str, RawTexts]

    def __len__(self) -> int:
        return len(self.ids)

    def raw(self, row: int) -> Raw:
        """The record of a row as it came, but for file name, net and `made`, never shown."""
        parts = {name: text.raws[int(text.groups[row])] for name, text in self.texts.items()}
        numbers, _ = parts.pop("tax")
        number, _ = parts.pop("phone")
        amount, day, due = int(self.amount[row]), int(self.day[row]), int(self.due[row])
        return Raw(
            id=self.ids[row],
            numbers=numbers,
            phone=number,
            amount=None if amount == NO_AMOUNT else amount,
            day=None if day == NO_DAY else day,
            due=None if due == NO_DAY else due,
            credit=bool(self.credit[row]),
            **parts,
        )


def columns(book: Book, records: Sequence[Raw]) -> Columns:
    """The records of one side."""
    builder = Builder(book)
    builder.extend(records)
    return builder.done()


class Builder:
    """Takes records in portions; `done` gives the side."""

    def __init__(self, book: Book) -> None:
        self._ids: list[str] = []
        self._coders = {name: Coder(convert) for name, convert in _coded(book).items()}
        self._plain: dict[str, list[Ints]] = {name: [] for name in _PLAIN}

    def extend(self, records: Sequence[Raw]) -> None:
        """Add records."""
        if records:
            self.extend_columns(dict(zip(Raw._fields, zip(*records, strict=True), strict=True)))

    def extend_columns(self, raw: Mapping[str, Sequence[Any]]) -> None:
        """The same with a sequence for every field of `Raw`."""
        self._ids.extend(raw["id"])
        for name, coder in self._coders.items():
            sources = [raw[field] for field in _SOURCES[name]]
            coder.extend(sources[0] if len(sources) == 1 else list(zip(*sources, strict=True)))
        self._extend_plain(raw)

    def extend_known(
        self, records: Sequence[Raw], known: Iterable[tuple[str, Sequence[Sequence[int]]]]
    ) -> None:
        """The same for records of which the numbers of every column that takes work are known."""
        if not records:
            return
        raw = dict(zip(Raw._fields, zip(*records, strict=True), strict=True))
        self._ids.extend(raw["id"])
        for name in _CANONICAL:
            self._coders[name].extend(raw[name])
        for name, numbers in known:
            sources = [raw[field] for field in _SOURCES[name]]
            raws = sources[0] if len(sources) == 1 else list(zip(*sources, strict=True))
            self._coders[name].extend_known(raws, numbers)
        self._extend_plain(raw)

    def _extend_plain(self, raw: Mapping[str, Sequence[Any]]) -> None:
        for name, (missing, least, most) in _PLAIN.items():
            values = (missing if v is None or not least <= v <= most else v for v in raw[name])
            self._plain[name].append(np.fromiter(values, np.int64, count=len(raw["id"])))

    def done(self) -> Columns:
        """The side."""
        coded = {name: coder.done() for name, coder in self._coders.items()}
        texts = {
            shown: RawTexts(coded[name].rows, self._coders[name].raws())
            for name, shown in _SHOWN.items()
        }
        single = {name: _first(coded.pop(name)) for name in _SINGLE}
        plain = {name: np.concatenate([_NOTHING, *parts]) for name, parts in self._plain.items()}
        credit = plain.pop("credit").astype(np.bool_)
        carried = _carried(single["reference"], coded.pop("mentioned"))
        memos = [fold(memo)[:MEMO_MAX] for memo in texts["memo"].raws]
        parts: dict[str, Any] = {**single, **coded, **plain}
        return Columns(
            ids=self._ids,
            credit=credit,
            carried=carried,
            memo_texts=np.array([*memos, ""], dtype=object),
            texts=texts,
            **parts,
        )


_NOTHING = np.zeros(0, dtype=np.int64)
_AMOUNTS = (NO_AMOUNT, -AMOUNT_MAX, AMOUNT_MAX)
_DAYS = (NO_DAY, 1, date.max.toordinal())
_PLAIN = {
    "amount": _AMOUNTS,
    "net": _AMOUNTS,
    "day": _DAYS,
    "due": _DAYS,
    "made": _DAYS,
    "credit": (0, 0, 1),
}
"""Columns of plain numbers: what stands for missing in them, the least and the most that count."""
_CANONICAL = ("memo", "currency")
"""Coded columns whose raw values are canonical as they come."""
_SINGLE = ("reference", "currency", "phone", "country")
_SHOWN = {
    "reference": "reference",
    "names": "names",
    "memo": "memo",
    "currency": "currency",
    "tax": "tax",
    "ibans": "ibans",
    "domains": "sites",
    "address": "address",
    "phone": "phone",
    "country": "country",
}
"""Coded columns whose raw values are shown, and the raw field each is."""
_SOURCES: Mapping[str, tuple[str, ...]] = {
    "reference": ("reference",),
    "mentioned": ("memo", "file_name"),
    "names": ("names",),
    "words": ("memo",),
    "memo": ("memo",),
    "currency": ("currency",),
    "tax": ("numbers", "country"),
    "legal": ("numbers", "country"),
    "ibans": ("ibans",),
    "domains": ("sites",),
    "address": ("address",),
    "phone": ("phone", "country"),
    "country": ("country",),
}
"""Raw fields each coded column is made from."""


def _coded(book: Book) -> dict[str, Callable[..., Sequence[int]]]:
    """How a distinct raw value becomes numbers; several sources come as one tuple."""
    number, word = book.ids.number, book.words.number
    return {
        "reference": lambda raw: _one(book.reference(reference(raw))),
        "mentioned": lambda raw: _kept(
            book.reference(found) for text in raw for found in mentioned(text)
        ),
        "names": lambda raw: _kept(map(book.name, _texts(raw))),
        "words": lambda raw: _kept(map(word, fold(raw).split()[:WORDS_MAX])),
        "memo": lambda _: (),
        "currency": lambda raw: _one(number(raw.strip().upper()[:8])),
        "tax": lambda raw: _kept(number(tax_id(n, raw[1]) or "") for n in _texts(raw[0])),
        "legal": lambda raw: _kept(
            number(found) for n in _texts(raw[0]) for found in sorted(legal_ids(n, raw[1]))
        ),
        "ibans": lambda raw: _kept(number(iban(n) or "") for n in _texts(raw)),
        "domains": lambda raw: _kept(number(domain(n) or "") for n in _texts(raw)),
        "address": lambda raw: _kept(map(word, address_words(raw))),
        "phone": lambda raw: _one(number(phone(*raw) or "")),
        "country": lambda raw: _one(number(country_code(raw) or "")),
    }


def _texts(raw: Texts) -> tuple[str, ...]:
    return (raw,) if isinstance(raw, str) else raw


def _one(number: int) -> tuple[int, ...]:
    return () if number == ABSENT else (number,)


def _kept(numbers: Iterable[int]) -> tuple[int, ...]:
    """Without what is missing and without repeats, in order."""
    return tuple(dict.fromkeys(n for n in numbers if n != ABSENT))


def _carried(own: Ints, mentioned_: Coded) -> Coded:
    """A row's own number, then those its texts mention."""
    having = np.flatnonzero(own != ABSENT)
    if mentioned_.empty:
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(own != ABSENT)])
        return Coded(np.arange(len(own), dtype=np.int64), Ragged(starts, own[having]))
    row, value = mentioned_.lists()
    rows, values = np.concatenate([having, row]), np.concatenate([own[having], value])
    order = np.argsort(rows, kind="stable")
    lists = Ragged.of_pairs(rows[order], values[order], len(own))
    return Coded(np.arange(len(own), dtype=np.int64), lists)


def _first(column: Coded) -> Ints:
    """The value of columns that have at most one."""
    if column.empty:
        return np.full(len(column.rows), ABSENT)
    groups = column.groups
    first = np.full(len(groups.starts) - 1, ABSENT)
    first[groups.sizes() > 0] = groups.values
    return first[column.rows]
