"""A name server of a test on loopback (UDP): TXT records, and the ways a server can fail.

Invariant: it listens on a free port and ends with its `with`; every name that was asked is kept.
"""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.TXT
import dns.rrset

Bytes = Callable[[dns.message.Message], bytes | None]


@dataclass
class Zone:
    """What is answered. `txt`: the records of a name, each a sequence of strings (a name with none
    exists without any); `aliases` lead elsewhere; `fails` answers with a code; `raw` replaces the
    answer's bytes, None says nothing at all."""

    txt: dict[str, Sequence[Sequence[bytes]]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    fails: dict[str, dns.rcode.Rcode] = field(default_factory=dict)
    raw: dict[str, Bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def publish(self, name: str, *texts: str) -> None:
        """Records of a name, each cut into strings of 200 signs."""
        self.txt[name] = [
            [text[at : at + 200].encode() for at in range(0, len(text), 200)] for text in texts
        ]

    def answer(self, query: bytes) -> bytes | None:
        """The answer to one datagram."""
        asked = dns.message.from_wire(query)
        name = asked.question[0].name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        if name in self.raw:
            return self.raw[name](asked)
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        if name in self.fails:
            answer.set_rcode(self.fails[name])
            return answer.to_wire()
        while name in self.aliases:
            target = self.aliases[name]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{target}."))
            name = target
        if name not in self.txt:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif self.txt[name]:
            records = [
                dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, dns.rdatatype.TXT, strings)
                for strings in self.txt[name]
            ]
            answer.answer.append(dns.rrset.from_rdata_list(f"{name}.", 60, records))
        return answer.to_wire(max_size=65_000)


@contextmanager
def dns_server(zone: Zone) -> Iterator[str]:
    """The address of a running server, as a setting names it."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.05)
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                query, peer = sock.recvfrom(4096)
            except TimeoutError:
                continue
            answer = zone.answer(query)
            if answer is not None:
                sock.sendto(answer, peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{sock.getsockname()[1]}"
    finally:
        ended.set()
        thread.join(timeout=5)
        sock.close()
