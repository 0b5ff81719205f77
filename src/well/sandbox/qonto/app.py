"""The Qonto stand-in as one application: routes, OAuth, faults, first filling.

Invariant: it answers as the provider sheet says and is filled once with what the company already
has at Qonto. Endpoints that touch the disk run beside the event loop.
"""

import re

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.edge import FaultMiddleware, RequestLog
from well.sandbox.kit.faults import Fault, Faults
from well.sandbox.kit.files import Files
from well.sandbox.kit.oauth import OAuthServer
from well.sandbox.kit.standin import StandIn
from well.sandbox.kit.state import State
from well.sandbox.qonto import desk as rules
from well.sandbox.qonto.admin import admin_routes
from well.sandbox.qonto.analyst import Analyst
from well.sandbox.qonto.attachments import add_attachment, allowed, attachment_body, content
from well.sandbox.qonto.bulk import create_bulk, file_label, read_items
from well.sandbox.qonto.desk import Desk
from well.sandbox.qonto.filters import read_query
from well.sandbox.qonto.gate import Gate
from well.sandbox.qonto.keys import admit, api_key, oauth_style
from well.sandbox.qonto.listing import list_page
from well.sandbox.qonto.seed import fill
from well.sandbox.qonto.tables import TABLES, invoice, remember, remembered
from well.sandbox.qonto.upload import read_parts
from well.sandbox.qonto.wire import Refusal, dump

IDEMPOTENCY = "x-qonto-idempotency-key"
BULK_BYTES_MAX = 256 * 1024 * 1024


def create(
    state: State, world: Company, clock: StandInClock, faults: Faults, base_url: str
) -> Starlette:
    """The application; its `state.standin` says how to reach and to rule it."""
    state.script(TABLES)
    desk = Desk(state, world, clock, Files(state.path.parent / "files"), base_url)
    desk.secret("link_secret")  # made now: two first requests at once must not make two
    fill(desk)
    oauth = OAuthServer(oauth_style(desk.organization["name"]), state, clock, faults)
    log = RequestLog()
    api = Api(desk, oauth)
    app = Starlette(
        routes=[*oauth.routes(), *api.routes()],
        exception_handlers={Refusal: _refused, HTTPException: _unknown},
        middleware=[
            Middleware(FaultMiddleware, faults=faults, log=log, answer=_fault),
            Middleware(Gate, desk=desk),
        ],
    )
    app.state.desk, app.state.analyst = desk, api.analyst
    app.state.standin = StandIn(
        name="qonto",
        oauth=oauth,
        addresses=_addresses(desk, oauth),
        log=log,
        settings=desk.settings,
        admin_routes=admin_routes(desk, api.analyst),
    )
    return app


def _addresses(desk: Desk, oauth: OAuthServer) -> dict[str, str]:
    return {
        "api": desk.base_url,
        "authorize": desk.base_url + oauth.style.authorize,
        "token": desk.base_url + oauth.style.token,
        "revoke": desk.base_url + oauth.style.revoke,
        "api_key": api_key(desk),
        "staging_token": desk.secret("staging_token"),
    }


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return refusal.response()


async def _unknown(_: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, HTTPException)
    code = "not_found" if wrong.status_code == 404 else "bad_request"
    return Refusal(wrong.status_code, code, str(wrong.detail)).response()


def _fault(status: int, _: Fault) -> Response:
    code = "too_many_requests" if status == 429 else "internal_server_error"
    return Refusal(status, code, "something went wrong").response()


