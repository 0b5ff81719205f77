"""Second looks at automatic decisions: who is chosen, and what an answer does."""

from dataclasses import replace

import pytest

from builders.values import a_case, an_entry
from simulation.history import History
from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.case import Case, CaseState, Step
from well.domain.decision import Decision, Outcome, Rules
from well.domain.failure import Failed
from well.domain.learning import FlowMemory, KeptJudgement, SpotCheck
from well.pipeline.checks import (
    Acting,
    Because,
    acting,
    acting_threshold,
    answer_check,
    choose_checks,
    waiting,
)
from well.pipeline.codec import facts_from
from well.pipeline.learning import learned_of
from well.pipeline.work import Work
from well.policy import Facts
from well.policy.monitor import NOTHING_ALONE
from well.policy.threshold import POOLED

ENTRY = Candidate("e1", "e1", 9.0, 0.9, (Evidence("name", "a", "a", "equal", 9.0),))
OTHER = Candidate("e2", "e2", 1.0, 0.1, (Evidence("name", "a", "b", "similar", 1.0),))


@pytest.fixture
def history() -> History:
    history = History(1)
    history.faults.healed = True
    return history


@pytest.fixture
def work(history: History) -> Work:
    return history.work()


def _linked(work: Work, number: int = 1, confidence: float = 0.9) -> Case:
    """A case linked without a person, chosen for a second look."""
    decision = Decision(Outcome.LINK, confidence, 0.5, entry="e1")
    case = a_case(
        number,
        ranking=Ranking((ENTRY, OTHER), 0.0),
        decision=decision,
        entry="e1",
        counterparty="p",
    ).to(CaseState.LINKED, Step.DONE)
    work.store.save_cases([case], work.clock.now())
    work.store.save_entries("dst", [(an_entry(id), []) for id in ("e1", "e2")])
    work.store.save_spot_checks([_check(case, confidence, work)])
    return case


def _check(case: Case, confidence: float, work: Work) -> SpotCheck:
    return SpotCheck(case.id, "flow", case.record, confidence, 1.0, work.clock.now())


def _levels(work: Work) -> dict[tuple[str, str], int]:
    counts = learned_of(work.store.flow_memory("flow")).counts
    return {(k.kind, k.two): n for k, n in counts.items() if k.one == "name"}


def test_a_right_answer_teaches_as_if_a_person_had_linked_it(work: Work) -> None:
    case = _linked(work)
    assert answer_check(work, case.id, True, "ann") is None
    assert _levels(work) == {("match", "equal"): 1, ("other", "similar"): 1}
    check = work.store.spot_check(case.id)
    assert check is not None
    assert (check.right, check.by) == (True, "ann")
    assert check.answered_at is not None
    assert check.chosen_at < check.answered_at
    kept = work.store.newest_judgement(case.id)
    assert kept is not None
    assert (kept.verdict, kept.agreed, kept.confidence) == ("right", True, 0.9)


def test_a_right_new_posting_teaches_that_none_was_right(work: Work) -> None:
    case = _linked(work)
    posted = replace(case, decision=Decision(Outcome.POST, 0.9, 0.9), state=CaseState.POSTED)
    work.store.save_cases([posted], work.clock.now())
    answer_check(work, case.id, True, "ann")
    assert _levels(work) == {("other", "equal"): 1, ("other", "similar"): 1}


def test_a_wrong_one_counts_double(work: Work) -> None:
    case = _linked(work)
    answer_check(work, case.id, False, "ann", entry="e2")
    assert _levels(work) == {("match", "similar"): 2, ("other", "equal"): 2}


def test_a_wrong_one_without_the_right_entry_speaks_against_the_link_only(work: Work) -> None:
    case = _linked(work)
    answer_check(work, case.id, False, "ann")
    assert _levels(work) == {("other", "equal"): 2}


def test_a_wrong_new_posting_without_the_right_entry_teaches_nothing(work: Work) -> None:
    case = _linked(work)
    posted = replace(case, decision=Decision(Outcome.POST, 0.9, 0.9), state=CaseState.POSTED)
    work.store.save_cases([posted], work.clock.now())
    answer_check(work, case.id, False, "ann")
    assert learned_of(work.store.flow_memory("flow")).counts == {}


