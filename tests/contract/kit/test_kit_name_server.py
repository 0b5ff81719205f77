"""Contract: the sandbox's name server tells what was published, to an ordinary client of DNS."""

import socket
from collections.abc import Iterator
from pathlib import Path

import dns.message
import dns.query
import dns.rcode
import httpx
import pytest

from well.sandbox.kit.dns import STRING_MAX, TEXT_MAX, NameServer, Zone, bind_dns
from well.sandbox.kit.state import State
from well.sandbox.serve import Sandbox

NAME = "well._domainkey.acme.example"


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    state = State(tmp_path / "state.sqlite")
    yield Zone(state)
    state.close()


@pytest.fixture
def port(zone: Zone) -> Iterator[int]:
    sock = bind_dns(0)
    server = NameServer(zone, sock)
    server.start()
    yield int(sock.getsockname()[1])
    server.stop()


def _asked(port: int, name: str, kind: str = "TXT") -> dns.message.Message:
    return dns.query.udp(dns.message.make_query(name, kind), "127.0.0.1", 5, port)


def _texts(port: int, name: str) -> list[bytes]:
    return [b"".join(r.strings) for rrset in _asked(port, name).answer for r in rrset]


def test_a_name_without_a_record_does_not_exist(port: int) -> None:
    assert _asked(port, NAME).rcode() == dns.rcode.NXDOMAIN


@pytest.mark.parametrize("size", [1, STRING_MAX, STRING_MAX + 1, TEXT_MAX])
def test_a_text_arrives_whole_whatever_its_length(zone: Zone, port: int, size: int) -> None:
    zone.publish(NAME, "x" * size)
    assert _texts(port, NAME.upper()) == [b"x" * size]
    assert _asked(port, NAME, "A").rcode() == dns.rcode.NOERROR


def test_a_text_of_the_same_kind_is_replaced_and_others_stay(zone: Zone, port: int) -> None:
    for text in ("v=spf1 -all", "site=1", "v=spf1 mx -all"):
        zone.publish("acme.example", text)
    assert sorted(_texts(port, "acme.example")) == [b"site=1", b"v=spf1 mx -all"]
    zone.withdraw("acme.example.")
    assert _asked(port, "acme.example").rcode() == dns.rcode.NXDOMAIN


def test_what_is_no_question_is_not_answered_and_the_server_lives(zone: Zone, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for datagram in (b"", b"\x00", b"\xff" * 500, dns.message.Message().to_wire()):
            sock.sendto(datagram, ("127.0.0.1", port))
    zone.publish(NAME, "p=a")
    assert _texts(port, NAME) == [b"p=a"]


@pytest.mark.slow
def test_the_sandbox_publishes_at_its_admin_port_and_keeps_it_over_a_restart(
    tmp_path: Path,
) -> None:
    for round in range(2):
        with Sandbox(["freshbooks"], tmp_path, bills=5) as sandbox:
            at = sandbox.addresses["freshbooks"]
            admin, port = f"{at['admin']}/_admin/dns", int(at["dns"].rpartition(":")[2])
            if round == 0:
                assert httpx.post(admin, json={"name": NAME, "text": "p=a"}).status_code == 201
                assert httpx.post(admin, json={"name": "", "text": "p=a"}).status_code == 400
                assert httpx.post(admin, content=b"[" * 9000).status_code == 400
                long = {"name": NAME, "text": "x" * (TEXT_MAX + 1)}
                assert httpx.post(admin, json=long).status_code == 400
            assert httpx.get(admin).json() == [{"name": NAME, "text": "p=a"}]
            assert _texts(port, NAME) == [b"p=a"]
    with Sandbox(["freshbooks"], tmp_path, bills=5) as sandbox:
        admin = f"{sandbox.addresses['freshbooks']['admin']}/_admin/dns"
        assert httpx.request("DELETE", admin, json={"name": NAME}).json() == []
