"""Which new entry is the document that was mailed: every threshold from both sides."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from builders.values import AT, an_entry, an_invoice
from well.domain.entry import TargetEntry
from well.domain.invoice import Seller
from well.domain.money import Money
from well.matching import Mailed, arrivals

INVOICE = replace(
    an_invoice(1),
    number="INV-100",
    issue_date=date(2026, 4, 22),
    gross_total=Money(128_400, "EUR"),
    seller=Seller(name="Algolia SAS"),
)
MAILED = Mailed("p1", INVOICE, AT)
ENTRY = replace(
    an_entry("e1"),
    supplier_name="ALGOLIA",
    invoice_number=None,
    gross_total=Money(128_400, "EUR"),
    issue_date=date(2026, 4, 22),
    created_at=AT,
    updated_at=AT,
)


def _arrived(entry: TargetEntry, mailed: Mailed = MAILED) -> bool:
    return "p1" in arrivals([mailed], {"p1": [entry]})


@pytest.mark.parametrize(
    ("changes", "there"),
    [
        ({}, True),
        ({"gross_total": Money(128_401, "EUR")}, False),
        ({"gross_total": Money(128_400, "USD")}, False),
        ({"gross_total": None}, False),
        ({"issue_date": date(2026, 4, 19)}, True),
        ({"issue_date": date(2026, 4, 18)}, False),
        ({"issue_date": date(2026, 4, 25)}, True),
        ({"issue_date": date(2026, 4, 26)}, False),
        ({"issue_date": None}, False),
        ({"issue_date": date(2026, 12, 4)}, False),
        ({"supplier_name": "Notion Labs"}, False),
        ({"supplier_name": None}, False),
        ({"invoice_number": "INV-100"}, True),
        ({"invoice_number": "inv 100"}, True),
        ({"invoice_number": "INV-101"}, False),
        ({"created_at": AT - timedelta(seconds=1)}, False),
        ({"deleted": True}, False),
    ],
)
def test_an_entry_is_the_document_only_where_all_of_it_agrees(
    changes: dict[str, object], there: bool
) -> None:
    assert _arrived(replace(ENTRY, **changes)) is there  # type: ignore[arg-type]


def test_a_credit_is_known_by_its_amount_whatever_its_sign() -> None:
    credit = replace(MAILED, invoice=replace(INVOICE, gross_total=Money(-128_400, "EUR")))
    assert _arrived(ENTRY, credit)


def test_an_entry_is_taken_for_one_document_and_the_best_pair_goes_first() -> None:
    near = replace(ENTRY, id="near")
    far = replace(ENTRY, id="far", issue_date=date(2026, 4, 24))
    late = Mailed("p2", replace(INVOICE, number="INV-101", issue_date=date(2026, 4, 24)), AT)
    both = {"p1": [far, near], "p2": [far, near]}
    found = arrivals([late, MAILED], both)
    assert {posting: entry.id for posting, entry in found.items()} == {"p1": "near", "p2": "far"}
    assert list(arrivals([MAILED, late], {"p1": [near], "p2": [near]})) == ["p1"]
    numbered = replace(far, invoice_number="INV-100")
    assert arrivals([MAILED], {"p1": [near, numbered]})["p1"].id == "far"


@pytest.mark.parametrize(
    ("read", "there"),
    [
        (date(2026, 4, 2), True),  # 2 April read as 4 February: day and month exchanged
        (date(2026, 7, 2), True),
        (date(2026, 8, 2), False),
        (date(2026, 2, 8), False),
    ],
)
def test_a_date_read_with_day_and_month_exchanged_is_the_same_date(read: date, there: bool) -> None:
    mailed = replace(MAILED, invoice=replace(INVOICE, issue_date=date(2026, 2, 4)))
    assert _arrived(replace(ENTRY, issue_date=read), mailed) is there


CARD = replace(MAILED, invoice=replace(INVOICE, seller=Seller(name="CARDPAYM*PARIS")))
"""A source knows the supplier by the name of a card payment alone."""


@pytest.mark.parametrize(
    ("words", "there"), [("INV 100", True), ("INV-101", False), ("search, April", False)]
)
def test_the_number_among_the_receivers_own_words_stands_for_the_name(
    words: str, there: bool
) -> None:
    assert _arrived(replace(ENTRY, file_name=words), CARD) is there


def test_the_name_that_the_page_prints_counts_as_well() -> None:
    assert not _arrived(ENTRY, CARD)
    assert _arrived(ENTRY, replace(CARD, names=("Algolia SAS",)))
    assert not _arrived(ENTRY, replace(CARD, names=("Notion Labs",)))
