"""The only door to the network for connectors.

Invariant: a request leaves only when a rule allows its method and address; no redirect is
followed, no proxy, cookie or password of the environment is used, and no answer is larger or
slower than the call allows. It does not know what an answer means and repeats nothing but reads.
"""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from random import SystemRandom

import httpcore
import httpx

from well.connectors.addresses import CheckedBackend, Resolve, is_local_literal, resolve
from well.connectors.failures import bug, malformed, rejected, transient
from well.connectors.jsontext import Node, parse
from well.connectors.throttle import Throttle
from well.ports.clock import Clock

JSON_MAX = 20 * 1024 * 1024
FILE_MAX = 50 * 1024 * 1024
CONNECT_SECONDS = 5.0
KEEP_SECONDS = 3.0
"""Less than servers keep an idle line, so that a write seldom meets a line that just closed."""

FILE_SECONDS = 120.0
REPEATED = (502, 503, 504)
"""Answers of a gateway; a read that meets one is repeated, at most twice."""

_WAITS = (0.25, 1.0)
_JITTER = SystemRandom().random
_PORTS = {"http": 80, "https": 443}
Part = tuple[str, tuple[str | None, bytes | str, str] | tuple[None, str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One allowance. `host` may start with `*.`; `path` None allows any, one that ends with `/`
    whatever is right below it, else exactly this one."""

    scheme: str
    host: str
    port: int
    methods: frozenset[str]
    path: str | None = None

    def allows(self, method: str, url: httpx.URL) -> bool:
        """Whether this rule lets the request out."""
        return (
            method in self.methods
            and url.scheme == self.scheme
            and (url.port or _PORTS.get(url.scheme)) == self.port
            and self._is_host(url.host)
            and self._is_path(url.path)
        )

    def _is_path(self, path: str) -> bool:
        if self.path is not None and self.path.endswith("/"):
            below = path.removeprefix(self.path)
            return below not in (path, "") and "/" not in below
        return self.path in (None, path)

    def _is_host(self, host: str) -> bool:
        if self.host.startswith("*."):
            return host.endswith(self.host[1:]) and len(host) >= len(self.host)
        return host == self.host


def to(base: str, *methods: str, exact: bool = False) -> Rule:
    """Allow `methods` to a configured address; plain http only where it is a loopback one."""
    url = httpx.URL(base)
    scheme = url.scheme if is_local_literal(url.host) else "https"
    port = url.port or _PORTS.get(url.scheme, 443)
    return Rule(scheme, url.host, port, frozenset(methods), url.path if exact else None)


def from_files(host: str) -> Rule:
    """Allow reading signed links at a file host such as `*.amazonaws.com`."""
    return Rule("https", host.lower(), 443, frozenset({"GET"}))


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `seconds` bounds the whole of it; what may hold a secret is not printed."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Sequence[tuple[str, str]] = ()
    form: Mapping[str, str] | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    parts: Sequence[Part] | None = field(default=None, repr=False)
    size_max: int = JSON_MAX
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole; header names are case-insensitive."""

    status: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> Node:
        """The body as JSON. ValueError when it is none."""
        return parse(self.body)


class UnansweredError(Exception):
    """No whole answer came. `left` says whether the request may have reached the provider."""

    def __init__(self, note: str, left: bool, slow: bool = False) -> None:
        super().__init__(note)
        self.left = left
        self.slow = slow


class TooLargeError(Exception):
    """The answer has more bytes than the call allows; the rest was not read."""


class _Transport(httpx.HTTPTransport):
    """httpx's own transport over connections whose addresses were checked."""

    def __init__(self, backend: httpcore.NetworkBackend, tls: ssl.TLSVersion) -> None:
        super().__init__(trust_env=False)
        context: ssl.SSLContext = httpx.create_ssl_context(trust_env=False)
        context.minimum_version = tls
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=32,
            max_keepalive_connections=16,
            keepalive_expiry=KEEP_SECONDS,
            network_backend=backend,
        )


class Door:
    """Sends what its rules allow; one per connector, shared by its connections and threads."""

    def __init__(
        self,
        provider: str,
        rules: Sequence[Rule],
        clock: Clock,
        *,
        transport: httpx.BaseTransport | None = None,
        names: Resolve = resolve,
        jitter: Callable[[], float] = _JITTER,
        tls: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
    ) -> None:
        self._provider = provider
        self._rules = tuple(rules)
        self._clock = clock
        self._jitter = jitter
        local = {rule.host for rule in rules if is_local_literal(rule.host)}
        self._client = httpx.Client(
            transport=transport or _Transport(CheckedBackend(local, names), tls),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": "Well"},
        )

    def close(self) -> None:
        """Close idle connections."""
        self._client.close()

    def check(self, method: str, url: str) -> None:
        """Raise `Failed` unless a rule allows it."""
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL:
            raise self._stranger("an unreadable address") from None
        if parsed.userinfo or not any(r.allows(m, parsed) for r in self._rules for m in r.methods):
            raise self._stranger(parsed.host)
        if not any(rule.allows(method, parsed) for rule in self._rules):
            raise bug(f"{method} {parsed.path} is not allowed at {self._provider}")

    def _stranger(self, where: str) -> Exception:
        sentence = f"{self._provider} points to an address that is not known to be its own."
        return rejected(sentence, f"refused host: {where}")

    def send(self, call: Call, throttle: Throttle | None = None) -> Answer:
        """Send once. Raises `Failed` before any byte has left, else one of this file's errors."""
        self.check(call.method, call.url)
        if throttle is None:
            return self._send(call)
        with throttle.turn():
            return self._send(call)

    def fetch(self, call: Call, throttle: Throttle | None = None) -> Answer:
        """Send a read, again at most twice where only the line failed; `Failed` for no answer."""
        try:
            return self._fetch(call, throttle)
        except TooLargeError as error:
            raise malformed(self._provider, str(error)) from error

    def download(
        self, link: str, headers: Mapping[str, str] | None = None, throttle: Throttle | None = None
    ) -> Answer:
        """Read a file; `Failed` when it is too large. A signed link is read without any token."""
        call = Call("GET", link, headers or {}, size_max=FILE_MAX, seconds=FILE_SECONDS)
        try:
            return self._fetch(call, throttle)
        except TooLargeError as error:
            limit = FILE_MAX // (1024 * 1024)
            sentence = f"The file at {self._provider} is larger than {limit} MB; Well leaves it."
            raise rejected(sentence, str(error)) from error

    def _fetch(self, call: Call, throttle: Throttle | None) -> Answer:
        assert call.method == "GET", "only reads are repeated"
        for wait in (*_WAITS, None):
            try:
                answer = self.send(call, throttle)
                if wait is None or answer.status not in REPEATED:
                    return answer
            except UnansweredError as error:
                if wait is None or error.slow:
                    raise transient(self._provider, str(error)) from error
            self._clock.sleep(wait * (0.5 + self._jitter()))
        raise AssertionError("the last try returns or raises")

    def _send(self, call: Call) -> Answer:
        end = time.monotonic() + call.seconds
        try:
            with self._client.stream(
                call.method,
                call.url,
                headers=call.headers,
                params=list(call.params) or None,
                data=call.form,
                content=call.content,
                files=call.parts,
                timeout=httpx.Timeout(call.seconds, connect=CONNECT_SECONDS),
            ) as response:
                body = _read(response, call, end)
                return Answer(response.status_code, response.headers, body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise UnansweredError(_unreached(error), left=False) from error
        except httpx.TimeoutException as error:
            raise UnansweredError(type(error).__name__, left=True, slow=True) from error
        except httpx.RequestError as error:
            raise UnansweredError(type(error).__name__, left=True) from error


def _unreached(error: httpx.RequestError) -> str:
    """Why no line was made; of a failed handshake what TLS says, without a certificate's names."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    kind = type(error).__name__
    return f"{kind}: {cause.reason}" if isinstance(cause, ssl.SSLError) else kind


def _read(response: httpx.Response, call: Call, end: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > call.size_max:
            raise TooLargeError(f"an answer of more than {call.size_max} bytes")
        if time.monotonic() > end:
            raise UnansweredError("the answer took too long", left=True, slow=True)
    return bytes(body)
