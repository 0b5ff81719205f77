"""Registration, consent, tokens and their ends, as the RFCs and Xero's pages say.

Invariant: every refusal is told apart by its error name; times are moved by the stand-in's clock.
"""

import base64
from typing import Any

import httpx
import pytest

from builders.running_standin import NO_TLS, REDIRECT, Running
from builders.xero_client import (
    XeroClient,
    authorize_address,
    let_in,
    redeem,
    register,
    token_request,
)


def _get(server: Running, path: str) -> Any:
    return httpx.get(f"{server.base}{path}", verify=NO_TLS).json()


def test_the_metadata_lead_from_the_server_of_tools_to_every_endpoint(server: Running) -> None:
    for path in ("", "/mcp"):
        resource = _get(server, f"/.well-known/oauth-protected-resource{path}")
        assert resource["resource"] == server.standin.addresses["mcp"]
        assert resource["authorization_servers"] == [server.standin.addresses["issuer"]]
    for name in ("oauth-authorization-server", "openid-configuration"):
        known = _get(server, f"/.well-known/{name}")
        assert known["issuer"] == server.standin.addresses["issuer"]
        assert known["code_challenge_methods_supported"] == ["S256"]
        for field, address in (
            ("authorization_endpoint", "authorize"),
            ("token_endpoint", "token"),
            ("revocation_endpoint", "revoke"),
            ("registration_endpoint", "register"),
        ):
            assert known[field] == server.standin.addresses[address]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"redirect_uris": []}, "invalid_redirect_uri"),
        ({"redirect_uris": None}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://example.com/back"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://example.com/back#part"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://[", 7]}, "invalid_redirect_uri"),
        ({"grant_types": ["password"]}, "invalid_client_metadata"),
        ({"response_types": ["token"]}, "invalid_client_metadata"),
        ({"token_endpoint_auth_method": "client_secret_post"}, "invalid_client_metadata"),
        ({"scope": "accounting.everything"}, "invalid_client_metadata"),
        ({"client_name": "x" * 201}, "invalid_client_metadata"),
    ],
)
def test_a_registration_that_cannot_be_is_refused_by_name(
    server: Running, wrong: dict[str, Any], error: str
) -> None:
    answer = register(server, **wrong)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert server.admin.get("/_admin/registrations").json() == []


def test_odd_bodies_of_a_registration_are_refused(server: Running) -> None:
    for content in (b"", b"[]", b"{", b"x" * 70_000, b"[" * 60_000):
        answer = httpx.post(server.standin.addresses["register"], content=content, verify=NO_TLS)
        assert answer.status_code == 400
        assert answer.json()["error"] == "invalid_client_metadata"


