"""An OAuth 2.0 server (authorization code) in the manner of one provider.

Invariant: no token without a person's approval, an exact redirect address and the proof that the
provider asks of its apps; a code works once and for 60 s; with strict rotation the reuse of a
refresh token ends its whole family. It has no OpenID, and one registered app unless a provider's
own server knows more.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.consent import consent_page, refusal_page
from well.sandbox.kit.faults import Faults
from well.sandbox.kit.oauth_store import Code, OAuthStore, Token
from well.sandbox.kit.state import State

BODY_BYTES = 64 * 1024
ASKED = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "resource",
)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", "testserver"})
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def no_extra() -> dict[str, Any]:
    """Nothing is added to the redirect, or to the token answer."""
    return {}


@dataclass
class OAuthStyle:
    """How one provider does OAuth. Paths begin with a slash; times are seconds.

    `rotation`: with "overlap" a refresh token that has a successor stays valid for
    `overlap_seconds`; with "strict" its reuse is invalid_grant and ends the grant. The refresh
    token's value changes when it is older than `rotate_every_seconds` (0: at each refresh).
    `extra_redirect` goes with a code, `every_redirect` with errors as well. `offline_scope`: the
    scope without which no refresh token is given, None when none is needed.
    `extra_answer`: fields of the token answer that only this provider gives, made at each answer.
    """

    provider: str
    authorize: str
    token: str
    revoke: str
    client_auth: Literal["basic", "post"]
    scopes: tuple[str, ...]
    access_seconds: int = 3600
    refresh_seconds: int = 90 * 86400
    rotation: Literal["overlap", "strict"] = "strict"
    overlap_seconds: int = 86400
    rotate_every_seconds: int = 0
    pkce: bool = False
    offline_scope: str | None = None
    answers_scope: bool = True
    refresh_expiry_name: str | None = None
    extra_redirect: Callable[[], dict[str, str]] = no_extra
    every_redirect: Mapping[str, str] = field(default_factory=dict)
    extra_answer: Callable[[], dict[str, Any]] = no_extra
    needs_state: bool = True
    app_name: str = "Well"
    company: str = "The company"
    invalid_grant: str = "Token invalid"
    single_grant: int = 0
    """1 ends the app's earlier grants when it is authorized again."""


class Unauthorized(Exception):
    """The call carries no token that works; `reason` says why: missing, unknown or expired."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):
    """A token request that gets an OAuth error."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        """`error` is a name of RFC 6749."""
        super().__init__(error)
        self.error, self.description, self.status = error, description, status

    def response(self) -> Response:
        """The answer."""
        body = {"error": self.error, "error_description": self.description}
        headers = dict(NO_STORE)
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="token"'
        return JSONResponse(body, self.status, headers=headers)


async def read_fields(request: Request) -> dict[str, str]:
    """The fields of a small form or JSON object; empty when it is neither."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES:
            return {}
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            given = json.loads(body)
            if not isinstance(given, dict):
                return {}
            return {name: value for name, value in given.items() if isinstance(value, str)}
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50))
    except (ValueError, RecursionError):
        return {}


def bearer(request: Request) -> str:
    """The bearer token of a request; Unauthorized when there is none."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not value.strip():
        raise Unauthorized("missing")
    return value.strip()


def basic_credentials(request: Request) -> tuple[str, str]:
    """User and secret of HTTP Basic; both empty without them."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        user, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote(user), unquote(secret)


def _redirect(uri: str, fields: Mapping[str, str]) -> Response:
    joint = "&" if urlsplit(uri).query else "?"
    given = {name: value for name, value in fields.items() if value}
    return RedirectResponse(f"{uri}{joint}{urlencode(given)}", 302, headers=NO_STORE)


