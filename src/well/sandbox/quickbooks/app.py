"""The stand-in of QuickBooks Online: its addresses, and one request from door to answer.

Invariant: every answer of the API carries intuit_tid, every refusal is a Fault in the form that was
asked for (JSON, or XML without Accept), and no token reaches another company than its own.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.edge import FaultMiddleware, RequestLog
from well.sandbox.kit.faults import Fault, Faults
from well.sandbox.kit.json_text import envelope, from_json, to_json
from well.sandbox.kit.oauth import OAuthServer, OAuthStyle, Unauthorized
from well.sandbox.kit.smtp import MAIL_FAULTS
from well.sandbox.kit.smtp import SETTINGS as MAIL_SETTINGS
from well.sandbox.kit.standin import StandIn
from well.sandbox.kit.state import State
from well.sandbox.quickbooks import receipts
from well.sandbox.quickbooks.books import Books
from well.sandbox.quickbooks.compiling import entity_named
from well.sandbox.quickbooks.entities import ENTITIES, Entity
from well.sandbox.quickbooks.files import Files
from well.sandbox.quickbooks.limits import Limits, too_many
from well.sandbox.quickbooks.reading import Reader
from well.sandbox.quickbooks.wire import (
    Body,
    Problem,
    answer_time,
    not_found,
    to_xml,
    too_deep,
)
from well.sandbox.quickbooks.writing import Writer

API_FAULTS = frozenset({"fault_200"})
FAULT_MODES = API_FAULTS | MAIL_FAULTS
BODY_BYTES = 10 * 1024 * 1024
BATCH_ITEMS = 30
SCOPE = "com.intuit.quickbooks.accounting"
AUTHORIZE = "/connect/oauth2"
TOKEN = "/oauth2/v1/tokens/bearer"
REVOKE = "/v2/oauth2/tokens/revoke"
DISCOVERY = "/.well-known/openid_configuration"
GATEWAY = frozenset({502, 503, 504})
SETTINGS = {"requests_per_minute": 500, "concurrent": 10, "batches_per_minute": 40}
Answer = Mapping[str, Any] | str


@dataclass(frozen=True)
class Call:
    """One API request, its body read."""

    request: Request
    content: bytes

    def asked(self, name: str) -> str:
        """A query parameter, empty when missing."""
        return self.request.query_params.get(name, "")

    def json(self) -> Any:
        """The JSON body. Problem 2010 when it is none."""
        message = "Request has invalid or unsupported property"
        try:
            body = from_json(self.content)
        except ValueError as wrong:
            raise Problem("2010", message, "The body is not JSON.") from wrong
        if not isinstance(body, dict) or too_deep(body):
            raise Problem("2010", message, "The body is not an object of sane depth.")
        return body


def _wants_json(request: Request) -> bool:
    return "json" in request.headers.get("accept", "")


def system_fault() -> Problem:
    """Error 10000, for a repeat later."""
    detail = "An unexpected error occurred. Please retry."
    return Problem("10000", "An application error has occurred", detail, 500, "SystemFault")


def realm_of(state: State) -> str:
    """The company's realmId, invented once."""
    if state.note("realm") is None:
        with state.transaction():
            state.remember("realm", f"9341{secrets.randbelow(10**12):012d}")
    return state.note("realm") or ""


def oauth_style(state: State, realm: str) -> OAuthStyle:
    """OAuth as Intuit does it: refresh values change daily and the previous one overlaps."""
    return OAuthStyle(
        provider="QuickBooks",
        authorize=AUTHORIZE,
        token=TOKEN,
        revoke=REVOKE,
        client_auth="basic",
        scopes=(SCOPE,),
        refresh_seconds=8_726_400,
        rotation="overlap",
        rotate_every_seconds=86_400,
        answers_scope=False,
        refresh_expiry_name="x_refresh_token_expires_in",
        extra_redirect=lambda: {"realmId": realm},
        company=state.note("company") or "The company",
    )


PREFERENCES = {
    "Id": "1",
    "domain": "QBO",
    "CurrencyPrefs": {"MultiCurrencyEnabled": True, "HomeCurrency": {"value": "EUR"}},
}
"""How the stand-in's companies work: all of them keep their books in euros."""


