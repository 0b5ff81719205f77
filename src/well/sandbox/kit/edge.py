"""The edge of a stand-in: every request passes here, is logged, and may meet a fault.

Invariant: a cut connection is really cut (the socket is closed without a whole answer), and what a
client sees of a fault is what it would see of a failing provider. It knows nothing of the API.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from well.sandbox.kit.faults import EDGE_MODES, Fault, Faults

Answer = Callable[[int, Fault], Response]
CUT = "sandbox.cut"
DRIPS = 10


def plain_answer(status: int, _: Fault) -> Response:
    """The body of an error where the stand-in has no form of its own."""
    return PlainTextResponse("The stand-in was asked to fail.", status)


class RequestLog:
    """The last requests: method, path, query, status (0: no answer was given) and fault."""

    def __init__(self, keep: int = 20_000) -> None:
        """Keep this many at most."""
        self._last: deque[dict[str, Any]] = deque(maxlen=keep)
        self._lock = threading.Lock()

    def add(self, scope: Scope, fault: str | None) -> dict[str, Any]:
        """Write a request down when it comes; its status is filled in before the answer leaves."""
        row = {
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode("latin-1"),
            "status": 0,
            "fault": fault,
        }
        with self._lock:
            self._last.append(row)
        return row

    def view(self) -> list[dict[str, Any]]:
        """Oldest first."""
        with self._lock:
            return [dict(row) for row in self._last]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._last.clear()


class _Watch:
    """Passes messages on and writes the status into the log's row."""

    def __init__(self, send: Send, row: dict[str, Any]) -> None:
        self._row = row
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._row["status"] = int(message["status"])
        await self._send(message)


class _Kept:
    """Keeps an answer instead of sending it."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")


async def _cut(scope: Scope, receive: Receive) -> None:
    """Close the connection; when this returns the server knows that it is gone."""
    cut = scope.get("extensions", {}).get(CUT)
    assert cut is not None, "cutting needs the server of kit.listen"
    cut()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _drip(kept: _Kept, seconds: int, send: Send) -> None:
    await send(kept.start)
    size = max(1, -(-len(kept.body) // DRIPS))
    for at in range(0, len(kept.body), size):
        piece = kept.body[at : at + size]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(seconds / DRIPS)
    await send({"type": "http.response.body", "body": b""})


async def _half(kept: _Kept, scope: Scope, receive: Receive, send: Send) -> None:
    await send(kept.start)
    half = kept.body[: len(kept.body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})
    await asyncio.sleep(0.05)  # let the first half leave before the connection goes
    await _cut(scope, receive)


class FaultMiddleware:
    """ASGI middleware: logs each request and lets the faults strike."""

    def __init__(
        self,
        app: ASGIApp,
        faults: Faults,
        log: RequestLog | None = None,
        answer: Answer = plain_answer,
    ) -> None:
        """`answer` makes the provider's own body for an error status."""
        self._app = app
        self._faults = faults
        self._log = log or RequestLog()
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        fault = self._faults.take(EDGE_MODES, scope["method"], scope["path"])
        watch = _Watch(send, self._log.add(scope, None if fault is None else fault.mode))
        if fault is None:
            await self._app(scope, receive, watch)
        else:
            await self._strike(fault, scope, receive, watch)

    async def _strike(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.mode:
            case "rate_limit":
                await self._refuse(429, fault, scope, receive, send)
            case "error_before":
                await self._refuse(fault.status, fault, scope, receive, send)
            case "cut_before":
                await _cut(scope, receive)
            case _:
                await self._spoil(fault, scope, receive, send)

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request be done wholly, then spoil its answer."""
        kept = _Kept()
        await self._app(scope, receive, kept)
        match fault.mode:
            case "error_after":
                await self._refuse(fault.status, fault, scope, receive, send)
            case "cut_after":
                await _cut(scope, receive)
            case "cut_body":
                await _half(kept, scope, receive, send)
            case _:
                await _drip(kept, fault.seconds, send)

    async def _refuse(
        self, status: int, fault: Fault, scope: Scope, receive: Receive, send: Send
    ) -> None:
        response = self._answer(status, fault)
        if fault.retry_after is not None:
            response.headers["Retry-After"] = str(fault.retry_after)
        await response(scope, receive, send)
