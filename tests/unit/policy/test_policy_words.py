"""What else the policy says and compares, one value at a time."""

from dataclasses import replace

import pytest

from builders.facts import bill_facts, fits
from builders.matching import IBAN, OTHER_IBAN, an_invoice
from well.domain.candidate import Evidence
from well.domain.invoice import FieldReading, Origin, Seller
from well.domain.reading import Reading
from well.policy import decide, merge_reading, nearest, posted_difference
from well.policy.confidence import factors
from well.policy.stops import link_stops, posting_stops


def test_the_supplier_is_told_with_its_percentage() -> None:
    assert factors(bill_facts())[0][1] == "The supplier is Algolia SAS (98 %)."


def test_a_reader_surer_than_sure_counts_as_sure() -> None:
    def share(confidence: float) -> float:
        other = FieldReading("number", "Z-9", Origin.TEXT, confidence)
        invoice = replace(an_invoice(), readings=(*an_invoice().readings, other))
        shares = {code: share for code, _, share in factors(bill_facts(invoice=invoice))}
        return shares["field.number"]

    assert share(1.5) == share(1.0) < share(0.9)


def test_a_record_deleted_after_it_was_posted_is_told_in_full() -> None:
    held = decide(bill_facts(previous_entry="entry-1", deleted=True)).reasons[0]
    assert held.sentence == "The record was deleted at the source after it had been posted."


def test_a_name_that_cannot_be_the_same_firm_is_an_edit() -> None:
    before, same, other = (
        an_invoice(seller=Seller(name)) for name in ("Algolia SAS", "ALGOLIA", "Kodex")
    )
    assert posted_difference(before, same) == ()
    assert posted_difference(before, other) == ("seller",)


def test_the_page_fills_the_holes_of_the_seller_only() -> None:
    theirs = Seller("Algolia Search", vat_id="FR40303265045", iban=OTHER_IBAN)
    page = Reading("invoice", None, an_invoice(seller=theirs), has_text=True, pages=1)
    merged = merge_reading(an_invoice(seller=Seller("Algolia SAS", iban=IBAN)), page).seller
    assert (merged.name, merged.vat_id, merged.iban) == ("Algolia SAS", "FR40303265045", IBAN)


def test_just_at_the_limit_it_would_be_posted_by_itself() -> None:
    facts = bill_facts()
    first, *_ = nearest(facts)
    for limit, acts in ((first.probability, True), (first.probability + 1e-9, False)):
        found = nearest(replace(facts, rules=replace(facts.rules, auto_post=limit)))
        assert (found[0].probability, found[0].acts) == (first.probability, acts)


@pytest.mark.parametrize(
    ("level", "where"), [("in the file name", "its file name"), ("in the text", "its text")]
)
def test_an_entry_that_carries_the_number_is_told_where(level: str, where: str) -> None:
    (stop,) = posting_stops(
        bill_facts(ranking=fits(0.1, Evidence("reference", "", "", level, 1.0)))
    )
    assert (
        stop.sentence == f"The entry INV-1 carries this number in {where} and may be this document."
    )


def test_a_credit_note_and_an_invoice_are_never_linked_alone() -> None:
    best = fits(0.9, Evidence("amount", "", "", "opposite sign", -40.0)).candidates[0]
    assert [stop.code for stop in link_stops(best)] == ["sign_conflict"]
    alike = fits(0.9, Evidence("amount", "", "", "equal", 6.0)).candidates[0]
    assert link_stops(alike) == ()
