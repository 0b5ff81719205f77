"""Xero's OAuth: the ordinary app with its secret, and apps that register themselves.

Invariant: an app that registered itself has no secret and must prove each code with PKCE (S256);
a registration that was forgotten is invalid_client from then on. The organisations that a person
approved are the app's: each of its tokens reaches them all, and revoking one ends them all; only
the resource goes with the grant. Spent refresh tokens are accepted for half an hour, as their
successor's answer may have been lost. One person signs in here.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.consent import consent_page
from well.sandbox.kit.faults import Faults
from well.sandbox.kit.oauth import (
    LOOPBACK,
    OAuthServer,
    OAuthStyle,
    Refused,
    basic_credentials,
)
from well.sandbox.kit.oauth_store import Token
from well.sandbox.kit.state import State
from well.sandbox.xero.kinds import READ_SCOPES, SCOPES
from well.sandbox.xero.organisations import Organisations

AUTHORIZE = "/identity/connect/authorize"
TOKEN = "/connect/token"
REVOKE = "/connect/revocation"
REGISTER = "/connect/register"
ALL = "all"
GRANTS = frozenset({"authorization_code", "refresh_token"})
BODY_BYTES = 64 * 1024
REDIRECTS_MAX = 20
TABLES = """
create table if not exists registration (
    client text primary key, name text not null, redirects text not null, made integer not null);
create table if not exists choice (
    code text primary key, tenants text not null, resource text not null);
create table if not exists approved (
    client text not null, tenant text not null, event integer not null,
    primary key (client, tenant));
