"""Histories whose documents go by mail: each is mailed once, whatever is cut, and none is lost."""

from dataclasses import replace

import pytest

from simulation.history import History
from simulation.mail_target import MailTarget
from well.domain.case import Case, CaseState
from well.domain.failure import Failure, FailureKind
from well.domain.posting import Posting, PostingState
from well.pipeline import arrive, post
from well.ports.target import Sent

SEEDS = 25


def _played(seed: int, sees: bool = True) -> History:
    history = History(seed, by_mail=True)
    history.target.limits = replace(history.target.limits, sees_entries=sees)
    history.play()
    for _ in range(3):
        history.clock.sleep(86_400)
        history.sync()
    return history


def _target(history: History) -> MailTarget:
    assert isinstance(history.target, MailTarget)
    return history.target


def _cases(history: History) -> dict[str, Case]:
    return {case.key.source_id: case for case in history.disk.cases.values()}


def _check(history: History) -> None:
    assert not [id for id, count in _target(history).taken.items() if count > 1]
    cases = _cases(history)
    for bill in history.source.bills.values():
        if not bill.deleted or bill.id in cases:
            assert cases[bill.id].state is not CaseState.WAITING, cases[bill.id]
    for posting in history.disk.postings.values():
        if posting.state is PostingState.CONFIRMED:
            assert _target(history).has(posting.id), "what is confirmed has arrived"


@pytest.mark.parametrize("sees", [True, False])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_document_is_mailed_once_and_none_is_forgotten(seed: int, sees: bool) -> None:
    history = _played(seed, sees)
    _check(history)
    unknown = [p for p in history.disk.postings.values() if p.state is PostingState.UNKNOWN]
    assert all(posting.asks for posting in unknown), "somebody is asked about each"


@pytest.mark.parametrize("seed", range(SEEDS))
def test_with_a_person_who_looks_every_document_arrives_exactly_once(seed: int) -> None:
    history = _played(seed)
    for _ in range(3):
        history.answer()
        history.sync()
        history.clock.sleep(3 * 86_400)
        history.sync()
    _check(history)
    for posting in history.disk.postings.values():
        if history.disk.cases[posting.case].state is CaseState.POSTED:
            assert _target(history).taken[posting.id] == 1
    assert not [p for p in history.disk.postings.values() if p.state is PostingState.UNKNOWN]


def test_without_faults_every_document_is_mailed_seen_and_confirmed() -> None:
    history = History(1, by_mail=True)
    history.faults.healed = True
    history.add_bills(12)
    history.sync()
    states = {c.reason for c in history.disk.cases.values() if c.key.stream == "bills"}
    assert states == {arrive.HANDED_OVER}
    history.clock.sleep(3600)
    history.sync()
    bills = [c for c in history.disk.cases.values() if c.key.stream == "bills"]
    assert {c.state for c in bills} == {CaseState.POSTED}
    assert {c.entry for c in bills} == set(history.target.held)


def test_an_edit_after_mailing_is_held_and_nothing_is_mailed_again() -> None:
    for sees in (True, False):
        history = History(2, by_mail=True)
        history.target.limits = replace(history.target.limits, sees_entries=sees)
        history.faults.healed = True
        history.add_bills(1)
        history.sync()
        (bill,) = history.source.bills.values()
        bill.total += 100
        bill.version += 1
        history.clock.sleep(3600)
        bill.changed_at = history.clock.at
        for _ in range(4):
            history.sync()
            history.clock.sleep(86_400)
        assert _cases(history)["1"].state is CaseState.HELD
        assert list(_target(history).taken.values()) == [1]


def _found_by_some_seed() -> bool:
    for seed in range(SEEDS):
        try:
            _check(_played(seed))
        except AssertionError:
            return True
    return False


def test_resending_after_the_dot_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def settled(posting: Posting, sent: Sent, *rest: object) -> Posting:
        if sent.failure and sent.failure.kind is FailureKind.NO_ANSWER:
            sent = Sent(posting.id, failure=Failure(FailureKind.TRANSIENT, "Send it again."))
        return kept(posting, sent, *rest)  # type: ignore[arg-type]

    kept = post.settle
    monkeypatch.setattr(post, "settle", settled)
    assert _found_by_some_seed()


def test_resending_what_is_not_found_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked(work: object, posting: Posting, entry: object, now: object) -> Posting:
        after = kept(work, posting, entry, now)  # type: ignore[arg-type]
        if not after.asks:
            return after
        return replace(after, state=PostingState.PLANNED, not_before=None)

    kept = arrive._looked
    monkeypatch.setattr(arrive, "_looked", looked)
    assert _found_by_some_seed()


@pytest.mark.slow
def test_without_a_planted_bug_no_seed_complains() -> None:
    assert not _found_by_some_seed()
