"""Canonical rows kept beside raw records: the same numbers, levels and scores as without them."""

from collections.abc import Sequence
from dataclasses import fields
from hashlib import sha256
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.matching import OTHER_IBAN, an_entry
from well.domain.entry import TargetEntry
from well.matching.blocking import Pairs
from well.matching.canonical_row import (
    CANONICAL_VERSION,
    CanonicalRow,
    canonical,
    canonical_columns,
    packed,
    unpacked,
)
from well.matching.columns import Book, Columns, Raw, RawTexts, columns
from well.matching.compare import Sides
from well.matching.entries import entry_row
from well.matching.link import Model, levels_of, rated
from well.matching.vocabulary import Coded

NAMES = ("", "Algolia SAS", "ALGOLIA S.A.S.", "Müller & Söhne GmbH", "ИП Иванов", "株式会社 ABC")
MEMOS = ("", "Paid INV-2024-0031, 0032 and F_77", "a b, c|d;e", "RE 4711 DE89370400440532013000")
NUMBERS = ("", "INV-2024-13529", "2024/0031", "O0-1I", "no digit", "№ 12,34;5|6")
TAX = ("", "FR40303265045", "303265045", "ESA91803692", "DE136695976", "nonsense")
ACCOUNTS = ("", "DE89 3704 0044 0532 0130 00", "FR7610022862578332651971275", "DE00")
SITES = ("", "https://www.algolia.com/x", "info@müller.de", "me@gmail.com", "no site")
PLACES = ("", "12 rue de l'Église, 75011 Paris", "Hauptstraße 5; 10115 Berlin|Mitte")
PHONES = ("", "+33 1 42 68 53 00", "030/1234567 ext. 4", "12")
COUNTRIES = ("", "FR", "France", "Deutschland", "ES", "nowhere")
FIELDS = {
    "names": NAMES,
    "memo": MEMOS,
    "reference": NUMBERS,
    "file_name": ("", "INV-2024-13529--x.pdf"),
    "currency": ("", "EUR", " usd ", "A|B;C,D"),
    "numbers": TAX,
    "ibans": ACCOUNTS,
    "sites": SITES,
    "address": PLACES,
    "phone": PHONES,
    "country": COUNTRIES,
}
MANY = ("names", "numbers", "ibans", "sites")


def _text(field: str) -> st.SearchStrategy[object]:
    one = st.sampled_from(FIELDS[field]) | st.text(max_size=20)
    return one | st.lists(one, max_size=3).map(tuple) if field in MANY else one


RAW = st.builds(
    Raw,
    id=st.just("r"),
    amount=st.none() | st.integers(-(10**16), 10**16),
    net=st.none() | st.integers(1, 9),
    day=st.none() | st.integers(738_000, 738_100),
    due=st.none() | st.integers(738_000, 738_100),
    made=st.none() | st.integers(738_000, 738_100),
    credit=st.booleans(),
    **{field: _text(field) for field in FIELDS},
)
RAWS = st.lists(RAW, max_size=4)


def _plain(value: object) -> object:
    """Comparable by ==, types of numbers with them."""
    if isinstance(value, Coded):
        parts = (value.rows, value.groups.starts, value.groups.values)
        return [(part.dtype, part.tolist()) for part in parts]
    if isinstance(value, np.ndarray):
        return value.dtype, value.tolist()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, RawTexts):
        return value.groups.tolist(), list(value.raws)
    return value


def _compared(side: Columns) -> dict[str, object]:
    return {field.name: _plain(getattr(side, field.name)) for field in fields(side)}


@given(RAWS, st.data())
def test_columns_of_canonical_rows_are_those_of_the_raw_records(
    raws: list[Raw], data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(raws), max_size=len(raws)))
    rows = [canonical(raw) if known else None for raw, known in zip(raws, kept, strict=True)]
    plain, known = Book(), Book()
    wanted = columns(plain, raws)
    assert _compared(canonical_columns(known, raws, rows)) == _compared(wanted)
    assert (known.names, known.plains, known.forms().tolist()) == (
        plain.names,
        plain.plains,
        plain.forms().tolist(),
    )
    assert [name.weights for name in known.names] == [name.weights for name in plain.names]
    assert [name.numbers for name in known.names] == [name.numbers for name in plain.names]
    assert [name.countries for name in known.names] == [name.countries for name in plain.names]
    for one, other in zip(
        (known.marks, known.words, known.ids), (plain.marks, plain.words, plain.ids), strict=True
    ):
        assert one.keys().tolist() == other.keys().tolist()


