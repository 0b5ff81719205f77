"""An app that registered itself at the Xero stand-in, written from the published protocols only.

Invariant: it walks the real registration, consent, PKCE and token endpoint. It is not the product's
connector and shares nothing with it.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from builders.running_standin import NO_TLS, REDIRECT, Running

VERIFIER = "a-verifier-that-is-long-enough-for-the-rules-0123456789"
SCOPE = (
    "offline_access accounting.invoices.read accounting.payments.read"
    " accounting.banktransactions.read accounting.contacts.read accounting.settings.read"
    " accounting.attachments.read"
)


def challenge(verifier: str = VERIFIER) -> str:
    """The S256 challenge of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def register(server: Running, **more: Any) -> httpx.Response:
    """Ask to be registered as a public client."""
    asked = {
        "client_name": "An app",
        "redirect_uris": [REDIRECT],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    }
    body = {name: value for name, value in (asked | more).items() if value is not None}
    return httpx.post(server.standin.addresses["register"], json=body, verify=NO_TLS)


def authorize_address(server: Running, client: str, **more: str) -> str:
    """The address to which an app sends the person's browser; "" leaves a field out."""
    fields = {
        "client_id": client,
        "response_type": "code",
        "scope": SCOPE,
        "redirect_uri": REDIRECT,
        "state": "s-1",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
        "resource": server.standin.addresses["mcp"],
    }
    given = {name: value for name, value in (fields | more).items() if value}
    return f"{server.standin.addresses['authorize']}?{urlencode(given)}"


def token_request(server: Running, **fields: str) -> httpx.Response:
    """POST to the token endpoint."""
    return httpx.post(server.standin.addresses["token"], data=fields, verify=NO_TLS)


def redeem(server: Running, client: str, code: str, **more: str) -> httpx.Response:
    """A code for tokens."""
    fields = {
        "grant_type": "authorization_code",
        "client_id": client,
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    return token_request(server, **(fields | more))


@dataclass
class XeroClient:
    """An app that a person let into an organisation."""

    server: Running
    client_id: str
    tokens: dict[str, Any]
    tenant: str
    http: httpx.Client

    def get(self, path: str, since: str = "", **params: str | int) -> httpx.Response:
        """GET below the accounting API."""
        headers = {"If-Modified-Since": since} if since else {}
        return self.http.get(f"/api.xro/2.0/{path}", params=params, headers=headers)

    def rows(self, plural: str, since: str = "", **params: str | int) -> list[dict[str, Any]]:
        """The things of a list that must succeed."""
        answer = self.get(plural, since, **params)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()[plural]
        return found

    def refresh(self, token: str = "") -> httpx.Response:
        """New tokens for this refresh token, or the one of the beginning."""
        return token_request(
            self.server,
            grant_type="refresh_token",
            client_id=self.client_id,
            refresh_token=token or self.tokens["refresh_token"],
        )


def let_in(server: Running, **more: str) -> XeroClient:
    """Register, walk the consent, redeem the code."""
    client = str(register(server).json()["client_id"])
    back = server.consent(authorize_address(server, client, **more))
    answer = redeem(server, client, back["code"])
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
    http = httpx.Client(base_url=server.base, headers=headers, timeout=10, verify=NO_TLS)
    tenant = str(http.get("/connections").json()[0]["tenantId"])
    http.headers["Xero-Tenant-Id"] = tenant
    return XeroClient(server, client, tokens, tenant, http)
