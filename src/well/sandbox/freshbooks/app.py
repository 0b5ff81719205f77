"""The FreshBooks stand-in as one application: routes, OAuth, faults, first filling, its mailbox.

Invariant: it answers as the provider sheet says, and what came by mail is in every answer given
after it was read. Endpoints that touch the disk run beside the event loop.
"""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.freshbooks import identity
from well.sandbox.freshbooks.admin import admin_routes
from well.sandbox.freshbooks.books import Books
from well.sandbox.freshbooks.gate import (
    AUTHORIZE,
    REVOKE,
    TOKEN,
    Gate,
    Refused,
    oauth_style,
    too_many,
)
from well.sandbox.freshbooks.listing import read_query
from well.sandbox.freshbooks.reader import Reader
from well.sandbox.freshbooks.resources import RESOURCES, Resource
from well.sandbox.freshbooks.seed import fill
from well.sandbox.freshbooks.wire import NOT_FOUND, Body, Problem, one, several
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.edge import FaultMiddleware, RequestLog
from well.sandbox.kit.eyes import Eyes
from well.sandbox.kit.faults import Fault, Faults
from well.sandbox.kit.files import Files
from well.sandbox.kit.mailbox import Mailbox, Manner
from well.sandbox.kit.oauth import OAuthServer
from well.sandbox.kit.own_names import email_of, own_names
from well.sandbox.kit.smtp import MAIL_FAULTS
from well.sandbox.kit.smtp import SETTINGS as MAIL_SETTINGS
from well.sandbox.kit.standin import StandIn
from well.sandbox.kit.state import State

FAULT_MODES = frozenset({"errors_200"}) | MAIL_FAULTS
SETTINGS = {
    "requests_per_minute": 600,
    "newest_first": 1,
    "select_plan": 0,
    "read_ms": 800,
    "wrong_totals": 0,
    "good_eyes": 1,
    "second_business": 0,
}
"""`select_plan`: 1 makes bills of mails. `read_ms`: how long reading a mail takes.
`wrong_totals`: that many next drafts have a total that was read wrongly. `good_eyes`: 0 leaves
a scan, or a date that could be two, unread. `second_business`: 1 shows the login a business with
empty books beside its own."""


def create(
    state: State, world: Company, clock: StandInClock, faults: Faults, base_url: str
) -> Starlette:
    """The application; its `state.standin` says how to reach and to rule it."""
    company = world.company
    settings = SETTINGS | MAIL_SETTINGS
    books = Books(state)
    mailbox = Mailbox(
        address=identity.inbox_address(state),
        state=state,
        clock=clock,
        files=Files(state.path.parent / "files"),
        manner=Manner(identity.DOMAIN, standard_refusals=True),
        delay=lambda: settings["read_ms"],
    )
    mailbox.register(email_of(company))
    fill(state, books, world, clock)
    oauth = OAuthServer(oauth_style(str(company.get("CompanyName")), clock), state, clock, faults)
    eyes = Eyes(mailbox.files, own_names(company), world.printed, settings)
    reader = Reader(state, books, mailbox, eyes, settings)
    account = identity.account_id(state)
    second = identity.account_id(state, "second_account_id")
    me, gate = identity.me(account, company), Gate(oauth, settings)
    api = Api(account, second, me, books, reader, gate, settings, faults, mailbox.files)
    log = RequestLog()
    app = Starlette(
        routes=[*oauth.routes(), *api.routes()],
        exception_handlers={Refused: _refused},
        middleware=[Middleware(FaultMiddleware, faults=faults, log=log, answer=_fault)],
    )
    app.state.standin = StandIn(
        name="freshbooks",
        oauth=oauth,
        addresses={
            "api": base_url,
            "authorize": base_url + AUTHORIZE,
            "token": base_url + TOKEN,
            "revoke": base_url + REVOKE,
            "account": api.account,
            "second_account": api.second,
        },
        log=log,
        settings=settings,
        admin_routes=admin_routes(books, reader, clock, state),
        mailbox=mailbox,
    )
    return app


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refused)
    return refusal.response


def _fault(status: int, _: Fault) -> Response:
    if status == 429:
        return too_many()
    return Problem(status, 1000, "Something went wrong.").old()


