"""Judgements become counts; another judgement of the case takes the former's part out again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from builders.values import a_case, an_entry, an_invoice
from simulation.history import History
from well import matching
from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.case import Case, CaseState, Step
from well.domain.decision import Decision, Outcome
from well.domain.learning import FlowMemory, KeptJudgement
from well.domain.trail import TrailEvent
from well.matching.learn import NOTHING, alias_key, digest, month_of, usual_lag
from well.matching.references import reference
from well.matching.tables import alias_bits
from well.pipeline.judge import Judgement, judge
from well.pipeline.learning import Said, agrees, forget, learn, learned_of, model_name, rebuilt
from well.pipeline.work import Work
from well.policy.monitor import NOTHING_ALONE


def _candidate(id: str, confidence: float, level: str) -> Candidate:
    return Candidate(id, id, 1.0, confidence, (Evidence("name", "a", "b", level, 1.0),))


RANKING = Ranking((_candidate("e1", 0.6, "equal"), _candidate("e2", 0.1, "similar")), 0.3)


@pytest.fixture
def history() -> History:
    history = History(1)
    history.faults.healed = True
    return history


@pytest.fixture
def work(history: History) -> Work:
    return history.work()


def _open_case(work: Work, number: int = 1, **changes: object) -> Case:
    case = a_case(number, ranking=RANKING, counterparty="party-1")
    case = replace(case, **changes)
    work.store.save_cases([case], work.clock.now())
    work.store.save_entries(
        "dst", [(an_entry(id, issue_date=date(2026, 1, 9)), []) for id in ("e1", "e2")]
    )
    return case


def _counts(work: Work) -> dict[tuple[str, str, str, str], int]:
    counts = learned_of(work.store.flow_memory("flow")).counts
    assert all(key.month == month_of(work.clock.now().date()) for key in counts)
    return {key[:4]: count for key, count in counts.items()}


def _say(work: Work, case: Case, verdict: str, entry: str | None = None) -> None:
    judge(work, case.id, Judgement(verdict, entry, "note"), "ann")  # type: ignore[arg-type]


def test_linking_teaches_the_chosen_and_the_rejected(work: Work) -> None:
    _say(work, _open_case(work), "link", "e2")
    form = reference("F-1")
    assert form is not None
    assert _counts(work) == {
        ("entry", "documents", "", ""): 1,
        ("entry", "match", "name", "similar"): 1,
        ("entry", "other", "name", "equal"): 1,
        ("entry", "lag", "party-1", "7"): 1,
        ("entry", "shape", "party-1", form.shape): 1,
        ("party", "alias", "fournisseur 1", "party-1"): 1,
        ("party", "documents", "", ""): 1,
    }


def test_pinning_an_entry_that_was_not_found_teaches_no_levels_of_it(work: Work) -> None:
    case = _open_case(work)
    work.store.save_entries("dst", [(an_entry("e9"), [])])
    _say(work, case, "pin", "e9")
    counts = _counts(work)
    assert not [key for key in counts if key[1] == "match"]
    assert ("entry", "none", "", "") not in counts
    assert counts["entry", "other", "name", "equal"] == 1
    assert not [key for key in counts if key[1] == "lag"]


def test_posting_anew_teaches_that_none_was_right(work: Work) -> None:
    _say(work, _open_case(work), "approve")
    counts = _counts(work)
    assert counts["entry", "none", "", ""] == 1
    assert counts["entry", "other", "name", "equal"] == 1
    assert counts["entry", "other", "name", "similar"] == 1
    assert not [key for key in counts if key[1] in ("match", "lag")]


def test_a_supplier_nobody_knows_is_one_more_new_one(work: Work) -> None:
    _say(work, _open_case(work, counterparty=None), "approve")
    counts = _counts(work)
    assert counts["party", "none", "", ""] == 1
    assert not [key for key in counts if key[1] in ("alias", "shape")]


def test_refusing_teaches_nothing(work: Work) -> None:
    _say(work, _open_case(work), "refuse")
    assert learned_of(work.store.flow_memory("flow")) == NOTHING


def test_accepting_what_stands_at_the_target_teaches_nothing(work: Work) -> None:
    _say(work, _open_case(work, entry="e1"), "approve")
    assert learned_of(work.store.flow_memory("flow")) == NOTHING


def test_a_case_that_could_not_be_read_teaches_nothing(work: Work) -> None:
    _say(work, _open_case(work, invoice=None), "link", "e1")
    assert learned_of(work.store.flow_memory("flow")) == NOTHING


def test_another_judgement_of_the_case_replaces_what_the_former_taught(work: Work) -> None:
    other = _open_case(work, 2)
    _say(work, other, "link", "e1")
    before = work.store.flow_memory("flow")
    case = _open_case(work, 1)
    _say(work, case, "approve")
    assert work.store.flow_memory("flow") != before
    work.store.save_cases([case.to(CaseState.FAILED, Step.DONE)], work.clock.now())
    work.clock.sleep(1)
    _say(work, case, "retry")
    assert work.store.flow_memory("flow") == before


def test_the_state_is_the_sum_of_the_log(work: Work) -> None:
    for number in range(1, 5):
        work.clock.sleep(1)
        _say(work, _open_case(work, number), "link", "e1" if number % 2 else "e2")
    case = _open_case(work, 2)
    work.clock.sleep(1)
    _say(work, case, "approve")
    assert rebuilt(work) == learned_of(work.store.flow_memory("flow"))
    assert rebuilt(work) != NOTHING


def test_the_log_keeps_who_said_what(work: Work) -> None:
    case = _open_case(work)
    _say(work, case, "link", "e1")
    kept = work.store.newest_judgement(case.id)
    assert kept is not None
    assert (kept.case, kept.flow, kept.by, kept.verdict) == (case.id, "flow", "ann", "link")
    assert (kept.entry, kept.note, kept.agreed, kept.confidence) == ("e1", "note", True, 0.6)


@pytest.mark.parametrize(
    ("verdict", "entry", "agreed"),
    [
        ("link", "e1", True),
        ("link", "e2", False),
        ("pin", "e9", False),
        ("approve", None, False),
        ("refuse", None, False),
        ("retry", None, None),
        ("reopen", None, None),
    ],
)
def test_a_person_agrees_who_chooses_the_likeliest(
    verdict: str, entry: str | None, agreed: bool | None
) -> None:
    assert agrees(a_case(ranking=RANKING), Said(verdict, entry, "", "ann")) is agreed


def test_posting_anew_agrees_where_none_is_likeliest() -> None:
    approve = Said("approve", None, "", "ann")
    assert agrees(a_case(ranking=Ranking()), approve) is True
    even = Ranking((_candidate("e1", 0.5, "equal"),), 0.5)
    assert agrees(a_case(ranking=even), approve) is False
    assert agrees(a_case(ranking=even), Said("refuse", None, "", "ann")) is False
    assert agrees(a_case(ranking=Ranking()), Said("refuse", None, "", "ann")) is False


def test_names_and_lags_are_remembered(work: Work) -> None:
    for number in range(1, 6):
        work.clock.sleep(1)
        invoice = an_invoice(number, seller=replace(an_invoice().seller, name="ACME  Ltd."))
        _say(work, _open_case(work, number, invoice=invoice), "link", "e1")
    learned = learned_of(work.store.flow_memory("flow"))
    month = month_of(work.clock.now().date())
    assert alias_bits(learned, alias_key("Acme Ltd"), "party-1", month) > 2.5
    assert usual_lag(learned, "party-1") == 5


def test_the_model_is_named_after_what_it_learned(work: Work) -> None:
    assert model_name(learned_of(work.store.flow_memory("flow"))) == matching.VERSION
    _say(work, _open_case(work), "link", "e1")
    memory = work.store.flow_memory("flow")
    assert model_name(learned_of(memory)) == f"{matching.VERSION}+{digest(learned_of(memory))}"


def test_one_flow_learns_nothing_from_another(work: Work) -> None:
    _say(work, _open_case(work), "link", "e1")
    assert work.store.flow_memory("other") == FlowMemory()


def _judged(work: Work, count: int, *reviewers: str) -> None:
    for number in range(count):
        work.store.keep_judgement(
            KeptJudgement(
                case=f"c{number}",
                flow="flow",
                at=work.clock.now() + timedelta(seconds=number),
                by=reviewers[number % len(reviewers)],
                verdict="link",
                agreed=True,
                confidence=0.95,
            )
        )


@pytest.mark.parametrize(("reviewers", "limit"), [(("ann",), NOTHING_ALONE), (("ann", "ben"), 0.5)])
def test_a_raised_limit_comes_down_on_several_peoples_word_only(
    history: History, reviewers: tuple[str, ...], limit: float
) -> None:
    work = history.work()
    work.store.save_flow_memory("flow", FlowMemory(limit=NOTHING_ALONE))
    _judged(work, 345, *reviewers)
    case = _open_case(work, decision=Decision(Outcome.REVIEW, 0.9, 0.9))
    later = work.clock.now() + timedelta(hours=1)
    learn(work, case, Said("link", "e1", "", "ann"), later)
    assert work.store.flow_memory("flow").limit == limit
    lowered = TrailEvent(
        later,
        "well",
        "limit lowered",
        "flow",
        {"flow": "flow", "limit": 0.5, "before": NOTHING_ALONE},
    )
    told = [event for _, event in history.disk.trail]
    assert told == ([lowered] if limit < NOTHING_ALONE else [])


def test_a_word_on_the_entry_a_record_has_keeps_what_was_taught_of_it(work: Work) -> None:
    case = _open_case(work)
    _say(work, case, "link", "e1")
    taught = _counts(work)
    work.clock.sleep(1)
    held = work.store.cases([case.id])[case.id].to(CaseState.HELD, Step.DONE)
    work.store.save_cases([held], work.clock.now())
    _say(work, held, "refuse")
    assert _counts(work) == taught
    kept = work.store.newest_judgement(case.id)
    assert kept is not None
    assert (kept.verdict, kept.agreed) == ("refuse", True)
    assert rebuilt(work) == learned_of(work.store.flow_memory("flow"))


def test_forgetting_leaves_nothing_and_can_be_told_from_the_log(history: History) -> None:
    work = history.work()
    for number in (1, 2, 3):
        work.clock.sleep(1)
        _say(work, _open_case(work, number), "refuse" if number == 3 else "link", "e1")
    memory = replace(work.store.flow_memory("flow"), limit=0.97, held=True)
    work.store.save_flow_memory("flow", memory)
    before = digest(learned_of(memory))
    assert forget(work, "ben") == 2
    assert work.store.flow_memory("flow") == FlowMemory("", 0.97, True)
    assert rebuilt(work) == NOTHING
    told = history.disk.trail[-1][1]
    assert (told.verb, told.actor, told.subject) == ("learning forgotten", "ben", "flow")
    assert told.detail == {"flow": "flow", "judgements": 2, "before": before}
    marks = [one for one in work.store.newest_judgements("flow") if one.verdict == "forgotten"]
    assert [(one.by, one.agreed, one.confidence) for one in marks] == [("ben", None, 0.6)] * 2
    assert len([one for one in history.disk.judgements.values() if one.verdict == "link"]) == 2


def test_a_forgotten_record_can_be_judged_anew_and_what_follows_is_exact(work: Work) -> None:
    case = _open_case(work)
    _say(work, case, "link", "e1")
    taught = work.store.flow_memory("flow")
    forget(work, "ben")
    assert forget(work, "ben") == 0
    work.clock.sleep(1)
    _say(work, _open_case(work), "link", "e1")
    assert work.store.flow_memory("flow") == taught
    assert rebuilt(work) == learned_of(taught)


def test_a_mark_of_forgetting_is_the_newest_line_whatever_the_clock_says(work: Work) -> None:
    case, later = _open_case(work), work.clock.now() + timedelta(days=1)
    learn(work, case, Said("link", "e1", "", "ann"), later)
    forget(work, "ben")
    kept = work.store.newest_judgement(case.id)
    assert kept is not None
    assert (kept.verdict, kept.at) == ("forgotten", later + timedelta(microseconds=1))


def test_forgetting_one_flow_leaves_another_as_it_is(work: Work) -> None:
    work.store.save_flow_memory("other", FlowMemory("theirs"))
    _say(work, _open_case(work), "link", "e1")
    forget(work, "ben")
    assert work.store.flow_memory("other") == FlowMemory("theirs")


def test_what_tells_nothing_does_not_bring_a_limit_down(work: Work) -> None:
    work.store.save_flow_memory("flow", FlowMemory(limit=NOTHING_ALONE))
    _judged(work, 342, "ann", "ben")
    case = _open_case(work, decision=Decision(Outcome.REVIEW, 0.9, 0.9))
    learn(work, case, Said("refuse", None, "", "ann"), work.clock.now() + timedelta(hours=1))
    assert work.store.flow_memory("flow").limit == NOTHING_ALONE