@given(RAW, RAWS)
def test_levels_and_scores_are_the_same_bit_for_bit(source: Raw, targets: list[Raw]) -> None:
    def asked(target: Columns, book: Book) -> tuple[dict[str, list[int]], list[float]]:
        pairs = Pairs(
            np.zeros(len(targets), dtype=np.int64),
            np.arange(len(targets), dtype=np.int64),
            np.zeros(1, dtype=np.int64),
        )
        levels = levels_of(Sides.of(book, columns(book, [source]), target), pairs)
        told = {name: some.tolist() for name, some in levels.items()}
        return told, rated(pairs, levels, Model(), 1).confidence.tolist()

    plain, known = Book(), Book()
    rows = [unpacked(packed(canonical(raw))) for raw in targets]
    assert None not in rows
    wanted = asked(columns(plain, targets), plain)
    assert asked(canonical_columns(known, targets, rows), known) == wanted


@given(RAW)
def test_a_packed_row_is_unpacked_as_it_was(raw: Raw) -> None:
    row = canonical(raw)
    assert unpacked(packed(row)) == row


def _broken() -> Sequence[str]:
    good = packed(canonical(Raw("r", names="Algolia SAS", reference="INV-1")))
    return ["", good + "|", good.rpartition("|")[0], good.replace("row-1", "row-0"), "{}"]


@pytest.mark.parametrize("text", _broken())
def test_a_broken_row_or_one_of_another_version_is_none(text: str) -> None:
    assert unpacked(text) is None


def test_a_row_shows_what_is_compared() -> None:
    raw = Raw(
        "r",
        names=("Algolia SAS", "ALGOLIA"),
        memo="Invoice F-77",
        reference="INV-2024-0031",
        numbers="FR40303265045",
        ibans="DE89 3704 0044 0532 0130 00",
        sites="https://www.algolia.com",
        address="12 rue Foo",
        phone="+33 1 42 68 53 00",
        country="France",
    )
    assert canonical(raw) == CanonicalRow(
        reference="INV20240031,1NV20240031,20240031,,INV########",
        mentioned="F77,F77,,,F##",
        names="algolia,sas,FR;algolia,,",
        words="invoice;f;77",
        tax="FR40303265045",
        legal="303265045",
        ibans="DE89370400440532013000",
        domains="algolia.com",
        address="12;rue;foo",
        phone="142685300",
        country="FR",
    )


PINNED = ("row-1", "a3b48eebc6e86935")
"""The version, and the digest of what it makes of the records below."""


def _generated(count: int) -> list[Raw]:
    random = Random(7)
    words = [word for some in FIELDS.values() for text in some for word in text.split()]

    def text(field: str) -> str:
        made = " ".join(random.choices(words, k=random.randrange(4)))
        return random.choice([*FIELDS[field], made, made + str(random.randrange(10**6))])

    def texts(field: str) -> object:
        return (
            (text(field), text(field)) if field in MANY and random.random() < 0.3 else text(field)
        )

    return [Raw("r", **{field: texts(field) for field in FIELDS}) for _ in range(count)]  # type: ignore[arg-type]


def _entries() -> list[TargetEntry]:
    changes: list[dict[str, Any]] = [
        {},
        {"invoice_number": None, "file_name": "F-2024-77.pdf"},
        {"file_name": "F-2024-77.pdf"},
        {"iban": OTHER_IBAN, "vat_id": "FR40303265045"},
        {"supplier_name": None},
    ]
    return [an_entry(**change) for change in changes]


def test_another_canonical_form_needs_another_version() -> None:
    raws = [*_generated(3_000), *map(entry_row, _entries())]
    whole = "\n".join(packed(canonical(raw)).partition("|")[2] for raw in raws)
    digest = sha256(whole.encode()).hexdigest()[:16]
    assert (CANONICAL_VERSION, digest) == PINNED
