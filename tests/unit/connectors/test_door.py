"""The door to the network: what may leave, where to, and how much may come back."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from builders.connectors import QUICKBOOKS, FakeClock, Script, body
from well.connectors import quickbooks
from well.connectors.addresses import is_public
from well.connectors.http import Call, Door, TooLargeError, UnansweredError, from_files, to
from well.domain.failure import Failed, FailureKind


def door(script: Script, *rules: object) -> Door:
    allowed = rules or (
        to(QUICKBOOKS.api, "GET"),
        to(QUICKBOOKS.token, "POST", exact=True),
        from_files("*.files.example.com"),
    )
    return Door("QuickBooks", allowed, FakeClock(), transport=script.transport)  # type: ignore[arg-type]


def refusal(call: Call) -> FailureKind:
    script = Script([body({})])
    with pytest.raises(Failed) as caught:
        door(script).send(call)
    assert script.requests == [], "a refused request must not leave"
    return caught.value.failure.kind


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_to_a_bill_is_refused_before_any_byte_leaves(method: str) -> None:
    url = f"{QUICKBOOKS.api}/v3/company/1/bill"
    assert refusal(Call(method, url, content=b"{}")) is FailureKind.BUG


def test_a_write_is_refused_although_the_token_address_is_on_the_same_host() -> None:
    connected: list[bytes] = []
    with listening(lambda sock: connected.append(sock.recv(10))) as base:
        gate = Door(
            "QuickBooks",
            (to(base, "GET"), to(f"{base}/oauth2/v1/tokens/bearer", "POST", exact=True)),
            FakeClock(),
        )
        with pytest.raises(Failed) as caught:
            gate.send(Call("POST", f"{base}/v3/company/1/bill?operation=delete", content=b"{}"))
        gate.close()
    assert caught.value.failure.kind is FailureKind.BUG and connected == []


def test_the_real_connector_opens_no_door_for_writing() -> None:
    script = Script([body({})])
    connector = quickbooks.connect(QUICKBOOKS, "http://x/", FakeClock(), script.transport)
    for path in ("bill", "batch", "query", "upload", "oauth2/v1/tokens/bearer"):
        with pytest.raises(Failed):
            connector._door.send(Call("POST", f"{QUICKBOOKS.api}/v3/company/1/{path}"))
    assert script.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.org/file",
        "https://files.example.com.evil.org/file",
        "https://evilfiles.example.com/file",
        "https://files.example.com/the-bare-domain-is-no-subdomain",
        "http://a.files.example.com/plain-http",
        "https://a.files.example.com:8443/another-port",
        "https://user:secret@a.files.example.com/with-a-password",
        "https://quickbooks.example.com@evil.org/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "file:///etc/passwd",
        "ftp://a.files.example.com/",
        "//a.files.example.com/",
        "not an address",
        "https://",
        "",
        "https://a.files.example.com\t.evil.org/",
        "https://a.files.example.com./trailing-dot",
    ],
)
def test_a_link_to_a_stranger_is_refused(url: str) -> None:
    assert refusal(Call("GET", url)) is FailureKind.REJECTED


def test_a_signed_link_of_a_file_host_is_allowed() -> None:
    script = Script([body("bytes")])
    url = "https://bucket.files.example.com/a.pdf?X-Sig=1"
    assert door(script).send(Call("GET", url)).body == b"bytes"
    assert "authorization" not in script.requests[0].headers


def test_plain_http_is_allowed_to_a_configured_loopback_only() -> None:
    assert to("http://127.0.0.1:9", "GET").scheme == "http"
    assert to("http://localhost:9", "GET").scheme == "http"
    assert to("http://quickbooks.example.com", "GET").scheme == "https"


def test_a_redirect_is_not_followed() -> None:
    script = Script([body("", 302, Location="https://quickbooks.example.com/other")])
    assert door(script).send(Call("GET", QUICKBOOKS.api)).status == 302
    assert len(script.requests) == 1


def test_no_cookie_travels_from_one_request_to_the_next() -> None:
    script = Script([body({}, **{"Set-Cookie": "session=a; Path=/"})])
    gate = door(script)
    gate.send(Call("GET", QUICKBOOKS.api))
    gate.send(Call("GET", QUICKBOOKS.api))
    assert "cookie" not in script.requests[1].headers


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    def answer(sock: socket.socket) -> None:
        sock.recv(1000)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with listening(answer) as base:
        gate = Door("X", (to(base, "GET"),), FakeClock())
        assert gate.send(Call("GET", base)).body == b"ok"
        gate.close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:0:0:0:0:80ff:fffe",
        "not an address",
    ],
)
def test_an_inner_address_is_not_public_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


def test_a_name_that_leads_inside_is_not_connected_to() -> None:
    reached: list[bytes] = []
    with listening(lambda sock: reached.append(b"x")) as base:
        port = int(base.rsplit(":", 1)[1])

        def lying(host: str, _: int) -> Sequence[str]:
            return ["127.0.0.1", "::1", "64:ff9b::7f00:1"]

        rule = to(f"https://rebinding.example.com:{port}", "GET")
        gate = Door("X", (rule,), FakeClock(), names=lying)
        with pytest.raises(UnansweredError) as caught:
            gate.send(Call("GET", f"https://rebinding.example.com:{port}/"))
        gate.close()
    assert not caught.value.left and reached == []


def test_a_huge_answer_is_cut_off_early() -> None:
    sent = [0]

    def flood(sock: socket.socket) -> None:
        sock.recv(1000)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        for _ in range(2000):
            sent[0] += sock.send(bytes(65536))

    with listening(flood) as base:
        gate = Door("X", (to(base, "GET"),), FakeClock())
        with pytest.raises(TooLargeError):
            gate.send(Call("GET", base, size_max=1_000_000))
        gate.close()
    assert sent[0] < 50_000_000


def test_a_body_that_drips_is_given_up() -> None:
    def drip(sock: socket.socket) -> None:
        sock.recv(1000)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(40):
            sock.sendall(b"x")
            time.sleep(0.05)

    with listening(drip) as base:
        gate = Door("X", (to(base, "GET"),), FakeClock())
        started = time.monotonic()
        with pytest.raises(UnansweredError) as caught:
            gate.send(Call("GET", base, seconds=0.3))
        gate.close()
    assert caught.value.slow and caught.value.left and time.monotonic() - started < 1


def test_a_refused_connection_has_not_left() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{probe.getsockname()[1]}"
    gate = Door("X", (to(base, "GET", "POST"),), FakeClock())
    with pytest.raises(UnansweredError) as caught:
        gate.send(Call("POST", base))
    gate.close()
    assert not caught.value.left


def test_a_cut_connection_may_have_left() -> None:
    with listening(lambda sock: sock.recv(1000)) as base:
        gate = Door("X", (to(base, "POST"),), FakeClock())
        with pytest.raises(UnansweredError) as caught:
            gate.send(Call("POST", base, content=b"x"))
        gate.close()
    assert caught.value.left


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_read_is_repeated_at_a_gateway_error(status: int) -> None:
    script = Script([body("<html>", status), body({})])
    assert door(script).fetch(Call("GET", QUICKBOOKS.api)).status == 200


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_another_answer_is_not_repeated(status: int) -> None:
    script = Script([body({}, status)])
    assert door(script).fetch(Call("GET", QUICKBOOKS.api)).status == status
    assert len(script.requests) == 1


def test_a_read_is_repeated_twice_at_the_most() -> None:
    script = Script([httpx.ConnectError("no")])
    with pytest.raises(Failed) as caught:
        door(script).fetch(Call("GET", QUICKBOOKS.api))
    assert caught.value.failure.kind is FailureKind.TRANSIENT and len(script.requests) == 3


def test_a_slow_read_is_not_repeated() -> None:
    script = Script([httpx.ReadTimeout("slow")])
    with pytest.raises(Failed) as caught:
        door(script).fetch(Call("GET", QUICKBOOKS.api))
    assert caught.value.failure.kind is FailureKind.TRANSIENT and len(script.requests) == 1


@contextmanager
def listening(serve: Callable[[socket.socket], object]) -> Iterator[str]:
    """One connection at a time is handed to `serve`."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def run() -> None:
        while not ended.is_set():
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            with sock, suppress(OSError):
                serve(sock)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "both.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    encoding = serialization.Encoding.PEM
    pem.write_bytes(key.private_bytes(encoding, form, plain) + certificate.public_bytes(encoding))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with listening(lambda sock: context.wrap_socket(sock, server_side=True).recv(10)) as base:
        url = base.replace("http://127.0.0.1", "https://localhost")
        gate = Door("X", (to(url, "GET"),), FakeClock())
        with pytest.raises(UnansweredError) as caught:
            gate.send(Call("GET", url))
        gate.close()
    assert not caught.value.left
