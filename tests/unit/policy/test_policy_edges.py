"""Exact sentences and boundaries of the policy that no other test holds."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from builders.facts import bill_facts, fits
from builders.matching import IBAN, OTHER_IBAN, a_party, an_entry, an_invoice, euros
from well.domain.candidate import Evidence
from well.domain.invoice import FieldReading, InvoiceLine, Origin, Seller
from well.domain.money import Money
from well.domain.reading import Reading
from well.policy import (
    Facts,
    assess,
    confirm_difference,
    decide,
    merge_reading,
    record_confidence,
)
from well.policy.alike import same_name
from well.policy.confidence import factors
from well.policy.nearest import nearest, only_gates
from well.policy.page_seller import page_fits_party
from well.policy.stops import posting_stops, stops


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("Zorn", "Grandezorn", True),
        ("Grandezorn", "Zorn", True),
        ("Polderlogistie", "Polderlox Amsterdam", True),
        ("Polderlq", "Polderlw", True),
        ("abcde", "abcxy", True),
        ("abcdefghij", "kbcdemnopq", False),
        ("", "Zorn", True),
        ("Zorn", "Kodex", False),
    ],
)
def test_names_may_be_of_one_firm(a: str, b: str, alike: bool) -> None:
    assert same_name(a, b) is alike
    assert same_name(b, a) is alike


def facts_of_page(seller: Seller, **party: object) -> Facts:
    page = Reading("invoice", None, an_invoice(seller=seller), has_text=True, pages=1)
    return bill_facts(reading=page, party=a_party(**party))


def test_the_page_fits_by_number_first_and_else_by_name() -> None:
    numbers = {"vat_ids": ("FR 40 303265045",)}
    known = Seller("Quite Otherwise", vat_id="FR40303265045")
    assert page_fits_party(facts_of_page(known, **numbers)) is True
    assert page_fits_party(facts_of_page(replace(known, vat_id="FR1"), **numbers)) is False
    assert page_fits_party(facts_of_page(Seller("Algolia"), vat_ids=("",))) is True
    assert page_fits_party(facts_of_page(Seller("Kodex"), vat_ids=("",))) is False
    assert page_fits_party(facts_of_page(Seller(None), vat_ids=("",))) is None
    assert page_fits_party(bill_facts(reading=None)) is None


def test_an_account_read_otherwise_is_told_in_full() -> None:
    meant = an_invoice(seller=Seller("Algolia SAS", iban=IBAN))
    assert confirm_difference(meant, an_entry(iban=OTHER_IBAN)) == (
        f"The target read bank account {OTHER_IBAN}, but {IBAN} was meant.",
    )


def test_what_the_page_says_otherwise_is_told_in_full() -> None:
    page = Reading("invoice", None, an_invoice(due_date=date(2026, 6, 21)), has_text=True, pages=1)
    (finding,) = merge_reading(an_invoice(), page).findings
    shown = "The page shows due date 2026-06-21, the record says 2026-05-22."
    assert (finding.code, finding.sentence) == ("due_date_differs", shown)


def test_lines_of_the_record_stand_and_those_of_the_page_fill_a_hole() -> None:
    ours, theirs = InvoiceLine("ours", Decimal(1)), InvoiceLine("theirs", Decimal(2))
    page = Reading("invoice", None, an_invoice(lines=(theirs,)), has_text=True, pages=1)
    assert merge_reading(an_invoice(), page).lines == (theirs,)
    assert merge_reading(an_invoice(lines=(ours,)), page).lines == (ours,)


def test_a_record_just_at_the_limit_is_held_by_its_gates_only() -> None:
    facts = bill_facts(today=date(2026, 1, 1))
    at = assess(facts).probability
    limit = replace(facts.rules, auto_post=at)
    assert not assess(replace(facts, rules=limit)).policy.holds
    assert only_gates(replace(facts, rules=limit))
    assert not only_gates(replace(facts, rules=replace(limit, auto_post=at + 1e-9)))


def test_sums_in_two_currencies_do_not_add_up() -> None:
    def stopped(gross: Money) -> bool:
        invoice = an_invoice(
            net_total=euros("1000.00"), tax_total=euros("200.00"), gross_total=gross
        )
        return "arithmetic" in {r.code for r in stops(bill_facts(invoice=invoice))}

    assert not stopped(euros("1200.00"))
    assert stopped(Money.of("1200.00", "USD"))


def test_a_field_read_is_told_with_its_value() -> None:
    _, parts = record_confidence(bill_facts())
    said = {part.code: part.sentence for part in parts}
    assert said["field.number"] == "The number INV-2026-04-100 is read once."


def test_a_counterparty_is_no_new_one_unless_said() -> None:
    assert not bill_facts().first_document


def test_what_is_missing_or_too_old_is_told_in_full() -> None:
    poor = decide(bill_facts(invoice=an_invoice(number=None, gross_total=None)))
    assert poor.reasons[0].sentence == "The invoice number, total are missing."
    one = decide(bill_facts(invoice=an_invoice(number=None)))
    assert one.reasons[0].sentence == "The invoice number is missing."
    old = decide(bill_facts(since=date(2026, 4, 23)))
    assert old.reasons[0].sentence == (
        "It is dated before 2026-04-23, where the history of this flow begins."
    )


def test_a_name_read_in_another_spelling_contradicts_nobody() -> None:
    names = (("Algolia SAS", Origin.API), ("ALGOLIA", Origin.TEXT))
    read = an_invoice(readings=tuple(FieldReading("seller.name", n, o, 0.9) for n, o in names))
    said = {code: sentence for code, sentence, _ in factors(bill_facts(invoice=read))}
    assert said["field.seller.name"] == "The supplier's name Algolia SAS is read twice."


def test_the_supplier_of_the_page_is_a_doubt_by_its_name() -> None:
    doubts = [near.doubt for near in nearest(facts_of_page(Seller("Kodex")))]
    assert "the supplier the page names" in doubts


def test_nothing_brings_a_record_nearer_that_cannot_be_right() -> None:
    assert nearest(bill_facts(ranking=replace(fits(0.0), none_confidence=0.0))) == ()


@pytest.mark.parametrize(
    ("bits", "codes"), [(0.0, []), (0.5, ["same_number"]), (1.0, ["same_number"])]
)
def test_any_bit_for_the_supplier_makes_an_equal_number_look_alike(
    bits: float, codes: list[str]
) -> None:
    rows = Evidence("name", "", "", "equal", bits), Evidence("reference", "", "", "equal", 1.0)
    assert [stop.code for stop in posting_stops(bill_facts(ranking=fits(0.1, *rows)))] == codes


def test_one_shared_word_anywhere_is_enough_for_one_firm() -> None:
    assert same_name("Bqxw Algolia Tzu", "Gammadrecht Algolia Zetaqx")
    assert not same_name("Bqxw Algolia Tzu", "Gammadrecht Algoliaxx Zetaqx")
