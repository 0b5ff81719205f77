"""What becomes of a record whose automatic decision a person found wrong."""

from dataclasses import replace
from typing import Any

import pytest

from builders.values import a_case, an_entry
from simulation.history import History
from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.case import Case, CaseState, Step
from well.domain.decision import Decision, Outcome
from well.domain.failure import Failed, FailureKind
from well.domain.learning import SpotCheck
from well.domain.posting import PostingState
from well.matching import RULES, entry_keys
from well.matching.learn import NOTHING
from well.pipeline.checks import answer_check
from well.pipeline.decide import decide_batch
from well.pipeline.judge import Judgement, judge
from well.pipeline.learning import learned_of, rebuilt
from well.pipeline.plan import plan_posting
from well.pipeline.work import Work

ENTRY = Candidate("e1", "e1", 9.0, 0.9, (Evidence("name", "a", "a", "equal", 9.0),))
OTHER = Candidate("e2", "e2", 1.0, 0.1, (Evidence("name", "a", "b", "similar", 1.0),))


@pytest.fixture
def work() -> Work:
    history = History(1)
    history.faults.healed = True
    return history.work()


def _done(work: Work, state: CaseState, **changes: object) -> Case:
    """A case of that state without a person, chosen for a second look."""
    outcome = Outcome.LINK if state is CaseState.LINKED else Outcome.POST
    case = a_case(
        1,
        ranking=Ranking((ENTRY, OTHER), 0.0),
        decision=Decision(outcome, 0.9, 0.9, entry="e1"),
        entry="e1",
        posted=a_case(1).invoice,
        counterparty="p",
    ).to(state, Step.DONE)
    case = replace(case, **changes)  # type: ignore[arg-type]
    now = work.clock.now()
    work.store.save_cases([case], now)
    work.store.save_entries("dst", [(an_entry(id), []) for id in ("e1", "e2")])
    work.store.save_spot_checks([SpotCheck(case.id, "flow", case.record, 0.9, 1.0, now)])
    return case


def _after(work: Work, case: Case) -> Case:
    return work.store.cases([case.id])[case.id]


def _wrong(work: Work, case: Case, entry: str | None = None, note: str = "") -> Case:
    answer_check(work, case.id, False, "ann", entry, note)
    work.clock.sleep(1)
    return _after(work, case)


def _counts(work: Work) -> dict[tuple[str, str], int]:
    counts = learned_of(work.store.flow_memory("flow")).counts
    assert rebuilt(work).counts == counts
    return {(k.kind, k.two): n for k, n in counts.items() if k.one == "name"}


def test_a_wrong_link_whose_entry_is_known_is_moved_to_it(work: Work) -> None:
    after = _wrong(work, _done(work, CaseState.LINKED, posted=None), "e2")
    assert (after.state, after.step, after.by) == (CaseState.LINKED, Step.DONE, "ann")
    assert (after.entry, after.posted) == ("e2", after.invoice)
    assert after.reason == "linked to another entry after a spot check"


def test_a_wrong_link_without_another_goes_to_review_with_no_entry(work: Work) -> None:
    after = _wrong(work, _done(work, CaseState.LINKED), note="Other client.")
    assert (after.state, after.step, after.by) == (CaseState.REVIEW, Step.DONE, "ann")
    assert (after.entry, after.posted) == (None, None)
    assert after.reason == "A spot check found it wrong: it is not “e1.pdf”. Other client."


def test_a_record_that_was_linked_wrongly_is_then_posted_once(work: Work) -> None:
    case = _done(work, CaseState.LINKED)
    _wrong(work, case)
    judge(work, case.id, Judgement("approve"), "ben")
    planned = work.store.find_postings("flow", list(PostingState), 9, work.clock.now())
    assert [posting.state for posting in planned] == [PostingState.PLANNED]
    with pytest.raises(Failed, match="faster"):
        judge(work, case.id, Judgement("approve"), "ben")


def test_a_wrong_posting_stays_the_records_own_and_waits_for_a_person(work: Work) -> None:
    after = _wrong(work, _done(work, CaseState.POSTED), note="A value is wrong.")
    assert (after.state, after.by, after.entry) == (CaseState.REVIEW, "ann", "e1")
    assert after.posted == after.invoice
    assert after.reason == (
        "A spot check found it wrong: correct or remove “e1.pdf” at the target by hand, then say "
        "so here. A value is wrong."
    )


