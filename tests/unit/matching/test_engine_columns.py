"""Records as columns of numbers: each value in its canonical form, or missing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.engine import every_pair, sides
from well.matching.columns import (
    AMOUNT_MAX,
    MEMO_MAX,
    NO_AMOUNT,
    NO_DAY,
    WORDS_MAX,
    Book,
    Builder,
    Columns,
    Marks,
    Raw,
    columns,
)
from well.matching.compare import compare
from well.matching.references import reference
from well.matching.vocabulary import ABSENT, Coded

FULL = Raw(
    "r1",
    names=("Algolia", "Algolia SAS"),
    memo="SEPA Algolia INV-2041",
    reference="INV-2026-04-100",
    amount=-123_456,
    net=100_000,
    currency="EUR",
    day=739_000,
    due=739_030,
    numbers=("FR40303265045",),
    ibans="DE89370400440532013000",
    sites="https://www.algolia.com",
    address="55 rue d'Amsterdam, Paris",
    phone="+33 1 23 45 67 89",
    country="FR",
    credit=True,
)


def raw(**fields: Any) -> Raw:
    """A record of some fields by name."""
    return Raw("r", **fields)


def one(record: Raw) -> tuple[Book, Columns]:
    """A side of one record."""
    book = Book()
    return book, columns(book, [record])


def values(column: Coded, row: int = 0) -> list[int]:
    """The numbers of a row."""
    place, value = column.lists()
    return [int(v) for v in value[place == row]]


def ids(record: Raw, column: str) -> list[str]:
    """Texts of the numbers of a coded column of one record."""
    book, side = one(record)
    return [book.ids.text(number) for number in values(getattr(side, column))]


def words(record: Raw, column: str) -> list[str]:
    """Words of a coded column of one record."""
    book, side = one(record)
    return [book.words.text(number) for number in values(getattr(side, column))]


def plains(column: Coded, book: Book) -> list[str]:
    """Plain forms of the references of the first row."""
    return [book.plains[number] for number in values(column)]


def test_an_empty_record_has_nothing() -> None:
    book, side = one(Raw("r"))
    coded = ("carried", "names", "words", "memo", "tax", "legal", "ibans", "domains", "address")
    assert [values(getattr(side, name)) for name in coded] == [[]] * len(coded)
    single = ("reference", "currency", "phone", "country")
    assert [getattr(side, name).tolist() for name in single] == [[ABSENT]] * 4
    assert (side.amount.tolist(), side.net.tolist()) == ([NO_AMOUNT], [NO_AMOUNT])
    assert (side.day.tolist(), side.due.tolist()) == ([NO_DAY], [NO_DAY])
    assert (side.credit.tolist(), side.ids, len(side)) == ([False], ["r"], 1)
    assert (len(book.ids), len(book.words), len(book.marks)) == (0, 0, 0)
    assert (book.names, book.forms().tolist(), book.plains) == ([], [[-1] * 6], [])


def test_what_is_not_given_is_missing() -> None:
    texts = ("names", "memo", "reference", "file_name", "currency", "numbers", "ibans", "sites")
    others = ("address", "phone", "country")
    numbers = ("amount", "net", "day", "due", "made")
    wanted = dict.fromkeys(texts + others, "") | dict.fromkeys(numbers) | {"credit": False}
    assert Raw("r")._asdict() == {"id": "r"} | wanted


def test_what_stands_for_missing_can_be_no_value() -> None:
    assert (NO_AMOUNT, NO_DAY) == (-(2**63), -(2**31))
    assert (AMOUNT_MAX, MEMO_MAX, WORDS_MAX) == (10**15, 80, 40)


def test_a_full_record_has_every_value_in_its_canonical_form() -> None:
    book, side = one(FULL)
    assert [book.names[number].core for number in values(side.names)] == ["algolia", "algolia"]
    assert plains(side.carried, book) == ["INV202604100", "INV2041"]
    assert book.plains[int(side.reference[0])] == "INV202604100"
    assert words(FULL, "words") == ["sepa", "algolia", "inv", "2041"]
    assert side.memo_texts.tolist() == ["sepa algolia inv 2041", ""]
    assert (side.amount.tolist(), side.net.tolist()) == ([-123_456], [100_000])
    assert (side.day.tolist(), side.due.tolist()) == ([739_000], [739_030])
    assert side.credit.tolist() == [True]
    assert book.ids.text(int(side.currency[0])) == "EUR"
    assert book.country(int(side.country[0])) == "FR"
    assert book.ids.text(int(side.phone[0])) == "123456789"
    assert ids(FULL, "tax") == ["FR40303265045"]
    assert ids(FULL, "legal") == ["303265045"]
    assert ids(FULL, "ibans") == ["DE89370400440532013000"]
    assert ids(FULL, "domains") == ["algolia.com"]
    assert words(FULL, "address") == ["55", "rue", "amsterdam", "paris"]


def test_a_row_is_given_back_as_it_came_but_for_its_net_total() -> None:
    assert one(FULL)[1].raw(0) == FULL._replace(net=None)


def test_an_empty_row_is_given_back_as_it_came() -> None:
    assert one(Raw("r"))[1].raw(0) == Raw("r")


def test_the_file_name_is_read_and_not_given_back() -> None:
    book, side = one(Raw("r", file_name="INV-2041.pdf"))
    assert plains(side.carried, book) == ["INV2041"]
    assert side.raw(0) == Raw("r")


def test_each_row_is_given_back_by_its_number() -> None:
    side = columns(Book(), [Raw("a", memo="x", amount=1), FULL, Raw("b", memo="y", day=3)])
    assert [side.raw(n) for n in (2, 0)] == [
        Raw("b", memo="y", day=3),
        Raw("a", memo="x", amount=1),
    ]


@pytest.mark.parametrize("field", ["amount", "net"])
@pytest.mark.parametrize("sign", [1, -1])
def test_an_amount_beyond_all_reason_is_missing(field: str, sign: int) -> None:
    most = sign * 10**15
    found = [
        int(getattr(one(raw(**{field: amount}))[1], field)[0])
        for amount in (most, most + sign, most * 10**9)
    ]
    assert found == [most, NO_AMOUNT, NO_AMOUNT]


@pytest.mark.parametrize("field", ["day", "due"])
def test_a_day_of_no_calendar_is_missing(field: str) -> None:
    last = date.max.toordinal()
    days = (1, last, 0, last + 1, -5, 10**30)
    found = [int(getattr(one(raw(**{field: day}))[1], field)[0]) for day in days]
    assert found == [1, last, NO_DAY, NO_DAY, NO_DAY, NO_DAY]


def test_nothing_is_an_amount_too() -> None:
    side = one(Raw("r", amount=0, net=0))[1]
    assert (side.amount.tolist(), side.net.tolist()) == ([0], [0])
    assert side.raw(0).amount == 0


def test_equal_values_of_both_sides_have_equal_numbers() -> None:
    both = sides(
        [FULL], [FULL._replace(id="r2", names="Algolia", ibans="DE89 3704 0044 0532 0130 00")]
    )
    for name in ("reference", "currency", "phone", "country"):
        assert getattr(both.source, name).tolist() == getattr(both.target, name).tolist()
    for name in ("tax", "legal", "ibans", "domains", "address", "words", "carried"):
        assert values(getattr(both.source, name)) == values(getattr(both.target, name))
    assert values(both.target.names) == values(both.source.names)[:1]


def test_a_form_of_a_name_makes_another_name() -> None:
    book = Book()
    found = [book.name(text) for text in ("Algolia", "Algolia SAS", "ALGOLIA", "", "---")]
    assert found == [0, 1, 0, ABSENT, ABSENT]


def test_a_reference_is_numbered_once_with_its_forms() -> None:
    book = Book()
    found = [book.reference(reference(text)) for text in ("F-2041", "x", "AB12", "f 2041")]
    assert found == [0, ABSENT, 1, 0]
    assert book.plains == ["F2041", "AB12"]
    assert [book.marks.text(n) for n in book.forms()[0].tolist()[:5]] == [
        "F2041",
        "F2041",
        "2041",
        "2041",
        "F####",
    ]
    assert [book.marks.text(n) for n in book.forms()[1].tolist()[:5]] == [
        "AB12",
        "A812",
        "",
        "",
        "AB##",
    ]
    assert book.forms()[:, 5].tolist() == [5, 4, -1]


def test_forms_stand_by_number_with_a_last_row_for_what_is_absent() -> None:
    book = Book()
    book.reference(reference("F-2041"))
    book.reference(reference("AB12"))
    marks = Marks.of(book)
    number = book.marks.number
    assert list(marks.texts) == ["F2041", "AB12", ""]
    assert marks.plain.tolist() == [number("F2041"), number("AB12"), ABSENT]
    assert marks.folded.tolist() == [number("F2041"), number("A812"), ABSENT]
    assert marks.digits.tolist() == [number("2041"), ABSENT, ABSENT]
    assert marks.core.tolist() == [number("2041"), ABSENT, ABSENT]
    assert marks.shape.tolist() == [number("F####"), number("AB##"), ABSENT]
    assert marks.size.tolist() == [5, 4, ABSENT]
    assert marks.size.dtype == np.int64


def test_of_a_book_without_references_only_the_last_row_is_left() -> None:
    marks = Marks.of(Book())
    assert (list(marks.texts), marks.plain.tolist(), marks.size.tolist()) == ([""], [-1], [-1])


def test_core_and_digits_are_told_apart() -> None:
    book = Book()
    book.reference(reference("2024-03177"))
    marks = Marks.of(book)
    assert book.marks.text(int(marks.digits[0])) == "202403177"
    assert book.marks.text(int(marks.core[0])) == "3177"


def test_own_number_comes_before_those_in_the_texts_and_each_once() -> None:
    record = Raw(
        "r", reference="INV-2041", memo="INV-2042 and 77123, 2041-9", file_name="77999.pdf"
    )
    book, side = one(record)
    found = plains(side.carried, book)
    assert found == ["INV2041", "INV2042", "77123", "20419", "77999"]


def test_a_number_that_stands_in_two_texts_is_carried_once() -> None:
    book, side = one(Raw("r", memo="77123", file_name="77123.pdf"))
    assert plains(side.carried, book) == ["77123"]


def test_rows_carry_their_own_numbers_only() -> None:
    book = Book()
    records = [
        Raw("a", memo="77123"),
        Raw("b"),
        Raw("c", reference="88123"),
        Raw("d", memo="77123"),
    ]
    side = columns(book, records)
    found = [[book.plains[n] for n in values(side.carried, row)] for row in range(4)]
    assert found == [["77123"], [], ["88123"], ["77123"]]
    assert side.reference.tolist() == [ABSENT, ABSENT, book.reference(reference("88123")), ABSENT]


def test_own_number_comes_first_in_every_one_of_many_rows() -> None:
    book = Book()
    records = [Raw("r", reference=f"A{n}", memo=f"{n + 500} {n + 900}") for n in range(100, 300)]
    side = columns(book, records)
    for row, n in enumerate(range(100, 300)):
        found = [book.plains[number] for number in values(side.carried, row)]
        assert found == [f"A{n}", f"{n + 500}", f"{n + 900}"]


def test_only_so_much_of_a_memo_is_looked_at() -> None:
    many = " ".join(f"w{n}" for n in range(100, 150))
    assert words(Raw("r", memo=many), "words") == [f"w{n}" for n in range(100, 140)]
    assert len(one(Raw("r", memo=many))[1].memo_texts[0]) == 80


def test_only_so_many_words_of_an_address_are_looked_at() -> None:
    many = " ".join(f"w{n}" for n in range(100, 150))
    assert words(Raw("r", address=many), "address") == [f"w{n}" for n in range(100, 140)]


def test_a_word_that_comes_twice_counts_once() -> None:
    assert words(Raw("r", memo="Pay pay PAY now"), "words") == ["pay", "now"]


@pytest.mark.parametrize(
    ("text", "found"),
    [(" eur ", "EUR"), ("Eur", "EUR"), ("ABCDEFGHIJ", "ABCDEFGH"), ("", ""), ("  ", "")],
)
def test_a_currency_is_its_first_capitals(text: str, found: str) -> None:
    book, side = one(Raw("r", currency=text))
    assert book.ids.text(int(side.currency[0])) == found


@pytest.mark.parametrize(
    ("field", "column", "found"),
    [
        ("numbers", "tax", ["FR40303265045", "BE0403019261"]),
        ("numbers", "legal", ["303265045", "0403019261"]),
        ("ibans", "ibans", ["DE89370400440532013000", "GB82WEST12345698765432"]),
        ("sites", "domains", ["algolia.com", "qonto.com"]),
    ],
)
def test_several_texts_give_several_values_without_what_is_not_valid(
    field: str, column: str, found: Sequence[str]
) -> None:
    texts = {
        "numbers": ("FR40303265045", "FR40303265046", "BE 0403.019.261", "303265045"),
        "ibans": (
            "DE89370400440532013000",
            "DE88370400440532013000",
            "GB82 WEST 1234 5698 7654 32",
        ),
        "sites": ("billing@algolia.com", "gmail.com", "http://qonto.com/x", "www.algolia.com"),
    }
    assert ids(raw(**{field: texts[field]}), column) == list(found)


def test_a_national_number_is_read_in_its_country() -> None:
    assert ids(Raw("r", numbers="0403.019.261"), "tax") == []
    assert ids(Raw("r", numbers="0403.019.261", country="BE"), "tax") == ["BE0403019261"]
    assert ids(Raw("r", numbers="01234567", country="GB"), "legal") == ["GB 01234567"]


def test_a_telephone_number_is_read_in_its_country() -> None:
    book, side = one(Raw("r", phone="49 30 12345678", country="DE"))
    assert book.ids.text(int(side.phone[0])) == "012345678"
    assert side.raw(0) == Raw("r", phone="49 30 12345678", country="DE")


def test_a_country_is_read_by_its_name() -> None:
    book, side = one(Raw("r", country="Deutschland"))
    assert book.country(int(side.country[0])) == "DE"
    assert side.raw(0).country == "Deutschland"
    assert book.country(ABSENT) == ""


def test_portions_give_what_all_at_once_gives() -> None:
    records = [FULL, Raw("a", memo="77123"), FULL._replace(id="c", amount=5), Raw("d")]
    builder = Builder(Book())
    for portion in (records[:1], [], records[1:3], records[3:]):
        builder.extend(portion)
    once, parts = columns(Book(), records), builder.done()
    assert [parts.raw(n) for n in range(4)] == [once.raw(n) for n in range(4)]
    assert once.raw(2) == FULL._replace(id="c", amount=5, net=None)
    assert parts.carried.groups.values.tolist() == once.carried.groups.values.tolist()
    assert (parts.ids, len(parts)) == (["r1", "a", "c", "d"], 4)


def test_no_records_are_an_empty_side() -> None:
    side = columns(Book(), [])
    assert (len(side), side.memo_texts.tolist()) == (0, [""])
    assert side.amount.dtype == np.int64
    assert side.reference.tolist() == []


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
SEVERAL = ANY_TEXT | st.lists(ANY_TEXT, max_size=3).map(tuple)
ANY_NUMBER = st.none() | st.integers() | st.integers(-(2**70), 2**70)
HOSTILE = st.builds(
    Raw,
    id=ANY_TEXT,
    names=SEVERAL,
    memo=ANY_TEXT,
    reference=ANY_TEXT,
    file_name=ANY_TEXT,
    amount=ANY_NUMBER,
    net=ANY_NUMBER,
    currency=ANY_TEXT,
    day=ANY_NUMBER,
    due=ANY_NUMBER,
    numbers=SEVERAL,
    ibans=SEVERAL,
    sites=SEVERAL,
    address=ANY_TEXT,
    phone=ANY_TEXT,
    country=ANY_TEXT,
    credit=st.booleans(),
    made=ANY_NUMBER,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=4), st.lists(HOSTILE, min_size=1, max_size=3))
def test_no_record_however_broken_breaks_anything(source: list[Raw], target: list[Raw]) -> None:
    both = sides(source, target)
    assert len(both.source) == len(source)
    assert [both.source.raw(n).names for n in range(len(source))] == [
        record.names for record in source
    ]
    i, j = every_pair(both)
    assert all(len(levels) == len(i) for levels in compare(both, i, j).values())


@settings(max_examples=25, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_a_rows_values_come_from_its_record_alone(records: list[Raw]) -> None:
    side = columns(Book(), records)
    for n, record in enumerate(records):
        alone = one(record)[1]
        assert side.raw(n) == alone.raw(0)
        assert (side.amount[n], side.day[n]) == (alone.amount[0], alone.day[0])
        assert len(values(side.words, n)) == len(values(alone.words))
        assert len(values(side.names, n)) == len(values(alone.names))


def test_a_closed_book_keeps_its_size_and_takes_no_further_reference() -> None:
    full, other = Book(), Book()
    for text in ("INV-1", "INV-2", "INV-3"):
        full.marks.number(text)
    size = len(full.marks)
    other.take(full.close())
    assert (len(full.marks), len(other.marks)) == (size, size)
    for book in (full, other):
        with pytest.raises(AssertionError, match="a closed vocabulary takes no text"):
            book.marks.number("INV-4")
