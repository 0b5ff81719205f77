"""Who calls: an OAuth access token with scopes, or the organisation's API key.

Invariant: no endpoint answers before this module let the call pass. Neither tokens nor keys appear
in an answer.
"""

import hmac

from starlette.requests import Request

from well.sandbox.kit.oauth import OAuthServer, OAuthStyle, Unauthorized
from well.sandbox.qonto.desk import Desk
from well.sandbox.qonto.wire import Refusal

AUTHORIZE = "/oauth2/auth"
SCOPES = (
    "offline_access",
    "organization.read",
    "supplier_invoice.read",
    "supplier_invoice.write",
    "attachment.read",
    "attachment.write",
)


def oauth_style(company: str) -> OAuthStyle:
    """Qonto's authorization server behaves like Ory Hydra."""
    return OAuthStyle(
        provider="Qonto",
        authorize=AUTHORIZE,
        token="/oauth2/token",
        revoke="/oauth2/revoke",
        client_auth="post",
        scopes=SCOPES,
        access_seconds=3600,
        refresh_seconds=90 * 86400,
        rotation="strict",
        pkce=True,
        offline_scope="offline_access",
        company=company,
        invalid_grant="The provided authorization grant or refresh token is invalid.",
    )


def api_key(desk: Desk) -> str:
    """`login:secret`, accepted instead of a bearer token."""
    return f"{desk.organization['slug']}:{desk.secret('api_key')}"


def admit(request: Request, desk: Desk, oauth: OAuthServer, scope: str) -> None:
    """Let a call pass that may do this. Refusal 401 or 403."""
    given = request.headers.get("authorization", "")
    if hmac.compare_digest(given.encode(), api_key(desk).encode()):
        return
    try:
        token = oauth.check(request)
    except Unauthorized as why:
        detail = "the access token expired" if why.reason == "expired" else "invalid credentials"
        raise Refusal(401, "unauthorized", detail) from None
    if scope not in token.scopes:
        raise Refusal(403, "forbidden", f"missing required OAuth scope: {scope}")