def test_a_wrong_posting_of_an_entry_that_was_there_is_linked_and_says_what_to_remove(
    work: Work,
) -> None:
    after = _wrong(work, _done(work, CaseState.POSTED), "e2")
    assert (after.state, after.entry) == (CaseState.REVIEW, "e2")
    assert after.reason == (
        "A spot check found it wrong: it was there before; remove “e1.pdf” at the target by hand, "
        "then say so here."
    )


@pytest.mark.parametrize(
    ("state", "own"),
    [
        (PostingState.UNKNOWN, True),
        (PostingState.SENT, True),
        (PostingState.CONFIRMED, True),
        (PostingState.PLANNED, False),
        (PostingState.REJECTED, False),
    ],
)
def test_what_may_have_been_written_is_never_let_go(
    work: Work, state: PostingState, own: bool
) -> None:
    case = _done(work, CaseState.LINKED)
    posting = plan_posting(work, case, 0.9, work.clock.now())
    work.store.save_postings([replace(posting, state=state)])
    assert _wrong(work, case).entry == ("e1" if own else None)


@pytest.mark.parametrize(
    ("verdict", "state"), [("approve", CaseState.POSTED), ("removed", CaseState.REFUSED)]
)
def test_a_person_goes_on_from_a_wrong_posting_and_nothing_is_posted_again(
    work: Work, verdict: str, state: CaseState
) -> None:
    case = _done(work, CaseState.POSTED)
    _wrong(work, case)
    after = judge(work, case.id, Judgement(verdict), "ben")  # type: ignore[arg-type]
    assert (after.state, after.entry, after.by) == (state, "e1", "ben")
    assert work.store.find_postings("flow", list(PostingState), 9, work.clock.now()) == []


def test_a_removed_entry_says_so_and_can_be_reopened(work: Work) -> None:
    case = _done(work, CaseState.POSTED)
    _wrong(work, case)
    after = judge(work, case.id, Judgement("removed"), "ben")
    assert after.reason == "a person removed its entry at the target; it is not posted again"
    work.clock.sleep(1)
    again = judge(work, case.id, Judgement("reopen"), "ben")
    assert (again.state, again.step, again.entry) == (CaseState.WAITING, Step.READ, "e1")


def test_nothing_can_be_removed_where_there_is_no_entry(work: Work) -> None:
    case = _done(work, CaseState.LINKED)
    _wrong(work, case)
    with pytest.raises(Failed) as caught:
        judge(work, case.id, Judgement("removed"), "ben")
    assert caught.value.failure.sentence == (
        "This record has no entry at the target that could have been removed."
    )
    assert _after(work, case).state is CaseState.REVIEW


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("nowhere", "That entry is not known at the target. Choose one of the list."),
        ("e1", "That is the entry it has already. If it is right, say so."),
    ],
)
def test_an_entry_that_cannot_be_right_is_refused_and_nothing_is_kept(
    work: Work, entry: str, sentence: str
) -> None:
    case = _done(work, CaseState.LINKED)
    before = _after(work, case)
    with pytest.raises(Failed) as caught:
        answer_check(work, case.id, False, "ann", entry)
    assert caught.value.failure.sentence == sentence
    assert caught.value.failure.kind is FailureKind.CONFLICT
    assert _after(work, case) == before
    assert work.store.newest_judgement(case.id) is None
    check = work.store.spot_check(case.id)
    assert check is not None
    assert check.right is None


def test_an_entry_that_is_no_longer_mirrored_is_named_by_its_id(work: Work) -> None:
    case = _done(work, CaseState.LINKED, entry="gone")
    assert _wrong(work, case).reason == "A spot check found it wrong: it is not “gone”."
    bare = _done(work, CaseState.POSTED, entry=None)
    assert "“that entry”" in _wrong(work, bare).reason


def test_the_word_after_a_wrong_link_counts_double(work: Work) -> None:
    case = _done(work, CaseState.LINKED)
    _wrong(work, case)
    assert _counts(work) == {("other", "equal"): 2}
    judge(work, case.id, Judgement("link", "e2"), "ben")
    assert _counts(work) == {("match", "similar"): 2, ("other", "equal"): 2}


