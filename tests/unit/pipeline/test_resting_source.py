"""A source that wants to rest is not waited for: what was decided goes on, the rest later."""

from datetime import timedelta

import pytest

from simulation.history import STEPS_MAX, History
from well.domain.case import CaseState
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.posting import PostingState
from well.pipeline.sync import Phase, Run, advance, posts, rest, unsettled

HOUR = timedelta(hours=1)


@pytest.fixture
def history() -> History:
    made = History(1)
    made.faults.healed = True
    made.add_bills(12)
    return made


def _sync(history: History) -> tuple[Run, float]:
    """One run as the worker makes it; a provider that is limited rests for an hour. How long the
    run took by the clock."""
    start = history.clock.now()
    run = Run(start)
    for _ in range(STEPS_MAX):
        if run.phase is Phase.DONE:
            return run, (history.clock.now() - start).total_seconds()
        try:
            run = advance(history.work(), run)
        except Failed as failed:
            assert failed.failure.retry_at is not None
            run = rest(run, failed.failure.retry_at, failed.connection == "src")
        history.clock.sleep(run.pause)
    raise AssertionError("the run does not come to rest")


def _limit(history: History, patch: pytest.MonkeyPatch, thing: object, *names: str) -> list[str]:
    """These requests are refused for an hour from now; which were made."""
    asked: list[str] = []
    until = history.clock.now() + HOUR

    def refuse(name: str) -> None:
        asked.append(name)
        raise Failed(Failure(FailureKind.RATE_LIMITED, "Slow down.", retry_at=until))

    for name in names:
        patch.setattr(thing, name, lambda *_, name=name: refuse(name))
    return asked


def _posted(history: History) -> int:
    return len(history.target.held)


@pytest.mark.parametrize(
    ("phase", "source", "then"),
    [
        (Phase.BACKFILL, True, Phase.CHANGES),
        (Phase.CHANGES, True, Phase.AWAY),
        (Phase.DRAIN, True, Phase.AWAY),
        (Phase.SETTLE, True, Phase.AWAY),
        (Phase.MIRROR, False, Phase.DONE),
        (Phase.SETTLE, False, Phase.DONE),
        (Phase.AWAY, False, Phase.DONE),
    ],
)
def test_what_a_run_does_without_a_provider(
    history: History, phase: Phase, source: bool, then: Phase
) -> None:
    now = history.clock.now()
    after = rest(Run(now, phase, pause=3.0, looks=4), now + HOUR, source)
    assert after == Run(now, then, resume=now + HOUR)


def test_what_was_decided_is_posted_and_confirmed_while_the_source_rests(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sync(history)
    history.clock.sleep(7200)
    history.add_bills(3)
    with monkeypatch.context() as patch:
        _limit(history, patch, history.target, "send")
        _sync(history)
    planned = [p for p in history.disk.postings.values() if p.state is PostingState.PLANNED]
    assert (len(planned), _posted(history)) == (3, 12)
    history.clock.sleep(7200)
    with monkeypatch.context() as patch:
        asked = _limit(history, patch, history.source, "changes", "history", "files")
        run, seconds = _sync(history)
        assert asked == ["changes"], "a source that rests is asked once"
    assert (run.resume or run.until) - run.until > timedelta(minutes=59)
    assert (_posted(history), seconds < 90) == (15, True)
    assert {p.state for p in history.disk.postings.values()} == {PostingState.CONFIRMED}


def test_nothing_of_a_history_that_is_not_known_to_its_end_is_posted(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, pages = history.source.history, []

    def some(*asked: object) -> object:
        pages.append(asked)
        if len(pages) > 4:
            until = history.clock.now() + HOUR
            raise Failed(Failure(FailureKind.RATE_LIMITED, "Slow down.", retry_at=until))
        return real(*asked)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(history.source, "history", some)
        run, seconds = _sync(history)
    planned = [p for p in history.disk.postings.values() if p.state is PostingState.PLANNED]
    assert planned and _posted(history) == 0
    assert seconds < 10, "it does not look at the target for what it may not send"
    store, flow = history.work().store, history.disk.flows["flow"]
    assert not posts(store, flow, run)
    assert not unsettled(store, flow, history.clock.now(), run)
    history.clock.sleep(3600)
    after, _ = _sync(history)
    assert (after.resume, _posted(history)) == (None, 12)


def test_changes_are_read_while_only_the_history_rests(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.clock.sleep(7200)
    with monkeypatch.context() as patch:
        asked = _limit(history, patch, history.source, "history")
        _sync(history)
        history.clock.sleep(7200)
        history.add_bills(2)
        history.clock.sleep(60)
        _sync(history)
        assert asked == ["history", "history"]
    known = {case.key.source_id for case in history.disk.cases.values()}
    assert known == {"13", "14"} and _posted(history) == 0
    _sync(history)
    assert _posted(history) == 14
    states = {c.state for c in history.disk.cases.values() if c.key.stream == "bills"}
    assert states == {CaseState.POSTED}


def test_a_target_that_rests_ends_the_run_at_once(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        asked = _limit(history, patch, history.target, "entries")
        run, seconds = _sync(history)
    assert (asked, run.phase, seconds < 1) == (["entries"], Phase.DONE, True)
    assert run.resume is not None
    _sync(history)
    assert _posted(history) == 12
