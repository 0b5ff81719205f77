"""Past decisions out of the trail: the newest of each record, with what was said after it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from builders.facts import bill_facts
from well.domain.decision import Outcome
from well.domain.trail import TrailEvent
from well.pipeline.codec import facts_json
from well.pipeline.simulate import VERBS, WINDOW, PastDecisions, past_of
from well.policy.simulate import Judged

AT = datetime(2026, 4, 22, tzinfo=UTC)


def decided(record: str, minute: int = 0, flow: str = "flow", **changes: Any) -> TrailEvent:
    detail = {
        "flow": flow,
        "case": f"case-{record}",
        "outcome": "post",
        "facts": facts_json(bill_facts()),
        **changes,
    }
    return TrailEvent(AT + timedelta(minutes=minute), "well", "decided", record, detail)


def judged(record: str, verdict: str = "refuse", **changes: Any) -> TrailEvent:
    detail = {"flow": "flow", "verdict": verdict, "entry": None, "after": "refused", **changes}
    return TrailEvent(AT, "a@b.example", "judged", record, detail)


def test_a_decision_comes_back_as_it_was_made() -> None:
    one = past_of(decided("r"))
    assert (one.case, one.record, one.at) == ("case-r", "r", AT)
    assert (one.facts, one.outcome, one.judged) == (bill_facts(), Outcome.POST, None)


def test_the_newest_decision_of_each_record_of_the_flow_counts() -> None:
    events = [
        decided("a", 3, outcome="review"),
        decided("b", 2),
        decided("a", 1),
        decided("c", 0, flow="other"),
    ]
    past = PastDecisions(events, "flow")
    assert [(one.record, one.outcome) for one in past] == [
        ("a", Outcome.REVIEW),
        ("b", Outcome.POST),
    ]
    assert past.unreadable == 0


def test_the_newest_word_said_after_the_decision_belongs_to_it() -> None:
    events = [
        judged("a", "link", entry="e-1", after="linked"),
        judged("a", "refuse"),
        decided("a"),
        judged("b"),
        decided("b", flow="other"),
    ]
    (one,) = PastDecisions(events, "flow")
    assert one.judged == Judged("link", "e-1", "linked")


def test_what_was_said_before_the_newest_decision_is_past() -> None:
    (one,) = PastDecisions([decided("a", 2), judged("a"), decided("a", 1)], "flow")
    assert one.judged is None


def test_a_judgement_of_another_flow_or_without_a_decision_is_no_decision() -> None:
    assert list(PastDecisions([judged("a"), judged("b", flow="other")], "flow")) == []


@pytest.mark.parametrize(
    "changes", [{"facts": {"invoice": 7}}, {"outcome": "fly"}, {"facts": {"nope": 1}}]
)
def test_what_cannot_be_understood_is_counted_and_left_out(changes: dict[str, Any]) -> None:
    broken = decided("b", **changes)
    without = TrailEvent(AT, "well", "decided", "c", {"flow": "flow", "outcome": "post"})
    past = PastDecisions([decided("a"), broken, without], "flow")
    assert [one.record for one in past] == ["a"]
    assert past.unreadable == 2


@pytest.mark.parametrize(("right", "verdict"), [(True, "right"), (False, "wrong")])
def test_a_spot_check_is_a_persons_word_on_what_was_decided(right: bool, verdict: str) -> None:
    detail = {"flow": "flow", "case": "case-a", "right": right, "entry": None}
    check = TrailEvent(AT, "a@b.example", "spot checked", "a", detail)
    (one,) = PastDecisions([check, decided("a")], "flow")
    assert one.judged == Judged(verdict, None, "")


def test_ninety_days_and_three_verbs_are_looked_at() -> None:
    assert timedelta(days=90) == WINDOW
    assert VERBS == ("decided", "judged", "spot checked")
