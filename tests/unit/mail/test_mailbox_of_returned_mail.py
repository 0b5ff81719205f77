"""The mailbox of returned mail: what is read of it, once, and how new mail is waited for."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from builders.certificates import Authority
from builders.connectors import NOW
from builders.imap_server import Box, imap_server
from builders.returned_mail import dsn, refusal
from well.domain.delivery import DeliveryState
from well.domain.failure import Failed, FailureKind
from well.mail import box as box_module
from well.mail import idle
from well.mail import mailbox as mailbox_module
from well.mail.adapter import Returned
from well.mail.idle import Watch
from well.mail.journal import Journal
from well.settings import Mail

AT = "22-Apr-2026 11:00:00 +0200"
"""NOW, as a server writes it."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking up and leaving cost a test no second."""
    monkeypatch.setattr(idle, "SLICE", 0.05)
    monkeypatch.setattr(box_module, "LEAVE_SECONDS", 0.2)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the servers' certificates."""
    return Authority(tmp_path_factory.mktemp("authority"))


@contextmanager
def reading(authority: Authority, box: Box, folder: Path) -> Iterator[Returned]:
    """The reader of a mailbox that is served."""
    with imap_server(authority, box) as port:
        yield Returned(mail_at(authority, port), b"k" * 32, Journal(folder / "j"))


def mail_at(authority: Authority, port: int) -> Mail:
    return Mail(
        domain="well.example",
        imap_host="localhost",
        imap_port=port,
        imap_user="u",
        imap_password="p",
        ca_file=str(authority.file),
        timeout=5.0,
    )


