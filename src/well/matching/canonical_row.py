"""A record's canonical values as texts, to be stored beside the raw ones and compared later.

Invariant: a column's numbers made of a row are those that `columns` makes of the raw record, so a
stored row changes no answer; a row of another version, or a broken one, counts as none. Amounts,
days, the currency and the memo are canonical as they come and stay with the raw record.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from well.matching.columns import WORDS_MAX, Book, Builder, Columns, OneOrMore, Raw
from well.matching.contacts import address_words, country_code, phone
from well.matching.domains import domain
from well.matching.identifiers import iban, legal_ids, tax_id
from well.matching.names import Name, named, parse
from well.matching.references import Reference, mentioned, reference
from well.matching.text import fold
from well.matching.vocabulary import ABSENT

CANONICAL_VERSION = "row-1"
"""Stored with every row: raise it whenever a record would get another row than before."""
_VALUES, _COLUMNS = ";", "|"
"""Between the values of a column, and between columns; no canonical value holds them."""
_PARTS = ","
"""Between the forms of a number, and the words, legal form and countries of a name."""


class CanonicalRow(NamedTuple):
    """The columns that take work, each with its values parted by ";" and "" where it has none."""

    reference: str
    mentioned: str
    names: str
    words: str
    tax: str
    legal: str
    ibans: str
    domains: str
    address: str
    phone: str
    country: str


def canonical(raw: Raw) -> CanonicalRow:
    """What is compared of a record; what is not valid is missing."""
    numbers, home = _texts(raw.numbers), raw.country
    own = reference(raw.reference)
    found = [ref for text in (raw.memo, raw.file_name) for ref in mentioned(text)]
    legal = [number for text in numbers for number in sorted(legal_ids(text, home))]
    return CanonicalRow(
        reference=_PARTS.join(own) if own else "",
        mentioned=_joined(map(_PARTS.join, found)),
        names=_joined(_packed_name(parse(text)) for text in _texts(raw.names)),
        words=_joined(fold(raw.memo).split()[:WORDS_MAX]),
        tax=_joined(tax_id(text, home) for text in numbers),
        legal=_joined(legal),
        ibans=_joined(map(iban, _texts(raw.ibans))),
        domains=_joined(map(domain, _texts(raw.sites))),
        address=_joined(address_words(raw.address)),
        phone=phone(raw.phone, raw.country) or "",
        country=country_code(raw.country) or "",
    )


def _texts(raw: OneOrMore) -> tuple[str, ...]:
    return (raw,) if isinstance(raw, str) else raw


def _joined(values: Iterable[str | None]) -> str:
    """Without what is missing and without repeats, in order."""
    return _VALUES.join(dict.fromkeys(value for value in values if value))


def _packed_name(name: Name) -> str:
    """Nothing for a name of which nothing can be compared."""
    if not name.core:
        return ""
    return _PARTS.join((name.core, name.form or "", " ".join(name.countries)))


def packed(row: CanonicalRow) -> str:
    """One text with the version in front."""
    return _COLUMNS.join((CANONICAL_VERSION, *row))


def unpacked(text: str) -> CanonicalRow | None:
    """The row again; None for a text that is no row of this version."""
    version, *values = text.split(_COLUMNS)
    if version != CANONICAL_VERSION or len(values) != len(CanonicalRow._fields):
        return None
    return CanonicalRow(*values)


def canonical_columns(
    book: Book, records: Sequence[Raw], rows: Sequence[CanonicalRow | None]
) -> Columns:
    """The records of one side, canonical rows beside them; those without one are made anew."""
    known = [row or canonical(raw) for raw, row in zip(records, rows, strict=True)]
    builder = Builder(book)
    builder.extend_known(records, numbers(book, known))
    return builder.done()


def numbers(
    book: Book, rows: Sequence[CanonicalRow]
) -> Iterator[tuple[str, Sequence[Sequence[int]]]]:
    """Of each column its name and the numbers of every row's values in `book`."""
    number = _numbering(book)
    for name, texts in zip(CanonicalRow._fields, zip(*rows, strict=True), strict=False):
        found = {text: _numbers(text, number[name]) for text in dict.fromkeys(texts) if text}
        yield name, [found[text] if text else () for text in texts]


def _numbers(text: str, number: Callable[[str], int]) -> tuple[int, ...]:
    """Each once; a name may be absent, and texts that differ may have one number."""
    if _VALUES not in text:
        only = number(text)
        return () if only == ABSENT else (only,)
    found = dict.fromkeys(map(number, text.split(_VALUES)))
    return tuple(n for n in found if n != ABSENT)


def _numbering(book: Book) -> Mapping[str, Callable[[str], int]]:
    """How a value of each column is numbered."""
    ids, words = book.ids.number, book.words.number

    def referred(value: str) -> int:
        return book.reference(Reference(*value.split(_PARTS)))

    def name(value: str) -> int:
        return book.known_name(_name(value))

    special = {"reference": referred, "mentioned": referred, "names": name}
    return {
        column: special.get(column, words if column in ("words", "address") else ids)
        for column in CanonicalRow._fields
    }


@lru_cache(maxsize=65_536)
def _name(value: str) -> Name:
    core, form, countries = value.split(_PARTS)
    return named(tuple(core.split(" ")), form or None, tuple(countries.split()))
