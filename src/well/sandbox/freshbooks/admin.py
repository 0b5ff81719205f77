"""What the admin port adds: all entries for the score, and what a person does in the web pages.

Invariant: nothing here is reachable through the provider's API. A person's edit counts as an
update of that moment.
"""

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.freshbooks.books import Books
from well.sandbox.freshbooks.reader import Reader
from well.sandbox.freshbooks.wire import Body
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.state import State


def admin_routes(books: Books, reader: Reader, clock: StandInClock, state: State) -> list[Route]:
    """The routes, for the kit's admin app."""

    def entries(_: Request) -> Response:
        reader.catch_up()
        return JSONResponse(books.entries())

    def change(kind: str, key: int, wish: dict[str, Any]) -> Body | None:
        with state.transaction():
            body = books.one(kind, key)
            if body is not None:
                # Ids stay: an edit of them would be another object.
                body |= {name: value for name, value in wish.items() if name in body}
                body |= {"id": key}
                books.change(kind, body, clock.now())
        return body

    async def edit(request: Request) -> Response:
        try:
            given = json.loads(await request.body())
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict):
            return JSONResponse({"error": "An edit is an object of fields."}, 400)
        kind, key = str(request.path_params["kind"]), int(request.path_params["id"])
        body = await run_in_threadpool(change, kind, key, given)
        if body is None:
            return JSONResponse({"error": "There is no such object."}, 404)
        return JSONResponse(body)

    return [
        Route("/_admin/entries", entries, methods=["GET"]),
        Route("/_admin/objects/{kind}/{id:int}", edit, methods=["POST"]),
    ]
