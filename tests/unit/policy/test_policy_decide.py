"""The decision table row by row, and the stops above it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.matching import (
    IBAN,
    OTHER_IBAN,
    a_party,
    an_entry,
    an_invoice,
    euros,
    page_readings,
)
from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.decision import Outcome, Rules
from well.domain.entry import TargetEntry
from well.domain.invoice import Finding, Invoice, Seller
from well.domain.reading import Reading
from well.matching import rank_entries, rank_parties, seller_source
from well.policy import Facts, decide, record_confidence
from well.ports.store import Block


def facts(*entries: TargetEntry, invoice: Invoice | None = None, **changes: Any) -> Facts:
    """A clean bill of a known vendor, and what exists at the target."""
    bill = invoice or an_invoice()
    party = a_party()
    source = seller_source(bill.seller, "qb")
    base = Facts(
        invoice=bill,
        parties=rank_parties(bill.seller, Block((party,)), source),
        party=party,
        ranking=rank_entries(bill, party, Block(entries)),
    )
    return replace(base, **changes)


def existing(confidence: float, **changes: Any) -> Ranking:
    best = Candidate("entry-1", "INV-1 · Algolia", 10.0, confidence)
    return replace(Ranking((best,), 1.0 - confidence), **changes)


def page(invoice: Invoice | None = None, kind: str = "invoice", **changes: Any) -> Reading:
    return replace(Reading(kind, None, invoice, has_text=True, pages=1), **changes)


def outcome(given_facts: Facts) -> tuple[Outcome, str]:
    decision = decide(given_facts)
    return decision.outcome, decision.reasons[0].code


def test_a_clean_bill_is_posted_with_88_to_99_percent() -> None:
    decision = decide(facts())
    assert decision.outcome is Outcome.POST
    assert 0.88 <= decision.record_confidence <= 0.99
    assert decision.confidence == decision.record_confidence
    assert decision.entry is None


def test_an_agreeing_page_raises_the_confidence() -> None:
    bill = an_invoice()
    read_twice = replace(bill, readings=bill.readings + page_readings(bill))
    assert record_confidence(facts(invoice=read_twice))[0] > record_confidence(facts())[0]


def test_a_scan_without_text_is_posted() -> None:
    assert decide(facts(reading=page(None, "other", has_text=False))).outcome is Outcome.POST


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [(0.97, Outcome.LINK), (0.85, Outcome.LINK), (0.84, Outcome.REVIEW), (0.55, Outcome.REVIEW)],
)
def test_an_existing_entry_is_linked_or_reviewed_by_its_band(
    confidence: float, expected: Outcome
) -> None:
    decision = decide(facts(ranking=existing(confidence)))
    assert decision.outcome is expected
    assert decision.confidence == confidence
    assert decision.entry == "entry-1"


def test_an_unlikely_entry_lets_a_sure_record_be_posted() -> None:
    assert decide(facts(ranking=existing(0.02))).outcome is Outcome.POST


def test_a_middling_entry_leaves_the_record_to_review_and_never_to_refusal() -> None:
    for confidence in (0.20, 0.40, 0.54):
        assert decide(facts(ranking=existing(confidence))).outcome is Outcome.REVIEW


def test_a_poor_record_is_reviewed_and_a_bad_one_refused() -> None:
    unsure = Ranking((Candidate("party-1", "A", 1.0, 0.7),), 0.3)
    assert decide(facts(parties=unsure)).outcome is Outcome.REVIEW
    bad = Ranking((Candidate("party-1", "A", 1.0, 0.4),), 0.6)
    assert decide(facts(parties=bad)).outcome is Outcome.REFUSE


def test_a_linked_record_is_kept_updated_or_held_and_never_posted_again() -> None:
    linked = facts(previous=an_invoice(), previous_entry="entry-9")
    assert outcome(linked) == (Outcome.KEEP, "unchanged")
    edited = replace(linked, previous=an_invoice(gross_total=euros("1.00")))
    assert outcome(edited) == (Outcome.HOLD, "changed_since_posting")
    assert outcome(replace(edited, target_updatable=True)) == (Outcome.LINK, "update")
    assert outcome(replace(linked, deleted=True)) == (Outcome.HOLD, "deleted_after_posting")
    assert decide(edited).entry == "entry-9"


def test_a_deleted_record_or_one_of_another_kind_is_ignored() -> None:
    assert outcome(facts(deleted=True)) == (Outcome.IGNORE, "deleted")
    assert outcome(facts(posted_kind=False)) == (Outcome.IGNORE, "evidence_only")


def test_one_missing_field_is_reviewed_and_more_are_refused() -> None:
    assert outcome(facts(invoice=an_invoice(number=None))) == (Outcome.REVIEW, "missing")
    poor = an_invoice(number=None, gross_total=None, issue_date=None)
    assert outcome(facts(invoice=poor)) == (Outcome.REFUSE, "missing")
    assert decide(Facts(invoice=None)).outcome is Outcome.REFUSE


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"duplicate_of": "record-7"}, "duplicate"),
        ({"overturned": True}, "overturned"),
        ({"reading": page(None, "unreadable", error="The PDF is encrypted.")}, "unreadable"),
        ({"ranking": Ranking((), 1.0, truncated=True)}, "truncated"),
        ({"parties": Ranking((Candidate("party-1", "A", 9, 0.99),), 0.01, True)}, "truncated"),
        (
            {"invoice": an_invoice(findings=(Finding("hidden_text", "Hidden text.", True),))},
            "hidden_text",
        ),
        (
            {"invoice": an_invoice(net_total=euros("1000"), tax_total=euros("100"))},
            "arithmetic",
        ),
        ({"invoice": an_invoice(gross_total=euros("0"))}, "no_amount"),
        (
            {
                "invoice": an_invoice(seller=Seller("Algolia SAS", iban=OTHER_IBAN)),
                "usual_ibans": (IBAN,),
            },
            "bank_details_changed",
        ),
        (
            {
                "reading": page(an_invoice(seller=Seller("Algolia", iban=OTHER_IBAN))),
                "usual_ibans": (IBAN,),
            },
            "bank_details_changed",
        ),
    ],
)
def test_a_hard_stop_sends_to_review_whatever_the_confidence(
    changes: dict[str, Any], code: str
) -> None:
    decision = decide(replace(facts(), **changes))
    assert decision.outcome is Outcome.REVIEW
    assert decision.reasons[0].code == code
    assert decision.reasons[0].stops


@pytest.mark.parametrize("total", ["1284.37", "1300.00"])
def test_an_entry_that_was_found_wrong_stays_with_a_person(total: str) -> None:
    posted = replace(facts(), previous=an_invoice(), previous_entry="entry-1")
    now = replace(posted, invoice=an_invoice(gross_total=euros(total)), overturned=True)
    decision = decide(now)
    assert (decision.outcome, decision.entry) == (Outcome.REVIEW, "entry-1")
    assert decision.reasons[0].code == "overturned"
    gone = decide(replace(now, deleted=True))
    assert (gone.outcome, gone.reasons[0].code) == (Outcome.HOLD, "deleted_after_posting")


def test_a_text_page_that_could_not_be_read_lowers_but_does_not_stop() -> None:
    decision = decide(facts(reading=page(None, "other")))
    assert decision.outcome is Outcome.POST
    assert decision.record_confidence < decide(facts()).record_confidence


def test_a_date_in_the_future_is_asked() -> None:
    known = facts(today=date(2026, 4, 1))
    assert outcome(known) == (Outcome.REVIEW, "future_date")
    assert decide(replace(known, today=date(2026, 4, 21))).outcome is Outcome.POST


def test_the_usual_account_with_blanks_is_no_change() -> None:
    bill = an_invoice(seller=Seller("Algolia SAS", iban="FR76 3000 1007 9412 3456 7890 185"))
    assert decide(replace(facts(invoice=bill), usual_ibans=(IBAN,))).outcome is Outcome.POST


def test_a_taken_entry_is_never_linked_twice() -> None:
    taken = Candidate(
        "e", "INV-1", 20.0, 0.99, (Evidence("owner", "", "another record", "taken", -4.0),)
    )
    assert outcome(facts(ranking=Ranking((taken,), 0.01))) == (Outcome.REVIEW, "entry_taken")


def test_two_candidates_within_a_bit_are_never_linked() -> None:
    twins = (Candidate("a", "A", 20.0, 0.86), Candidate("b", "B", 19.5, 0.13))
    assert outcome(facts(ranking=Ranking(twins, 0.01))) == (Outcome.REVIEW, "two_fit")


def test_the_entry_already_there_under_another_spelling_is_linked() -> None:
    entry = an_entry(supplier_name="ALGOLIA S.A.S.", invoice_number="INV2026/04 100")
    assert decide(facts(entry)).outcome is Outcome.LINK


def test_a_recurring_bill_is_posted_beside_last_months() -> None:
    march = an_entry(invoice_number="INV-2026-03-099", issue_date=an_invoice().issue_date)
    assert decide(facts(march)).outcome is Outcome.POST


def test_a_credit_note_is_posted_beside_its_invoice() -> None:
    assert decide(facts(an_entry(), invoice=an_invoice(credit_note=True))).outcome is Outcome.POST


def test_the_same_number_with_another_total_is_asked() -> None:
    assert outcome(facts(an_entry(gross_total=euros("900.00")))) == (Outcome.REVIEW, "same_number")


def test_the_same_day_and_total_with_a_strange_number_is_asked() -> None:
    assert outcome(facts(an_entry(invoice_number="77812"))) == (Outcome.REVIEW, "look_alike")


def test_an_unread_entry_with_the_number_in_its_file_name_is_asked() -> None:
    entry = an_entry(
        file_name="INV-2026-04-100.pdf",
        invoice_number=None,
        supplier_name=None,
        gross_total=None,
        issue_date=None,
    )
    assert outcome(facts(entry)) == (Outcome.REVIEW, "unread_entry")


def test_equal_duplicates_at_the_target_are_asked_and_not_posted_a_third_time() -> None:
    assert decide(facts(an_entry(), an_entry(id="entry-2"))).outcome is Outcome.REVIEW


def test_the_reasons_weights_add_up_to_the_percentage() -> None:
    for given_facts in (facts(), facts(an_entry()), facts(invoice=an_invoice(number=None))):
        own, reasons = record_confidence(given_facts)
        assert 100 + sum(reason.weight for reason in reasons) == pytest.approx(own * 100)


def test_the_page_naming_another_supplier_lowers_the_confidence() -> None:
    other = page(an_invoice(seller=Seller(name="Dupont Conseil")))
    assert record_confidence(facts(reading=other))[0] < record_confidence(facts())[0]


def test_a_page_that_uses_a_known_name_clears_the_suppliers_contradiction() -> None:
    finding = Finding("seller_differs", "The page names Search Co.", True)
    party = a_party(names=("Algolia SAS", "Search Company"))
    seen = page(an_invoice(seller=Seller(name="Search Company")), findings=(finding,))
    assert decide(facts(party=party, reading=seen)).outcome is Outcome.POST


def test_thresholds_are_the_flows_own() -> None:
    strict = Rules(auto_post=0.99, review=0.55, version=2)
    assert decide(facts(rules=strict)).outcome is Outcome.REVIEW


@given(st.floats(0, 1), st.floats(0, 1), st.booleans(), st.booleans())
def test_every_input_gets_a_decision_with_reasons_and_the_same_one_twice(
    entry: float, party: float, deleted: bool, taken: bool
) -> None:
    parties = Ranking((Candidate("party-1", "A", 1.0, party),), 1.0 - party)
    given_facts = facts(
        parties=parties,
        ranking=existing(entry),
        deleted=deleted,
        duplicate_of="r" if taken else None,
    )
    decision = decide(given_facts)
    assert decision.reasons
    assert decision == decide(given_facts)
    assert 0.0 <= decision.record_confidence <= 1.0
    if taken and not deleted:
        assert decision.outcome is Outcome.REVIEW
