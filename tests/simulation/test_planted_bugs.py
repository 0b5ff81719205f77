"""The simulator must find bugs that are planted on purpose, or its silence means nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from simulation.history import History
from well.domain.failure import Failure, FailureKind
from well.domain.marker import Marker
from well.domain.posting import Posting
from well.pipeline import poll, post
from well.pipeline.work import Work
from well.ports.target import Sent

SEEDS = 60


def _doubled(history: History) -> bool:
    names = Counter(entry.file_name.split("--")[-1] for entry in history.target.held.values())
    return any(count > 1 for count in names.values())


def _lost(history: History) -> bool:
    seen = {case.key.source_id for case in history.disk.cases.values()}
    return any(bill.id not in seen for bill in history.source.bills.values() if not bill.deleted)


def _found_by_some_seed(shows: Callable[[History], bool], crash: float = 0.05) -> bool:
    for seed in range(SEEDS):
        history = History(seed)
        history.faults.crash = crash
        history.target.limits = replace(history.target.limits, key_lifetime=0.0)
        try:
            history.play()
        except AssertionError:
            continue
        if shows(history):
            return True
    return False


def test_resending_without_looking_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(posting: Posting, _entry: object) -> Sent:
        return Sent(posting.id, failure=Failure(FailureKind.TRANSIENT, "Send it again."))

    monkeypatch.setattr(post, "_found", blind)
    # The look at what came meanwhile finds the entry, too; both have to be missing.
    monkeypatch.setattr(post, "taken_meanwhile", lambda *_: set())
    assert _found_by_some_seed(_doubled)


def test_a_marker_ahead_of_its_records_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = poll.capture

    def marker_first(work: Work, records: object, done: Callable[[], None] | None = None) -> int:
        if done is not None:
            done()
        return kept(work, records)  # type: ignore[arg-type]

    monkeypatch.setattr(poll, "capture", marker_first)
    assert _found_by_some_seed(_lost, crash=0.25)


def test_a_marker_ahead_of_the_provider_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def ahead(work: Work, streams: list[str], since: object, at: object) -> None:
        for stream in streams:
            late = work.clock.now() + timedelta(days=365)
            work.store.save_marker(Marker(work.flow.source, stream, late))

    monkeypatch.setattr(poll, "_advance", ahead)
    assert _found_by_some_seed(_lost)


def test_without_a_planted_bug_no_seed_complains() -> None:
    assert not _found_by_some_seed(lambda history: _doubled(history) or _lost(history))
