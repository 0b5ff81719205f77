"""What the admin port adds for a mailbox: who may send, what came, what went back, and whereto.

Invariant: nothing here can be reached by mail. It changes no message.
"""

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.kit.mailbox import Mailbox, plain
from well.sandbox.kit.smtp_returns import Outcome

STATUS = {"failed": "5.2.1", "delayed": "4.4.7", "delivered": "2.0.0", "relayed": "2.0.0"}
"""What may be reported of a message later, each with its usual code of RFC 3463."""


async def _given(request: Request) -> dict[str, Any]:
    try:
        given = json.loads(await request.body())
    except (ValueError, RecursionError):
        given = None
    return given if isinstance(given, dict) else {}


def mail_routes(mailbox: Mailbox) -> list[Route]:
    """The routes, for the kit's admin app."""

    async def register(request: Request) -> Response:
        address = (await _given(request)).get("address")
        if not isinstance(address, str) or "@" not in address:
            return JSONResponse({"error": "address must be an e-mail address."}, 400)
        return JSONResponse(mailbox.register(address), 201)

    def senders(_: Request) -> Response:
        return JSONResponse(mailbox.senders())

    def mails(_: Request) -> Response:
        return JSONResponse(mailbox.view())

    def returned(_: Request) -> Response:
        return JSONResponse(mailbox.returns.view())

    async def lead(request: Request) -> Response:
        given = await _given(request)
        host, port = given.get("host"), given.get("port")
        if not isinstance(host, str) or not isinstance(port, int) or not 0 < port < 65_536:
            return JSONResponse({"error": "host must be text and port a number."}, 400)
        mailbox.returns.lead_to(host, port)
        return JSONResponse({"host": host, "port": port}, 201)

    def flush(_: Request) -> Response:
        return JSONResponse({"taken": mailbox.returns.flush()})

    async def report(request: Request) -> Response:
        given = await _given(request)
        action = given.get("action", "failed")
        if action not in STATUS:
            return JSONResponse({"error": f"action must be one of {', '.join(STATUS)}."}, 400)
        words = plain(str(given.get("diagnostic", "The stand-in was asked to say so.")))
        outcome = Outcome(action, STATUS[action], words)
        key = int(request.path_params["id"])
        if not await run_in_threadpool(mailbox.report, key, outcome):
            return JSONResponse({"error": "There is no such message."}, 404)
        return JSONResponse({"id": key, "action": action}, 201)

    return [
        Route("/_admin/mails/{id:int}/report", report, methods=["POST"]),
        Route("/_admin/senders", senders, methods=["GET"]),
        Route("/_admin/senders", register, methods=["POST"]),
        Route("/_admin/mails", mails, methods=["GET"]),
        Route("/_admin/returned", returned, methods=["GET"]),
        Route("/_admin/returned", flush, methods=["POST"]),
        Route("/_admin/return-server", lead, methods=["POST"]),
    ]
