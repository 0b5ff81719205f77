"""The door of the API: token, organisation, scope and limits, before anything is read.

Invariant: no call passes without a living token, an organisation that its app reaches and a scope
for what it asks; each refusal is told as Xero tells it. It reads no books.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from starlette.requests import Request

from well.sandbox.kit.oauth import Unauthorized
from well.sandbox.kit.oauth_store import Token
from well.sandbox.xero.limits import Limits
from well.sandbox.xero.oauth import XeroOAuth
from well.sandbox.xero.problem import Problem

DETAILS = {
    "missing": "AuthenticationUnsuccessful",
    "unknown": "AuthenticationUnsuccessful",
    "expired": "TokenExpired: token expired at {when}",
}


class Door:
    """`settings`: `rest_takes_mcp_tokens` says whether the API takes tokens of the MCP server."""

    def __init__(self, oauth: XeroOAuth, limits: Limits, settings: Mapping[str, int]) -> None:
        """One for all endpoints."""
        self._oauth = oauth
        self._settings = settings
        self.limits = limits

    def token(self, request: Request) -> Token:
        """The living token of a call of the API. Problem 401 without one."""
        try:
            token = self._oauth.check(request)
        except Unauthorized as refused:
            detail = DETAILS[refused.reason].format(when="the end of its life")
            raise Problem(401, detail) from refused
        if token.extra.get("resource") and not self._settings["rest_takes_mcp_tokens"]:
            raise Problem(401, "AuthenticationUnsuccessful")
        return token

    @contextmanager
    def opened(self, request: Request, scopes: Iterable[str]) -> Iterator[str]:
        """The tenant of the call, which counts against its limits as long as it is served."""
        token = self.token(request)
        tenant = request.headers.get("xero-tenant-id", "").lower()
        if tenant not in self._oauth.approved(token):
            raise Problem(403, "AuthenticationUnsuccessful")
        if not may(token, scopes):
            header = {"WWW-Authenticate": "insufficient_scope"}
            raise Problem(401, "AuthorizationUnsuccessful").with_headers(header)
        with self.limits.one(tenant):
            yield tenant


def may(token: Token, scopes: Iterable[str]) -> bool:
    """Whether a token may read what any of these scopes opens; none asked: yes."""
    wanted = {f"{scope}{ending}" for scope in scopes for ending in ("", ".read")}
    return not wanted or bool(wanted & token.scopes)
