"""What was edited since posting, and what the target read differently."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.matching import an_entry, an_invoice, euros
from well.domain.invoice import Seller
from well.policy import confirm_difference, posted_difference
from well.policy.alike import same_name, same_number


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, ()),
        ({"note": "paid", "lines": ()}, ()),
        ({"number": "inv 2026/04/100"}, ()),
        ({"number": "INV-2026-04-101"}, ("number",)),
        ({"gross_total": euros("1.00")}, ("gross_total",)),
        ({"issue_date": date(2026, 4, 1)}, ("issue_date",)),
        ({"seller": Seller("Algolia renamed", source_id="56")}, ()),
        ({"seller": Seller("Algolia SAS", source_id="57")}, ("seller",)),
        ({"credit_note": True}, ("credit_note",)),
    ],
)
def test_only_what_matters_counts_as_an_edit(
    changes: dict[str, Any], fields: tuple[str, ...]
) -> None:
    before = an_invoice()
    assert posted_difference(before, replace(before, **changes)) == fields


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"supplier_name": "ALGOLIA"},
        {"invoice_number": "INV 2026/04/100"},
        {"gross_total": euros("-1284.37")},
        {
            "invoice_number": None,
            "supplier_name": None,
            "gross_total": None,
            "issue_date": None,
        },
    ],
)
def test_what_the_target_reads_alike_or_not_at_all_is_no_difference(
    changes: dict[str, Any],
) -> None:
    assert confirm_difference(an_invoice(), an_entry(**changes)) == ()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"invoice_number": "X-1"}, "number"),
        ({"gross_total": euros("1284.36")}, "total"),
        ({"issue_date": date(2026, 4, 21)}, "date"),
        ({"due_date": date(2026, 4, 21)}, "due date"),
        ({"supplier_name": "Dupont Conseil"}, "supplier"),
    ],
)
def test_what_the_target_read_otherwise_is_one_sentence(changes: dict[str, Any], word: str) -> None:
    (sentence,) = confirm_difference(an_invoice(), an_entry(**changes))
    assert sentence.startswith(f"The target read {word} ")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("RE-20261108-1459", "RE20261108/1459", True),
        ("RE-20261108-1459", "RE20261108/1459-B", False),
        ("RE-20261108-1459", "RE-20261108-1459 bis", False),
        ("RE-20261108-1459", "RE-20261108-1459 page", True),
        ("RE-20261108-1459", "RE-20261108-14590", True),
        ("1459", "RE-1459", True),
        ("RE-20261108-1459", "1459", True),
        ("INV", "INVB", True),
        ("14", "14-B", False),
    ],
)
def test_letters_behind_a_number_tell_another_document(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same_number(other, one) is same


@given(st.text(max_size=40), st.text(max_size=40))
def test_generous_comparison_is_symmetric_for_any_text(a: str, b: str) -> None:
    assert same_name(a, b) == same_name(b, a)
    assert same_number(a, b) == same_number(b, a)
