"""Invoice numbers written otherwise, and the next number of a series."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.compare import reference_level
from well.matching.references import in_text, reference


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("INV-2026-04-100", "INV2026/04 100", "equal"),
        ("inv 2026 04 100", "INV-2026-04-100", "equal"),
        ("FA-O012", "FA-0012", "equal but for look-alikes"),
        ("INV-2026-04-100", "2026-04-100", "same digits"),
        ("2026-00457", "457", "different"),
        ("INV-2026-04-100", "INV-2026-04-101", "another of the same series"),
        ("100", "101", "another of the same series"),
        ("INV-2026-04-100", "77-A-3", "different"),
        ("INV-100", None, "missing"),
        ("INV-100", "no digits", "missing"),
        (None, None, "missing"),
        ("", "", "missing"),
    ],
)
def test_numbers_compare_by_what_they_mean(a: str | None, b: str | None, level: str) -> None:
    assert reference_level(a, b) == level


def test_a_file_name_speaks_only_where_no_number_was_read() -> None:
    assert reference_level("INV-2026-04-100", None, "INV-2026-04-100.pdf") == "in the file name"
    assert reference_level("INV-2026-04-100", "X-1", "INV-2026-04-100.pdf") == "different"


def test_a_longer_number_in_a_file_name_is_another_one() -> None:
    number = reference("2026041")
    assert number is not None
    assert not in_text(number, "20260412.pdf")
    assert in_text(number, "scan 2026041.pdf")
    assert in_text(number, "Facture_20260701_2026-04_1.pdf")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_compare_the_same_both_ways(a: str, b: str) -> None:
    assert reference_level(a, b) == reference_level(b, a)
