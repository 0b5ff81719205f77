"""The admin port of a stand-in: what a test may see and do that no client of the provider can.

Invariant: it is served on its own port, never beside the provider's API. It is not protected: it
listens on the loopback address only.
"""

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.kit.dns import Zone, dns_routes
from well.sandbox.kit.faults import BadFaultError, Faults
from well.sandbox.kit.smtp_admin import mail_routes
from well.sandbox.kit.standin import StandIn

OAUTH_SETTINGS = (
    "access_seconds",
    "refresh_seconds",
    "overlap_seconds",
    "rotate_every_seconds",
    "single_grant",
)


async def _body(request: Request) -> Any:
    """The JSON body; None when there is none that can be read."""
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):
        return None


def _refused(sentence: str, status: int = 400) -> Response:
    return JSONResponse({"error": sentence}, status)


def _fault_routes(faults: Faults) -> list[Route]:
    async def view(_: Request) -> Response:
        return JSONResponse(faults.view())

    async def add(request: Request) -> Response:
        try:
            return JSONResponse(faults.add(await _body(request)).view(), 201)
        except BadFaultError as wrong:
            return _refused(str(wrong))

    async def clear(_: Request) -> Response:
        faults.clear()
        return JSONResponse([])

    return [
        Route("/_admin/faults", view, methods=["GET"]),
        Route("/_admin/faults", add, methods=["POST"]),
        Route("/_admin/faults", clear, methods=["DELETE"]),
    ]


def _log_routes(standin: StandIn) -> list[Route]:
    async def view(request: Request) -> Response:
        method = request.query_params.get("method", "").upper()
        rows = standin.log.view()
        return JSONResponse([row for row in rows if method in ("", row["method"])])

    async def clear(_: Request) -> Response:
        standin.log.clear()
        return JSONResponse([])

    return [
        Route("/_admin/log", view, methods=["GET"]),
        Route("/_admin/log", clear, methods=["DELETE"]),
    ]


def _oauth_routes(standin: StandIn) -> list[Route]:
    store = standin.oauth.store

    async def expire(request: Request) -> Response:
        kind = request.query_params.get("kind", "access")
        if kind not in ("access", "refresh"):
            return _refused("kind must be access or refresh.")
        return JSONResponse({"expired": store.expire(kind)})

    async def revoke(_: Request) -> Response:
        return JSONResponse({"revoked": store.end_all()})

    async def redirect(request: Request) -> Response:
        given = await _body(request)
        uri = given.get("redirect_uri") if isinstance(given, dict) else None
        if not isinstance(uri, str) or not uri:
            return _refused("redirect_uri must be text.")
        store.register_redirect(uri)
        return JSONResponse(sorted(store.redirects()), 201)

    return [
        Route("/_admin/expire-tokens", expire, methods=["POST"]),
        Route("/_admin/revoke-all", revoke, methods=["POST"]),
        Route("/_admin/redirects", redirect, methods=["POST"]),
    ]


def _settings(standin: StandIn) -> dict[str, int]:
    style = standin.oauth.style
    return standin.settings | {name: getattr(style, name) for name in OAUTH_SETTINGS}


def _change(standin: StandIn, given: object) -> str | None:
    """Apply the changes wholly, or return the sentence that refuses them."""
    if not isinstance(given, dict):
        return "Settings are an object of whole numbers."
    known = _settings(standin)
    for name, value in given.items():
        if name not in known:
            return f"There is no setting {name}; there are {', '.join(sorted(known))}."
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            return f"{name} must be a whole number from 0."
    for name, value in given.items():
        if name in OAUTH_SETTINGS:
            setattr(standin.oauth.style, name, value)
        else:
            standin.settings[name] = value
    return None


def _setting_routes(standin: StandIn) -> list[Route]:
    async def view(_: Request) -> Response:
        return JSONResponse(_settings(standin))

    async def change(request: Request) -> Response:
        wrong = _change(standin, await _body(request))
        return JSONResponse(_settings(standin)) if wrong is None else _refused(wrong)

    return [
        Route("/_admin/settings", view, methods=["GET"]),
        Route("/_admin/settings", change, methods=["POST"]),
    ]


def _second_act(act: Callable[[], int] | None) -> Callable[[Request], Response]:
    # Not a coroutine: it writes, and so runs beside the event loop.
    def run(_: Request) -> Response:
        if act is None:
            return _refused("This stand-in has no second act.", 404)
        return JSONResponse({"applied": act()})

    return run


def admin_routes(standin: StandIn, faults: Faults) -> list[Route]:
    """All routes of the admin port, the stand-in's own included."""

    async def health(_: Request) -> Response:
        return JSONResponse({"ok": True, "name": standin.name})

    return [
        Route("/_admin/health", health, methods=["GET"]),
        *_fault_routes(faults),
        *_log_routes(standin),
        *_oauth_routes(standin),
        *_setting_routes(standin),
        Route("/_admin/second-act", _second_act(standin.second_act), methods=["POST"]),
        *(mail_routes(standin.mailbox) if standin.mailbox else ()),
        *(dns_routes(Zone(standin.mailbox.state)) if standin.mailbox else ()),
        *standin.admin_routes,
    ]
