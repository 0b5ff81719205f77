"""A target whose entries cannot be read: it goes on or asks, as the flow says, and says so."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from builders.facts import bill_facts
from well import policy
from well.domain.decision import Outcome, Rules
from well.policy.gates import policy_fit

ASKS = Rules(post_unseen=False)


def test_by_default_a_document_goes_there_and_the_reasons_say_what_cannot_be_seen() -> None:
    decision = policy.decide(bill_facts(unseen=True))
    assert decision.outcome is Outcome.POST
    told = {reason.code: reason.sentence for reason in decision.reasons}
    assert told["no_duplicate"] == "Whether the target holds it already cannot be seen."


def test_a_flow_that_asks_sends_every_document_to_review() -> None:
    decision = policy.decide(bill_facts(unseen=True, rules=ASKS))
    assert decision.outcome is Outcome.REVIEW
    assert decision.reasons[0].code == "target_unseen" and decision.reasons[0].stops
    assert decision.together < 0.85


def test_the_rule_says_nothing_where_the_target_is_seen() -> None:
    seen = policy.decide(bill_facts(rules=ASKS))
    assert seen.outcome is Outcome.POST
    assert "target_unseen" not in [check.code for check in policy_fit(bill_facts()).checks]


def test_both_answers_stand_among_the_rules_of_the_record() -> None:
    for rules, passed in ((Rules(), True), (ASKS, False)):
        checks = {c.code: c for c in policy_fit(bill_facts(unseen=True, rules=rules)).checks}
        assert checks["target_unseen"].passed is passed


@given(st.floats(min_value=0.0, max_value=1.0))
def test_not_seeing_never_makes_a_record_surer_than_an_empty_target_does(none: float) -> None:
    facts = bill_facts()
    ranking = replace(facts.ranking, none_confidence=none)
    blind = policy.record_confidence(replace(facts, unseen=True))[0]
    empty = policy.record_confidence(facts)[0]
    assert blind == empty
    assert policy.record_confidence(replace(facts, ranking=ranking))[0] <= blind
