"""A target whose entries cannot be read: what goes there by itself, what a person decides."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.facts import bill_facts
from well import policy
from well.domain.decision import Outcome, Rules, Unseen
from well.policy.gates import policy_fit

INVOICE = bill_facts().invoice
assert INVOICE is not None and INVOICE.issue_date is not None
ISSUED: date = INVOICE.issue_date
AFTER = ISSUED + timedelta(days=1)


@pytest.mark.parametrize(
    ("unseen", "since", "outcome"),
    [
        (Unseen.NEW, ISSUED, Outcome.POST),
        (Unseen.NEW, AFTER, Outcome.REVIEW),
        (Unseen.ALL, ISSUED, Outcome.POST),
        (Unseen.ALL, AFTER, Outcome.POST),
        (Unseen.NOTHING, ISSUED, Outcome.REVIEW),
        (Unseen.NOTHING, AFTER, Outcome.REVIEW),
    ],
)
def test_what_goes_by_itself_is_what_the_flow_says(
    unseen: Unseen, since: date, outcome: Outcome
) -> None:
    decision = policy.decide(bill_facts(unseen_from=since, rules=Rules(unseen=unseen)))
    assert decision.outcome is outcome
    if outcome is Outcome.REVIEW:
        assert decision.reasons[0].code == "target_unseen" and decision.reasons[0].stops
        assert decision.together < 0.85


def test_by_default_new_documents_go_and_the_decision_says_what_cannot_be_seen() -> None:
    assert Rules().unseen is Unseen.NEW
    decision = policy.decide(bill_facts(unseen_from=ISSUED))
    told = {reason.code: reason.sentence for reason in decision.reasons}
    assert told["no_duplicate"] == "Whether the target holds it already cannot be seen."


def test_an_older_document_is_told_the_day_it_is_compared_with() -> None:
    decision = policy.decide(bill_facts(unseen_from=AFTER))
    assert f"before it was connected on {AFTER}" in decision.reasons[0].sentence


@pytest.mark.parametrize("unseen", list(Unseen))
def test_the_rule_says_nothing_where_the_target_is_seen(unseen: Unseen) -> None:
    facts = bill_facts(rules=Rules(unseen=unseen))
    assert policy.decide(facts).outcome is Outcome.POST
    assert "target_unseen" not in [check.code for check in policy_fit(facts).checks]


def test_both_answers_stand_among_the_rules_of_the_record() -> None:
    for since, passed in ((ISSUED, True), (AFTER, False)):
        checks = {check.code: check for check in policy_fit(bill_facts(unseen_from=since)).checks}
        assert checks["target_unseen"].passed is passed


@given(st.floats(min_value=0.0, max_value=1.0))
def test_not_seeing_never_makes_a_record_surer_than_an_empty_target_does(none: float) -> None:
    facts = bill_facts()
    ranking = replace(facts.ranking, none_confidence=none)
    blind = policy.record_confidence(replace(facts, unseen_from=ISSUED))[0]
    empty = policy.record_confidence(facts)[0]
    assert blind == empty
    assert policy.record_confidence(replace(facts, ranking=ranking))[0] <= blind
