"""Forms of many numbers at once are those of each by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.columns import Book
from well.matching.reference_forms import TEXT_MAX, Forms, forms, takes
from well.matching.references import PLAIN_MAX, reference
from well.matching.vocabulary import ABSENT, FEW

SIGNS = st.text("0129aAoIlSé-/ .#_\t\r\n", max_size=14)
WRITTEN = st.lists(
    SIGNS | st.sampled_from(["2024", "INV-2024/17", "RE 1999", "19/2024-2023", "0007", "x"]),
    min_size=1,
    max_size=9,
)


def alone(text: str) -> tuple[str, ...]:
    return tuple(reference(text) or ("",))


def together(found: Forms) -> list[tuple[str, ...]]:
    """The forms of each text; of one without a number only that it has none."""
    rows = zip(*found, strict=True)
    return [tuple(row) if row[0] else ("",) for row in rows]


@given(WRITTEN)
def test_every_text_gets_its_forms(texts: list[str]) -> None:
    taken = [text for text in texts if takes(text)]
    if taken:
        assert together(forms(taken)) == [alone(text) for text in taken]


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("2024-03177", "3177"),
        ("INV 03177/2024", "3177"),
        ("2024/2023-5512", "20235512"),
        ("20245512", "20245512"),
        ("2024", "2024"),
        ("17-999", "17999"),
        ("00-17-9", ""),
        ("2099 0999", ""),
        ("2100-5512", "21005512"),
    ],
)
def test_a_year_at_an_end_is_left_out_of_the_core(text: str, core: str) -> None:
    assert forms([text]).core == [core]
    assert alone(text)[3] == core


def test_a_number_may_have_as_many_signs_as_one_by_itself() -> None:
    texts = ["1" * PLAIN_MAX, "1" * (PLAIN_MAX + 1), "-" * 60 + "1" * PLAIN_MAX, "x" * 9]
    assert [plain != "" for plain in forms(texts).plain] == [True, False, True, False]


def test_long_texts_other_scripts_and_several_lines_are_not_taken() -> None:
    texts = ["1" * TEXT_MAX, "1" * (TEXT_MAX + 1), "é1", "1\n2", ""]
    assert [takes(text) for text in texts] == [True, False, False, False, True]


@given(st.lists(WRITTEN, min_size=1, max_size=3))
def test_a_book_numbers_many_as_it_numbers_each(portions: list[list[str]]) -> None:
    filler = [f"N-{n}" for n in range(FEW)]
    many, each = Book(), Book()
    pairs = {
        (left, right)
        for texts in portions
        for left, right in zip(
            many.references([*texts, *filler]),
            [each.reference(reference(text)) for text in [*texts, *filler]],
            strict=True,
        )
    }
    assert len({left for left, _ in pairs}) == len({right for _, right in pairs}) == len(pairs)
    for left, right in pairs:
        assert (left == ABSENT) == (right == ABSENT)
        if left != ABSENT:
            assert many.plains[left] == each.plains[right]
            assert _forms(many, left) == _forms(each, right)


def _forms(book: Book, number: int) -> list[str | int]:
    *marks, size = book.forms()[number].tolist()
    return [*map(book.marks.text, marks), size]
