"""Asks a name server for the TXT records of a name (RFC 1035).

Invariant: None when it could not be asked now, empty only when the server said that there are
none; an answer of a stranger holds at most RECORDS texts of TEXT_MAX signs and takes at most
SECONDS. It does not know what a record means.
"""

import ipaddress
from collections.abc import Callable, Sequence

import dns.exception
import dns.rdatatype
import dns.resolver

RECORDS = 50
"""Texts of one name that are looked at; a name with more is not one that Well can judge."""
TEXT_MAX = 8192
SECONDS = 5.0
TRY_SECONDS = 2.0
PORT = 53
Texts = Callable[[str], Sequence[str] | None]
"""The texts of a name, each joined of its strings; None: it could not be asked now."""


def texts_by(server: str) -> Texts:
    """Ask `server` (`192.0.2.53`, `127.0.0.1:5353`, `[::1]:5353`), empty for the machine's own."""

    def texts(name: str) -> Sequence[str] | None:
        try:
            answer = _resolver(server).resolve(f"{name}.", "TXT", search=False)
            found = [b"".join(record.strings) for record in answer if _is_text(record.rdtype)]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, OSError, ValueError):
            return None
        if len(found) > RECORDS or any(len(text) > TEXT_MAX for text in found):
            return None
        return [text.decode("utf-8", "replace") for text in found]

    return texts


def _is_text(type: dns.rdatatype.RdataType) -> bool:
    return type == dns.rdatatype.TXT


def _resolver(server: str) -> dns.resolver.Resolver:
    """A resolver without memory; ValueError for an address that is none."""
    made = dns.resolver.Resolver(configure=not server)
    if server:
        host, port = _address(server)
        made.nameservers, made.port = [host], port
    made.timeout, made.lifetime = TRY_SECONDS, SECONDS
    made.cache = None
    return made


def _address(server: str) -> tuple[str, int]:
    """Host and port of a setting; ValueError when it is no numeric address."""
    host, colon, port = server.rpartition(":")
    if server.startswith("[") and "]" in server:
        host, _, rest = server[1:].partition("]")
        colon, port = rest[:1], rest[1:]
    elif not colon or ":" in host:
        host, colon, port = server, "", ""
    return str(ipaddress.ip_address(host)), int(port) if colon else PORT
