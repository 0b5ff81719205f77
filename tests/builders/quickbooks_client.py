"""An app that was let into the QuickBooks stand-in, written from the published protocol only.

Invariant: it walks the real consent and uses the real token endpoint. It is not the product's
connector and shares nothing with it.
"""

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from builders.running_standin import NO_TLS, REDIRECT, Running


@dataclass
class Client:
    """An app that a person let into the company."""

    server: Running
    realm: str
    tokens: dict[str, Any]
    http: httpx.Client

    def get(self, path: str, **params: str) -> httpx.Response:
        """GET under /v3/company/{realm}/ with the access token."""
        return self.http.get(f"/v3/company/{self.realm}/{path}", params=params)

    def post(self, path: str, body: Any = None, **params: str) -> httpx.Response:
        """POST JSON."""
        return self.http.post(f"/v3/company/{self.realm}/{path}", json=body, params=params)

    def query(self, text: str) -> Any:
        """The QueryResponse of a query that must succeed."""
        answer = self.get("query", query=text)
        assert answer.status_code == 200, answer.text
        return answer.json()["QueryResponse"]

    def ids(self, text: str) -> list[str]:
        """The ids that a query finds."""
        found = self.query(text)
        return [row["Id"] for rows in found.values() if isinstance(rows, list) for row in rows]


def authorize_address(server: Running, **more: str) -> str:
    """The address to which an app sends the person's browser."""
    fields = {
        "client_id": server.client_id,
        "response_type": "code",
        "scope": "com.intuit.quickbooks.accounting",
        "redirect_uri": REDIRECT,
        "state": "s-1",
    }
    return f"{server.base}/connect/oauth2?{urlencode(fields | more)}"


def token_request(server: Running, **fields: str) -> httpx.Response:
    """POST to the token endpoint with the app's credentials."""
    pair = f"{server.client_id}:{server.secret}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    address = f"{server.base}/oauth2/v1/tokens/bearer"
    return httpx.post(address, data=fields, headers=headers, verify=NO_TLS)


def let_in(server: Running) -> Client:
    """Walk the consent and redeem the code."""
    back = server.consent(authorize_address(server))
    answer = token_request(
        server, grant_type="authorization_code", code=back["code"], redirect_uri=REDIRECT
    )
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    headers = {
        "Authorization": f"Bearer {tokens['access_token']}",
        "Accept": "application/json",
    }
    http = httpx.Client(base_url=server.base, headers=headers, timeout=10, verify=NO_TLS)
    return Client(server, back["realmId"], tokens, http)
