"""The MCP server: streamable HTTP behind a bearer token, the official server's tools in front of
the books.

Invariant: without a living token made for this server nothing is answered but where to get one; a
tool reads what the API would show the same grant and counts against the same limits; errors are
ordinary text. It knows the protocol revisions with a session only, as the published server does.
"""

import json
from collections import deque
from collections.abc import Mapping
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from well.sandbox.kit.faults import Faults
from well.sandbox.kit.oauth import Unauthorized
from well.sandbox.kit.oauth_store import Token
from well.sandbox.xero.oauth import XeroOAuth
from well.sandbox.xero.teller import Teller
from well.sandbox.xero.tools import BY_NAME, WRITING

TOKEN = "xero.token"
NOT_FOUND = -32001
BAD_REQUEST = -32000
CALLS_KEPT = 20_000


class McpServer:
    """The endpoint as an ASGI app. `run` must be entered as long as it serves."""

    def __init__(
        self, teller: Teller, oauth: XeroOAuth, faults: Faults, settings: Mapping[str, int]
    ) -> None:
        """`settings`: `json_answers` 1 answers as JSON instead of an event stream."""
        server: Server[Any] = Server(
            "Xero MCP Server",
            version="0.0.17",
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
        )
        self._manager = StreamableHTTPSessionManager(server)
        self._teller = teller
        self._oauth = oauth
        self._faults = faults
        self._settings = settings
        self._lost: set[str] = set()
        self.calls: deque[dict[str, Any]] = deque(maxlen=CALLS_KEPT)
        self.run = self._manager.run

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request."""
        request = Request(scope)
        refusal = await run_in_threadpool(self._refusal, request)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        self._manager.json_response = bool(self._settings["json_answers"])
        await self._manager.handle_request(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        try:
            token = self._oauth.check(request)
        except Unauthorized as refused:
            return self._unauthorized(refused.reason)
        if token.extra.get("resource") not in (self._oauth.resource, f"{self._oauth.issuer}/"):
            return self._unauthorized("made for another resource")
        request.scope[TOKEN] = token
        known = request.headers.get("mcp-session-id", "")
        if known and self._faults.take({"mcp_lost"}, request.method, request.url.path):
            self._lost.add(known)
        if known in self._lost:
            return _rpc_error(404, NOT_FOUND, "Session not found")
        version = request.headers.get("mcp-protocol-version", HANDSHAKE_PROTOCOL_VERSIONS[0])
        if version not in HANDSHAKE_PROTOCOL_VERSIONS:
            # The published server's library is older than the revision without sessions.
            return _rpc_error(400, BAD_REQUEST, "Bad Request: Unsupported protocol version")
        return None

    def _unauthorized(self, reason: str) -> Response:
        where = f"{self._oauth.issuer}/.well-known/oauth-protected-resource/mcp"
        challenge = f'Bearer resource_metadata="{where}"'
        if reason != "missing":
            challenge += f', error="invalid_token", error_description="The token is {reason}"'
        body = {"error": "invalid_token", "error_description": "A bearer token is needed."}
        return JSONResponse(body, 401, headers={"WWW-Authenticate": challenge})

    async def _list_tools(
        self, _: ServerRequestContext[Any], __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        listed = [
            types.Tool(name=name, description=text, input_schema=schema)
            for name, text, schema in self._teller.tools()
        ]
        return types.ListToolsResult(tools=listed)

    async def _call_tool(
        self, context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        given = params.arguments or {}
        self.calls.append({"tool": params.name, "arguments": json.loads(json.dumps(given))})
        token = context.request.scope[TOKEN] if context.request is not None else None
        assert isinstance(token, Token), "the door let this call in"
        known = params.name in BY_NAME or params.name in WRITING
        if not known:
            return _refused(f"MCP error -32602: Tool {params.name[:80]} not found")
        wrong = BY_NAME[params.name].wrong(given) if params.name in BY_NAME else None
        if wrong is not None:
            sentence = f"Invalid arguments for tool {params.name}: {wrong}"
            return _refused(f"MCP error -32602: Input validation error: {sentence}")
        texts = await run_in_threadpool(self._teller.answer, params.name, given, token)
        return types.CallToolResult(content=[types.TextContent(text=text) for text in texts])


def _refused(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text)], is_error=True)


def _rpc_error(status: int, code: int, message: str) -> Response:
    error = {"code": code, "message": message}
    return JSONResponse({"jsonrpc": "2.0", "error": error, "id": None}, status)