def until(true: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether it becomes true in that time."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return true()


def test_a_mailbox_is_read_for_what_came_since(authority: Authority, tmp_path: Path) -> None:
    box = Box(
        [
            (1, "22-Apr-2026 10:59:59 +0200", dsn("failed")),
            (2, AT, dsn("delivered")),
            (5, "22-Apr-2026 11:00:01 +0200", refusal()),
            (6, "22-Apr-2026 11:00:02 +0200", b"Subject: hello\r\n\r\nhello\r\n"),
        ]
    )
    with reading(authority, box, tmp_path) as returned:
        states = [one.delivery.state for one in returned.reports(NOW)]
        assert states == [DeliveryState.DELIVERED, DeliveryState.BOUNCED]
        assert box.said("SEARCH") == ["UID SEARCH UID 1:* SINCE 21-Apr-2026"]


def test_each_mail_is_fetched_once_and_its_report_told_until_it_is_old(
    authority: Authority, tmp_path: Path
) -> None:
    box = Box([(1, AT, dsn("failed")), (4, AT, b"Subject: no report\r\n\r\n")])
    with reading(authority, box, tmp_path) as returned:
        assert len(returned.reports(NOW)) == 1
        assert len(returned.reports(NOW)) == 1, "a workspace that failed gets it again"
        assert len(box.said("FETCH")) == 2
        box.arrive((9, "22-Apr-2026 11:05:00 +0200", dsn("delivered")))
        assert len(returned.reports(NOW)) == 2
        assert len(box.said("FETCH")) == 3
        assert box.said("SEARCH")[-1] == "UID SEARCH UID 5:* SINCE 21-Apr-2026"
        later = NOW + timedelta(minutes=5)
        assert [one.delivery.state for one in returned.reports(later)] == [DeliveryState.DELIVERED]
        assert returned.reports(later + timedelta(seconds=1)) == []


def test_another_validity_means_other_mails(authority: Authority, tmp_path: Path) -> None:
    box = Box([(7, AT, dsn("failed"))])
    with reading(authority, box, tmp_path) as returned:
        returned.reports(NOW)
        box.validity, box.mails = 8, [(3, AT, dsn("delivered"))]
        states = [one.delivery.state for one in returned.reports(NOW)]
        assert states == [DeliveryState.DELIVERED]


def test_more_than_is_read_at_a_time_is_read_from_the_oldest_on(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_module, "LOOKED_AT", 2)
    box = Box([(uid, AT, dsn("failed")) for uid in (1, 2, 3)])
    with reading(authority, box, tmp_path) as returned:
        assert (len(returned.reports(NOW)), returned.behind) == (2, True)
        assert (len(returned.reports(NOW)), returned.behind) == (3, False)
        assert len(box.said("FETCH")) == 3


@pytest.mark.parametrize("verb", ["SEARCH", "FETCH", "EXAMINE", "LOGIN"])
def test_a_server_that_says_no_for_now_loses_nothing(
    authority: Authority, tmp_path: Path, verb: str
) -> None:
    box = Box([(1, AT, dsn("failed"))], says_no={verb})
    with reading(authority, box, tmp_path) as returned:
        with pytest.raises(Failed) as caught:
            returned.reports(NOW)
        assert caught.value.failure.kind is FailureKind.TRANSIENT
        assert not returned.behind
        box.says_no = set()
        assert len(returned.reports(NOW)) == 1


def test_a_mail_that_is_never_given_out_does_not_hide_those_behind_it(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_module, "TRIES_MAX", 2)
    box = Box([(1, AT, dsn("failed")), (2, AT, dsn("delivered"))], withheld={1})
    with reading(authority, box, tmp_path) as returned:
        for _ in range(2):
            with pytest.raises(Failed):
                returned.reports(NOW)
        states = [one.delivery.state for one in returned.reports(NOW)]
        assert states == [DeliveryState.DELIVERED]
        assert len(box.said("FETCH")) == 3


def test_a_mailbox_that_cannot_be_opened_is_tried_again(
    authority: Authority, tmp_path: Path
) -> None:
    with reading(authority, Box(password="other"), tmp_path) as returned:
        with pytest.raises(Failed) as caught:
            returned.reports(NOW)
        assert caught.value.failure.kind is FailureKind.TRANSIENT


@pytest.mark.parametrize(("over", "fits"), [(0, True), (1, False)])
def test_a_literal_has_a_bound(
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    over: int,
    fits: bool,
) -> None:
    body = dsn("failed")
    monkeypatch.setattr(box_module, "LITERAL_MAX", len(body) - over)
    with reading(authority, Box([(1, AT, body)]), tmp_path) as returned:
        if fits:
            assert len(returned.reports(NOW)) == 1
        else:
            with pytest.raises(Failed, match="literal"):
                returned.reports(NOW)


@dataclass
class Waiting:
    """A watch that runs, and how often it told of news."""

    watch: Watch
    over: threading.Event
    thread: threading.Thread
    news: list[float] = field(default_factory=list)

    def stop(self) -> float:
        """End it; the seconds that took."""
        begun = time.monotonic()
        self.over.set()
        self.thread.join(timeout=10)
        assert not self.thread.is_alive()
        return time.monotonic() - begun


@contextmanager
def waiting(authority: Authority, box: Box, reissued: float = 60.0) -> Iterator[Waiting]:
    """A watch on a mailbox that is served."""
    with imap_server(authority, box) as port:
        over, told = threading.Event(), list[float]()
        watch = Watch(
            mail_at(authority, port), over, lambda: told.append(time.monotonic()), reissued
        )
        thread = threading.Thread(target=watch.run, daemon=True)
        made = Waiting(watch, over, thread, told)
        thread.start()
        try:
            yield made
        finally:
            made.stop()


def test_new_mail_is_told_at_once_and_what_came_before_as_well(authority: Authority) -> None:
    box = Box([(1, AT, dsn("failed"))])
    with waiting(authority, box) as made:
        assert until(lambda: made.watch.watching)
        assert len(made.news) == 1, "what came before the wait is looked for"
        arrived = time.monotonic()
        box.arrive((2, AT, dsn("failed")))
        assert until(lambda: len(made.news) == 2)
        assert made.news[1] - arrived < 1.0
        assert made.stop() < 5.0
    assert [one.split(" ")[0] for one in box.commands[-2:]] == ["IDLE", "LOGOUT"]
    assert not made.watch.watching


def test_a_wait_is_begun_anew_and_hears_what_came_in_between(authority: Authority) -> None:
    box = Box(late=[(1, AT, dsn("failed"))])
    with waiting(authority, box, reissued=0.5) as made:
        assert until(lambda: len(box.said("IDLE")) >= 2)
        # Two beginnings, and the mail that came just before the end of the first.
        assert until(lambda: len(made.news) >= 3)
    assert len(box.said("LOGIN")) == 1, "the connection stays"


def test_the_wait_is_shorter_than_what_servers_allow_and_ends_in_time() -> None:
    slice_seconds = 1.0
    assert idle.REISSUED + slice_seconds + idle.PATIENCE < 29 * 60
    assert slice_seconds + idle.PATIENCE < 10


@pytest.mark.parametrize("how", ["not offered", "refused"])
def test_a_server_that_does_not_let_wait_is_left_to_be_asked(
    authority: Authority, how: str
) -> None:
    box = Box(idle=how == "refused", refuses_idle=how == "refused")
    with waiting(authority, box) as made:
        assert until(lambda: not made.thread.is_alive())
        assert "IDLE" in made.watch.note
        assert not made.watch.watching
        assert made.news == []


def test_a_lost_connection_is_made_again_ever_more_slowly(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "AGAIN_FIRST", 0.05)
    box = Box(cuts=2)
    with waiting(authority, box) as made:
        assert until(lambda: len(box.said("IDLE")) == 3)
        assert until(lambda: made.watch.watching)
        assert len(made.news) == 3, "each beginning looks for what came meanwhile"
        assert "closed" in made.watch.note


@pytest.mark.parametrize(
    ("lost", "seconds"), [(0, 5.0), (1, 10.0), (7, 640.0), (8, 900.0), (16, 900.0)]
)
def test_the_pause_is_doubled_up_to_a_quarter_of_an_hour(
    monkeypatch: pytest.MonkeyPatch, lost: int, seconds: float
) -> None:
    slept: list[float | None] = []
    over = threading.Event()

    def wait(timeout: float | None = None) -> bool:
        slept.append(timeout)
        over.set()
        return True

    monkeypatch.setattr(over, "wait", wait)
    watch = Watch(Mail(imap_host="localhost", imap_port=1, timeout=1.0), over, lambda: None)
    watch._lost = lost
    watch.run()
    assert slept == [seconds]


@pytest.mark.parametrize(
    "noise",
    [
        b"* 3 EXPUNGE\r\n* OK still here\r\n\r\n*\r\nEXISTS\r\n+ x\r\n\xff\xfe\r\n",
        b"* BYE go away\r\n",
    ],
)
def test_other_words_are_no_news(authority: Authority, noise: bytes) -> None:
    box = Box(noise=noise)
    with waiting(authority, box) as made:
        assert box.idling.wait(5)
        time.sleep(0.1)
        assert len(made.news) == 1


def test_a_line_without_end_is_cut(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box_module, "LINE_MAX", 1000)
    with waiting(authority, Box(noise=b"* " + b"x" * 5000)) as made:
        assert until(lambda: "without end" in made.watch.note)


def test_a_wrong_certificate_is_not_spoken_to(tmp_path: Path, authority: Authority) -> None:
    box = Box()
    (tmp_path / "other").mkdir()
    with imap_server(Authority(tmp_path / "other"), box) as port:
        returned = Returned(mail_at(authority, port), b"k" * 32, Journal(tmp_path / "j"))
        with pytest.raises(Failed):
            returned.reports(NOW)
    assert box.commands == []
