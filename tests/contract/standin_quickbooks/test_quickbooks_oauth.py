"""Consent, tokens, rotation with overlap and revocation, as Intuit documents them.

Invariant: no token without consent, a state, an exact redirect and the client's secret. Strict
rotation belongs to other providers and is tested with the kit.
"""

import httpx
import pytest

from builders.quickbooks_client import Client, authorize_address, let_in, token_request
from builders.running_standin import REDIRECT, Running


def refreshed(server: Running, value: str) -> httpx.Response:
    return token_request(server, grant_type="refresh_token", refresh_token=value)


def test_the_consent_page_names_the_app_the_scope_and_the_company(shared: Client) -> None:
    server = shared.server
    page = httpx.get(authorize_address(server)).text
    assert "Well" in page
    assert "com.intuit.quickbooks.accounting" in page
    assert "Brûlerie &amp; Fils" in page


def test_what_stands_in_the_address_is_never_markup(shared: Client) -> None:
    server = shared.server
    page = httpx.get(authorize_address(server, state='"><script>alert(1)</script>')).text
    assert "<script>" not in page


def test_approval_leads_back_with_code_state_and_realm(shared: Client) -> None:
    server = shared.server
    back = server.consent(authorize_address(server))
    assert set(back) == {"code", "state", "realmId"}
    assert back["state"] == "s-1"
    assert back["realmId"].isdecimal()


def test_denial_leads_back_with_access_denied(shared: Client) -> None:
    server = shared.server
    back = server.consent(authorize_address(server), "deny")
    assert (back["error"], back["state"]) == ("access_denied", "s-1")
    assert "code" not in back


@pytest.mark.parametrize(
    "wrong", [{"client_id": "another"}, {"redirect_uri": "https://evil.example/callback"}]
)
def test_an_unknown_app_or_redirect_never_leads_back(shared: Client, wrong: dict[str, str]) -> None:
    server = shared.server
    answer = httpx.get(authorize_address(server, **wrong))
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_once_redirects_are_registered_only_they_are_accepted(server: Running) -> None:
    server.admin.post("/_admin/redirects", json={"redirect_uri": REDIRECT})
    assert httpx.get(authorize_address(server)).status_code == 200
    near = authorize_address(server, redirect_uri=f"{REDIRECT}/")
    assert httpx.get(near).status_code == 400


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"scope": "com.intuit.quickbooks.payment"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"state": ""}, "invalid_request"),
    ],
)
def test_a_wrong_wish_leads_back_with_its_error(
    shared: Client, wrong: dict[str, str], error: str
) -> None:
    server = shared.server
    answer = httpx.get(authorize_address(server, **wrong))
    assert answer.status_code == 302
    assert f"error={error}" in answer.headers["location"]


def test_the_answer_of_the_token_endpoint_has_intuits_form(client: Client) -> None:
    assert set(client.tokens) == {
        "token_type",
        "access_token",
        "expires_in",
        "refresh_token",
        "x_refresh_token_expires_in",
    }
    assert client.tokens["expires_in"] == 3600
    assert client.tokens["x_refresh_token_expires_in"] == 8_726_400


def test_a_code_works_once_and_its_second_use_takes_the_grant_back(shared: Client) -> None:
    server = shared.server
    code = server.consent(authorize_address(server))["code"]
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    first = token_request(server, **fields)
    assert first.status_code == 200
    assert token_request(server, **fields).json()["error"] == "invalid_grant"
    assert refreshed(server, first.json()["refresh_token"]).status_code == 400


@pytest.mark.parametrize("wrong", [{"redirect_uri": "http://localhost:9/other"}, {"code": "x"}])
def test_a_code_needs_its_own_redirect(shared: Client, wrong: dict[str, str]) -> None:
    server = shared.server
    code = server.consent(authorize_address(server))["code"]
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    answer = token_request(server, **(fields | wrong))
    assert answer.status_code == 400
    assert answer.json() == {"error": "invalid_grant", "error_description": "Token invalid"}


def test_a_code_dies_after_a_minute(server: Running) -> None:
    code = server.consent(authorize_address(server))["code"]
    server.fault("clock_skew", seconds=61)
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    assert token_request(server, **fields).json()["error"] == "invalid_grant"