"""


def style_of(issuer: str) -> OAuthStyle:
    """OAuth as Xero does it."""
    return OAuthStyle(
        provider="Xero",
        authorize=AUTHORIZE,
        token=TOKEN,
        revoke=REVOKE,
        client_auth="basic",
        scopes=SCOPES,
        access_seconds=30 * 60,
        refresh_seconds=60 * 86400,
        rotation="overlap",
        overlap_seconds=30 * 60,
        pkce=True,
        offline_scope="offline_access",
        every_redirect={"iss": issuer},
        invalid_grant="The grant is invalid, expired or revoked.",
    )


class _BadRegistrationError(Exception):
    """A registration that is refused: error name and sentence."""


class XeroOAuth(OAuthServer):
    """The endpoints of Xero's identity server."""

    def __init__(
        self,
        state: State,
        clock: StandInClock,
        faults: Faults,
        issuer: str,
        organisations: Organisations,
    ) -> None:
        """`issuer` is the server's own address; `resource` the address of the MCP server."""
        state.script(TABLES)
        super().__init__(style_of(issuer), state, clock, faults)
        self.issuer = issuer
        self.resource = f"{issuer}/mcp"
        self._organisations = organisations

    def routes(self) -> list[Route]:
        """The endpoints, registration and metadata included."""
        known = [
            "/.well-known/oauth-protected-resource",
            "/.well-known/oauth-protected-resource/mcp",
        ]
        servers = ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]
        return [
            *super().routes(),
            Route(REGISTER, self.register, methods=["POST"]),
            *(Route(path, self._resource_metadata) for path in known),
            *(Route(path, self._server_metadata) for path in servers),
        ]

    async def _resource_metadata(self, _: Request) -> Response:
        """RFC 9728."""
        return JSONResponse(
            {
                "resource": self.resource,
                "authorization_servers": [self.issuer],
                "scopes_supported": list(READ_SCOPES),
                "bearer_methods_supported": ["header"],
                "resource_name": "Xero",
            }
        )

    async def _server_metadata(self, _: Request) -> Response:
        """RFC 8414."""
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": self.issuer + AUTHORIZE,
                "token_endpoint": self.issuer + TOKEN,
                "revocation_endpoint": self.issuer + REVOKE,
                "registration_endpoint": self.issuer + REGISTER,
                "scopes_supported": list(SCOPES),
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": sorted(GRANTS),
                "token_endpoint_auth_methods_supported": ["none", "client_secret_basic"],
                "revocation_endpoint_auth_methods_supported": ["none", "client_secret_basic"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def register(self, request: Request) -> Response:
        """RFC 7591: a public client."""
        content = b""
        async for piece in request.stream():
            content += piece
            if len(content) > BODY_BYTES:
                break
        try:
            body = self._registered(_object(content))
        except _BadRegistrationError as bad:
            error, description = bad.args
            return JSONResponse({"error": error, "error_description": description}, 400)
        return JSONResponse(body, 201, headers={"Cache-Control": "no-store"})

    def _registered(self, given: Mapping[str, Any]) -> dict[str, Any]:
        redirects = _redirects(given.get("redirect_uris"))
        grants = given.get("grant_types", ["authorization_code"])
        wanted = given.get("scope", "")
        if not isinstance(grants, list) or not set(map(str, grants)) <= GRANTS:
            raise _bad("grant_types may be authorization_code and refresh_token.")
        if given.get("response_types", ["code"]) != ["code"]:
            raise _bad("response_types may be code only.")
        if given.get("token_endpoint_auth_method", "none") != "none":
            raise _bad("token_endpoint_auth_method must be none: clients here have no secret.")
        if not isinstance(wanted, str) or not set(wanted.split()) <= set(SCOPES):
            raise _bad("scope holds a scope that is not known.")
        name = given.get("client_name", "An app")
        if not isinstance(name, str) or len(name) > 200:
            raise _bad("client_name must be a short text.")
        client, now = secrets.token_hex(16).upper(), self._clock.seconds()
        with self._state.transaction() as db:
            row = (client, name, json.dumps(redirects), now)
            db.execute("insert into registration values (?, ?, ?, ?)", row)
        return {
            "client_id": client,
            "client_id_issued_at": now,
            "client_name": name,
            "redirect_uris": redirects,
            "grant_types": grants,
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
            **({"scope": wanted} if wanted else {}),
        }

    def registrations(self) -> list[dict[str, Any]]:
        """The apps that registered themselves."""
        rows = self._state.db().execute("select * from registration order by made, client")
        return [dict(row) | {"redirects": json.loads(row["redirects"])} for row in rows]

    def forget(self) -> int:
        """Forget every app that registered itself, as a server that lost its memory."""
        return self._state.db().execute("delete from registration").rowcount

    def _registration(self, client: str) -> dict[str, Any] | None:
        return next((row for row in self.registrations() if row["client"] == client), None)

    def known_client(self, client: str) -> bool:
        """The ordinary app or one that registered itself."""
        return super().known_client(client) or self._registration(client) is not None

    def known_redirect(self, client: str, uri: str) -> bool:
        """Of an app that registered itself: exactly one of those it named."""
        known = self._registration(client)
        if known is None:
            return super().known_redirect(client, uri)
        return uri in known["redirects"]

    def asked_wrongly(self, given: Mapping[str, str]) -> tuple[str, str] | None:
        """Beside the usual: PKCE from apps without a secret, and a resource that is ours."""
        if given["client_id"] != self.client_id and not given["code_challenge"]:
            return "invalid_request", "The code challenge is missing."
        if given["resource"] not in ("", self.resource, f"{self.issuer}/"):
            return "invalid_target", "The resource is not known here."
        return super().asked_wrongly(given)

    def page(self, given: Mapping[str, str]) -> Response:
        """The consent page with the organisations to choose from."""
        known = self._registration(given["client_id"])
        app = self.style.app_name if known is None else known["name"]
        named = self._organisations.named
        offered = {**named, ALL: "All of them"} if len(named) > 1 else named
        scopes = given["scope"].split()
        first = next(iter(named.values()))
        return consent_page("Xero", app, first, scopes, given, offered)

    def note_choice(self, code: str, form: Mapping[str, str]) -> None:
        """Which organisations, and for which resource."""
        named = list(self._organisations.named)
        chosen = form.get("company", "") or named[0]
        tenants = named if chosen == ALL else [key for key in named if key == chosen]
        with self._state.transaction() as db:
            row = (code, " ".join(tenants), form.get("resource", ""))
            db.execute("insert into choice values (?, ?, ?)", row)

    def granted(self, code: str) -> dict[str, str]:
        """The choice that was made when the code was given: the app reaches these organisations
        from now on, by whichever of its tokens."""
        db = self._state.db()
        row = db.execute("select * from choice where code = ?", (code,)).fetchone()
        if row is None:
            return {}
        known = self.store.code(code)
        assert known is not None, "a choice is noted for a code that was given out"
        (event,) = db.execute("select coalesce(max(event), 0) + 1 from approved").fetchone()
        lines = [(known.client, tenant, event) for tenant in row["tenants"].split()]
        db.executemany("insert or replace into approved values (?, ?, ?)", lines)
        return {"resource": row["resource"]}

    def approved(self, token: Token) -> dict[str, int]:
        """The organisations that the token's app reaches, by the consent that approved each, the
        last one first."""
        rows = self._state.db().execute(
            "select tenant, event from approved where client = ? order by event desc, rowid",
            (token.client,),
        )
        return {row["tenant"]: row["event"] for row in rows}

    def leave(self, token: Token, tenant: str) -> None:
        """The app reaches this organisation no more."""
        with self._state.transaction() as db:
            line = (token.client, tenant)
            db.execute("delete from approved where client = ? and tenant = ?", line)

    def end(self, token: Token) -> None:
        """Revoking a token ends all that its person approved for the app."""
        with self._state.transaction() as db:
            self.store.end_client(token.client)
            db.execute("delete from approved where client = ?", (token.client,))

    def authenticate(self, request: Request, form: Mapping[str, str]) -> str:
        """The ordinary app by its secret (Basic or in the form), another by its id alone."""
        client, secret = basic_credentials(request)
        if not client:
            client, secret = form.get("client_id", ""), form.get("client_secret", "")
        if client == self.client_id:
            right = secrets.compare_digest(secret.encode(), self.client_secret.encode())
        else:
            right = not secret and self._registration(client) is not None
        if not right:
            raise Refused("invalid_client", "The client is not known or its secret is wrong.", 401)
        asked = form.get("resource", "")
        if asked not in ("", self.resource, f"{self.issuer}/"):
            raise Refused("invalid_target", "The resource is not known here.")
        return client


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        given = json.loads(content) if len(content) <= BODY_BYTES else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise _bad("The registration must be a small JSON object.")
    return given


def _redirects(given: object) -> list[str]:
    known = given if isinstance(given, list) else []
    if not 1 <= len(known) <= REDIRECTS_MAX or not all(map(_may_redirect, known)):
        sentence = "redirect_uris must be https addresses, or http ones of this machine."
        raise _BadRegistrationError("invalid_redirect_uri", sentence)
    return [str(uri) for uri in known]


def _may_redirect(uri: object) -> bool:
    if not isinstance(uri, str) or len(uri) > 2000:
        return False
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    if parts.fragment or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _bad(sentence: str) -> _BadRegistrationError:
    return _BadRegistrationError("invalid_client_metadata", sentence)