def test_a_wrong_first_check_raises_the_limit_and_tells(history: History, work: Work) -> None:
    case = _linked(work)
    alarm = answer_check(work, case.id, False, "ann")
    assert alarm is not None
    assert work.store.flow_memory("flow").limit == alarm.limit == 0.9049
    assert acting_threshold(work, work.store.flow_memory("flow")) == 0.9049
    checked, raised = (event for _, event in history.disk.trail[-2:])
    assert (checked.verb, checked.actor, checked.subject) == ("spot checked", "ann", case.record)
    assert checked.detail == {
        "flow": "flow",
        "case": case.id,
        "right": False,
        "entry": None,
        "note": "",
        "before": "linked",
        "after": "review",
    }
    assert (raised.verb, raised.actor, raised.subject) == ("limit raised", "well", "flow")
    assert raised.detail == {"flow": "flow", "limit": 0.9049, "sentence": alarm.sentence}


def test_a_right_one_is_told_and_raises_nothing(history: History, work: Work) -> None:
    case = _linked(work)
    answer_check(work, case.id, True, "ann", entry=None)
    assert [event.verb for _, event in history.disk.trail] == ["spot checked"]
    assert work.store.flow_memory("flow").limit is None


def test_a_target_that_was_proven_is_remembered(work: Work) -> None:
    old = [
        replace(
            _check(a_case(number), 0.9, work), right=True, answered_at=work.clock.now(), by="ann"
        )
        for number in range(10, 352)
    ]
    work.store.save_spot_checks(old)
    answer_check(work, _linked(work).id, True, "ann")
    assert work.store.flow_memory("flow").held is True
    alarm = answer_check(work, _linked(work, 2).id, False, "ann")
    assert alarm is not None
    assert "1 of 344 spot checks" in alarm.sentence


@pytest.mark.parametrize("known", [True, False])
def test_a_check_is_answered_once_and_only_where_one_was_chosen(work: Work, known: bool) -> None:
    case = _linked(work)
    if known:
        answer_check(work, case.id, True, "ann")
    with pytest.raises(Failed, match="not waiting for a second look"):
        answer_check(work, case.id if known else "other", True, "ben")


def test_without_checks_the_shipped_limit_holds(work: Work) -> None:
    assert acting_threshold(work, FlowMemory()) == POOLED[0.99]
    assert acting_threshold(work, FlowMemory(limit=0.97)) == 0.97


def test_a_rule_may_ask_for_a_click_until_59_judgements_agreed(work: Work) -> None:
    work = replace(work, flow=replace(work.flow, rules=Rules(clicks_first=True)))
    for number in range(59):
        assert acting_threshold(work, FlowMemory()) == NOTHING_ALONE
        work.store.keep_judgement(
            KeptJudgement(f"c{number}", "flow", work.clock.now(), "ann", "link", agreed=True)
        )
    assert acting_threshold(work, FlowMemory()) == POOLED[0.99]


@pytest.mark.parametrize(
    ("rules", "memory", "clean", "limit", "because"),
    [
        (Rules(), FlowMemory(), 3, 0.85, Because.RULE),
        (Rules(auto_post=POOLED[0.999], target=0.999), FlowMemory(), 3, 0.9412, Because.RULE),
        (Rules(target=0.999), FlowMemory(), 3, POOLED[0.999], Because.CERTIFIED),
        (Rules(), FlowMemory(limit=0.85), 3, 0.85, Because.RULE),
        (Rules(), FlowMemory(limit=0.97), 3, 0.97, Because.RAISED),
        (Rules(clicks_first=True), FlowMemory(), 58, NOTHING_ALONE, Because.CLICKS),
        (Rules(clicks_first=True), FlowMemory(), 59, 0.85, Because.RULE),
    ],
)
def test_the_limit_in_force_is_the_strictest_and_says_why(
    rules: Rules, memory: FlowMemory, clean: int, limit: float, because: Because
) -> None:
    assert acting(rules, memory, clean) == Acting(limit, because, clean)


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({}, True),
        ({"state": CaseState.POSTED}, True),
        ({"state": CaseState.HELD}, False),
        ({"state": CaseState.REVIEW}, False),
        ({"by": "ann"}, False),
    ],
)
def test_only_what_stands_as_well_left_it_waits_for_an_answer(
    work: Work, changes: dict[str, object], waits: bool
) -> None:
    case = replace(_linked(work), **changes)  # type: ignore[arg-type]
    check = work.store.spot_check(case.id)
    assert waiting(check, case) is waits
    assert waiting(None, case) is False
    assert waiting(check, None) is False
    assert check is not None
    assert waiting(replace(check, right=False), case) is False
    work.store.save_cases([case], work.clock.now())
    listed = work.store.spot_checks("flow", answered=False, limit=9)
    assert [one.case for one in listed] == ([case.id] if waits else [])
    if not waits:
        with pytest.raises(Failed, match="not waiting for a second look"):
            answer_check(work, case.id, True, "ann")
        assert work.store.spot_check(case.id) == check


