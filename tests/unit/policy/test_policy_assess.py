"""The record's confidence apart and together, and what would change the verdict."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.facts import SURE_PARTY, bill_facts, fits
from builders.matching import an_invoice, page_readings
from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.decision import Outcome, Rules
from well.domain.invoice import Finding
from well.domain.reading import Reading
from well.policy import Facts, acting_limit, assess, decide, nearest, record_confidence
from well.policy.assess import ceiling
from well.policy.nearest import only_gates

EXACT = 1e-12


def weak_party(confidence: float) -> Ranking:
    return Ranking((Candidate("party-1", "Algolia SAS", 1.0, confidence),), 1.0 - confidence)


def test_the_parts_of_a_clean_bill_stand_apart_and_together() -> None:
    known = assess(bill_facts())
    own, parts = record_confidence(bill_facts())
    assert (known.probability, known.parts, known.existing) == (own, parts, None)
    assert known.counterparty == 0.98
    assert (known.completeness.holds, known.policy.holds) == (True, True)
    assert known.shown == own


def test_a_counterparty_is_never_quite_certain_and_a_new_one_less() -> None:
    certain = Ranking((Candidate("party-1", "A", 90.0, 1.0),), 0.0)
    assert assess(bill_facts(parties=certain)).counterparty == 0.99
    assert assess(bill_facts(parties=Ranking(), party=None)).counterparty == 0.97
    assert assess(bill_facts(parties=weak_party(0.3), party=None)).counterparty == 0.7
    stranger = Ranking((Candidate("party-9", "Z", 1.0, 0.4),), 0.6)
    assert assess(bill_facts(parties=stranger)).counterparty == 0.6


def test_where_an_entry_fits_its_confidence_is_the_one_shown() -> None:
    known = assess(bill_facts(ranking=fits(0.9)))
    assert (known.existing, known.shown) == (0.9, 0.9)
    assert known.probability < 0.11


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"duplicate_of": "r"}, 0.84),
        ({"invoice": an_invoice(number=None, gross_total=None)}, None),
        ({"ranking": fits(0.97, Evidence("owner", "", "", "taken", -4.0))}, 0.84),
        ({"duplicate_of": "r", "threshold": 0.93}, 0.92),
        ({"duplicate_of": "r", "rules": Rules(auto_post=0.9)}, 0.89),
    ],
)
def test_behind_a_shut_gate_the_number_stays_below_the_limit(
    changes: dict[str, Any], shown: float | None
) -> None:
    facts = bill_facts(**changes)
    known = assess(facts)
    expected = known.probability if shown is None else shown
    assert known.shown == pytest.approx(expected, abs=EXACT)
    assert decide(facts).together == known.shown
    assert known.shown < acting_limit(facts)


def test_ceilings_by_what_is_missing_and_shut() -> None:
    facts = bill_facts()
    assert ceiling(facts, 0, shut=False) == 1.0
    assert ceiling(facts, 1, shut=False) == 1.0
    assert ceiling(facts, 0, shut=True) == pytest.approx(0.84, abs=EXACT)
    assert ceiling(facts, 1, shut=True) == pytest.approx(0.84, abs=EXACT)
    assert ceiling(facts, 2, shut=True) == pytest.approx(0.54, abs=EXACT)
    assert ceiling(facts, 2, shut=False) == pytest.approx(0.54, abs=EXACT)
    low = bill_facts(rules=Rules(auto_post=0.005, review=0.005))
    assert (ceiling(low, 0, shut=True), ceiling(low, 2, shut=True)) == (0.0, 0.0)


def test_a_record_to_repair_is_not_asked_about_its_entry() -> None:
    poor = an_invoice(number=None, gross_total=None)
    facts = bill_facts(invoice=poor, ranking=fits(0.97))
    known = assess(facts)
    assert known.existing is None
    assert decide(facts).outcome is Outcome.REFUSE
    assert decide(facts).together == known.shown


def test_one_missing_field_leaves_the_entry_asked_about() -> None:
    known = assess(bill_facts(invoice=an_invoice(number=None), ranking=fits(0.97)))
    assert known.existing == 0.97
    assert known.shown == pytest.approx(0.84, abs=EXACT)


def test_the_stricter_of_rule_and_certified_limit_holds() -> None:
    assert acting_limit(bill_facts()) == 0.85
    assert acting_limit(bill_facts(threshold=0.8)) == 0.85
    assert acting_limit(bill_facts(threshold=0.9)) == 0.9
    own = record_confidence(bill_facts())[0]
    assert decide(bill_facts(threshold=own)).outcome is Outcome.POST
    assert decide(bill_facts(threshold=own + 1e-9)).outcome is Outcome.REVIEW
    assert decide(bill_facts(ranking=fits(0.9), threshold=0.9)).outcome is Outcome.LINK
    assert decide(bill_facts(ranking=fits(0.9), threshold=0.91)).outcome is Outcome.REVIEW


def test_a_decision_without_a_probability_shows_its_own_number() -> None:
    decision = decide(bill_facts(deleted=True))
    assert (decision.shown, decision.together) == (None, 1.0)


def test_the_deciding_reasons_leave_out_the_factors() -> None:
    page = Reading("other", None, None, has_text=True)
    odd = Finding("odd_font", "An odd font.")
    facts = bill_facts(duplicate_of="r", reading=page, invoice=an_invoice(findings=(odd,)))
    decision = decide(facts)
    assert [reason.code for reason in decision.deciding] == ["duplicate", "own_confidence"]
    assert len(decision.reasons) == 2 + 1 + 5 + 2 + 1


@given(
    entry=st.floats(0, 1),
    party=st.floats(0, 1),
    duplicate=st.booleans(),
    number=st.booleans(),
    threshold=st.one_of(st.none(), st.floats(0.5, 1)),
)
def test_a_decision_shows_what_the_parts_say_and_acts_alone_only_above_the_limit(
    entry: float, party: float, duplicate: bool, number: bool, threshold: float | None
) -> None:
    facts = bill_facts(
        invoice=an_invoice(number="INV-1" if number else None),
        parties=weak_party(party),
        ranking=fits(entry),
        duplicate_of="r" if duplicate else None,
        threshold=threshold,
    )
    decision, known = decide(facts), assess(facts)
    assert decision.together == known.shown
    if decision.outcome in (Outcome.POST, Outcome.LINK):
        assert known.completeness.holds
        assert known.policy.holds
        assert known.shown >= acting_limit(facts)
    else:
        assert known.shown < acting_limit(facts)


def doubtful() -> Facts:
    """A bill whose supplier is at 80 %, so it is reviewed."""
    return bill_facts(parties=weak_party(0.8))


def test_the_dearest_doubt_is_named_first_with_what_it_would_make() -> None:
    first, *_ = nearest(doubtful())
    own = record_confidence(doubtful())[0]
    assert first.doubt == "who the supplier is"
    assert first.probability == pytest.approx(own / 0.8 * 0.99, abs=EXACT)
    assert first.acts
    assert (
        first.sentence == "Without doubt about who the supplier is it would be "
        f"{first.probability * 100:.0f} %: then it would be posted by itself."
    )


def test_a_doubt_that_is_not_enough_is_told_without_a_promise() -> None:
    weaker = bill_facts(parties=weak_party(0.6), ranking=fits(0.2))
    doubts = {near.doubt: near for near in nearest(weaker)}
    entries = doubts["the existing entries that look alike"]
    own = record_confidence(weaker)[0]
    assert entries.probability == pytest.approx(own / 0.8, abs=EXACT)
    assert not entries.acts
    assert entries.sentence == (
        "Without doubt about the existing entries that look alike it would be "
        f"{entries.probability * 100:.0f} %."
    )


def test_no_promise_is_made_behind_a_shut_gate() -> None:
    assert not nearest(replace(doubtful(), duplicate_of="r"))[0].acts
    one_missing = replace(doubtful(), invoice=an_invoice(number=None))
    assert not any(near.acts for near in nearest(one_missing))


def test_doubts_are_named_in_words() -> None:
    bill = an_invoice(findings=(Finding("odd_font", "An odd font."),))
    other = an_invoice(number="ZZ-999", gross_total=None)
    read = replace(bill, readings=bill.readings + page_readings(other))
    names = [near.doubt for near in nearest(bill_facts(invoice=read))]
    assert names == ["the invoice number", "“An odd font”", "the total"]


def test_three_doubts_are_named_at_the_most_and_small_ones_not_at_all() -> None:
    assert len(nearest(bill_facts(parties=weak_party(0.7)))) == 3
    certain = Ranking((Candidate("party-1", "A", 90.0, 1.0),), 0.0)
    bill = an_invoice()
    twice = replace(bill, readings=bill.readings + page_readings(bill, 0.99))
    assert nearest(bill_facts(invoice=twice, parties=certain)) == ()


def test_nothing_is_promised_where_an_entry_fits_or_the_record_has_to_be_repaired() -> None:
    assert nearest(bill_facts(ranking=fits(0.6))) == ()
    assert nearest(bill_facts(invoice=an_invoice(number=None, gross_total=None))) == ()
    assert nearest(bill_facts(parties=weak_party(0.0))) == ()


def test_only_the_gates_hold_back_a_record_that_is_sure_enough() -> None:
    assert only_gates(bill_facts(duplicate_of="r"))
    assert not only_gates(bill_facts())
    assert not only_gates(replace(doubtful(), duplicate_of="r"))
    assert only_gates(bill_facts(ranking=fits(0.97), today=date(2026, 1, 1)))
    assert not only_gates(bill_facts(ranking=fits(0.6), today=date(2026, 1, 1)))
    assert not only_gates(bill_facts(parties=SURE_PARTY))
