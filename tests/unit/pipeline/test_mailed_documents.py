"""The life of a mailed document: its states, what comes back, and what a person says."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from builders.values import AT, a_case, a_posting
from simulation.history import ROUTE, History
from simulation.mail_target import MailTarget
from well.domain.case import Case, CaseState, Step
from well.domain.delivery import Delivery, DeliveryState
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.posting import NEVER, Posting, PostingState
from well.pipeline.arrive import (
    FIRST_LOOK,
    HANDED_OVER,
    LOOK_FOR,
    MAY_BE_THERE,
    NOT_SEEN,
    UNSEEN,
    look_batch,
)
from well.pipeline.judge import Judgement, Verdict, judge
from well.pipeline.post import settle, settle_case
from well.pipeline.returned import after_return, returned, take_reports
from well.ports.mailer import DeliveryReport
from well.ports.target import Sent, TargetLimits

LIMITS = TargetLimits(1, 10_000_000, 0.0, 3600.0, sends_again=False)
TAKEN = Delivery(DeliveryState.HANDED_OVER, "<p@w>", AT, "250 ok")
UNKNOWN = a_posting(state=PostingState.UNKNOWN, attempts=1, first_sent_at=AT, last_sent_at=AT)
SENT = replace(UNKNOWN, state=PostingState.SENT, delivery=TAKEN)


def _failed(kind: FailureKind) -> Sent:
    return Sent(UNKNOWN.id, failure=Failure(kind, "No."))


@pytest.mark.parametrize(
    ("sees", "look", "state", "reason"),
    [
        (True, AT + FIRST_LOOK, CaseState.WAITING, HANDED_OVER),
        (False, NEVER, CaseState.POSTED, UNSEEN),
    ],
)
def test_a_document_that_was_handed_over_waits_to_be_seen_where_it_can_be(
    sees: bool, look: datetime, state: CaseState, reason: str
) -> None:
    limits = replace(LIMITS, sees_entries=sees)
    posting = settle(UNKNOWN, Sent(UNKNOWN.id, delivery=TAKEN), AT, limits)
    assert (posting.state, posting.delivery, posting.not_before) == (
        PostingState.SENT,
        TAKEN,
        look,
    )
    case = settle_case(a_case(), posting)
    assert (case.state, case.reason, case.posted) == (state, reason, a_case().invoice)


@pytest.mark.parametrize(
    ("attempts", "state", "wait"),
    [
        (1, PostingState.PLANNED, 600),
        (2, PostingState.PLANNED, 1200),
        (7, PostingState.PLANNED, 38_400),
        (8, PostingState.REJECTED, 0),
    ],
)
def test_a_busy_mail_server_is_tried_again_for_about_a_day(
    attempts: int, state: PostingState, wait: int
) -> None:
    posting = replace(UNKNOWN, attempts=attempts)
    after = settle(posting, _failed(FailureKind.TRANSIENT), AT, LIMITS)
    assert after.state is state
    if wait:
        assert after.not_before == AT + timedelta(seconds=wait)


def test_a_broken_connection_after_the_dot_is_never_planned_again() -> None:
    after = settle(UNKNOWN, _failed(FailureKind.NO_ANSWER), AT, LIMITS)
    assert after.state is PostingState.UNKNOWN


def _mailed(sees: bool = True, taken: bool = True) -> tuple[History, Case, Posting]:
    """One bill, mailed a moment ago; not `taken`: the connection broke after the dot."""
    history = History(3, by_mail=True)
    history.faults.healed = True
    history.target.limits = replace(history.target.limits, sees_entries=sees)
    if not taken:
        history.faults.healed = False
        history.faults.crash = history.faults.transient = 0.0
        history.faults.lost_answer = 1.0
    history.add_bills(1)
    history.sync()
    history.faults.healed = True
    return history, *_of(history)


def _of(history: History) -> tuple[Case, Posting]:
    case = next(c for c in history.disk.cases.values() if c.key.stream == "bills")
    (posting,) = history.disk.postings.values()
    return case, posting


def _taken(history: History) -> int:
    assert isinstance(history.target, MailTarget)
    return sum(history.target.taken.values())


@pytest.mark.parametrize(("early", "asked"), [(1, False), (0, True)])
def test_what_is_not_seen_within_two_days_is_asked_about(early: float, asked: bool) -> None:
    history, case, posting = _mailed()
    assert (case.state, case.reason) == (CaseState.WAITING, HANDED_OVER)
    history.target.held.clear()
    assert posting.last_sent_at is not None
    history.clock.at = posting.last_sent_at + LOOK_FOR - timedelta(seconds=early)
    look_batch(history.work())
    case, posting = _of(history)
    assert bool(posting.asks) is asked
    if asked:
        assert (case.state, case.reason) == (CaseState.REVIEW, NOT_SEEN.sentence)


@pytest.mark.parametrize(("early", "asked"), [(1, False), (0, True)])
def test_a_broken_connection_is_asked_about_when_an_entry_should_be_listed(
    early: float, asked: bool
) -> None:
    history, case, posting = _mailed(taken=False)
    assert (case.state, posting.state) == (CaseState.WAITING, PostingState.UNKNOWN)
    history.target.held.clear()
    assert posting.last_sent_at is not None
    history.clock.at = posting.last_sent_at + timedelta(seconds=3600 - early)
    look_batch(history.work())
    case, posting = _of(history)
    assert (case.state is CaseState.REVIEW, bool(posting.asks)) == (asked, asked)
    assert not asked or case.reason == MAY_BE_THERE.sentence


def test_what_arrived_although_its_answer_was_lost_is_found_and_not_asked_about() -> None:
    history, _, _ = _mailed(taken=False)
    history.clock.sleep(3600)
    history.sync()
    case, posting = _of(history)
    assert (case.state, posting.state) == (CaseState.POSTED, PostingState.CONFIRMED)
    assert (case.entry, _taken(history)) == ("draft-0", 1)


def _asked() -> tuple[History, Case]:
    history, _, _ = _mailed(sees=False, taken=False)
    history.clock.sleep(3600)
    history.sync()
    case, posting = _of(history)
    assert posting.asks
    return history, case


def _say(history: History, case: Case, verdict: Verdict) -> Case:
    return judge(history.work(), case.id, Judgement(verdict), "p@a.example")


def test_seeing_it_confirms_and_nothing_is_mailed_again() -> None:
    history, case = _asked()
    after = _say(history, case, "seen")
    assert (after.state, after.by) == (CaseState.POSTED, "well")
    history.sync()
    assert (_of(history)[1].state, _taken(history)) == (PostingState.CONFIRMED, 1)
    with pytest.raises(Failed, match="confirmed already"):
        _say(history, case, "seen")


def test_sending_again_is_one_more_message_and_only_where_it_was_asked_for() -> None:
    history, case = _asked()
    after = _say(history, case, "again")
    assert (after.state, after.step) == (CaseState.WAITING, Step.POST)
    history.sync()
    assert _taken(history) == 2
    case, _ = _of(history)
    assert (case.state, case.reason) == (CaseState.POSTED, UNSEEN)
    with pytest.raises(Failed):
        _say(history, case, "again")


def test_what_may_be_there_is_not_posted_as_new_by_approving() -> None:
    history, case = _asked()
    with pytest.raises(Failed, match="mailed already"):
        _say(history, case, "approve")


def test_linking_to_the_entry_answers_the_question() -> None:
    history, _, _ = _mailed(taken=False)
    entry = next(iter(history.target.held.values()))
    history.target.held[entry.id] = replace(entry, supplier_name="Misread Ltd")
    history.clock.sleep(3600)
    history.sync()
    case, posting = _of(history)
    assert posting.asks
    judge(history.work(), case.id, Judgement("pin", entry=entry.id), "p@a.example")
    case, posting = _of(history)
    assert (case.state, posting.state, posting.entry) == (
        CaseState.LINKED,
        PostingState.CONFIRMED,
        entry.id,
    )


def test_nothing_is_mailed_before_a_person_has_seen_the_test() -> None:
    history = History(3, by_mail=True)
    history.faults.healed = True
    link = history.disk.connections["dst"]
    for route in (None, replace(ROUTE, tested=False)):
        history.disk.connections["dst"] = replace(link, mail=route)
        history.add_bills(1)
        history.sync()
        assert _taken(history) == 0
    assert {p.state for p in history.disk.postings.values()} == {PostingState.PLANNED}
    history.disk.connections["dst"] = link
    history.sync()
    assert _taken(history) == 2


def _report(state: DeliveryState, seconds: float = 60, note: str = "5.1.1 no") -> Delivery:
    return Delivery(state, "<p@w>", AT + timedelta(seconds=seconds), note)


BOUNCED, DELIVERED = DeliveryState.BOUNCED, DeliveryState.DELIVERED


def test_a_bounce_rejects_with_its_reason() -> None:
    after = returned(SENT, _report(BOUNCED), AT)
    assert after is not None and after.failure is not None
    assert (after.state, after.failure.kind) == (PostingState.REJECTED, FailureKind.REJECTED)
    assert "5.1.1 no" in after.failure.sentence
    case = after_return(a_case(state=CaseState.POSTED), SENT, after)
    assert (case.state, case.posted, case.failure) == (CaseState.FAILED, None, after.failure)


def test_a_receipt_explains_a_broken_connection() -> None:
    asked = replace(UNKNOWN, failure=MAY_BE_THERE, not_before=NEVER)
    after = returned(asked, _report(DELIVERED), AT)
    assert after is not None
    assert (after.state, after.asks, after.not_before) == (PostingState.SENT, "", AT)
    case = after_return(a_case(), asked, after)
    assert (case.state, case.step) == (CaseState.WAITING, Step.CONFIRM)


@pytest.mark.parametrize(
    ("posting", "report"),
    [
        (replace(SENT, state=PostingState.CONFIRMED), _report(BOUNCED)),
        (replace(SENT, state=PostingState.REJECTED), _report(BOUNCED)),
        (replace(SENT, state=PostingState.PLANNED), _report(BOUNCED)),
        (replace(SENT, entry="entry-1"), _report(BOUNCED)),
        (SENT, _report(BOUNCED, -61)),
        (SENT, _report(DeliveryState.HANDED_OVER, 0)),
        (replace(SENT, delivery=_report(DELIVERED)), _report(DELIVERED, 59)),
        (replace(SENT, delivery=_report(DELIVERED)), _report(DeliveryState.HANDED_OVER, 90)),
    ],
)
def test_old_news_changes_nothing(posting: Posting, report: Delivery) -> None:
    assert returned(posting, report, AT) is None


@pytest.mark.parametrize(
    "report",
    [_report(BOUNCED, -60), _report(DELIVERED), _report(DeliveryState.HANDED_OVER, 1, "delayed")],
)
def test_news_changes_the_delivery(report: Delivery) -> None:
    after = returned(SENT, report, AT)
    assert after is not None
    assert after.delivery == report


def test_reports_are_taken_once_and_those_of_others_not_at_all() -> None:
    history, _, posting = _mailed(sees=False)
    bounce = Delivery(BOUNCED, "<p@w>", history.clock.now(), "5.7.1 sender not registered")
    reports = [DeliveryReport(posting.id, bounce), DeliveryReport("someone-else", bounce)]
    store = history.work().store
    assert take_reports(store, reports, history.clock.now()) == 1
    assert take_reports(store, reports, history.clock.now()) == 0
    case, posting = _of(history)
    assert (case.state, posting.state) == (CaseState.FAILED, PostingState.REJECTED)
    assert "sender not registered" in case.reason
    judge(history.work(), case.id, Judgement("retry"), "p@a.example")
    history.sync()
    assert _taken(history) == 2, "a person retried it after the bounce"


def test_an_unknown_document_that_bounces_is_no_question_any_more() -> None:
    history, _ = _asked()
    _, posting = _of(history)
    bounce = Delivery(BOUNCED, "<p@w>", history.clock.now(), "no")
    take_reports(history.work().store, [DeliveryReport(posting.id, bounce)], history.clock.now())
    case, posting = _of(history)
    assert (case.state, posting.asks) == (CaseState.FAILED, "")