def test_an_answer_is_not_lost_when_the_record_is_decided_anew(work: Work) -> None:
    one, now = _decided(1, Outcome.POST), work.clock.now()
    (chosen,) = choose_checks(work, [one], now)
    work.store.save_spot_checks([chosen])
    assert choose_checks(work, [one], now) == [chosen]
    work.store.save_spot_checks([replace(chosen, right=False)])
    assert choose_checks(work, [one], now) == []


def test_a_right_answer_leaves_the_case_as_it_is(work: Work) -> None:
    case = _linked(work)
    before = work.store.cases([case.id])[case.id]
    answer_check(work, case.id, True, "ann", entry="e2", note="fine")
    assert work.store.cases([case.id])[case.id] == before
    kept = work.store.newest_judgement(case.id)
    assert kept is not None
    assert (kept.entry, kept.note) == (None, "fine")


def _decided(number: int, outcome: Outcome, first: bool = False) -> tuple[Case, Decision, Facts]:
    decision = Decision(outcome, 0.99, 0.99)
    return a_case(number, decision=decision), decision, Facts(None, first_document=first)


def test_about_five_of_a_first_batch_are_chosen_and_only_automatic_ones(work: Work) -> None:
    alone = [_decided(number, Outcome.POST) for number in range(100)]
    asked = [_decided(number, Outcome.REVIEW) for number in range(100, 900)]
    chosen = choose_checks(work, alone + asked, work.clock.now())
    assert 1 <= len(chosen) <= 12
    assert {check.case for check in chosen} <= {case.id for case, _, _ in alone}
    assert all((c.confidence, c.weight, c.right) == (0.99, 1.0, None) for c in chosen)
    assert choose_checks(work, asked, work.clock.now()) == []


def test_a_first_document_is_looked_at_more_often_and_weighs_less(work: Work) -> None:
    plain = choose_checks(work, [_decided(n, Outcome.LINK) for n in range(400)], work.clock.now())
    first = choose_checks(
        work, [_decided(n, Outcome.LINK, True) for n in range(400)], work.clock.now()
    )
    assert len(first) > 2 * len(plain)
    assert [check.weight for check in first] == [pytest.approx(1 / 3)] * len(first)


def test_decisions_of_the_week_before_make_a_check_rarer(work: Work) -> None:
    few = [_decided(number, Outcome.POST) for number in range(5)]
    assert len(choose_checks(work, few, work.clock.now())) == 5
    done = [a_case(n, state=CaseState.POSTED) for n in range(1_000, 3_000)]
    work.store.save_cases(done, work.clock.now())
    assert len(choose_checks(work, few, work.clock.now())) < 5


def test_a_sync_chooses_checks_and_says_which_limit_held(history: History) -> None:
    history.add_bills(4)
    history.sync()
    posted = [c for c in history.disk.cases.values() if c.state is CaseState.POSTED]
    assert posted
    assert set(history.disk.checks) == {case.id for case in posted}
    assert {c.case for c in history.work().store.spot_checks("flow", False, 10)} == set(
        history.disk.checks
    )
    told = [event for _, event in history.disk.trail if event.verb == "decided"]
    assert {facts_from(event.detail["facts"]).threshold for event in told} == {POOLED[0.99]}


def test_a_raised_limit_sends_the_next_records_to_a_person(history: History) -> None:
    store = history.work().store
    store.save_flow_memory("flow", FlowMemory(limit=NOTHING_ALONE))
    history.add_bills(3)
    history.sync()
    states = {c.state for c in history.disk.cases.values() if c.key.stream == "bills"}
    assert states == {CaseState.REVIEW}
    assert history.disk.checks == {}
