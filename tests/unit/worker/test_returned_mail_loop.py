"""The worker's look at returned mail: at once when the mailbox tells, and else in its own time."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from builders.certificates import Authority
from builders.connectors import NOW, FakeClock
from builders.imap_server import Box, imap_server
from builders.returned_mail import POSTING, dsn
from well.domain.failure import Failed, Failure, FailureKind
from well.mail import idle
from well.mail.adapter import Returned
from well.mail.idle import News
from well.mail.journal import Journal
from well.ports.mailer import DeliveryReport
from well.settings import Mail
from well.worker import returned as module
from well.worker.returned import LOOK_BACK, OVERLAP, ReturnedMailLoop, look


@dataclass
class Watching:
    """Stands where the watch stands; `watching` as the test wants."""

    over: threading.Event
    news: News
    watching: bool = True
    note: str = ""

    def run(self) -> None:
        self.over.wait()


@dataclass
class Mailbox:
    """Stands where `Returned` stands."""

    asked: list[datetime] = field(default_factory=list)
    behind: bool = False
    failing: bool = False
    listens: bool = False
    has_idle: bool = True
    made: Watching | None = None

    def reports(self, since: datetime) -> Sequence[DeliveryReport]:
        self.asked.append(since)
        if self.failing:
            raise Failed(Failure(FailureKind.TRANSIENT, "Not now."))
        return []

    def receiver(self, _: object) -> Any:
        doing = SimpleNamespace(start=lambda: None, stop=lambda: None)
        return doing if self.listens else None

    def watch(self, over: threading.Event, news: News) -> Watching | None:
        self.made = Watching(over, news) if self.has_idle else None
        return self.made


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    made = Mailbox()
    hub = SimpleNamespace(clock=FakeClock(), returned=made)
    monkeypatch.setattr(module, "well", lambda: hub)
    monkeypatch.setattr(module, "all_workspaces", lambda: ["w"])
    monkeypatch.setattr(module, "SLICE_SECONDS", 0.01)
    monkeypatch.setattr(module, "NEWS_SECONDS", 0.1)
    return made


@contextmanager
def looping() -> Iterator[ReturnedMailLoop]:
    over = threading.Event()
    loop = ReturnedMailLoop(over)
    loop.start()
    try:
        yield loop
    finally:
        begun = time.monotonic()
        over.set()
        loop.stop()
        assert time.monotonic() - begun < 5


def until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 5
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return true()


def test_news_is_looked_at_at_once(mailbox: Mailbox) -> None:
    with looping():
        assert mailbox.made is not None
        time.sleep(0.1)
        assert mailbox.asked == []
        mailbox.made.news()
        assert until(lambda: len(mailbox.asked) == 1)
        mailbox.made.news()
        assert until(lambda: len(mailbox.asked) == 2)


def test_a_storm_of_news_is_looked_at_in_its_time(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "NEWS_SECONDS", 0.3)
    with looping():
        assert mailbox.made is not None
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            mailbox.made.news()
            time.sleep(0.01)
        assert 1 <= len(mailbox.asked) <= 2


@pytest.mark.parametrize(
    ("watching", "listens", "looked", "has_idle", "seconds"),
    [
        (True, False, True, True, 1740.0),
        (False, False, True, True, 60.0),
        (True, True, True, True, 60.0),
        (True, False, False, True, 60.0),
        (False, False, True, False, 5.0),
    ],
)
def test_what_tells_nothing_is_asked_more_often(
    mailbox: Mailbox, watching: bool, listens: bool, looked: bool, has_idle: bool, seconds: float
) -> None:
    mailbox.listens, mailbox.has_idle, mailbox.failing = listens, has_idle, not looked
    with looping() as loop:
        if mailbox.made is not None:
            mailbox.made.watching = watching
            mailbox.made.news()
            assert until(lambda: len(mailbox.asked) == 1)
            time.sleep(0.05)
        assert loop._pause() == seconds


def test_a_mailbox_that_was_not_read_whole_is_looked_at_again_from_the_same_day_on(
    mailbox: Mailbox,
) -> None:
    mailbox.behind = True
    hub: Any = module.well()
    first = look(hub, None)
    assert first == NOW - LOOK_BACK
    hub.clock.sleep(60)
    mailbox.behind = False
    assert look(hub, first) == NOW + timedelta(seconds=60)
    assert mailbox.asked == [NOW - LOOK_BACK - OVERLAP] * 2


def test_a_look_that_failed_begins_where_it_had_begun(mailbox: Mailbox) -> None:
    mailbox.failing = True
    with looping() as loop:
        assert mailbox.made is not None
        mailbox.made.news()
        assert until(lambda: len(mailbox.asked) == 1)
        assert loop._since is None


def test_a_bounce_in_a_real_mailbox_reaches_the_workspaces_within_a_second(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    box, authority, taken = Box(), Authority(tmp_path), list[tuple[float, str]]()
    monkeypatch.setattr(idle, "SLICE", 0.05)
    monkeypatch.setattr(module, "SLICE_SECONDS", 0.01)
    monkeypatch.setattr(module, "NEWS_SECONDS", 0.1)
    monkeypatch.setattr(module, "all_workspaces", lambda: ["w"])
    with imap_server(authority, box) as port:
        mail = Mail(
            domain="well.example",
            imap_host="localhost",
            imap_port=port,
            imap_user="u",
            imap_password="p",
            ca_file=str(authority.file),
        )

        def take(_: str, reports: Sequence[DeliveryReport]) -> None:
            taken.extend((time.monotonic(), report.posting) for report in reports)

        returned = Returned(mail, b"k" * 32, Journal(tmp_path / "j"))
        hub = SimpleNamespace(clock=FakeClock(), returned=returned, take_returned_mail=take)
        monkeypatch.setattr(module, "well", lambda: hub)
        with looping():
            assert box.idling.wait(5)
            arrived = time.monotonic()
            box.arrive((1, "22-Apr-2026 11:00:00 +0200", dsn("failed")))
            assert until(lambda: len(taken) == 1)
            assert taken[0][0] - arrived < 1.0
            assert taken[0][1] == POSTING
    assert len(box.said("FETCH")) == 1