@dataclass(frozen=True)
class Api:
    """The endpoints; all read. `whoami` is the answer of users/me; the account `second` is there
    and empty where the setting says so."""

    account: str
    second: str
    whoami: Body
    books: Books
    reader: Reader
    gate: Gate
    settings: dict[str, int]
    faults: Faults
    files: Files

    def routes(self) -> list[Route]:
        """What is served beside OAuth."""
        here = "/accounting/account/{account}"
        made = [Route("/auth/api/v1/users/me", self.me)]
        for resource in RESOURCES:
            path = f"{here}/{resource.path}"
            every = ["GET", "POST", "PUT", "DELETE"]
            made.append(Route(path, self._guarded(resource, self._list), methods=every))
            made.append(Route(path + "/{id}", self._guarded(resource, self._one), methods=every))
        return [*made, Route("/uploads/attachments/{jwt}", self.file)]

    def me(self, request: Request) -> Response:
        """GET users/me."""
        self.gate.admit(request, "user:profile:read")
        two = self.settings["second_business"]
        told = identity.with_second(self.whoami, self.second) if two else self.whoami
        return JSONResponse({"response": told})

    def file(self, request: Request) -> Response:
        """GET of a receipt's bytes, by the token that an entry's attachment carries."""
        self.gate.admit(request, "user:uploads:read")
        row = self.books.receipt(_whole(request.path_params["jwt"].rpartition(".")[2]))
        if row is None or request.path_params["jwt"] != _jwt(row["id"], row["sha256"]):
            return Problem(404, NOT_FOUND, "Attachment not found.", "attachment").old()
        return Response(self.files.get(row["sha256"]), media_type=row["media_type"])

    def _guarded(
        self, resource: Resource, serve: Callable[[Resource, Request], Response]
    ) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            scope = resource.scope
            if request.method != "GET":
                scope = scope.removesuffix("read") + "write"
            self.gate.admit(request, scope)
            try:
                if not self._is_known(request):
                    raise Problem(404, NOT_FOUND, "Account not found.", "account")
                if self.faults.take({"errors_200"}, request.method, request.url.path):
                    return Problem(500, 1000, "Something went wrong.", resource.kind).old(200)
                self.reader.catch_up()
                return serve(resource, request)
            except Problem as problem:
                return problem.new() if resource.new_errors else problem.old()

        return endpoint

    def _is_known(self, request: Request) -> bool:
        return self._is_own(request) or (
            self.settings["second_business"] > 0 and request.path_params["account"] == self.second
        )

    def _is_own(self, request: Request) -> bool:
        """Whether the books that are asked for are those with something in them."""
        return bool(request.path_params["account"] == self.account)

    def _list(self, resource: Resource, request: Request) -> Response:
        order = "desc" if self.settings["newest_first"] else "asc"
        query = read_query(resource, request.query_params, order)
        total, bodies = self.books.page(query) if self._is_own(request) else (0, [])
        shown = [self._shown(resource, body, request) for body in bodies]
        return several(resource.plural, shown, query.page, query.per_page, total)

    def _one(self, resource: Resource, request: Request) -> Response:
        asked = str(request.path_params["id"])
        body = self.books.one(resource.kind, _whole(asked)) if self._is_own(request) else None
        if body is None:
            sentence = f"{resource.kind.capitalize()} not found."
            raise Problem(404, NOT_FOUND, sentence, resource.kind, f"{resource.kind}id", asked)
        return one(resource.kind, self._shown(resource, body, request))

    def _shown(self, resource: Resource, body: Body, request: Request) -> Body:
        """The body with those of its extras that were asked for."""
        asked = set(request.query_params.getlist("include[]")) & resource.extras
        shown = {name: value for name, value in body.items() if name not in resource.extras}
        if resource.kind == "bill":
            shown["attachment"] = None
        if "lines" in asked:
            shown["lines"] = body.get("lines", [])
        if "vendor" in asked:
            shown["vendor"] = self.books.one("bill_vendor", body["vendorid"])
        if "category" in asked and body.get("categoryid"):
            shown["category"] = self.books.one("category", body["categoryid"])
        if "attachment" in asked:
            shown["attachment"] = self._attachment(body["id"])
        return shown

    def _attachment(self, key: int) -> Body | None:
        row = self.books.receipt(key)
        if row is None:
            return None
        jwt = _jwt(key, row["sha256"])
        return {"id": key, "jwt": jwt, "media_type": row["media_type"], "expenseid": key}


def _jwt(key: int, digest: str) -> str:
    """The unguessable name of a receipt, in the look of the provider's."""
    return f"eyJ{digest[:24]}.{key}"


def _whole(text: str) -> int:
    """A number of the path; 0 where it is none, which nothing has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