def test_refusing_what_was_found_wrong_keeps_what_that_taught(work: Work) -> None:
    case = _done(work, CaseState.LINKED)
    _wrong(work, case)
    judge(work, case.id, Judgement("refuse"), "ben")
    assert _counts(work) == {("other", "equal"): 2}
    work.clock.sleep(1)
    judge(work, case.id, Judgement("reopen"), "ben")
    assert learned_of(work.store.flow_memory("flow")) == NOTHING


def test_accepting_what_stands_keeps_what_the_check_taught_and_that_it_was_wrong(
    work: Work,
) -> None:
    case = _done(work, CaseState.POSTED)
    _wrong(work, case, "e2")
    taught = _counts(work)
    assert taught == {("match", "similar"): 2, ("other", "equal"): 2}
    judge(work, case.id, Judgement("approve"), "ben")
    assert _counts(work) == taught
    kept = work.store.newest_judgement(case.id)
    assert kept is not None
    assert (kept.verdict, kept.agreed) == ("approve", False)


def _newer_version(work: Work, case: Case) -> Case:
    """The case decided again, as after a change at its source."""
    again = replace(_after(work, case).to(CaseState.WAITING, Step.DECIDE), newest=2)
    work.store.save_cases([again], work.clock.now())
    assert decide_batch(work) == 1
    return _after(work, case)


def _linkable(work: Work, **changes: object) -> Case:
    """A case that Well linked to an entry with the same number, total, date and supplier."""
    case = _done(work, CaseState.LINKED, **changes)
    assert case.invoice is not None
    entry = an_entry(
        "e1",
        supplier_name=case.invoice.seller.name,
        invoice_number=case.invoice.number,
        issue_date=case.invoice.issue_date,
        gross_total=case.invoice.gross_total,
        iban=case.invoice.seller.iban,
    )
    work.store.save_entries("dst", [(entry, entry_keys([entry])[0])], RULES)
    return case


def test_the_entry_would_be_linked_alone_if_nobody_had_found_it_wrong(work: Work) -> None:
    after = _newer_version(work, _linkable(work, entry=None, posted=None))
    assert (after.state, after.entry, after.by) == (CaseState.LINKED, "e1", "well")


def test_a_link_found_wrong_is_not_made_again_when_the_source_changes(work: Work) -> None:
    case = _linkable(work)
    assert _wrong(work, case).overturned
    for _ in range(2):
        after = _newer_version(work, case)
        assert (after.state, after.entry) == (CaseState.REVIEW, None)
        assert after.reason == (
            "A spot check found wrong what Well decided of this record, so a person decides it "
            "from now on."
        )


def test_a_posting_found_wrong_stays_in_review_when_the_source_changes(work: Work) -> None:
    case = _done(work, CaseState.POSTED)
    _wrong(work, case)
    after = _newer_version(work, case)
    assert (after.state, after.entry, after.overturned) == (CaseState.REVIEW, "e1", True)


@pytest.mark.parametrize(
    ("said", "settled"),
    [
        (Judgement("approve"), True),
        (Judgement("link", "e1"), True),
        (Judgement("pin", "e2"), True),
        (Judgement("refuse"), False),
    ],
)
def test_only_a_person_who_says_what_is_right_settles_what_was_found_wrong(
    work: Work, said: Judgement, settled: bool
) -> None:
    case = _linkable(work)
    _wrong(work, case)
    after = judge(work, case.id, said, "ben")
    assert after.overturned is not settled
    assert _after(work, case).overturned is not settled


@pytest.mark.parametrize(
    ("verdict", "settled"), [("approve", True), ("refuse", True), ("removed", False)]
)
def test_an_entry_that_stands_settles_it_and_one_that_was_removed_does_not(
    work: Work, verdict: Any, settled: bool
) -> None:
    case = _done(work, CaseState.POSTED)
    _wrong(work, case)
    assert judge(work, case.id, Judgement(verdict), "ben").overturned is not settled
    state = _newer_version(work, case).state
    assert state is (CaseState.LINKED if settled else CaseState.REVIEW)


def test_moving_it_to_the_right_entry_settles_it(work: Work) -> None:
    assert not _wrong(work, _done(work, CaseState.LINKED), "e2").overturned
