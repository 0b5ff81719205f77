"""Listening: several apps on loopback ports, in one thread with one event loop.

Invariant: when `start` returns every port answers; when `stop` returns every socket is closed.
It is not for production: one process, no TLS, the loopback address only.
"""

import asyncio
import socket
import threading
from collections.abc import Sequence
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from well.sandbox.kit.edge import CUT

HOST = "127.0.0.1"
START_SECONDS = 30
TICK_SECONDS = 0.03


class CuttableProtocol(H11Protocol):
    """HTTP/1.1 as always, and the app may cut the connection it is served on."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Hand the way to cut this connection to the app."""
        super().connection_made(transport)
        inner = cast(ASGIApp, self.app)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope["extensions"] = {**scope.get("extensions", {}), CUT: transport.abort}
            await inner(scope, receive, send)

        self.app = cast(Any, app)


def bind(port: int) -> socket.socket:
    """A listening socket on this loopback port, 0 for a free one. OSError when it is taken."""
    # The protocol is named because asyncio switches Nagle's algorithm off only then: without it
    # every small answer waits 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((HOST, port))
    except OSError:
        sock.close()
        raise
    return sock


def address(sock: socket.socket) -> str:
    """The base address of what will listen there, without a slash at the end."""
    return f"http://{HOST}:{sock.getsockname()[1]}"


class _Server(uvicorn.Server):
    """Looks for the end every few milliseconds, so that tests stop quickly."""

    async def main_loop(self) -> None:
        tick = 0
        while not await self.on_tick(tick):
            tick += 1
            await asyncio.sleep(TICK_SECONDS)


def _server(app: ASGIApp) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=CuttableProtocol,
        ws="none",
        loop="asyncio",
        lifespan="auto",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,
        backlog=512,
    )
    return _Server(config)


class Listener:
    """Serves each app on its socket until stopped."""

    def __init__(self, served: Sequence[tuple[ASGIApp, socket.socket]]) -> None:
        """The sockets are bound already and belong to the listener from now on."""
        self._sockets = [sock for _, sock in served]
        self._servers = [_server(app) for app, _ in served]
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._ended = threading.Event()

    def start(self) -> None:
        """Return when all listen; RuntimeError when they do not within 30 s."""
        self._thread.start()
        for _ in range(START_SECONDS * 100):
            if all(server.started for server in self._servers):
                return
            if self._ended.wait(0.01):
                break
        self.stop()
        raise RuntimeError("The stand-ins could not start listening.")

    def stop(self) -> None:
        """End running requests, close every socket, join the thread."""
        for server in self._servers:
            server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        for sock in self._sockets:
            sock.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve_all())
        finally:
            self._ended.set()

    async def _serve_all(self) -> None:
        pairs = zip(self._servers, self._sockets, strict=True)
        await asyncio.gather(*(server.serve(sockets=[sock]) for server, sock in pairs))
