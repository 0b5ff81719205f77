"""The accounting API: lists, single things, attachments, connections.

Invariant: bodies go out as they are stored; every answer to an organisation's call tells what is
left of its limits. It writes nothing but the end of a connection.
"""

import math
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Body, Company
from well.sandbox.kit.json_text import RawText, envelope, from_json, to_json
from well.sandbox.xero.books import Books, Wish
from well.sandbox.xero.dates import millis
from well.sandbox.xero.door import Door
from well.sandbox.xero.kinds import ATTACHMENT_SCOPES, BY_PLURAL, SETTINGS, Kind
from well.sandbox.xero.listing import NOBODY, Asked, asked
from well.sandbox.xero.oauth import XeroOAuth
from well.sandbox.xero.organisations import Organisations
from well.sandbox.xero.problem import Problem, not_found

ROOT = "/api.xro/2.0"
FILES_MAX = 10


class Rest:
    """The endpoints; they run beside the event loop."""

    def __init__(
        self,
        books: Books,
        door: Door,
        oauth: XeroOAuth,
        organisations: Organisations,
        company: Company,
        clock: StandInClock,
        base: str,
    ) -> None:
        """All read the same books."""
        self._books = books
        self._door = door
        self._oauth = oauth
        self._organisations = organisations
        self._company = company
        self._clock = clock
        self._base = base

    def routes(self) -> list[Route]:
        """What is served beside OAuth and MCP."""
        return [
            # Xero's own clients write this address in both ways.
            *(Route(path, self.connections) for path in ("/connections", "/Connections")),
            *(
                Route(f"{path}/{{id}}", self.disconnect, methods=["DELETE"])
                for path in ("/connections", "/Connections")
            ),
            Route(f"{ROOT}/Organisation", self._guarded((SETTINGS,), self._organisation)),
            *(route for kind in BY_PLURAL.values() for route in self._routes_of(kind)),
        ]

    def _routes_of(self, kind: Kind) -> list[Route]:
        path = f"{ROOT}/{kind.plural}"
        routes = [
            Route(path, self._guarded(kind.scopes, self._list_of(kind))),
            Route(f"{path}/{{id}}", self._guarded(kind.scopes, self._one_of(kind))),
        ]
        if kind.files:
            where = f"{path}/{{id}}/Attachments"
            listed = self._guarded(ATTACHMENT_SCOPES, self._files_of(kind))
            bytes_of = self._guarded(ATTACHMENT_SCOPES, self._file_of(kind))
            routes += [Route(where, listed), Route(f"{where}/{{file:path}}", bytes_of)]
        return routes

    def _guarded(
        self, scopes: tuple[str, ...], inner: Callable[[Request, str], Response]
    ) -> Callable[[Request], Response]:
        """An endpoint behind the door."""

        def served(request: Request) -> Response:
            try:
                with self._door.opened(request, scopes) as tenant:
                    response = self._tried(request, tenant, inner)
                response.headers.update(self._door.limits.headers(tenant))
            except Problem as problem:
                return problem.response()
            return response

        return served

    def _tried(
        self, request: Request, tenant: str, inner: Callable[[Request, str], Response]
    ) -> Response:
        try:
            return inner(request, tenant)
        except Problem as problem:
            return problem.response()

    def connections(self, request: Request) -> Response:
        """GET /connections: the organisations that the token's app reaches."""
        try:
            token = self._door.token(request)
        except Problem as problem:
            return problem.response()
        known = self._oauth.approved(token).items()
        return JSONResponse([self._organisations.connection(*one, token.client) for one in known])

    def disconnect(self, request: Request) -> Response:
        """DELETE /connections/{id}: the app reaches one organisation less."""
        try:
            token = self._door.token(request)
        except Problem as problem:
            return problem.response()
        known = {
            self._organisations.connection(tenant, event, token.client)["id"]: tenant
            for tenant, event in self._oauth.approved(token).items()
        }
        gone = known.get(str(request.path_params["id"]))
        if gone is None:
            return not_found()
        self._oauth.leave(token, gone)
        return Response(status_code=204)

    def _answer(self, body: Body) -> Response:
        head = {
            "Id": str(uuid4()),
            "Status": "OK",
            "ProviderName": self._oauth.style.app_name,
            "DateTimeUTC": f"/Date({millis(self._clock.now())})/",
        }
        return Response(envelope(head | body), media_type="application/json")

    def _organisation(self, _: Request, tenant: str) -> Response:
        return self._answer({"Organisations": [self._organisations.organisation(tenant)]})

    def _list_of(self, kind: Kind) -> Callable[[Request, str], Response]:
        def listed(request: Request, tenant: str) -> Response:
            since = request.headers.get("if-modified-since", "")
            wanted = asked(kind, request.query_params, since)
            count, texts = self._books.select(self._visible(wanted.wish, tenant))
            page = {"pagination": _pagination(wanted.wish, count)} if wanted.paged else {}
            return self._answer(page | {kind.plural: [_shown(kind, t, wanted) for t in texts]})

        return listed

    def _visible(self, wish: Wish, tenant: str) -> Wish:
        """The second organisation has no books."""
        if tenant == self._organisations.main:
            return wish
        return Wish(wish.kind, (NOBODY,), wish.order, wish.page, wish.size)

    def _found(self, kind: Kind, request: Request, tenant: str) -> Body | None:
        if tenant != self._organisations.main:
            return None
        return self._books.body(kind.name, str(request.path_params["id"]))

    def _one_of(self, kind: Kind) -> Callable[[Request, str], Response]:
        def one(request: Request, tenant: str) -> Response:
            body = self._found(kind, request, tenant)
            if body is None:
                return not_found()
            if body.get("HasAttachments"):
                body["Attachments"] = self._files(kind, body)
            return self._answer({kind.plural: [body]})

        return one

    def _files(self, kind: Kind, body: Body) -> list[Body]:
        where = f"{self._base}{ROOT}/{kind.plural}/{body[kind.key]}/Attachments"
        return [
            file | {"Url": f"{where}/{quote(file['FileName'])}"}
            for file in self._books.files(str(body[kind.key]))[:FILES_MAX]
        ]

    def _files_of(self, kind: Kind) -> Callable[[Request, str], Response]:
        def files(request: Request, tenant: str) -> Response:
            body = self._found(kind, request, tenant)
            return (
                not_found()
                if body is None
                else self._answer({"Attachments": self._files(kind, body)})
            )

        return files

    def _file_of(self, kind: Kind) -> Callable[[Request, str], Response]:
        def file(request: Request, tenant: str) -> Response:
            body, asked_for = self._found(kind, request, tenant), str(request.path_params["file"])
            key = body and self._books.file_key(str(body[kind.key]), asked_for)
            if not key:
                return not_found()
            try:
                name, kind_of, content = self._company.file(key)
            except KeyError:
                return not_found()
            plain = re.sub(r"[^\w.-]", "_", name, flags=re.ASCII)
            told = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
            return Response(content, media_type=kind_of, headers={"Content-Disposition": told})

        return file


def _pagination(wish: Wish, count: int) -> Body:
    size = wish.size or 1
    pages = math.ceil(count / size)
    return {"page": wish.page, "pageSize": size, "pageCount": pages, "itemCount": count}


def _shown(kind: Kind, text: str, wanted: Asked) -> RawText:
    if not wanted.summary or not kind.heavy:
        return RawText(text)
    body: dict[str, Any] = from_json(text)
    return RawText(to_json(body | {name: [] for name in kind.heavy}))