class QuickBooks:
    """The API. Its parts read and write the state; this routes and answers."""

    def __init__(
        self, state: State, company: Company, clock: StandInClock, faults: Faults, base_url: str
    ) -> None:
        """Fill the books where they are empty."""
        books = Books(state, clock)
        books.fill(company)
        self.books = books
        self.realm = realm_of(state)
        self.oauth = OAuthServer(oauth_style(state, self.realm), state, clock, faults)
        self.settings = SETTINGS | receipts.SETTINGS | MAIL_SETTINGS
        self.mailbox = receipts.mailbox_of(state, company.company, clock, self.settings)
        self.receipts = receipts.Receipts(state, books, self.mailbox, company, self.settings)
        self.files = Files(state, company, clock, base_url)
        self._reader = Reader(books, self.files, clock)
        self._writer = Writer(state, books)
        self._limits = Limits(self.settings)
        self._clock = clock
        self._faults = faults

    def routes(self) -> list[Route]:
        """The API's paths; every method and path under /v3 gets a Fault at least."""
        return [
            Route("/v3/company/{realm}/{rest:path}", self.endpoint, methods=["GET", "POST"]),
            Route("/_files/{key}", self.files.serve, methods=["GET"]),
        ]

    async def endpoint(self, request: Request) -> Response:
        """Read the body, then do the work beside the event loop."""
        content = b""
        async for piece in request.stream():
            content += piece
            if len(content) > BODY_BYTES:
                return self.fault(request, Problem("2010", "The request is too large", "", 413))
        return await run_in_threadpool(self._guarded, Call(request, content))

    def _guarded(self, call: Call) -> Response:
        request = call.request
        try:
            self._admit(request)
            self.receipts.catch_up()
            rest = str(request.path_params["rest"]).strip("/")
            with self._limits.one(self.realm, batch=rest == "batch"):
                return self._answer(request, self._served(call, rest))
        except Unauthorized as refused:
            return self._unauthorized(request, refused)
        except Problem as problem:
            return self.fault(request, problem)

    def _admit(self, request: Request) -> None:
        token = self.oauth.check(request)
        realm = request.path_params["realm"]
        if realm != self.realm or token.extra.get("realmId") != realm:
            message = "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
            raise Problem("3100", message, "", 403, "AuthorizationFault")
        minor = request.query_params.get("minorversion", "75")
        if not minor.isdecimal() or len(minor) > 4:
            detail = f"minorversion: {minor[:20]}"
            raise Problem("2010", "Request has invalid or unsupported property", detail)

    def _served(self, call: Call, rest: str) -> Answer:
        request = call.request
        fault = self._faults.take(API_FAULTS, request.method, request.url.path)
        if fault is not None:
            # The provider's oddest habit: a Fault with status 200.
            return {"Fault": system_fault().body()}
        parts = rest.split("/")
        if request.method == "GET":
            return self._read(call, parts)
        return self._post(call, parts)

    def _read(self, call: Call, parts: list[str]) -> Answer:
        match parts:
            case ["query"]:
                return self._reader.query(call.asked("query"))
            case ["cdc"]:
                return self._reader.changes(call.asked("entities"), call.asked("changedSince"))
            case ["download", key]:
                if self.books.text("Attachable", key) is None:
                    raise not_found("Attachable", key)
                return self.files.link(key)
            case ["companyinfo", key] if key == self.realm:
                return self._reader.one(ENTITIES["companyinfo"], "1")
            case ["preferences"]:
                return {"Preferences": PREFERENCES}
            case [name, key] if name.lower() in ENTITIES:
                return self._reader.one(ENTITIES[name.lower()], key)
        raise Problem("500", "Unsupported Operation", "This address is not supported.")

    def _post(self, call: Call, parts: list[str]) -> Answer:
        match parts:
            case ["query"]:
                return self._reader.query(call.content.decode("utf-8", "replace"))
            case ["batch"]:
                return self._batch(call.json())
            case [name] if name.lower() in ENTITIES:
                entity = ENTITIES[name.lower()]
                void = "void" in call.request.query_params.getlist("include")
                operation = "void" if void else call.asked("operation")
                return {entity.name: self._writer.post(entity, call.json(), operation)}
        raise Problem("500", "Unsupported Operation", "This address is not supported.")

    def _batch(self, given: object) -> Answer:
        items = given.get("BatchItemRequest") if isinstance(given, dict) else None
        if not isinstance(items, list) or len(items) > BATCH_ITEMS:
            detail = f"A batch has 1 to {BATCH_ITEMS} operations."
            raise Problem("2010", "Request has invalid or unsupported property", detail)
        return {"BatchItemResponse": [self._batch_item(item) for item in items]}

    def _batch_item(self, item: object) -> Body:
        given = item if isinstance(item, dict) else {}
        head = {"bId": str(given.get("bId", ""))}
        try:
            if isinstance(given.get("Query"), str):
                return head | dict(self._reader.query(given["Query"]))
            entity, body = _batched(given)
            operation = str(given.get("operation", ""))
            wanted = "delete" if operation == "delete" else ""
            return head | {entity.name: self._writer.post(entity, body, wanted)}
        except Problem as problem:
            return head | {"Fault": problem.body()}

    def _answer(self, request: Request, answer: Answer) -> Response:
        if isinstance(answer, str):
            return self._traced(PlainTextResponse(answer))
        return self._body(request, dict(answer), 200)

    def fault(self, request: Request, problem: Problem) -> Response:
        """The Fault in the form that the client asked for."""
        return self._body(request, {"Fault": problem.body()}, problem.status)

    def _body(self, request: Request, body: Body, status: int) -> Response:
        now = answer_time(self._clock.now())
        if _wants_json(request):
            text, kind = envelope(body | {"time": now}), "application/json"
        else:
            text, kind = to_xml(body, now), "application/xml"
        return self._traced(Response(text, status, media_type=kind))

    def _traced(self, response: Response) -> Response:
        response.headers["intuit_tid"] = f"1-{secrets.token_hex(4)}-{secrets.token_hex(12)}"
        return response

    def _unauthorized(self, request: Request, refused: Unauthorized) -> Response:
        message = "message=AuthenticationFailed; errorCode=003200; statusCode=401"
        detail = f"Token {refused.reason}"
        response = self.fault(request, Problem("3200", message, detail, 401, "AUTHENTICATION"))
        response.headers["WWW-Authenticate"] = 'Bearer realm="Intuit", error="invalid_token"'
        return response

    def failure(self, status: int, _: Fault) -> Response:
        """What a client sees when a fault was asked for: 429, a SystemFault, a gateway's page."""
        if status in GATEWAY:
            page = "<html><body><h1>Service Temporarily Unavailable</h1></body></html>"
            return self._traced(HTMLResponse(page, status))
        problem = too_many() if status == 429 else system_fault()
        body = {"Fault": problem.body(), "time": answer_time(self._clock.now())}
        return self._traced(Response(to_json(body), status, media_type="application/json"))


