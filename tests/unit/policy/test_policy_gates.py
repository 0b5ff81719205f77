"""Completeness and policy: gates that are open or shut, each with its sentence."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from builders.facts import SURE_PARTY, bill_facts, fits
from builders.matching import IBAN, OTHER_IBAN, a_party, an_invoice, euros
from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.decision import Outcome, Rules
from well.domain.invoice import Finding, Seller
from well.domain.money import Money
from well.domain.reading import Reading
from well.policy import Facts, completeness, decide, policy_fit
from well.policy.gates import before_window, fitting_entry
from well.policy.stops import stops


def broken(facts: Facts) -> dict[str, str]:
    return {check.code: check.sentence for check in policy_fit(facts).broken}


def test_a_complete_bill_has_five_of_five_fields() -> None:
    whole = completeness(an_invoice())
    assert (whole.present, whole.wanted, whole.missing, whole.holds) == (5, 5, (), True)
    assert whole.sentence == "5 of 5 mandatory fields are there."


def test_missing_fields_are_counted_and_named() -> None:
    whole = completeness(an_invoice(number=None, gross_total=None))
    assert (whole.present, whole.missing, whole.holds) == (3, ("invoice number", "total"), False)
    assert whole.sentence == "3 of 5 mandatory fields are there; missing: invoice number, total."
    nothing = completeness(None)
    assert (nothing.present, nothing.wanted) == (0, 5)
    assert nothing.missing == ("invoice number", "date", "total", "currency", "supplier")


def test_a_clean_bill_keeps_every_rule_and_each_says_so() -> None:
    fit = policy_fit(bill_facts())
    assert fit.holds
    assert fit.broken == ()
    assert fit.sentence == "14 of 14 rules are kept."
    assert [(check.code, check.sentence) for check in fit.checks] == [
        ("kind", "Records of this kind are posted in this flow."),
        ("window", "Not dated before the flow's history begins."),
        ("file", "The file, where there is one, could be read."),
        ("findings", "Nothing in the file forbids posting it alone."),
        ("bank_details", "No bank account that is new for this supplier."),
        ("duplicate", "No other record of the same document was posted."),
        ("overturned", "No spot check found wrong what was decided of it."),
        ("entries", "All existing entries that look alike were compared."),
        ("ambiguous", "No two existing entries fit equally well."),
        ("amount", "No total of zero or below."),
        ("arithmetic", "No sum that does not add up."),
        ("date", "No date in the future."),
        ("suppliers", "All known suppliers that look alike were compared."),
        ("post", "No existing entry looks like this document after all."),
    ]


TWINS = Ranking((Candidate("a", "A", 20.0, 0.40), Candidate("b", "B", 19.5, 0.30)), 0.30)
FOREIGN = Evidence("amount", "100.00 EUR", "100.00 USD", "other currency", -9.0)
TAKEN = Evidence("owner", "", "another record", "taken", -4.0)
SAME_NUMBER = (Evidence("reference", "1", "1", "equal", 10.0), Evidence("name", "", "", "equal", 5))


@pytest.mark.parametrize(
    ("changes", "code", "sentence"),
    [
        ({"posted_kind": False}, "kind", "This kind of record is kept, not posted."),
        (
            {"since": date(2026, 4, 23)},
            "window",
            "Dated before 2026-04-23, where the flow's history begins.",
        ),
        (
            {"reading": Reading("unreadable", None, None)},
            "file",
            "The file could not be read.",
        ),
        (
            {"reading": Reading("other", None, None, error="Locked with a password.")},
            "file",
            "Locked with a password.",
        ),
        (
            {"invoice": an_invoice(findings=(Finding("hidden_text", "Hidden text.", True),))},
            "findings",
            "Hidden text.",
        ),
        (
            {
                "invoice": an_invoice(seller=Seller("Algolia SAS", iban=OTHER_IBAN)),
                "usual_ibans": (IBAN,),
            },
            "bank_details",
            f"Bank account {OTHER_IBAN} is not one this supplier used before.",
        ),
        (
            {"duplicate_of": "record-7"},
            "duplicate",
            "Another record with the same supplier, number and total was posted or linked.",
        ),
        (
            {"looks_like": "record-7"},
            "duplicate",
            "A record of another flow with the same supplier, day and total is on its way there.",
        ),
        (
            {"overturned": True},
            "overturned",
            "A spot check found wrong what Well decided of this record, so a person decides it "
            "from now on.",
        ),
        (
            {"ranking": Ranking((), 1.0, truncated=True)},
            "entries",
            "Too many existing entries look alike to compare them all.",
        ),
        ({"ranking": TWINS}, "ambiguous", "A and B fit about equally well."),
        (
            {"invoice": an_invoice(gross_total=euros("0"))},
            "amount",
            "The total 0.00 EUR is not above zero.",
        ),
        (
            {"invoice": an_invoice(net_total=euros("1000"), tax_total=euros("100"))},
            "arithmetic",
            "1000.00 EUR and VAT 100.00 EUR do not add up to 1284.37 EUR.",
        ),
        ({"today": date(2026, 4, 20)}, "date", "The date 2026-04-22 is in the future."),
        (
            {"parties": replace(SURE_PARTY, truncated=True)},
            "suppliers",
            "Too many known suppliers look alike to compare them all.",
        ),
        (
            {"ranking": fits(0.01, *SAME_NUMBER)},
            "post",
            "INV-1 has the same supplier and number but not this total.",
        ),
        (
            {"ranking": fits(0.97, FOREIGN)},
            "link",
            "INV-1 is in another currency; totals were not compared.",
        ),
        (
            {"ranking": fits(0.97, TAKEN)},
            "link",
            "INV-1 already belongs to another record of the source.",
        ),
    ],
)
def test_a_broken_rule_says_what_is_wrong_and_no_other_rule_does(
    changes: dict[str, Any], code: str, sentence: str
) -> None:
    facts = bill_facts(**changes)
    assert broken(facts) == {code: sentence}
    assert not policy_fit(facts).holds
    assert policy_fit(facts).sentence == "13 of 14 rules are kept."
    assert decide(facts).outcome not in (Outcome.POST, Outcome.LINK)


def test_rules_for_linking_stand_in_place_of_those_for_posting_where_an_entry_fits() -> None:
    codes = [check.code for check in policy_fit(bill_facts(ranking=fits(0.55))).checks]
    assert codes[-1] == "link"
    assert "post" not in codes
    kept = "The entry belongs to no other record and is no refund against an invoice."
    assert policy_fit(bill_facts(ranking=fits(0.55))).checks[-1].sentence == kept


def test_an_entry_fits_from_the_review_limit_on() -> None:
    assert fitting_entry(bill_facts()) is None
    assert fitting_entry(bill_facts(ranking=fits(0.549))) is None
    best = fitting_entry(bill_facts(ranking=fits(0.55)))
    assert best is not None
    assert best.id == "entry-1"


def test_the_window_begins_with_its_first_day() -> None:
    assert before_window(bill_facts(since=date(2026, 4, 23)))
    assert not before_window(bill_facts(since=date(2026, 4, 22)))
    assert not before_window(bill_facts())
    assert not before_window(bill_facts(invoice=None, since=date(2026, 4, 22)))


def closed(until: date | None) -> Facts:
    return bill_facts(rules=Rules(closed_until=until))


def test_a_document_of_a_closed_period_waits_for_a_person() -> None:
    assert broken(closed(date(2026, 4, 22))) == {
        "closed_period": "The date 2026-04-22 is in a period that was closed until 2026-04-22."
    }
    assert broken(closed(date(2026, 4, 21))) == {}
    decision = decide(closed(date(2026, 4, 22)))
    assert (decision.outcome, decision.reasons[0].code) == (Outcome.REVIEW, "closed_period")
    assert decide(closed(date(2026, 4, 21))).outcome is Outcome.POST


def test_optional_rules_are_shown_only_where_they_are_in_force() -> None:
    def codes(rules: Rules) -> list[str]:
        return [check.code for check in policy_fit(bill_facts(rules=rules)).checks]

    assert {"closed_period", "first_document"}.isdisjoint(codes(Rules()))
    both = codes(Rules(closed_until=date(2020, 1, 1), first_document_max=euros("9999.00")))
    assert both[-3:] == ["closed_period", "first_document", "post"]
    kept = {c.code: c.sentence for c in policy_fit(closed(date(2020, 1, 1))).checks}
    assert kept["closed_period"] == "Not dated in a closed period."


def first(limit: Money | None, **changes: Any) -> Facts:
    rules = Rules(first_document_max=limit)
    return bill_facts(rules=rules, first_document=True, **changes)


def test_a_suppliers_large_first_document_waits_for_a_person() -> None:
    assert broken(first(euros("1284.36"))) == {
        "first_document": "This supplier's first document is of 1284.37 EUR; without a person "
        "only 1284.36 EUR may pass."
    }
    assert broken(first(euros("1284.37"))) == {}
    assert decide(first(euros("1284.36"))).reasons[0].code == "first_document"
    assert decide(first(euros("1284.37"))).outcome is Outcome.POST
    assert broken(first(None)) == {}


def test_a_later_document_of_the_supplier_is_not_held_to_that_limit() -> None:
    later = replace(first(euros("1.00")), first_document=False)
    assert broken(later) == {}
    unknown = replace(later, party=None)
    assert list(broken(unknown)) == ["first_document"]


def test_a_first_document_in_another_currency_is_not_compared_but_asked_about() -> None:
    assert list(broken(first(Money(10_000_000, "USD")))) == ["first_document"]
    assert broken(first(euros("1.00"), invoice=an_invoice(gross_total=None))) == {}


def test_what_shuts_the_gate_is_what_stops_the_decision() -> None:
    facts = bill_facts(
        duplicate_of="r",
        today=date(2026, 4, 1),
        party=a_party(ibans=(IBAN,)),
        invoice=an_invoice(seller=Seller("Algolia SAS", iban=OTHER_IBAN)),
    )
    assert [reason.code for reason in stops(facts)] == [
        "bank_details_changed",
        "duplicate",
        "future_date",
    ]
    assert list(broken(facts)) == ["bank_details", "duplicate", "date"]
    assert all(reason.stops for reason in stops(facts))


def test_two_reasons_of_one_rule_are_told_together_and_each_once() -> None:
    hidden = Finding("hidden_text", "Hidden text.", True)
    odd = Finding("odd", "Two totals.", True)
    reading = Reading("invoice", None, None, findings=(hidden,))
    facts = bill_facts(invoice=an_invoice(findings=(hidden, odd)), reading=reading)
    assert broken(facts) == {"findings": "Hidden text. Two totals."}