def test_a_registered_app_may_have_an_https_address_and_no_secret(server: Running) -> None:
    answer = register(server, redirect_uris=["https://well.example/back"], scope="offline_access")
    assert answer.status_code == 201
    body = answer.json()
    assert body["token_endpoint_auth_method"] == "none"
    assert "client_secret" not in body
    assert body["redirect_uris"] == ["https://well.example/back"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"resource": "https://elsewhere.example/mcp"}, "invalid_target"),
        ({"scope": "accounting.everything"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_a_consent_asked_for_wrongly_goes_back_with_the_issuer_and_an_error(
    server: Running, wrong: dict[str, str], error: str
) -> None:
    client = register(server).json()["client_id"]
    answer = httpx.get(authorize_address(server, client, **wrong), verify=NO_TLS)
    assert answer.status_code == 302
    back = dict(httpx.URL(answer.headers["location"]).params)
    assert (back["error"], back["iss"]) == (error, server.standin.addresses["issuer"])


def test_only_the_registered_address_gets_a_code(server: Running) -> None:
    client = register(server).json()["client_id"]
    other = authorize_address(server, client, redirect_uri="http://localhost:9/other")
    assert httpx.get(other, verify=NO_TLS).status_code == 400


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code_verifier": "another-verifier-that-is-long-enough-0123456789"}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "http://localhost:9/other"}, "invalid_grant"),
        ({"resource": "https://elsewhere.example/mcp"}, "invalid_target"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_secret": "guess"}, "invalid_client"),
    ],
)
def test_a_code_without_its_proof_gives_nothing(
    server: Running, wrong: dict[str, str], error: str
) -> None:
    client = register(server).json()["client_id"]
    code = server.consent(authorize_address(server, client))["code"]
    assert redeem(server, client, code, **wrong).json()["error"] == error


def test_a_code_of_one_app_gives_nothing_to_another(server: Running) -> None:
    one, two = (register(server).json()["client_id"] for _ in range(2))
    code = server.consent(authorize_address(server, one))["code"]
    assert redeem(server, two, code).json()["error"] == "invalid_grant"
    assert redeem(server, one, code).status_code == 200
    assert redeem(server, one, code).json()["error"] == "invalid_grant"


def test_a_forgotten_registration_is_an_invalid_client_from_then_on(
    server: Running, client: XeroClient
) -> None:
    assert server.admin.delete("/_admin/registrations").json() == {"forgotten": 1}
    answer = client.refresh()
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    page = httpx.get(authorize_address(server, client.client_id), verify=NO_TLS)
    assert page.status_code == 400
    assert "invalid_client" in page.text


def test_an_access_token_lives_thirty_minutes_to_the_second(
    server: Running, client: XeroClient
) -> None:
    assert client.tokens["expires_in"] == 1800
    server.clock.skew = 1795
    assert client.get("Accounts").status_code == 200
    server.clock.skew = 1801
    answer = client.get("Accounts")
    assert answer.status_code == 401
    assert answer.json()["Detail"].startswith("TokenExpired")
    assert (answer.json()["Title"], answer.json()["Status"]) == ("Unauthorized", 401)


def test_a_spent_refresh_token_is_taken_for_half_an_hour_more(
    server: Running, client: XeroClient
) -> None:
    first = client.refresh().json()
    assert first["refresh_token"] != client.tokens["refresh_token"]
    again = client.refresh().json()
    assert again["refresh_token"] == first["refresh_token"]
    server.clock.skew = 1795
    assert client.refresh().status_code == 200
    server.clock.skew = 1801
    assert client.refresh().json()["error"] == "invalid_grant"
    assert client.refresh(first["refresh_token"]).status_code == 200


def test_without_offline_access_there_is_nothing_to_refresh_with(server: Running) -> None:
    client = let_in(server, scope="accounting.contacts.read")
    client.http.close()
    assert "refresh_token" not in client.tokens


def test_revoking_ends_the_grant_of_the_app_that_asks_only(
    server: Running, client: XeroClient
) -> None:
    revoke = server.standin.addresses["revoke"]
    token = {"token": client.tokens["refresh_token"]}
    other = register(server).json()["client_id"]
    for app in (other, client.client_id):
        answer = httpx.post(revoke, data=token | {"client_id": app}, verify=NO_TLS)
        assert answer.status_code == 200
        assert client.get("Accounts").status_code == (200 if app == other else 401)
    assert client.refresh().json()["error"] == "invalid_grant"


def test_each_organisation_that_the_person_approves_is_the_apps_the_last_first(
    server: Running,
) -> None:
    client = register(server).json()["client_id"]
    address = authorize_address(server, client)
    page = httpx.get(address, verify=NO_TLS).text
    assert "Atelier Boréal SAS" in page
    assert "Demo Company (FR)" in page
    tenants = list(server.standin.oauth._organisations.named)  # type: ignore[attr-defined]
    for company, wanted in (("", tenants[:1]), (tenants[1], tenants[::-1]), ("all", tenants)):
        asked = dict(httpx.URL(address).params) | {"decision": "approve", "company": company}
        answer = httpx.post(address.partition("?")[0], data=asked, verify=NO_TLS)
        code = httpx.URL(answer.headers["location"]).params["code"]
        headers = {"Authorization": f"Bearer {redeem(server, client, code).json()['access_token']}"}
        lines = httpx.get(f"{server.base}/connections", headers=headers, verify=NO_TLS).json()
        assert [line["tenantId"] for line in lines] == wanted
        for tenant in tenants:
            told = headers | {"Xero-Tenant-Id": tenant}
            listed = httpx.get(f"{server.base}/api.xro/2.0/Contacts", headers=told, verify=NO_TLS)
            assert listed.status_code == (200 if tenant in wanted else 403)
            if tenant in wanted:
                assert bool(listed.json()["Contacts"]) is (tenant == tenants[0])


def test_the_ordinary_app_needs_its_secret_and_its_tokens_do_not_open_the_tools(
    server: Running,
) -> None:
    address = authorize_address(server, server.client_id, resource="", code_challenge="")
    fields = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    code = server.consent(address)["code"]
    wrong = token_request(server, **fields, code=code, client_id=server.client_id)
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    pair = base64.b64encode(f"{server.client_id}:{server.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}"}
    token = server.standin.addresses["token"]
    answer = httpx.post(token, data=fields | {"code": code}, headers=headers, verify=NO_TLS)
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    tools = httpx.post(server.standin.addresses["mcp"], json={}, headers=bearer, verify=NO_TLS)
    assert tools.status_code == 401
    assert 'error="invalid_token"' in tools.headers["www-authenticate"]


def test_the_api_refuses_tokens_of_the_tools_when_the_setting_says_so(
    server: Running, client: XeroClient
) -> None:
    server.settings(rest_takes_mcp_tokens=0)
    assert client.get("Contacts").status_code == 401
    server.settings(rest_takes_mcp_tokens=1)
    assert client.get("Contacts").status_code == 200
