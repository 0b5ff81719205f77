"""Records of both sides in canonical form, as columns of numbers.

Invariant: a row's values come from its record alone; what is not valid is missing. One `Book`
numbers the values of both sides, so equal values have equal numbers. It compares nothing.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from well.matching.contacts import address_words, country_code, phone
from well.matching.domains import domain
from well.matching.identifiers import iban, legal_ids, tax_id
from well.matching.names import Name, parse
from well.matching.reference_forms import Forms, forms, takes
from well.matching.references import Reference, mentioned, reference
from well.matching.text import fold
from well.matching.texts import Texts
from well.matching.vocabulary import ABSENT, FEW, Coded, Coder, Ints, Numbers, Ragged, Vocabulary

NO_AMOUNT = np.iinfo(np.int64).min
NO_DAY = np.iinfo(np.int32).min
WORDS_MAX = 40
"""Words of a memo that are looked at."""

MEMO_MAX = 80
"""Signs of a memo that are compared."""
AMOUNT_MAX = 10**15
"""Minor units; a larger amount is a broken one and counts as missing."""

OneOrMore = str | tuple[str, ...]


class Raw(NamedTuple):
    """One record before canonicalising; "" and None are missing, several texts as a tuple.

    Amounts are signed minor units, days proleptic ordinals. `memo` and `file_name` are searched
    for numbers; only `memo` is compared as text. `made` is the day the record was made: where it
    tells no other day it is looked for near that one.
    """

    id: str
    names: OneOrMore = ""
    memo: str = ""
    reference: str = ""
    file_name: str = ""
    amount: int | None = None
    net: int | None = None
    currency: str = ""
    day: int | None = None
    due: int | None = None
    numbers: OneOrMore = ""
    ibans: OneOrMore = ""
    sites: OneOrMore = ""
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
        self.numbered: Numbered | None = None
        """All references, once there will be no more."""
        self._names: dict[Name, int] = {}
        self._references = Numbers(ABSENT)
        """Plain form and core, which the other forms follow from, to the number."""
        self._forms = array("q")

    def forms(self) -> Ints:
        """A row for each reference, the numbers of its forms and its length, and one for ABSENT."""
        return np.array(self._forms + _NO_FORMS).reshape(-1, len(_NO_FORMS))

    def close(self) -> "Numbered":
        """No more references: millions of texts that only numbered them are let go."""
        if self.numbered is None:
            self.numbered = Numbered(Texts([*self.plains, ""]), self.forms(), len(self.marks))
        self.take(self.numbered)
        return self.numbered

    def take(self, numbered: "Numbered") -> None:
        """Have the references of another book, and no more."""
        self.numbered = numbered
        self.marks.close(numbered.marks)
        self.plains, self._references, self._forms = [], Numbers(ABSENT), array("q")

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
        marks = self.marks.few(found)
        number = self._references[_key(marks[0], marks[3])]
        if number == len(self.plains):
            self.plains.append(found.plain)
            self._forms.extend((*marks, len(found.plain)))
        return number

    def references(self, texts: Sequence[str]) -> list[int]:
        """The number of each text's reference; many at once."""
        if len(texts) < FEW:
            return [self.reference(reference(text)) for text in texts]
        plain = [text for text in texts if takes(text)]
        numbers = dict(zip(plain, self._numbered(forms(plain)), strict=True)) if plain else {}
        return [
            numbers[text] if text in numbers else self.reference(reference(text)) for text in texts
        ]

    def _numbered(self, found: Forms) -> list[int]:
        """The same as `reference` gives for each, ABSENT for an empty plain form."""
        marks = np.stack([self.marks.numbers(form) for form in found], axis=1)
        plain = marks[:, 0]
        keys = np.where(plain == ABSENT, ABSENT, _key(plain, marks[:, 3])).tolist()
        numbers, place = self._references.of(keys)
        self.plains.extend([found.plain[at] for at in place])
        size = np.array([len(found.plain[at]) for at in place], dtype=np.int64)
        self._forms.frombytes(np.column_stack([marks[place], size]).tobytes())
        return list(numbers.tolist())


_NO_FORMS = array("q", [ABSENT]) * (len(Reference._fields) + 1)


def _key(plain: Any, core: Any) -> Any:
    """One number of two, which may be ABSENT; works on arrays, too."""
    return (plain << 32) | (core + 1)


class Numbered(NamedTuple):
    """The references of a book that was closed: the plain forms and the rows of forms, both with
    one more for ABSENT, and how many different forms there are."""

    plains: Texts
    forms: Ints
    marks: int


@dataclass(frozen=True, slots=True)
class Marks:
    """Forms of every reference of a book, by its number; the last row is that of ABSENT."""

    texts: Texts
    plain: Ints
    folded: Ints
    digits: Ints
    core: Ints
    shape: Ints
    size: Ints

    @staticmethod
    def of(book: Book) -> "Marks":
        """Those that the book holds now."""
        texts, known, _ = book.numbered or (Texts([*book.plains, ""]), book.forms(), 0)
        return Marks(texts, *np.ascontiguousarray(known.T))


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


