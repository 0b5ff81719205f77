"""Calls of an MCP server's tools, over streamable HTTP, through the one door to the network.

Invariant: only tools that list are called (forms.ALLOWED); the SDK speaks the protocol and the
door decides what leaves, how large and how slow an answer may be; the token is renewed under the
lease. A session that the server forgot is begun again once. Nothing of a session outlives a run.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import httpx2
from mcp.client.session import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, Implementation, TextContent

from well.connectors.failures import bug, malformed, rejected, transient
from well.connectors.http import Answer, Call, Door, TooLargeError, UnansweredError
from well.connectors.oauth import Session
from well.connectors.throttle import Throttle
from well.connectors.xero.forms import ALLOWED
from well.connectors.xero.limits import (
    THROTTLED,
    TITLE,
    failure_of,
    is_dead_token,
    told_by_text,
)
from well.domain.failure import Failed, FailureKind
from well.ports.clock import Clock

SECONDS = 60.0
WAIT_SECONDS = 180.0
"""For one answer, with the throttle's turn and a renewed token before it."""

BLOCKS_MAX = 2000
ME = Implementation(name="Well", version="1")
_T = TypeVar("_T")


class LostSessionError(Exception):
    """The server no longer knows the session."""


class Ask:
    """Calls tools in one session."""

    def __init__(self, session: ClientSession, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    async def names(self) -> frozenset[str]:
        """The tools that the server says it has."""
        return frozenset(tool.name for tool in (await self._session.list_tools()).tools)

    async def __call__(self, tool: str, arguments: Mapping[str, Any]) -> tuple[str, ...]:
        """The texts of a tool's answer; `Failed` when they tell an error."""
        if tool not in ALLOWED:
            raise bug(f"the tool {tool} is not one that lists")
        return _texts(await self._session.call_tool(tool, dict(arguments)), self._clock)


class Desk:
    """The tools of one organisation's server, reached through one connection's session."""

    def __init__(
        self, url: str, session: Session, door: Door, throttle: Throttle, clock: Clock
    ) -> None:
        self._url = url
        self._session = session
        self._door = door
        self._throttle = throttle
        self._clock = clock

    def run(self, steps: Callable[[Ask], Awaitable[_T]]) -> _T:
        """Do `steps` in one session; from the beginning once more when the session was lost.

        Opening a session is not counted, but a pause that was asked for holds it, too.
        """
        self._throttle.heed()
        try:
            return asyncio.run(self._once(steps))
        except LostSessionError:
            pass
        try:
            return asyncio.run(self._once(steps))
        except LostSessionError as error:
            raise transient(TITLE, "the server loses its sessions") from error

    async def _once(self, steps: Callable[[Ask], Awaitable[_T]]) -> _T:
        line = _Line(self._url, self._session, self._door, self._throttle, self._clock)
        # Raised inside, an error would come out wrapped in a group of errors.
        outcome: _T | Exception
        async with (
            httpx2.AsyncClient(transport=line) as client,
            streamable_http_client(self._url, http_client=client) as (reads, writes),
            ClientSession(
                reads, writes, read_timeout_seconds=WAIT_SECONDS, client_info=ME
            ) as session,
        ):
            try:
                await session.initialize()
                outcome = await steps(Ask(session, self._clock))
            except (MCPError, Failed, RuntimeError, ValueError) as error:
                outcome = error
        if not isinstance(outcome, Exception):
            return outcome
        if line.trouble is not None:
            raise line.trouble
        if isinstance(outcome, Failed):
            raise outcome
        raise malformed(TITLE, f"MCP: {outcome}") from outcome


def _texts(result: CallToolResult, clock: Clock) -> tuple[str, ...]:
    texts = tuple(part.text for part in result.content if isinstance(part, TextContent))
    if len(texts) != len(result.content) or not 0 < len(texts) <= BLOCKS_MAX:
        raise changed("an answer that is not some texts")
    if result.is_error or texts[0].startswith("Error "):
        raise told_by_text(texts[0], clock.now())
    return texts


def ambiguous(why: str, raw: str) -> Failed:
    """A name or text at Xero that looks like fields, where even its record cannot be told."""
    sentence = (
        f"{TITLE}'s server tells a record that can be read in two ways, so Well reads it in none. "
        f"Nothing is lost; take the line breaks out of its texts in {TITLE} ({why})."
    )
    return rejected(sentence, raw)


def changed(raw: str) -> Failed:
    """The server's text has not the form Well knows; the raw text goes to the operator."""
    sentence = (
        f"{TITLE}'s server writes its answers in a new form that this version of Well does not "
        "read. Nothing of it was used and nothing is lost; whoever runs Well has to update it."
    )
    return rejected(sentence, raw)


class _Line(httpx2.AsyncBaseTransport):
    """The SDK's way out: every request goes through the door, with a token of the connection."""

    def __init__(
        self, url: str, session: Session, door: Door, throttle: Throttle, clock: Clock
    ) -> None:
        self._url = url
        self._session = session
        self._door = door
        self._throttle = throttle
        self._clock = clock
        self.trouble: Failed | LostSessionError | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer with what came, or with an empty error while `trouble` says why."""
        if request.method == "GET":
            # The stream on which a server speaks by itself: nothing of it is of use here.
            return httpx2.Response(405)
        content = await request.aread()
        headers = {k: v for k, v in request.headers.items() if _is_ours(k)}
        try:
            answer = await asyncio.to_thread(self._send, request.method, headers, content)
        except Failed as failed:
            self.trouble = self.trouble or failed
            return httpx2.Response(500)
        kept = {k: v for k, v in answer.headers.items() if k in ("content-type", "mcp-session-id")}
        return httpx2.Response(answer.status, headers=kept, content=answer.body)

    def _send(self, method: str, headers: Mapping[str, str], content: bytes) -> Answer:
        counted = self._throttle if b'"tools/call"' in content else None

        def send(token: str) -> Answer:
            bearer = {**headers, "authorization": f"Bearer {token}"}
            call = Call(method, self._url, bearer, content=content or None, seconds=SECONDS)
            try:
                return self._ask(call, counted)
            except (UnansweredError, TooLargeError) as error:
                raise transient(TITLE, f"MCP: {error}") from error

        answer = self._session.call(send, is_dead_token)
        if method == "POST" and answer.status not in (200, 202):
            self._note(answer, "mcp-session-id" in headers)
        return answer

    def _ask(self, call: Call, counted: Throttle | None) -> Answer:
        """Once more where only the line failed: what goes this way lists, or opens and ends a
        session, and nothing of it minds being told twice."""
        try:
            return self._door.send(call, counted)
        except UnansweredError as error:
            if error.slow:
                raise
            return self._door.send(call, counted)

    def _note(self, answer: Answer, in_session: bool) -> None:
        if answer.status == 404 and in_session:
            self.trouble = LostSessionError()
            return
        now = self._clock.now()
        failure = failure_of(answer, now)
        if failure is not None and failure.failure.kind is FailureKind.RATE_LIMITED:
            self._throttle.pause(failure.failure.retry_at or now + THROTTLED)
        self.trouble = self.trouble or failure


def _is_ours(header: str) -> bool:
    name = header.lower()
    return name in ("accept", "content-type") or name.startswith("mcp-")