class Api:
    """The endpoints."""

    def __init__(self, desk: Desk, oauth: OAuthServer) -> None:
        """All share one analyst."""
        self.desk, self.oauth, self.analyst = desk, oauth, Analyst(desk)

    def routes(self) -> list[Route]:
        """What is served beside OAuth."""
        return [
            Route("/v2/organization", self.organization),
            Route("/v2/supplier_invoices", self.list),
            Route("/v2/supplier_invoices/bulk", self.bulk, methods=["POST"]),
            Route("/v2/supplier_invoices/{id}", self.get),
            Route("/v2/attachments", self.attach, methods=["POST"]),
            Route("/v2/attachments/{id}", self.attachment),
            Route("/_files/{id}", self.file),
        ]

    def organization(self, request: Request) -> Response:
        """GET /v2/organization."""
        admit(request, self.desk, self.oauth, "organization.read")
        return JSONResponse({"organization": self.desk.organization})

    def list(self, request: Request) -> Response:
        """GET /v2/supplier_invoices."""
        admit(request, self.desk, self.oauth, "supplier_invoice.read")
        query = read_query(request.query_params)
        self.analyst.catch_up()
        return _json(list_page(self.desk.state.db(), query))

    def get(self, request: Request) -> Response:
        """GET /v2/supplier_invoices/{id}."""
        admit(request, self.desk, self.oauth, "supplier_invoice.read")
        asked = str(request.path_params["id"])
        self.analyst.catch_up(asked)
        body = invoice(self.desk.state.db(), asked)
        if body is None:
            raise Refusal(404, "not_found", "supplier invoice not found")
        return _json(dump({"supplier_invoice": body}))

    async def bulk(self, request: Request) -> Response:
        """POST /v2/supplier_invoices/bulk."""
        await run_in_threadpool(admit, request, self.desk, self.oauth, "supplier_invoice.write")
        async with read_parts(request, BULK_BYTES_MAX) as parts:
            items = await read_items(parts)
        key = request.headers.get(IDEMPOTENCY)
        status, body = await run_in_threadpool(create_bulk, self.desk, self.analyst, items, key)
        return _json(body, status)

    async def attach(self, request: Request) -> Response:
        """POST /v2/attachments."""
        await run_in_threadpool(admit, request, self.desk, self.oauth, "attachment.write")
        key = request.headers.get(IDEMPOTENCY, "")
        if not key:
            raise Refusal(422, "required", f"{IDEMPOTENCY} is required")
        async with read_parts(request, BULK_BYTES_MAX) as parts:
            file = next((part for name, part in parts if name == "file"), None)
            if file is None or isinstance(file, str):
                raise Refusal(422, "required", "file is required", "/file")
            if (file.size or 0) > rules.FILE_BYTES_MAX:
                raise Refusal(422, "invalid", "file is too large", "/file")
            name, data = file_label(file.filename), await file.read()
            kind = file.content_type or "application/octet-stream"
        return _json(await run_in_threadpool(self._keep, key, name, kind, data))

    def _keep(self, key: str, name: str, kind: str, data: bytes) -> str:
        digest, now = self.desk.files.put(data), self.desk.clock.seconds()
        with self.desk.state.transaction() as db:
            known = remembered(db, "attachment", key, now)
            if known:
                return str(known["answer"])
            made = add_attachment(db, name, kind, len(data), digest, self.desk.now())
            answer = dump({"attachment": {"id": made}})
            remember(db, "attachment", key, now + rules.KEY_SECONDS, answer)
        return answer

    def attachment(self, request: Request) -> Response:
        """GET /v2/attachments/{id}."""
        admit(request, self.desk, self.oauth, "attachment.read")
        return JSONResponse(attachment_body(self.desk, str(request.path_params["id"])))

    def file(self, request: Request) -> Response:
        """GET of a signed link; a storage provider answers in XML."""
        asked, given = str(request.path_params["id"]), request.query_params
        if "authorization" in request.headers:
            return _xml(400, "InvalidArgument", "Only one auth mechanism allowed")
        if not allowed(self.desk, asked, given.get("expires", ""), given.get("signature", "")):
            return _xml(403, "AccessDenied", "Request has expired or its signature is wrong")
        row, data = content(self.desk, asked)
        plain = re.sub(r"[^\w.-]", "_", row["file_name"], flags=re.ASCII)
        headers = {"Content-Disposition": f'attachment; filename="{plain}"'}
        return Response(data, media_type=row["content_type"], headers=headers)


def _json(text: str, status: int = 200) -> Response:
    return Response(text, status, media_type="application/json")


def _xml(status: int, code: str, message: str) -> Response:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Response(body, status, media_type="application/xml")
