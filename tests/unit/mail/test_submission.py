"""Every row of the table "what an answer means", against servers that really speak SMTP."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from builders.certificates import Authority
from builders.connectors import MachineClock
from builders.mail_server import Inbox, dialogue, mail_server, scripted_server
from well.domain.failure import Failed, Failure, FailureKind
from well.mail.submission import NONE, STARTTLS, TLS, Envelope, Server, stuffed, submit

ENVELOPE = Envelope("bounces+p1.abc@well.example", "acme@qbodocs.example", "p1")
MESSAGE = b"From: a@b.example\r\nSubject: x\r\n\r\n.hidden dot\r\nend\r\n"


def _server(port: int, security: str = NONE, **options: object) -> Server:
    settings: dict[str, object] = {"timeout": 2.0, "answer_timeout": 2.0, "private": True}
    return Server("localhost", port, security, **(settings | options))  # type: ignore[arg-type]


def _failure(server: Server, message: bytes = MESSAGE) -> Failure:
    with pytest.raises(Failed) as caught:
        submit(server, ENVELOPE, message, MachineClock())
    return caught.value.failure


def test_a_taken_message_arrives_as_it_was_with_its_envelope() -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        words = submit(_server(port), ENVELOPE, MESSAGE, MachineClock())
    assert words == "250 queued as 7f3a"
    (got,) = inbox.received
    assert got.content == MESSAGE
    assert (got.mail_from, got.rcpt_tos) == (ENVELOPE.sender, [ENVELOPE.inbox])


ROWS = [
    ({"GREETING": b"421 busy"}, FailureKind.TRANSIENT),
    ({"GREETING": b""}, FailureKind.TRANSIENT),
    ({"MAIL": b"450 later"}, FailureKind.TRANSIENT),
    ({"MAIL": b"499 later"}, FailureKind.TRANSIENT),
    ({"MAIL": b"500 no"}, FailureKind.REJECTED),
    ({"MAIL": b"550 unknown sender"}, FailureKind.REJECTED),
    ({"MAIL": b"399 what"}, FailureKind.TRANSIENT),
    ({"RCPT": b"451 greylisted"}, FailureKind.TRANSIENT),
    ({"RCPT": b"550 no such inbox"}, FailureKind.REJECTED),
    ({"RCPT": b""}, FailureKind.TRANSIENT),
    ({"DATA": b"452 full"}, FailureKind.TRANSIENT),
    ({"DATA": b"554 no"}, FailureKind.REJECTED),
    ({"DATA": b"250 what"}, FailureKind.TRANSIENT),
    ({"DATA": b""}, FailureKind.TRANSIENT),
]


@pytest.mark.parametrize(("answers", "kind"), ROWS)
def test_before_the_dot_nothing_was_sent(answers: dict[str, bytes], kind: FailureKind) -> None:
    with scripted_server(dialogue(answers, b"250 ok")) as port:
        assert _failure(_server(port)).kind is kind


AFTER_DOT = [
    (b"400 later", FailureKind.TRANSIENT),
    (b"421 going down", FailureKind.TRANSIENT),
    (b"499 later", FailureKind.TRANSIENT),
    (b"500 no", FailureKind.REJECTED),
    (b"554 not registered", FailureKind.REJECTED),
    (b"599 no", FailureKind.REJECTED),
    (b"399 what", FailureKind.NO_ANSWER),
    (b"600 what", FailureKind.NO_ANSWER),
    (b"2x0 what", FailureKind.NO_ANSWER),
    (b"", FailureKind.NO_ANSWER),
    (b"250-one\r\n" * 200, FailureKind.NO_ANSWER),
    (b"250-" + b"x" * 100_000, FailureKind.NO_ANSWER),
    (None, FailureKind.NO_ANSWER),
]


@pytest.mark.parametrize(("answer", "kind"), AFTER_DOT)
def test_after_the_dot_only_the_servers_answer_counts(
    answer: bytes | None, kind: FailureKind
) -> None:
    with scripted_server(dialogue({}, answer)) as port:
        assert _failure(_server(port)).kind is kind


@pytest.mark.parametrize("answer", [b"200 ok", b"250 ok", b"299 ok"])
def test_any_2yz_to_the_dot_is_handed_over(answer: bytes) -> None:
    with scripted_server(dialogue({}, answer)) as port:
        assert submit(_server(port), ENVELOPE, MESSAGE, MachineClock()) == answer.decode()


def test_a_server_that_takes_it_and_dies_leaves_the_outcome_unknown() -> None:
    inbox = Inbox(cut=True)
    with mail_server(inbox) as port:
        failure = _failure(_server(port))
    assert failure.kind is FailureKind.NO_ANSWER
    assert len(inbox.received) == 1


def test_a_server_that_says_nothing_after_the_dot_leaves_the_outcome_unknown() -> None:
    def script(connection: socket.socket, line: Callable[[], bytes]) -> None:
        for answer in (b"220 hi", b"250 ok", b"250 ok", b"250 ok", b"354 go"):
            connection.sendall(answer + b"\r\n")
            line()
        while line():
            pass

    with scripted_server(script) as port:
        failure = _failure(_server(port, answer_timeout=0.3))
    assert failure.kind is FailureKind.NO_ANSWER


def test_a_trickle_of_bytes_does_not_hold_us_longer_than_the_time_out() -> None:
    def script(connection: socket.socket, line: Callable[[], bytes]) -> None:
        for _ in range(100):
            connection.sendall(b"2")
            if connection.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b"":
                return

    with scripted_server(script) as port:
        assert _failure(_server(port, timeout=0.3)).kind is FailureKind.TRANSIENT


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert _failure(_server(port)).kind is FailureKind.TRANSIENT


@pytest.mark.parametrize(("size", "taken"), [(0, True), (-1, False)])
def test_the_encoded_size_is_checked_before_anything_is_sent(size: int, taken: bool) -> None:
    offers = b"250-here\r\n250 SIZE %d" % (len(MESSAGE) + size)
    server = dialogue({"EHLO": offers, "MAIL": b"250 ok" if taken else b""}, b"250 ok")
    with scripted_server(server) as port:
        if taken:
            assert submit(_server(port), ENVELOPE, MESSAGE, MachineClock()) == "250 ok"
        else:
            assert _failure(_server(port)).kind is FailureKind.REJECTED


def test_receipts_are_asked_for_where_the_server_can_give_them() -> None:
    said: list[bytes] = []

    def script(connection: socket.socket, line: Callable[[], bytes]) -> None:
        connection.sendall(b"220 hi\r\n")
        for answer in (b"250-here\r\n250-SIZE\r\n250 DSN", b"250 ok", b"250 ok", b"554 enough"):
            said.append(line())
            connection.sendall(answer + b"\r\n")

    with scripted_server(script) as port:
        _failure(_server(port))
    assert said[1].endswith(b"SIZE=%d RET=HDRS ENVID=p1\r\n" % len(MESSAGE)), said
    assert said[2] == b"rcpt TO:<acme@qbodocs.example> NOTIFY=SUCCESS,FAILURE,DELAY\r\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.mark.parametrize("security", [TLS, STARTTLS])
def test_a_password_travels_only_in_verified_tls(authority: Authority, security: str) -> None:
    inbox, context = Inbox(), authority.context()
    how = {"tls": context} if security == TLS else {"starttls": context}
    with mail_server(inbox, passwords={"acme": "right"}, **how) as port:  # type: ignore[arg-type]
        trusted = {"ca_file": str(authority.file), "user": "acme"}
        server = _server(port, security, **trusted, password="right")
        assert submit(server, ENVELOPE, MESSAGE, MachineClock()).startswith("250")
        wrong = _server(port, security, **trusted, password="wrong")
        assert _failure(wrong).kind is FailureKind.GRANT_LOST
        stranger = _server(port, security, user="acme", password="right")
        assert _failure(stranger).kind is FailureKind.TRANSIENT
    assert len(inbox.received) == 1


def test_a_certificate_of_another_host_is_refused(authority: Authority) -> None:
    inbox = Inbox()
    with mail_server(inbox, starttls=authority.context("other.example")) as port:
        server = _server(port, STARTTLS, ca_file=str(authority.file))
        assert _failure(server).kind is FailureKind.TRANSIENT
    assert inbox.received == []


def test_a_stripped_starttls_is_a_failure_and_nothing_is_said_in_the_clear() -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        failure = _failure(_server(port, STARTTLS, user="acme", password="secret"))
    assert (failure.kind, inbox.received) == (FailureKind.TRANSIENT, [])
    assert "encryption" in failure.sentence


def test_words_in_the_clear_behind_starttls_are_not_believed(authority: Authority) -> None:
    def script(connection: socket.socket, line: Callable[[], bytes]) -> None:
        connection.sendall(b"220 hi\r\n")
        line()
        connection.sendall(b"250-x\r\n250 STARTTLS\r\n")
        line()
        connection.sendall(b"220 go\r\n250 injected\r\n")

    with scripted_server(script) as port:
        failure = _failure(_server(port, STARTTLS, ca_file=str(authority.file)))
    assert failure.kind is FailureKind.TRANSIENT


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(b"454 later", FailureKind.TRANSIENT), (b"535 no", FailureKind.GRANT_LOST)],
)
def test_a_sign_in_that_is_out_of_order_for_now_is_tried_again(
    authority: Authority, answer: bytes, kind: FailureKind
) -> None:
    context = authority.context()

    def script(connection: socket.socket, line: Callable[[], bytes]) -> None:
        with context.wrap_socket(connection, server_side=True) as safe:
            safe.sendall(b"220 hi\r\n")
            for said in (b"250-x\r\n250 AUTH PLAIN", answer):
                safe.recv(1000)
                safe.sendall(said + b"\r\n")
            safe.recv(1000)

    with scripted_server(script) as port:
        trusted = {"ca_file": str(authority.file), "user": "acme", "password": "secret"}
        assert _failure(_server(port, TLS, **trusted)).kind is kind


def test_a_password_is_never_sent_without_tls() -> None:
    with scripted_server(dialogue({"EHLO": b"250-x\r\n250 AUTH PLAIN"}, b"250 ok")) as port:
        failure = _failure(_server(port, NONE, user="acme", password="secret"))
    assert failure.kind is FailureKind.REJECTED


def test_a_workspaces_server_may_not_be_inside_the_own_network() -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        assert _failure(_server(port, private=False)).kind is FailureKind.TRANSIENT
    assert inbox.received == []


def test_a_name_without_an_address_is_tried_again(tmp_path: Path) -> None:
    def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError("not found")

    with pytest.raises(Failed) as caught:
        submit(_server(25), ENVELOPE, MESSAGE, MachineClock(), nowhere)
    assert caught.value.failure.kind is FailureKind.TRANSIENT


@pytest.mark.parametrize(
    ("message", "sent"),
    [
        (b"a\r\n", b"a\r\n"),
        (b"a", b"a\r\n"),
        (b".\r\n", b"..\r\n"),
        (b"a\n.b\n", b"a\r\n..b\r\n"),
        (b"a\r\n\r\n", b"a\r\n\r\n"),
        (b"a\r\n.\r\nQUIT\r\n", b"a\r\n..\r\nQUIT\r\n"),
        (b"a\r.\r\n", b"a\r\n..\r\n"),
    ],
)
def test_no_line_of_a_message_can_end_it(message: bytes, sent: bytes) -> None:
    assert stuffed(message) == sent
