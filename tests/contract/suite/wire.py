"""The line between a connector and its stand-in: it notes what passes and can spoil an answer.

Invariant: a spoiled answer is one that a broken or hostile server could really send; requests pass
as they are. It knows no provider.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from builders.running_standin import NO_TLS

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers beside Content-Type JSON, body."""
Spoil = Callable[[bytes], Answer]
HUGE = 20 * 1024 * 1024 + 1
"""A byte more than any answer of an API may have."""


def _as(body: bytes) -> Spoil:
    return lambda _: (200, {}, body)


SPOILED: dict[str, Spoil] = {
    "cut in half": lambda body: (200, {}, body[: len(body) // 2]),
    "empty": _as(b""),
    "a web page": lambda _: (200, {"Content-Type": "text/html"}, b"<html><p>Sign in</p></html>"),
    "a web page with 502": lambda _: (502, {"Content-Type": "text/html"}, b"<h1>Bad gateway</h1>"),
    "not UTF-8": lambda body: (200, {}, body.replace(b'"', b"\xff", 1)),
    "an array": _as(b"[]"),
    "a text": _as(b'"ok"'),
    "null": _as(b"null"),
    "a number": _as(b"7"),
    "an empty object": _as(b"{}"),
    "nested too deep": _as(b"[" * 100_000),
    "an object nested too deep": _as(b'{"a":' * 100_000),
    "NaN": _as(b'{"a": NaN}'),
    "huge": lambda _: (200, {}, b" " * HUGE),
    "two values": lambda body: (200, {}, body + body),
    "a redirect": lambda _: (302, {"Location": "https://elsewhere.example.com/"}, b""),
    "a status nobody knows": lambda _: (418, {}, b"{}"),
}
"""Answers that are none: nothing of them may be used."""


def swapped(value: Any, depth: int) -> Any:
    """The value with everything at this depth of another type."""
    if depth == 0:
        return _other(value)
    if isinstance(value, dict):
        return {key: swapped(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [swapped(item, depth - 1) for item in value]
    return value


def _other(value: Any) -> Any:
    if isinstance(value, str):
        return {"value": value}
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return {"items": value}
    return "\u202e\x00 not this" if value is None else [value]


def types_swapped(depth: int) -> Spoil:
    """A spoil that keeps the form down to `depth` and breaks all types there."""

    def spoil(body: bytes) -> Answer:
        try:
            return 200, {}, json.dumps(swapped(json.loads(body), depth)).encode()
        except ValueError:
            return 200, {}, body

    return spoil


class Wire(httpx.BaseTransport):
    """A connector's `transport`. `api`: the beginnings of paths whose answers may be spoiled."""

    def __init__(self, *api: str) -> None:
        self._real = httpx.HTTPTransport(verify=NO_TLS)
        self._api = api
        self._spoil: Spoil | None = None
        self._down = False
        self._lock = threading.Lock()
        self.passed: list[tuple[str, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on, and the answer as it is or spoiled."""
        with self._lock:
            self.passed.append((request.method, request.url.path))
        if self._down and self.is_api(request.url.path):
            raise httpx.ConnectError("nobody listens", request=request)
        response = self._real.handle_request(request)
        if self._spoil is None or not self.is_api(request.url.path):
            return response
        response.read()
        response.close()
        status, headers, body = self._spoil(response.content)
        return httpx.Response(
            status,
            headers={"Content-Type": "application/json"} | headers,
            content=body,
            request=request,
        )

    def close(self) -> None:
        """Close idle connections."""
        self._real.close()

    def is_api(self, path: str) -> bool:
        """Whether this is a call of the API, no token and no file."""
        return path.startswith(self._api)

    @property
    def calls(self) -> list[tuple[str, str]]:
        """Method and path of the API calls that have passed."""
        return [call for call in self.passed if self.is_api(call[1])]

    @contextmanager
    def spoiling(self, spoil: Spoil) -> Iterator[None]:
        """Every answer of the API is spoiled meanwhile."""
        self._spoil = spoil
        try:
            yield
        finally:
            self._spoil = None

    @contextmanager
    def down(self) -> Iterator[None]:
        """The API cannot be reached meanwhile."""
        self._down = True
        try:
            yield
        finally:
            self._down = False