def _batched(given: Mapping[str, Any]) -> tuple[Entity, Any]:
    names = [name for name in given if name not in ("bId", "operation", "optionsData")]
    if len(names) != 1:
        detail = "An operation of a batch names one entity."
        raise Problem("2010", "Request has invalid or unsupported property", detail)
    return entity_named(names[0]), given[names[0]]


def _discovery(base: str) -> Callable[[Request], Response]:
    document = {
        "issuer": f"{base}/op/v1",
        "authorization_endpoint": base + AUTHORIZE,
        "token_endpoint": base + TOKEN,
        "revocation_endpoint": base + REVOKE,
        "userinfo_endpoint": f"{base}/v1/openid_connect/userinfo",
        "jwks_uri": f"{base}/op/v1/jwks",
        "response_types_supported": ["code"],
        "scopes_supported": [SCOPE],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }
    return lambda _: JSONResponse(document)


def create(
    state: State, world: Company, clock: StandInClock, faults: Faults, base_url: str
) -> Starlette:
    """The stand-in as an app; `app.state.standin` describes it."""
    quickbooks = QuickBooks(state, world, clock, faults, base_url)
    log = RequestLog()
    discovery = _discovery(base_url)
    routes = [
        *quickbooks.oauth.routes(),
        Route(DISCOVERY, discovery),
        Route("/.well-known/openid_sandbox_configuration", discovery),
        *quickbooks.routes(),
    ]
    middleware = Middleware(FaultMiddleware, faults=faults, log=log, answer=quickbooks.failure)
    app = Starlette(routes=routes, middleware=[middleware])
    app.state.standin = StandIn(
        name="quickbooks",
        oauth=quickbooks.oauth,
        addresses={
            "api": base_url,
            "authorize": base_url + AUTHORIZE,
            "token": base_url + TOKEN,
            "revoke": base_url + REVOKE,
            "discovery": base_url + DISCOVERY,
            "realm": quickbooks.realm,
        },
        log=log,
        settings=quickbooks.settings,
        admin_routes=receipts.review_routes(quickbooks.receipts),
        mailbox=quickbooks.mailbox,
        second_act=lambda: quickbooks.books.second_act(world.second_act()),
    )
    return app