def _challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class OAuthServer:
    """The authorize, token and revoke endpoints, and the check of API calls."""

    def __init__(
        self, style: OAuthStyle, state: State, clock: StandInClock, faults: Faults | None = None
    ) -> None:
        """One app is registered; its id and secret are kept in the state."""
        self.style = style
        self.store = OAuthStore(state, clock)
        self.client_id, self.client_secret = self.store.client(style.provider.split()[0].lower())
        self._state = state
        self._clock = clock
        self._faults = faults or Faults(clock)

    def routes(self) -> list[Route]:
        """The endpoints, to be put into the stand-in's app."""
        return [
            Route(self.style.authorize, self.ask, methods=["GET"]),
            Route(self.style.authorize, self.decide, methods=["POST"]),
            Route(self.style.token, self.token, methods=["POST"]),
            Route(self.style.revoke, self.revoke, methods=["POST"]),
        ]

    def check(self, request: Request) -> Token:
        """The living access token of an API call. Unauthorized when it carries none."""
        token = self.living(bearer(request))
        if self._faults.take({"token_revoked"}, request.method, request.url.path):
            self.store.end_grant(token.grant)
            raise Unauthorized("unknown")
        return token

    def living(self, value: str) -> Token:
        """The access token of this value. Unauthorized when there is none, or it has ended."""
        token = self.store.token(value)
        if token is None or token.kind != "access":
            raise Unauthorized("unknown")
        if token.expires <= self._clock.seconds():
            raise Unauthorized("expired")
        return token

    async def ask(self, request: Request) -> Response:
        """GET authorize: the consent page."""
        given = {name: request.query_params.get(name, "") for name in ASKED}
        problem = self._problem(given)
        if problem is not None:
            return problem
        return self.page(given)

    def page(self, given: Mapping[str, str]) -> Response:
        """The page that asks the person."""
        style = self.style
        scopes = given["scope"].split()
        return consent_page(style.provider, style.app_name, style.company, scopes, given)

    async def decide(self, request: Request) -> Response:
        """POST authorize: the person pressed Approve or Deny."""
        form = await read_fields(request)
        given = {name: form.get(name, "") for name in ASKED}
        problem = self._problem(given)
        if problem is not None:
            return problem
        state = {"state": given["state"]}
        if form.get("decision") != "approve":
            denied = {"error": "access_denied", "error_description": "The user denied access."}
            return self._back(given["redirect_uri"], denied | state)
        challenge = given["code_challenge"] if self.style.pkce else ""
        code = self.store.new_code(
            given["client_id"], given["redirect_uri"], given["scope"], challenge
        )
        self.note_choice(code, form)
        extra = self.style.extra_redirect()
        return self._back(given["redirect_uri"], {"code": code} | state | extra)

    def note_choice(self, code: str, form: Mapping[str, str]) -> None:
        """What else the person chose on the page; nothing here."""

    def granted(self, code: str) -> dict[str, str]:  # noqa: ARG002 - for those that override it
        """What is remembered with the grant that a code is spent on."""
        return self.style.extra_redirect()

    def _back(self, uri: str, fields: Mapping[str, str]) -> Response:
        return _redirect(uri, {**fields, **self.style.every_redirect})

    def _problem(self, given: Mapping[str, str]) -> Response | None:
        if not self.known_client(given["client_id"]):
            return refusal_page(self.style.provider, "This app is not known here (invalid_client).")
        if not self.known_redirect(given["client_id"], given["redirect_uri"]):
            sentence = "The redirect address is not one of those registered for this app."
            return refusal_page(self.style.provider, sentence)
        error = self.asked_wrongly(given)
        if error is None:
            return None
        name, description = error
        fields = {"error": name, "error_description": description, "state": given["state"]}
        return self._back(given["redirect_uri"], fields)

    def known_client(self, client: str) -> bool:
        """Whether this app is registered."""
        return client == self.client_id

    def known_redirect(self, client: str, uri: str) -> bool:
        """Whether the app may be sent back there."""
        registered = self.store.redirects()
        if registered or client != self.client_id:
            return uri in registered
        try:
            parts = urlsplit(uri)
        except ValueError:
            return False
        # As with providers' test keys: this machine needs no registration.
        return parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK

    def asked_wrongly(self, given: Mapping[str, str]) -> tuple[str, str] | None:
        """The error and its sentence, when the app asks for what it cannot have."""
        if given["response_type"] != "code":
            return "unsupported_response_type", "Only the response type code is supported."
        if self.style.needs_state and not given["state"]:
            return "invalid_request", "The state parameter is missing."
        scopes = given["scope"].split()
        if not scopes or not set(scopes) <= set(self.style.scopes):
            return "invalid_scope", "The app was not granted a scope that it asks for."
        method = given["code_challenge_method"]
        if self.style.pkce and given["code_challenge"] and method != "S256":
            return "invalid_request", "The code challenge method must be S256."
        return None

    async def token(self, request: Request) -> Response:
        """POST token: code for tokens, or refresh."""
        form = await read_fields(request)
        try:
            client = self.authenticate(request, form)
            match form.get("grant_type"):
                case "authorization_code":
                    body = self._redeem(client, form)
                case "refresh_token":
                    body = self._refresh(client, form)
                case _:
                    raise Refused("unsupported_grant_type", "The grant type is not supported.")
        except Refused as refused:
            return refused.response()
        return JSONResponse(body, headers=NO_STORE)

    async def revoke(self, request: Request) -> Response:
        """POST revoke: the grant of the token ends. An unknown token is no error (RFC 7009)."""
        form = await read_fields(request)
        try:
            client = self.authenticate(request, form)
        except Refused as refused:
            return refused.response()
        token = self.store.token(form.get("token", ""))
        if token is not None and token.client == client:
            self.end(token)
        return Response(status_code=200)

    def end(self, token: Token) -> None:
        """What revoking a token ends."""
        self.store.end_grant(token.grant)

    def authenticate(self, request: Request, form: Mapping[str, str]) -> str:
        """The id of the app that calls. Refused when it cannot prove to be it."""
        if self.style.client_auth == "basic":
            client, secret = basic_credentials(request)
        else:
            client, secret = form.get("client_id", ""), form.get("client_secret", "")
        right = hmac.compare_digest(secret.encode(), self.client_secret.encode())
        if client != self.client_id or not right:
            raise Refused("invalid_client", "Client authentication failed.", 401)
        return client

    def _redeem(self, client: str, form: Mapping[str, str]) -> dict[str, Any]:
        with self._state.transaction():
            code = self.store.code(form.get("code", ""))
            if code is not None and code.grant is not None:
                # A second use means that the code leaked: what it gave is taken back.
                self.store.end_grant(code.grant)
            elif code is not None and code.client == client and self._fits(code, form):
                if self.style.single_grant:
                    self.store.end_client(code.client)
                grant = self.store.new_grant(code, self.granted(code.code))
                return self._answer(grant, code.scope, None)
        raise Refused("invalid_grant", self.style.invalid_grant)

    def _fits(self, code: Code, form: Mapping[str, str]) -> bool:
        proof = form.get("code_verifier", "")
        return (
            code.expires > self._clock.seconds()
            and code.redirect == form.get("redirect_uri")
            and (not code.challenge or _challenge_of(proof) == code.challenge)
        )

    def _refresh(self, client: str, form: Mapping[str, str]) -> dict[str, Any]:
        now = self._clock.seconds()
        with self._state.transaction():
            token = self.store.token(form.get("refresh_token", ""))
            known = token is not None and token.kind == "refresh" and token.client == client
            if token is not None and known:
                if token.rotated and self.style.rotation == "strict":
                    self.store.end_grant(token.grant)
                elif token.expires > now:
                    return self._answer(token.grant, " ".join(sorted(token.scopes)), token)
        raise Refused("invalid_grant", self.style.invalid_grant)

    def _answer(self, grant: int, scope: str, spent: Token | None) -> dict[str, Any]:
        style = self.style
        body: dict[str, Any] = {
            "token_type": "bearer",
            "access_token": self.store.new_token("access", grant, style.access_seconds),
            "expires_in": style.access_seconds,
            **style.extra_answer(),
        }
        if style.answers_scope:
            body["scope"] = scope
        if style.offline_scope is None or style.offline_scope in scope.split():
            body["refresh_token"] = self._next_refresh(grant, spent)
            if style.refresh_expiry_name is not None:
                body[style.refresh_expiry_name] = style.refresh_seconds
        return body

    def _next_refresh(self, grant: int, spent: Token | None) -> str:
        style, now = self.style, self._clock.seconds()
        if spent is not None:
            if spent.rotated or now - spent.made < style.rotate_every_seconds:
                return self._same_refresh(spent, now)
            overlap = style.overlap_seconds if style.rotation == "overlap" else 0
            self.store.rotate(spent, now + overlap)
        return self.store.new_token("refresh", grant, style.refresh_seconds)

    def _same_refresh(self, spent: Token, now: int) -> str:
        """The value does not change yet; a rotated one leads to its successor."""
        if spent.rotated:
            successor = self.store.newest_refresh(spent.grant)
            return successor or spent.value
        self.store.prolong(spent, now + self.style.refresh_seconds)
        return spent.value
