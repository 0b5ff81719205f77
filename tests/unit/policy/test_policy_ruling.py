"""Rules for some records: which one is met, what it moves, and what it can never move."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.facts import bill_facts, fits
from builders.matching import ALGOLIA_VAT, OTHER_IBAN, a_party, an_invoice, euros
from well.domain.decision import Outcome, Rules
from well.domain.invoice import InvoiceLine, Seller
from well.domain.money import Converted, Money
from well.domain.rule import RULES_MAX, Rule, Then
from well.domain.source_record import Kind
from well.pipeline.codec import facts_from, facts_json
from well.policy import Facts, acting_limit, assess, decide, policy_fit
from well.policy.ruling import meets, ruling
from well.policy.simulate import AUTO

RENT = Rule("Rent", Then.LIMITS, 0.95, 0.6, counterparty="algolia sas")


def under(*rules: Rule, **changes: Any) -> Facts:
    return bill_facts(rules=Rules(exceptions=rules), **changes)


def booked(account: str) -> Facts:
    line = InvoiceLine("Rent", Decimal(1), ledger_account=account)
    return bill_facts(invoice=an_invoice(lines=(line,)))


def test_a_stricter_rule_makes_a_person_look_and_says_so() -> None:
    assert decide(bill_facts()).outcome is Outcome.POST
    decision = decide(under(RENT))
    assert decision.outcome is Outcome.REVIEW
    told = [reason.sentence for reason in decision.deciding]
    assert told[1:] == ["Rule 1 “Rent” asks for 95 %, and for a person from 60 %."]


def test_the_limits_of_a_rule_hold_from_the_exact_value_on() -> None:
    own = decide(bill_facts()).record_confidence
    at, above = (replace(RENT, auto_post=limit) for limit in (own, own + 1e-9))
    assert decide(under(at)).outcome is Outcome.POST
    assert decide(under(above)).outcome is Outcome.REVIEW
    link = replace(RENT, auto_post=0.9, review=0.7)
    outcomes = [decide(under(link, ranking=fits(sure))).outcome for sure in (0.9, 0.8999, 0.7)]
    assert outcomes == [Outcome.LINK, Outcome.REVIEW, Outcome.REVIEW]


def test_a_rule_may_lower_the_limit_but_not_below_the_one_that_checks_certify() -> None:
    low = replace(RENT, auto_post=0.5, review=0.4)
    unsure = under(low, ranking=fits(0.6))
    assert decide(unsure).outcome is Outcome.LINK
    certified = replace(unsure, threshold=0.97)
    assert acting_limit(certified) == 0.97
    decision = decide(certified)
    assert decision.outcome is Outcome.REVIEW
    assert "stricter and holds" in decision.reasons[1].sentence


def test_always_ask_is_a_stop_that_names_the_rule() -> None:
    asks = Rule("Big ones", Then.ASK, least=euros("1000"))
    decision = decide(under(asks))
    assert decision.outcome is Outcome.REVIEW
    assert decision.reasons[0].code == "rule_asks"
    assert decision.reasons[0].stops
    assert decision.reasons[0].sentence == "Rule 1 “Big ones” always asks a person."
    assert decide(under(asks, ranking=fits(0.99))).outcome is Outcome.REVIEW


def test_never_post_ignores_the_record_and_names_the_rule() -> None:
    never = Rule("Drafts", Then.NEVER, kind=Kind.SUPPLIER_INVOICE)
    decision = decide(under(Rule("x", account="none"), never, kind=Kind.SUPPLIER_INVOICE))
    assert decision.outcome is Outcome.IGNORE
    assert decision.reasons[0].sentence == "Rule 2 “Drafts” says that it is never posted."
    checks = {check.code: check for check in policy_fit(under(never)).checks}
    assert checks["rule_never"].passed, "facts without a kind meet no rule about one"


def test_what_is_linked_already_is_watched_even_where_a_rule_says_never() -> None:
    never = Rule("All of them", Then.NEVER, counterparty="Algolia SAS")
    held = under(never, previous=an_invoice(number="X-1"), previous_entry="entry-9")
    assert decide(held).outcome is Outcome.HOLD


def test_the_first_rule_that_is_met_wins() -> None:
    never = Rule("Never", Then.NEVER, counterparty="Algolia SAS")
    assert decide(under(RENT, never)).outcome is Outcome.REVIEW
    assert decide(under(never, RENT)).outcome is Outcome.IGNORE


@pytest.mark.parametrize(
    ("total", "met"),
    [("999.99", False), ("1000.00", True), ("5000.00", True), ("5000.01", False)],
)
def test_both_ends_of_a_range_belong_to_it(total: str, met: bool) -> None:
    rule = Rule("Middle", least=euros("1000"), most=euros("5000"))
    assert meets(bill_facts(invoice=an_invoice(gross_total=euros(total))), rule) is met


def test_an_amount_of_another_currency_is_in_no_range() -> None:
    rule = Rule("Dollars", least=Money(1, "USD"))
    assert not meets(bill_facts(), rule)
    assert not meets(bill_facts(invoice=None), rule)


@pytest.mark.parametrize(
    ("name", "met"),
    [("ALGOLIA, S.A.S.", True), ("Algolia", False), (ALGOLIA_VAT.lower(), True), ("Amazon", False)],
)
def test_a_supplier_is_named_by_any_of_its_spellings_or_its_vat_number(
    name: str, met: bool
) -> None:
    party = a_party(vat_ids=(ALGOLIA_VAT,))
    assert meets(bill_facts(party=party), Rule("x", counterparty=name)) is met


def test_a_supplier_nobody_knows_yet_is_the_one_the_record_names() -> None:
    rule = Rule("x", counterparty="Nobody SARL")
    invoice = an_invoice(seller=Seller(name="NOBODY SARL"))
    assert meets(bill_facts(party=None, invoice=invoice), rule)
    assert not meets(bill_facts(invoice=invoice), rule), "what it was resolved to counts"
    assert not meets(bill_facts(party=None, invoice=None), rule)


@pytest.mark.parametrize(
    ("account", "met"), [("Rent", True), ("Costs:Rent", True), ("Rent paid", False)]
)
def test_a_ledger_account_may_have_parents(account: str, met: bool) -> None:
    assert meets(booked(account), Rule("x", account="rent")) is met


def test_a_stream_and_a_kind_are_met_by_records_of_them_alone() -> None:
    bills = Rule("x", stream="bills", kind=Kind.SUPPLIER_INVOICE)
    assert meets(bill_facts(stream="bills", kind=Kind.SUPPLIER_INVOICE), bills)
    assert not meets(bill_facts(stream="bills", kind=Kind.TRANSACTION), bills)
    assert not meets(bill_facts(stream="purchases", kind=Kind.SUPPLIER_INVOICE), bills)


def test_facts_under_rules_come_back_from_the_trail_and_decide_the_same() -> None:
    rule = replace(RENT, least=euros("1"), most=euros("9"), kind=Kind.TRANSACTION, stream="s")
    given_facts = under(rule, RENT, kind=Kind.SUPPLIER_INVOICE, stream="bills")
    again = facts_from(facts_json(given_facts))
    assert again == given_facts
    assert decide(again) == decide(given_facts)


def test_a_flow_has_at_most_thirty_rules() -> None:
    assert RULES_MAX == 30
    Rules(exceptions=(RENT,) * 30)
    with pytest.raises(AssertionError):
        Rules(exceptions=(RENT,) * 31)


SHARES = st.tuples(*[st.floats(0.01, 1.0)] * 2).map(sorted)
RULES = st.builds(
    lambda then, shares, party, least, account: Rule(
        "r", then, shares[1], shares[0], party, least, account=account
    ),
    st.sampled_from(Then),
    SHARES,
    st.sampled_from(["", "Algolia SAS", "Other"]),
    st.sampled_from([None, euros("1"), euros("9000"), Money(1, "USD")]),
    st.sampled_from(["", "Rent"]),
)
STOPPED: list[dict[str, Any]] = [
    {"duplicate_of": "other"},
    {"usual_ibans": ("FR7630001007941234567890185",)},
    {"overturned": True},
    {"invoice": an_invoice(gross_total=Money(0, "EUR"))},
]


@given(st.lists(RULES, max_size=6), st.sampled_from(STOPPED), st.floats(0.0, 1.0))
def test_no_rule_ever_loosens_a_hard_stop(
    rules: list[Rule], stopped: dict[str, Any], sure: float
) -> None:
    given_facts = under(*rules, ranking=fits(sure), **stopped)
    if "usual_ibans" in stopped:
        invoice = an_invoice(seller=Seller(name="Algolia SAS", iban=OTHER_IBAN))
        given_facts = replace(given_facts, invoice=invoice)
    decision = decide(given_facts)
    assert decision.outcome not in AUTO
    assert assess(given_facts).shown < acting_limit(given_facts)


@given(st.lists(RULES, max_size=6), st.floats(0.5, 1.0))
def test_rules_never_act_below_the_certified_limit(rules: list[Rule], limit: float) -> None:
    assert acting_limit(under(*rules, threshold=limit)) >= limit


@given(st.lists(RULES, max_size=8))
def test_the_order_of_rules_decides_and_nothing_behind_the_first_counts(rules: list[Rule]) -> None:
    given_facts = under(*rules)
    met = ruling(given_facts)
    holding = [rule for rule in rules if meets(given_facts, rule)]
    assert (met.rule if met else None) == (holding[0] if holding else None)
    if met is not None:
        cut = under(*rules[: met.number])
        assert decide(cut).outcome is decide(given_facts).outcome
        assert [r.code for r in decide(cut).reasons] == [
            r.code for r in decide(given_facts).reasons
        ]


def test_a_range_counts_what_the_source_says_a_total_is_worth() -> None:
    worth = Converted(Decimal("1183.349"), "EUR", Decimal("0.92"), date(2026, 4, 22))
    invoice = an_invoice(gross_total=Money(128_437, "USD"), currency="USD", converted=worth)
    above = Rule("x", least=euros("1183.34"), most=euros("1183.35"))
    assert meets(bill_facts(invoice=invoice), above)
    assert not meets(bill_facts(invoice=invoice), replace(above, most=euros("1183.34")))
    assert not meets(bill_facts(invoice=invoice), Rule("x", least=Money(1, "GBP")))
