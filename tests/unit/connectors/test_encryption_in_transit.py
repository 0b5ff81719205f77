"""What the door to the network speaks with a provider: TLS 1.3, or 1.2 where it knows no newer."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from builders.certificates import Authority
from builders.connectors import FakeClock
from well.connectors.http import Call, Door, to

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


@contextmanager
def served(context: ssl.SSLContext, spoken: list[str | None]) -> Iterator[str]:
    """One answer over TLS on a free port; notes the version that was agreed on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            sock, _ = listener.accept()
            with context.wrap_socket(sock, server_side=True) as line:
                spoken.append(line.version())
                line.recv(65536)
                line.sendall(ANSWER)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield f"https://localhost:{listener.getsockname()[1]}"
        finally:
            thread.join()


@pytest.mark.parametrize(
    ("newest", "agreed"),
    [(ssl.TLSVersion.TLSv1_3, "TLSv1.3"), (ssl.TLSVersion.TLSv1_2, "TLSv1.2")],
)
def test_the_door_speaks_tls_1_3_where_the_provider_does_and_nothing_below_1_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    newest: ssl.TLSVersion,
    agreed: str,
) -> None:
    authority = Authority(tmp_path)
    made: list[ssl.SSLContext] = []

    def trusting(**_: object) -> ssl.SSLContext:
        made.append(ssl.create_default_context(cafile=str(authority.file)))
        return made[-1]

    monkeypatch.setattr(httpx, "create_ssl_context", trusting)
    context = authority.context()
    context.maximum_version = newest
    spoken: list[str | None] = []
    with served(context, spoken) as url:
        gate = Door("X", (to(url, "GET"),), FakeClock())
        assert gate.send(Call("GET", url)).status == 200
        gate.close()
    assert spoken == [agreed]
    assert made and all(one.minimum_version is ssl.TLSVersion.TLSv1_2 for one in made)
