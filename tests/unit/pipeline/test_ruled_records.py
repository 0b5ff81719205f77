"""Rules of a flow on the line: what they keep out, whom they ask, and what a person can do then."""

from dataclasses import replace

import pytest

from simulation.history import History
from well.domain.case import Case, CaseState, Step
from well.domain.decision import Rules
from well.domain.failure import Failed
from well.domain.rule import Rule, Then
from well.domain.source_record import Kind
from well.pipeline.judge import Judgement, judge
from well.pipeline.replay import replay

NEVER = Rule("Not these", Then.NEVER, stream="bills")
ASK = Rule("Look at these", Then.ASK, kind=Kind.SUPPLIER_INVOICE)


def _under(*rules: Rule) -> History:
    history = History(3)
    history.faults.healed = True
    _ruled(history, *rules)
    history.add_bills(3)
    history.sync()
    return history


def _ruled(history: History, *rules: Rule) -> None:
    flow = history.disk.flows["flow"]
    history.disk.flows["flow"] = replace(flow, rules=Rules(exceptions=rules))


def _bills(history: History) -> list[Case]:
    return [case for case in history.disk.cases.values() if case.key.stream == "bills"]


def test_a_stream_can_be_kept_out_and_each_record_says_by_which_rule() -> None:
    cases = _bills(_under(NEVER))
    assert {case.state for case in cases} == {CaseState.IGNORED}
    assert {case.reason for case in cases} == {"Rule 1 “Not these” says that it is never posted."}
    assert all(case.kept_out for case in cases)


def test_a_kind_can_always_wait_for_a_person_and_nothing_of_it_is_posted() -> None:
    history = _under(ASK, NEVER)
    assert {case.state for case in _bills(history)} == {CaseState.REVIEW}
    assert history.disk.postings == {}


def test_a_decision_under_rules_replays_from_the_trail() -> None:
    history = _under(ASK)
    decided = [event for _, event in history.disk.trail if event.verb == "decided"]
    assert decided
    assert all(replay(event.detail).same for event in decided)


def test_what_a_rule_kept_out_can_be_decided_again_once_the_rule_is_gone() -> None:
    history = _under(NEVER)
    case = _bills(history)[0]
    _ruled(history)
    after = judge(history.work(), case.id, Judgement("reopen"), "ann")
    assert (after.state, after.step) == (CaseState.WAITING, Step.READ)
    history.sync()
    assert history.disk.cases[case.id].state is not CaseState.IGNORED


def test_what_is_ignored_for_what_it_is_stays_ignored() -> None:
    history = _under(NEVER)
    case = _bills(history)[0]
    history.disk.cases[case.id] = replace(case, decision=None)
    with pytest.raises(Failed, match="Somebody or something was faster"):
        judge(history.work(), case.id, Judgement("reopen"), "ann")
