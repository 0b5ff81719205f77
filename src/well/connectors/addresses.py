"""Which network addresses a connector may reach, decided when the connection is made.

Invariant: a name is resolved once and the connection goes to an address that was checked, so a
changing name server cannot lead inside; only a base that is configured as a loopback or private
address literal may be private. It knows nothing of HTTP.
"""

import ipaddress
import socket
from collections.abc import Callable, Collection, Iterable, Sequence

import httpcore

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")


def resolve(host: str, port: int) -> Sequence[str]:
    """The numeric addresses of `host`; OSError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def inner(address: Address) -> Address:
    """The address that a transition form (IPv4-mapped, NAT64, 6to4, Teredo) wraps, or itself."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)


def is_public(text: str) -> bool:
    """Whether an address literal is one of the public internet, after unwrapping."""
    try:
        outer = ipaddress.ip_address(text.split("%", 1)[0])
    except ValueError:
        return False
    address = inner(outer)
    return address.is_global and not address.is_multicast and outer not in _NAT64_LOCAL


def is_local_literal(host: str) -> bool:
    """Whether a configured host is spelled as a local one: localhost or a private literal."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return address.is_loopback or address.is_private


class CheckedBackend(httpcore.SyncBackend):
    """Connects to checked addresses only; `local` are configured hosts that may be private."""

    def __init__(self, local: Collection[str], resolve: Resolve = resolve) -> None:
        self._local = frozenset(local)
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first allowed address of `host` that answers."""
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._allowed(host, port):
            try:
                return super().connect_tcp(
                    address, port, timeout, local_address, list(socket_options or ())
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address that may be reached")

    def _allowed(self, host: str, port: int) -> list[str]:
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} is not found") from error
        return [a for a in found if host in self._local or is_public(a)]