def test_a_wrong_secret_is_an_invalid_client(shared: Client) -> None:
    server = shared.server
    address = f"{server.base}/oauth2/v1/tokens/bearer"
    fields = {"grant_type": "refresh_token", "refresh_token": "x"}
    answer = httpx.post(address, data=fields, auth=(server.client_id, "guess"))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    posted = fields | {"client_id": server.client_id, "client_secret": server.secret}
    assert httpx.post(address, data=posted).status_code == 401


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 100_000, b"x" * 200_000])
def test_a_hostile_body_is_an_oauth_error(shared: Client, body: bytes) -> None:
    server = shared.server
    address = f"{server.base}/oauth2/v1/tokens/bearer"
    auth = (server.client_id, server.secret)
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        answer = httpx.post(address, content=body, auth=auth, headers={"Content-Type": kind})
        assert answer.status_code == 400
        assert answer.json()["error"] == "unsupported_grant_type"


def test_the_refresh_value_stays_for_a_day_then_changes(client: Client) -> None:
    server, first = client.server, client.tokens["refresh_token"]
    assert refreshed(server, first).json()["refresh_token"] == first
    server.fault("clock_skew", seconds=86_401)
    second = refreshed(server, first).json()["refresh_token"]
    assert second != first


def test_the_previous_refresh_value_works_during_the_overlap_only(client: Client) -> None:
    server, first = client.server, client.tokens["refresh_token"]
    server.settings(rotate_every_seconds=0, overlap_seconds=100)
    second = refreshed(server, first).json()["refresh_token"]
    assert refreshed(server, first).json()["refresh_token"] == second
    server.fault("clock_skew", seconds=101)
    assert refreshed(server, first).json()["error"] == "invalid_grant"
    assert refreshed(server, second).status_code == 200


def test_a_refresh_token_rolls_for_100_days(client: Client) -> None:
    server, value = client.server, client.tokens["refresh_token"]
    server.settings(rotate_every_seconds=10**9)
    server.fault("clock_skew", seconds=8_000_000)
    assert refreshed(server, value).status_code == 200
    server.faults.clear()
    server.fault("clock_skew", seconds=16_000_000)
    assert refreshed(server, value).status_code == 200
    server.faults.clear()
    server.fault("clock_skew", seconds=25_000_000)
    assert refreshed(server, value).status_code == 400


def test_an_access_token_dies_after_an_hour(client: Client) -> None:
    assert client.get("query", query="select count(*) from Bill").status_code == 200
    client.server.fault("clock_skew", seconds=3601)
    answer = client.get("query", query="select count(*) from Bill")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Intuit", error="invalid_token"'
    fault = answer.json()["Fault"]
    assert (fault["type"], fault["Error"][0]["code"]) == ("AUTHENTICATION", "3200")


def test_the_admin_port_expires_and_revokes(client: Client) -> None:
    server = client.server
    assert server.admin.post("/_admin/expire-tokens").json() == {"expired": 1}
    assert client.get("companyinfo/1").status_code == 401
    assert refreshed(server, client.tokens["refresh_token"]).status_code == 200
    assert server.admin.post("/_admin/revoke-all").json() == {"revoked": 1}
    assert refreshed(server, client.tokens["refresh_token"]).status_code == 400


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_both(client: Client, kind: str) -> None:
    server = client.server
    address = f"{server.base}/v2/oauth2/tokens/revoke"
    auth = (server.client_id, server.secret)
    assert httpx.post(address, json={"token": client.tokens[kind]}, auth=auth).status_code == 200
    assert client.get("companyinfo/1").status_code == 401
    assert refreshed(server, client.tokens["refresh_token"]).status_code == 400


def test_revoking_needs_the_secret(client: Client) -> None:
    address = f"{client.server.base}/v2/oauth2/tokens/revoke"
    assert httpx.post(address, json={"token": client.tokens["access_token"]}).status_code == 401
    assert client.get("companyinfo/1").status_code == 200


def test_a_token_opens_its_own_company_only(client: Client) -> None:
    answer = client.http.get("/v3/company/123/companyinfo/123")
    assert answer.status_code == 403
    assert answer.json()["Fault"]["Error"][0]["code"] == "3100"


def test_two_apps_in_a_row_do_not_share_tokens(shared: Client) -> None:
    server = shared.server
    one, two = let_in(server), let_in(server)
    assert one.tokens["access_token"] != two.tokens["access_token"]
    one.http.close()
    two.http.close()
