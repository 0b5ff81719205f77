"""A name server on a loopback port that answers for the domains of the sandbox (RFC 1035, UDP).

Invariant: it tells only what somebody published at the admin port, and that survives a restart; it
asks no other server, so nothing of a demo depends on the Internet. Texts only.
"""

import json
import socket
import threading

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.rrset
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.kit.state import State

HOST = "127.0.0.1"
TICK_SECONDS = 0.1
STRING_MAX = 255
"""Bytes of one string of a text; a longer text is several (RFC 1035 3.3)."""
TEXT_MAX, NAME_MAX = 4096, 253
ANSWER_MAX = 65_000
"""Bytes of a datagram on the loopback address; nothing needs to be asked again over TCP."""


class Zone:
    """The texts that were published."""

    def __init__(self, state: State) -> None:
        """Make the table where it is missing."""
        self._state = state
        state.script(
            "create table if not exists dns_text (name text not null, text text not null,"
            " unique (name, text));"
        )

    def publish(self, name: str, text: str) -> None:
        """The one text of its kind there is at a name from now on: the same beginning replaces."""
        kind = text.split(" ")[0].rstrip(";")
        with self._state.transaction() as db:
            db.execute(
                "delete from dns_text where name = ? and substr(text, 1, ?) = ?",
                (_plain(name), len(kind), kind),
            )
            db.execute("insert into dns_text values (?, ?)", (_plain(name), text))

    def withdraw(self, name: str) -> None:
        """Take every text of a name away."""
        with self._state.transaction() as db:
            db.execute("delete from dns_text where name = ?", (_plain(name),))

    def texts(self, name: str) -> list[str]:
        """What stands at a name."""
        rows = self._state.db().execute(
            "select text from dns_text where name = ? order by text", (_plain(name),)
        )
        return [row["text"] for row in rows]

    def view(self) -> list[dict[str, str]]:
        """Everything, by name."""
        rows = self._state.db().execute("select * from dns_text order by name, text")
        return [dict(row) for row in rows]


def _plain(name: str) -> str:
    return name.rstrip(".").lower()


def bind_dns(port: int) -> socket.socket:
    """A socket on this loopback port, 0 for a free one. OSError when it is taken."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.bind((HOST, port))
    except OSError:
        sock.close()
        raise
    return sock


class NameServer:
    """Answers on its socket from a thread of its own, between start() and stop()."""

    def __init__(self, zone: Zone, sock: socket.socket) -> None:
        """The socket is bound already and belongs to the server from now on."""
        self._zone = zone
        self._sock = sock
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox-dns", daemon=True)

    def start(self) -> None:
        """It answers from now on."""
        self._sock.settimeout(TICK_SECONDS)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the socket. Harmless when not started."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._sock.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                query, peer = self._sock.recvfrom(4096)
                reply = answer(self._zone, query)
                if reply is not None:
                    self._sock.sendto(reply, peer)
            except TimeoutError:
                continue


def answer(zone: Zone, query: bytes) -> bytes | None:
    """The answer to one datagram; None to what is no question."""
    try:
        asked = dns.message.from_wire(query)
        reply = dns.message.make_response(asked)
    except (dns.exception.DNSException, ValueError):
        return None
    if len(asked.question) != 1:
        return None
    (question,) = asked.question
    reply.flags |= dns.flags.RA
    texts = zone.texts(question.name.to_text())
    if not texts:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    elif question.rdtype == dns.rdatatype.TXT:
        records = [_record(text.encode()) for text in texts]
        reply.answer.append(dns.rrset.from_rdata_list(question.name, 60, records))
    return reply.to_wire(max_size=ANSWER_MAX)


def _record(text: bytes) -> dns.rdtypes.ANY.TXT.TXT:
    parts = [text[at : at + STRING_MAX] for at in range(0, len(text), STRING_MAX)]
    return dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, dns.rdatatype.TXT, parts or [b""])


def dns_routes(zone: Zone) -> list[Route]:
    """What the admin port adds: what stands where, publishing, and taking away."""

    def view(_: Request) -> Response:
        return JSONResponse(zone.view())

    async def given(request: Request) -> tuple[str, str]:
        try:
            body = json.loads(await request.body())
        except (ValueError, RecursionError):
            body = None
        body = body if isinstance(body, dict) else {}
        return str(body.get("name", ""))[: NAME_MAX + 1], str(body.get("text", ""))[: TEXT_MAX + 1]

    async def publish(request: Request) -> Response:
        name, text = await given(request)
        if not 0 < len(name) <= NAME_MAX or not 0 < len(text) <= TEXT_MAX:
            return JSONResponse({"error": "name and text must be given, and not too long."}, 400)
        zone.publish(name, text)
        return JSONResponse(zone.view(), 201)

    async def withdraw(request: Request) -> Response:
        name, _ = await given(request)
        zone.withdraw(name)
        return JSONResponse(zone.view())

    return [
        Route("/_admin/dns", view, methods=["GET"]),
        Route("/_admin/dns", publish, methods=["POST"]),
        Route("/_admin/dns", withdraw, methods=["DELETE"]),
    ]
