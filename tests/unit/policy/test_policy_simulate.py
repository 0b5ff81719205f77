"""Other rules tried on past decisions: counts, totals, examples, and what people said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from builders.facts import bill_facts, fits
from builders.matching import an_invoice, euros
from well.domain.candidate import Candidate, Ranking
from well.domain.decision import Decision, Outcome, Rules
from well.domain.money import Money
from well.policy import Facts
from well.policy.simulate import (
    SHOWN_MAX,
    Checked,
    Judged,
    Move,
    Past,
    held,
    simulate,
)

AT = datetime(2026, 4, 22, tzinfo=UTC)
NOW = Rules()
STRICT = Rules(auto_post=0.95)


def past(facts: Facts, number: int = 1, judged: Judged | None = None, **changes: object) -> Past:
    one = Past(f"case-{number}", f"record-{number}", AT, facts, Outcome.POST, judged)
    return replace(one, **changes)  # type: ignore[arg-type]


def unsure(confidence: float) -> Facts:
    parties = Ranking((Candidate("party-1", "A", 1.0, confidence),), 1.0 - confidence)
    return bill_facts(parties=parties)


def test_no_decisions_give_an_empty_result() -> None:
    result = simulate([], NOW, STRICT)
    assert (result.decided, result.changed, result.unlike) == (0, 0, 0)
    assert (result.moves, result.examples) == ((), ())
    assert result.checked_before == result.checked_after == Checked(0, 0)
    assert result.checked_after.lower is None


def test_the_same_rules_change_nothing() -> None:
    result = simulate([past(bill_facts())], NOW, NOW)
    assert (result.decided, result.changed, result.examples) == (1, 0, ())
    assert result.moves == (Move(Outcome.POST, Outcome.POST, 1, (euros("1284.37"),)),)


def test_stricter_limits_send_to_a_person_with_totals_by_currency() -> None:
    dollars = an_invoice(gross_total=Money(500, "USD"), currency="USD")
    result = simulate(
        [
            past(bill_facts()),
            past(bill_facts(invoice=dollars), 2),
            past(bill_facts(), 3),
            past(bill_facts(ranking=fits(0.97)), 4, outcome=Outcome.LINK),
        ],
        NOW,
        STRICT,
    )
    assert result.moves == (
        Move(Outcome.POST, Outcome.REVIEW, 3, (Money(256874, "EUR"), Money(500, "USD"))),
        Move(Outcome.LINK, Outcome.LINK, 1, (euros("1284.37"),)),
    )
    assert (result.decided, result.changed, result.unlike) == (4, 3, 0)
    assert result.count(Outcome.POST, after=False) == 3
    assert result.count(Outcome.POST, after=True) == 0
    assert result.count(Outcome.REVIEW, after=True) == 3
    assert result.count(Outcome.LINK, after=True) == 1


def test_moves_stand_in_the_order_of_the_outcomes() -> None:
    result = simulate(
        [
            past(unsure(0.3), 1, outcome=Outcome.REFUSE),
            past(bill_facts(), 2),
            past(unsure(0.7), 3, outcome=Outcome.REVIEW),
        ],
        NOW,
        Rules(auto_post=0.6, review=0.2),
    )
    assert [(m.before, m.after) for m in result.moves] == [
        (Outcome.POST, Outcome.POST),
        (Outcome.REVIEW, Outcome.POST),
        (Outcome.REFUSE, Outcome.REVIEW),
    ]


def test_an_example_tells_the_record_and_what_would_have_decided_it() -> None:
    (one,) = simulate([past(bill_facts())], NOW, STRICT).examples
    assert (one.case, one.record, one.at) == ("case-1", "record-1", AT)
    assert (one.supplier, one.number) == ("Algolia SAS", "INV-2026-04-100")
    assert one.amount == euros("1284.37")
    assert (one.before, one.after) == (Outcome.POST, Outcome.REVIEW)
    assert one.reason == "Posting it new is 93 % likely to need no correction."


def test_a_record_without_a_name_or_total_still_counts() -> None:
    bare = an_invoice(number=None, gross_total=None)
    nothing = past(bill_facts(invoice=None), 2, outcome=Outcome.REFUSE)
    result = simulate([past(bill_facts(invoice=bare), outcome=Outcome.REFUSE), nothing], NOW, NOW)
    assert result.moves == (Move(Outcome.REFUSE, Outcome.REFUSE, 2, ()),)


def test_the_first_twenty_are_shown_and_all_are_counted() -> None:
    result = simulate((past(bill_facts(), n) for n in range(25)), NOW, STRICT)
    assert result.changed == 25
    assert [one.case for one in result.examples] == [f"case-{n}" for n in range(SHOWN_MAX)]
    assert SHOWN_MAX == 20


def test_decisions_of_earlier_limits_are_compared_with_todays() -> None:
    earlier = past(bill_facts(rules=STRICT), outcome=Outcome.REVIEW)
    result = simulate([earlier, past(bill_facts(), 2)], NOW, STRICT)
    assert result.unlike == 1
    assert result.count(Outcome.POST, after=False) == 2


def decision(outcome: Outcome, entry: str | None = None) -> Decision:
    return Decision(outcome, 0.9, 0.9, entry=entry)


POST, LINK = decision(Outcome.POST), decision(Outcome.LINK, "e-1")


@pytest.mark.parametrize(
    ("made", "judged", "right"),
    [
        (POST, None, None),
        (decision(Outcome.REVIEW), Judged("approve", None, "waiting"), None),
        (POST, Judged("approve", None, "waiting"), True),
        (LINK, Judged("approve", None, "waiting"), False),
        (LINK, Judged("approve", None, "posted"), True),
        (POST, Judged("approve", None, "posted"), True),
        (POST, Judged("link", "e-1", "linked"), False),
        (LINK, Judged("link", "e-1", "linked"), True),
        (LINK, Judged("pin", "e-1", "linked"), True),
        (LINK, Judged("pin", "e-2", "linked"), False),
        (POST, Judged("refuse", None, "refused"), False),
        (LINK, Judged("refuse", None, "refused"), False),
        (LINK, Judged("refuse", None, "linked"), None),
        (POST, Judged("retry", None, "waiting"), None),
        (POST, Judged("reopen", None, "refused"), None),
    ],
)
def test_a_persons_word_agrees_disagrees_or_does_not_tell(
    made: Decision, judged: Judged | None, right: bool | None
) -> None:
    assert held(made, judged, Outcome.REVIEW) is right


def test_a_spot_check_speaks_of_the_outcome_that_was_made() -> None:
    right, wrong = Judged("right", None, ""), Judged("wrong", None, "")
    assert held(POST, right, Outcome.POST) is True
    assert held(POST, wrong, Outcome.POST) is False
    assert held(LINK, wrong, Outcome.LINK) is False
    assert held(LINK, right, Outcome.POST) is None
    assert held(POST, wrong, Outcome.LINK) is None
    assert held(decision(Outcome.REVIEW), right, Outcome.REVIEW) is None


def test_precision_counts_what_would_be_decided_alone() -> None:
    approved = Judged("approve", None, "waiting")
    refused = Judged("refuse", None, "refused")
    lenient = Rules(auto_post=0.6)
    result = simulate(
        [
            past(bill_facts(), 1, approved),
            past(unsure(0.7), 2, approved, outcome=Outcome.REVIEW),
            past(unsure(0.7), 3, refused, outcome=Outcome.REVIEW),
            past(unsure(0.7), 4, outcome=Outcome.REVIEW),
        ],
        NOW,
        lenient,
    )
    assert result.checked_before == Checked(1, 1)
    assert result.checked_after == Checked(2, 3)
    assert result.checked_before.lower == pytest.approx(0.05)
    assert result.checked_after.lower == pytest.approx(0.1353, abs=1e-4)


def test_many_decisions_leave_no_more_behind_than_a_few() -> None:
    def many(count: int) -> list[int]:
        result = simulate((past(bill_facts(), n) for n in range(count)), NOW, STRICT)
        return [len(result.moves), min(len(result.examples), 10)]

    assert many(60) == many(10)


def test_the_window_of_time_is_not_looked_at_here() -> None:
    old = past(bill_facts(), at=AT - timedelta(days=4000))
    assert simulate([old], NOW, NOW).decided == 1
