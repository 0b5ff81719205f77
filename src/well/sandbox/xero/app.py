"""The stand-in of Xero: identity server, accounting API and MCP server on one port.

Invariant: API and MCP server show the same books; the admin port alone can see or rule what no
client of Xero could. It is no accounting: nothing is computed from what is written.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.edge import FaultMiddleware, RequestLog
from well.sandbox.kit.faults import Fault, Faults
from well.sandbox.kit.standin import StandIn
from well.sandbox.kit.state import State
from well.sandbox.xero import limits, view
from well.sandbox.xero.admin import admin_routes
from well.sandbox.xero.books import Books
from well.sandbox.xero.door import Door
from well.sandbox.xero.limits import Limits, too_many
from well.sandbox.xero.mcp_server import McpServer
from well.sandbox.xero.oauth import AUTHORIZE, REGISTER, REVOKE, TOKEN, XeroOAuth
from well.sandbox.xero.organisations import Organisations
from well.sandbox.xero.problem import Problem, not_found
from well.sandbox.xero.rest import Rest
from well.sandbox.xero.teller import Teller
from well.sandbox.xero.webhooks import Webhooks

SETTINGS = limits.SETTINGS | {
    "rest_takes_mcp_tokens": 1,
    "iso_dates": 0,
    "json_answers": 0,
    "newer_tools": 0,
    "told_errors": 0,
    "calls_before_tool": 1,
}
FAULT_MODES = frozenset({"mcp_lost", "tool_text"})
GATEWAY = frozenset({502, 503, 504})


def failure(status: int, fault: Fault) -> Response:
    """What a client sees when a fault was asked for: 429, an error of the API, a gateway's page."""
    if status in GATEWAY:
        page = "<html><body><h1>The Xero API is currently offline</h1></body></html>"
        return HTMLResponse(page, status)
    if status == 429:
        return too_many("minute", fault.retry_after or 1).response()
    return Problem(status, "An error occurred in Xero. Check the API status page.").response()


def create(
    state: State, world: Company, clock: StandInClock, faults: Faults, base_url: str
) -> Starlette:
    """The stand-in as an app; `app.state.standin` describes it."""
    books = Books(state, clock)
    books.fill(world)
    settings = dict(SETTINGS)
    organisations = Organisations(state)
    oauth = XeroOAuth(state, clock, faults, base_url, organisations)
    door = Door(oauth, Limits(settings, clock), settings)
    rest = Rest(books, door, oauth, organisations, world, clock, base_url)
    teller = Teller(books, organisations, oauth.approved, door.limits, faults, settings)
    mcp = McpServer(teller, oauth, faults, settings)
    hooks = Webhooks(state, clock, base_url, organisations.main)
    log = RequestLog()

    def second_act() -> int:
        changes = books.second_act(view.later(world.second_act()))
        hooks.announce(changes)
        return len(changes)

    @asynccontextmanager
    async def serving(_: Starlette) -> AsyncIterator[None]:
        async with mcp.run():
            yield

    app = Starlette(
        routes=[*oauth.routes(), *rest.routes(), Route("/mcp", mcp)],
        exception_handlers={404: lambda _, __: not_found()},
        lifespan=serving,
        middleware=[Middleware(FaultMiddleware, faults=faults, log=log, answer=failure)],
    )
    app.state.standin = StandIn(
        name="xero",
        oauth=oauth,
        addresses={
            "mcp": oauth.resource,
            "api": base_url,
            "authorize": base_url + AUTHORIZE,
            "token": base_url + TOKEN,
            "revoke": base_url + REVOKE,
            "register": base_url + REGISTER,
            "issuer": oauth.issuer,
            "webhook_key": hooks.key,
        },
        log=log,
        settings=settings,
        admin_routes=[*admin_routes(oauth, mcp), hooks.route()],
        second_act=second_act,
    )
    return app
