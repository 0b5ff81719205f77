"""What the admin port adds for this stand-in: all entries for scoring, and a status by hand.

Invariant: nothing here is reachable through the provider's API.
"""

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.qonto.analyst import Analyst
from well.sandbox.qonto.desk import Desk
from well.sandbox.qonto.tables import change_invoice, invoice
from well.sandbox.qonto.wire import Body, stamp

_ENTRIES = "select id, document, file_name, sha256, status from invoice order by seq"


def admin_routes(desk: Desk, analyst: Analyst) -> list[Route]:
    """The routes, for the kit's admin app."""

    def entries(_: Request) -> Response:
        return JSONResponse([dict(row) for row in desk.state.db().execute(_ENTRIES)])

    async def status(request: Request) -> Response:
        try:
            given = json.loads(await request.body())
        except (ValueError, RecursionError):
            given = None
        wish = given.get("status") if isinstance(given, dict) else None
        if not isinstance(wish, str) or not wish:
            return JSONResponse({"error": "status must be text."}, 400)
        entry = str(request.path_params["id"])
        body = await run_in_threadpool(_set_status, desk, analyst, entry, wish)
        if body is None:
            return JSONResponse({"error": "There is no such entry."}, 404)
        return JSONResponse({"id": entry, "status": wish})

    return [
        Route("/_admin/entries", entries, methods=["GET"]),
        Route("/_admin/entries/{id}/status", status, methods=["POST"]),
    ]


def _set_status(desk: Desk, analyst: Analyst, id: str, status: str) -> Body | None:
    analyst.catch_up(id)
    now = desk.now()
    with desk.state.transaction() as db:
        body = invoice(db, id)
        if body is not None:
            paid = now.date().isoformat() if status == "paid" else body.get("payment_date")
            body |= {"status": status, "payment_date": paid, "updated_at": stamp(now)}
            change_invoice(db, body)
    return body