def _sources(raw: Mapping[str, Sequence[Any]], name: str) -> Sequence[Any]:
    """What a column is made of, one value a row."""
    sources = [raw[field] for field in _SOURCES[name]]
    return sources[0] if len(sources) == 1 else list(zip(*sources, strict=True))


Made = tuple[Coded, Sequence[Any]]
"""A coded column and the raw value of each of its groups."""


class Coders:
    """Some coded columns while rows come."""

    def __init__(self, coders: Mapping[str, Coder]) -> None:
        self._coders = coders

    @staticmethod
    def of_numbers(book: Book) -> "Coders":
        """The columns that are made of references alone."""
        own = Coder(_one, lambda raws: map(_one, book.references(raws)))
        return Coders({"reference": own, "mentioned": Coder(lambda raw: _mentioned(book, raw))})

    def extend(
        self, raw: Mapping[str, Sequence[Any]], columns: Collection[str] | None = None
    ) -> None:
        """Add rows to all columns or to some: a sequence for every field of `Raw`."""
        for name in self._coders if columns is None else columns:
            self._coders[name].extend(_sources(raw, name))

    def extend_known(
        self, raw: Mapping[str, Sequence[Any]], name: str, numbers: Sequence[Sequence[int]]
    ) -> None:
        """Add rows to a column, the numbers of each known."""
        self._coders[name].extend_known(_sources(raw, name), numbers)

    def done(self) -> dict[str, Made]:
        """The columns by name."""
        return {
            name: (coder.done(), _compact(coder.raws())) for name, coder in self._coders.items()
        }


class Builder:
    """Takes records in portions; `done` gives the side. The columns of references may be made
    elsewhere (`apart`)."""

    def __init__(self, book: Book, apart: bool = False) -> None:
        self._ids: list[str] = []
        self._numbers = Coders({}) if apart else Coders.of_numbers(book)
        self._coders = Coders({name: Coder(convert) for name, convert in _coded(book).items()})
        self._plain: dict[str, list[Ints]] = {name: [] for name in _PLAIN}

    def extend(self, records: Sequence[Raw]) -> None:
        """Add records."""
        if records:
            self.extend_columns(dict(zip(Raw._fields, zip(*records, strict=True), strict=True)))

    def extend_columns(self, raw: Mapping[str, Sequence[Any]]) -> None:
        """The same with a sequence for every field of `Raw`."""
        self._ids.extend(raw["id"])
        self._numbers.extend(raw)
        self._coders.extend(raw)
        self._extend_plain(raw)

    def extend_known(
        self, records: Sequence[Raw], known: Iterable[tuple[str, Sequence[Sequence[int]]]]
    ) -> None:
        """The same for records of which the numbers of every column that takes work are known."""
        if not records:
            return
        raw = dict(zip(Raw._fields, zip(*records, strict=True), strict=True))
        self._ids.extend(raw["id"])
        self._coders.extend(raw, _CANONICAL)
        for name, numbers in known:
            of = self._numbers if name in _NUMBERS else self._coders
            of.extend_known(raw, name, numbers)
        self._extend_plain(raw)

    def _extend_plain(self, raw: Mapping[str, Sequence[Any]]) -> None:
        for name, limits in _PLAIN.items():
            self._plain[name].append(_within(raw[name], *limits))

    def done(self, numbers: Mapping[str, Made] | None = None) -> Columns:
        """The side; `numbers` are the columns that were made elsewhere."""
        made = {**(numbers or self._numbers.done()), **self._coders.done()}
        coded = {name: column for name, (column, _) in made.items()}
        texts = {
            shown: RawTexts(made[name][0].rows, made[name][1]) for name, shown in _SHOWN.items()
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


def _compact(raws: list[Any]) -> Sequence[Any]:
    """The same in less memory where they are many texts."""
    many = len(raws) >= FEW and all(isinstance(raw, str) for raw in raws)
    return Texts(raws) if many else raws


def _within(values: Sequence[int | None], missing: int, least: int, most: int) -> Ints:
    """Numbers, and `missing` for those that are none or out of bounds."""
    alike = len(values) >= FEW and len(set(values)) == 1
    looked_at = values[:1] if alike else values
    kept = (missing if v is None or not least <= v <= most else v for v in looked_at)
    found = np.fromiter(kept, np.int64, count=len(looked_at))
    return np.repeat(found, len(values)) if alike else found


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
_NUMBERS = ("reference", "mentioned")
"""Coded columns made of references alone."""
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


def _mentioned(book: Book, raw: Sequence[str]) -> tuple[int, ...]:
    return _kept(book.reference(found) for text in raw for found in mentioned(text))


def _texts(raw: OneOrMore) -> tuple[str, ...]:
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
