"""What the admin port of Xero's stand-in can do beside the usual.

Invariant: nothing of it is reachable on the provider's own port.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.xero.mcp_server import McpServer
from well.sandbox.xero.oauth import XeroOAuth


def admin_routes(oauth: XeroOAuth, mcp: McpServer) -> list[Route]:
    """The registered apps, to be seen and to be forgotten; the tools that were called."""

    async def registrations(_: Request) -> Response:
        return JSONResponse(oauth.registrations())

    async def forget(_: Request) -> Response:
        return JSONResponse({"forgotten": oauth.forget()})

    async def calls(_: Request) -> Response:
        return JSONResponse(list(mcp.calls))

    return [
        Route("/_admin/tool-calls", calls, methods=["GET"]),
        Route("/_admin/registrations", registrations, methods=["GET"]),
        Route("/_admin/registrations", forget, methods=["DELETE"]),
    ]
