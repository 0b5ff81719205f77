"""What the admin port of Xero's stand-in can do beside the usual.

Invariant: nothing of it is reachable on the provider's own port.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.xero.oauth import XeroOAuth


def admin_routes(oauth: XeroOAuth) -> list[Route]:
    """The registered apps, to be seen and to be forgotten."""

    async def registrations(_: Request) -> Response:
        return JSONResponse(oauth.registrations())

    async def forget(_: Request) -> Response:
        return JSONResponse({"forgotten": oauth.forget()})

    return [
        Route("/_admin/registrations", registrations, methods=["GET"]),
        Route("/_admin/registrations", forget, methods=["DELETE"]),
    ]
