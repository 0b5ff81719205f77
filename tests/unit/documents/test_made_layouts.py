"""The made-up invoices that measure the reader: repeatable, and mostly read right."""

from decimal import Decimal

import pytest
from benchmarks.documents import CORE, TEN
from benchmarks.layouts.make import LANGUAGES, invoices, plans
from benchmarks.layouts.others import others
from benchmarks.layouts.score import ece, is_right

from well.documents.reading.read_file import read_file


def test_the_same_seed_makes_the_same_pages() -> None:
    one, other = (invoices(held=False, seed=7)[:6] for _ in range(2))
    assert one == other


def test_there_are_at_least_24_layouts_in_six_languages() -> None:
    assert len(plans(held=False)) + len(plans(held=True)) >= 24
    assert len(LANGUAGES) == 6


def test_totals_of_made_invoices_add_up() -> None:
    for made in invoices(held=False, seed=7):
        found = [made.fields.get(name) for name in ("net_total", "tax_total", "gross_total")]
        if all(found):
            net, tax, gross = (Decimal(amount or 0) for amount in found)
            assert net + tax == gross


@pytest.mark.slow
def test_number_date_and_total_of_made_invoices_are_read() -> None:
    made = invoices(held=False, seed=7)
    right = 0
    for one in made:
        invoice = read_file(one.content).invoice
        found = {x.field: x.value for x in invoice.readings} if invoice else {}
        right += all(
            TEN[name] in found and is_right(name, one.fields[name], found[TEN[name]])
            for name in CORE
        )
    assert right >= 0.95 * len(made)


@pytest.mark.slow
def test_no_made_letter_or_quote_is_read_as_an_invoice() -> None:
    for one in others(held=False, seed=7):
        assert read_file(one.content).invoice is None, one.name


def test_calibration_error_is_the_gap_between_said_and_right() -> None:
    assert ece([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0.0)
    assert ece([(0.9, False)] * 4) == pytest.approx(0.9)
