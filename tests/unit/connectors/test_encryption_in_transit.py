"""What is spoken with providers and mail servers: TLS 1.3, or 1.2 where they know no newer and the
installation allows it; against real servers on loopback."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from builders.certificates import Authority
from builders.connectors import FakeClock, MachineClock
from builders.mail_server import Inbox, mail_server
from well.connectors.http import Call, Door, UnansweredError, to
from well.domain.failure import Failed, FailureKind
from well.mail.mailbox import Seen, read_mailbox
from well.mail.returned import Rules
from well.mail.returns import Returns
from well.mail.submission import STARTTLS, TLS, Envelope, Server, submit
from well.settings import Mail, load

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
OLD, NEW = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
Trust = Callable[[Authority], None]


@contextmanager
def served(context: ssl.SSLContext, spoken: list[str | None]) -> Iterator[str]:
    """One answer over TLS on a free port; notes the version that was agreed on, None for none."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            sock, _ = listener.accept()
            try:
                line = context.wrap_socket(sock, server_side=True)
            except OSError:
                spoken.append(None)
                sock.close()
                return
            with line:
                spoken.append(line.version())
                line.recv(65536)
                line.sendall(ANSWER)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield f"https://localhost:{listener.getsockname()[1]}"
        finally:
            thread.join()


def speaking(authority: Authority, newest: ssl.TLSVersion) -> ssl.SSLContext:
    context = authority.context()
    context.maximum_version = newest
    return context


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Trusted by every door of the test."""
    authority = Authority(tmp_path)

    def trusting(**_: object) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(authority.file))

    monkeypatch.setattr(httpx, "create_ssl_context", trusting)
    return authority


def asked(url: str, oldest: ssl.TLSVersion) -> int:
    gate = Door("X", (to(url, "GET"),), FakeClock(), tls=oldest)
    try:
        return gate.send(Call("GET", url)).status
    finally:
        gate.close()


@pytest.mark.parametrize(
    ("newest", "oldest", "agreed"),
    [(NEW, OLD, "TLSv1.3"), (NEW, NEW, "TLSv1.3"), (OLD, OLD, "TLSv1.2")],
)
def test_the_door_speaks_tls_1_3_where_the_provider_does(
    authority: Authority, newest: ssl.TLSVersion, oldest: ssl.TLSVersion, agreed: str
) -> None:
    spoken: list[str | None] = []
    with served(speaking(authority, newest), spoken) as url:
        assert asked(url, oldest) == 200
    assert spoken == [agreed]


def test_a_provider_that_only_speaks_1_2_is_not_talked_to_where_1_3_is_asked_for(
    authority: Authority,
) -> None:
    spoken: list[str | None] = []
    with (
        served(speaking(authority, OLD), spoken) as url,
        pytest.raises(UnansweredError, match=r"ConnectError: .*PROTOCOL_VERSION") as caught,
    ):
        asked(url, NEW)
    assert spoken == [None]
    assert not caught.value.left, "nothing was said"


def test_nothing_below_1_2_is_spoken_unless_told_otherwise(authority: Authority) -> None:
    gate = Door("X", (to("https://localhost", "GET"),), FakeClock())
    pool = gate._client._transport._pool  # type: ignore[attr-defined]
    assert pool._ssl_context.minimum_version is OLD
    gate.close()


@pytest.mark.parametrize("security", [TLS, STARTTLS])
def test_a_mail_server_that_only_speaks_1_2_gets_mail_only_where_that_is_allowed(
    authority: Authority, security: str
) -> None:
    inbox, context = Inbox(), speaking(authority, OLD)
    envelope = Envelope("bounces@well.example", "acme@qbodocs.example", "p1")
    served_by = {"starttls" if security == STARTTLS else "tls": context}
    with mail_server(inbox, **served_by) as port:

        def mail(oldest: ssl.TLSVersion) -> str:
            server = Server(
                "localhost",
                port,
                security,
                ca_file=str(authority.file),
                private=True,
                timeout=2.0,
                answer_timeout=2.0,
                tls=oldest,
            )
            return submit(server, envelope, b"Subject: x\r\n\r\nend\r\n", MachineClock())

        with pytest.raises(Failed) as caught:
            mail(NEW)
        assert caught.value.failure.kind is FailureKind.TRANSIENT
        assert "[SSL: " in caught.value.failure.operator_note
        assert inbox.received == []
        assert mail(OLD).startswith("250")
    assert len(inbox.received) == 1


def test_a_mailbox_that_only_speaks_1_2_is_not_read_where_1_3_is_asked_for(
    authority: Authority,
) -> None:
    spoken: list[str | None] = []
    rules = Rules(Returns("well.example", b"secret"), "well.example", ())
    with served(speaking(authority, OLD), spoken) as url:
        port = int(url.rpartition(":")[2])
        mail = Mail(
            imap_host="localhost", imap_port=port, ca_file=str(authority.file), timeout=2.0, tls=NEW
        )
        with pytest.raises(Failed, match="cannot be read now"):
            read_mailbox(mail, rules, datetime(2026, 4, 22, tzinfo=UTC), Seen())
    assert spoken == [None]


def test_one_setting_holds_for_every_provider_and_for_mail() -> None:
    def oldest(env: dict[str, str]) -> set[ssl.TLSVersion]:
        known = load(env)
        banks = (
            *(one.provider for one in known.mail_providers),
            known.quickbooks,
            known.qonto,
            known.freshbooks,
            known.xero.provider,
        )
        return {one.tls for one in (*banks, known.language_model, known.mail)}

    assert oldest({}) == oldest({"WELL_TLS_MINIMUM": "1.2"}) == {OLD}
    assert oldest({"WELL_TLS_MINIMUM": "1.3"}) == {NEW}
    with pytest.raises(ValueError, match=r"WELL_TLS_MINIMUM is 1\.2 or 1\.3, not “1\.1”\."):
        load({"WELL_TLS_MINIMUM": "1.1"})
