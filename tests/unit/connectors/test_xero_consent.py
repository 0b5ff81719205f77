"""Consent at Xero's MCP server, by a scripted network: whom Well believes, and what it asks."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from builders.connectors import REDIRECT, FakeClock, MemoryGrants, body, connection
from builders.xero import CHALLENGE, VERIFIER, MemoryRegistrations
from well.connectors import xero
from well.domain.failure import Failed, FailureKind
from well.domain.marker import Window
from well.ports.connector import Company
from well.ports.registrations import Registration
from well.settings import Provider, Xero

MCP = "https://mcp.example.com/mcp"
ISSUER = "https://id.example.com"
SCOPES = ("offline_access", "accounting.invoices.read", "accounting.invoices")


def setting(**more: Any) -> Xero:
    provider = Provider("https://api.example.com", "", "", "", app="https://go.example.com")
    return Xero(provider=provider, mcp=MCP, authorities=(ISSUER,), scopes=SCOPES, **more)


class Network:
    """An MCP server, its authorization server and the API, as far as a consent meets them."""

    def __init__(self) -> None:
        self.metadata: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "registration_endpoint": f"{ISSUER}/register",
            "revocation_endpoint": f"{ISSUER}/revoke",
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
        self.resource: dict[str, Any] = {"resource": MCP, "authorization_servers": [ISSUER]}
        self.clients: set[str] = set()
        self.requests: list[httpx.Request] = []
        self.connections: Any = [{"tenantId": "t-1", "tenantType": "ORGANISATION"}]
        self.base_currency = ""
        self.lost_answers = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        routes: dict[str, Callable[[httpx.Request], httpx.Response]] = {
            "mcp.example.com/mcp": self._refuse,
            "mcp.example.com/meta": lambda _: body(self.resource),
            "id.example.com/.well-known/oauth-authorization-server": lambda _: body(self.metadata),
            "id.example.com/register": self._register,
            "id.example.com/token": self._token,
            "id.example.com/revoke": lambda _: body({}),
            "api.example.com/connections": lambda _: body(self.connections),
            "api.example.com/api.xro/2.0/Organisation": lambda _: body(
                {"Organisations": [{"BaseCurrency": self.base_currency}]}
            ),
        }
        at = f"{request.url.host}{request.url.path}"
        return routes[at](request) if at in routes else body("nothing here", 404)

    def _refuse(self, _: httpx.Request) -> httpx.Response:
        told = 'Bearer error="invalid_token", resource_metadata="https://mcp.example.com/meta"'
        return body("{}", 401, **{"WWW-Authenticate": told})

    def _register(self, _: httpx.Request) -> httpx.Response:
        made = f"client-{len(self.clients) + 1}"
        self.clients.add(made)
        return body({"client_id": made, "redirect_uris": [REDIRECT]}, 201)

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = {k: v[0] for k, v in parse_qs(request.content.decode()).items()}
        if form["client_id"] not in self.clients:
            return body({"error": "invalid_client"}, 401)
        if form.get("refresh_token", "").startswith("well-asks"):
            return body({"error": "invalid_grant"}, 400)
        if self.lost_answers:
            self.lost_answers -= 1
            raise httpx.ReadError("lost")
        return body(
            {"access_token": "a", "refresh_token": "r", "expires_in": 1800, "token_type": "Bearer"}
        )

    def forms(self, path: str) -> list[dict[str, str]]:
        sent = [r for r in self.requests if r.url.path == path]
        return [{k: v[0] for k, v in parse_qs(r.content.decode()).items()} for r in sent]


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def kept() -> MemoryRegistrations:
    return MemoryRegistrations()


def open_(network: Network, kept: MemoryRegistrations, **more: Any) -> xero.Xero:
    transport = httpx.MockTransport(network)
    return xero.connect(setting(**more), REDIRECT, kept, FakeClock(), transport)


def refusal(call: Callable[[], object]) -> tuple[FailureKind, str]:
    with pytest.raises(Failed) as failed:
        call()
    return failed.value.failure.kind, failed.value.failure.sentence


def test_consent_registers_once_and_sends_pkce_state_and_resource(
    network: Network, kept: MemoryRegistrations
) -> None:
    connector = open_(network, kept)
    asked = parse_qs(urlsplit(connector.authorize_url("s", CHALLENGE)).query)
    assert asked == {
        "client_id": ["client-1"],
        "response_type": ["code"],
        "scope": ["offline_access accounting.invoices.read"],
        "redirect_uri": [REDIRECT],
        "state": ["s"],
        "resource": [MCP],
        "code_challenge": [CHALLENGE],
        "code_challenge_method": ["S256"],
    }
    connector.authorize_url("s", CHALLENGE)
    assert kept.kept == [Registration(ISSUER, REDIRECT, "client-1")]
    registration = next(r for r in network.requests if r.url.path == "/register")
    told = json.loads(registration.content)
    assert told["token_endpoint_auth_method"] == "none" and "client_secret" not in told
    assert told["scope"] == "offline_access accounting.invoices.read"
    consent = connector.exchange({"code": "c", "iss": ISSUER}, VERIFIER)
    assert (consent.account, consent.label) == ("t-1", "Xero organisation")
    form = network.forms("/token")[-1]
    assert form["code_verifier"] == VERIFIER and form["resource"] == MCP
    assert "client_secret" not in form


def test_a_forgotten_registration_is_made_again(
    network: Network, kept: MemoryRegistrations
) -> None:
    connector = open_(network, kept)
    connector.authorize_url("s", CHALLENGE)
    network.clients = {"somebody", "else"}
    asked = parse_qs(urlsplit(connector.authorize_url("s", CHALLENGE)).query)
    assert asked["client_id"] == ["client-3"] and len(kept.kept) == 2


def test_a_grant_of_a_forgotten_registration_is_lost_not_retried(
    network: Network, kept: MemoryRegistrations
) -> None:
    connector = open_(network, kept)
    connector.authorize_url("s", CHALLENGE)
    consent = connector.exchange({"code": "c", "iss": ISSUER}, VERIFIER)
    network.clients = set()
    kind, sentence = refusal(lambda: connector._consent.refresh(consent.grant))  # type: ignore[union-attr]
    assert kind is FailureKind.GRANT_LOST and "forgotten that Well registered" in sentence


def test_a_lost_answer_to_a_refresh_is_asked_for_once_more_with_the_same_token(
    network: Network, kept: MemoryRegistrations
) -> None:
    connector = open_(network, kept)
    connector.authorize_url("s", CHALLENGE)
    consent = connector.exchange({"code": "c", "iss": ISSUER}, VERIFIER)
    network.lost_answers = 1
    clock, grants = FakeClock(), MemoryGrants(consent.grant)
    clock.sleep(7200)
    late = xero.connect(setting(), REDIRECT, kept, clock, httpx.MockTransport(network))
    source = late.source(connection("xero", "t-1"), grants)
    with pytest.raises(Failed):
        source.history("tax_rates", Window(clock.now(), clock.now()), None)
    sent = [form["refresh_token"] for form in network.forms("/token")[-2:]]
    assert sent == ["r", "r"] and len(grants.saved) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"code": "c"},
        {"code": "c", "iss": "https://id.example.com/"},
        {"code": "c", "iss": "https://evil.example.com"},
    ],
)
def test_an_answer_of_another_or_no_issuer_is_refused(
    answer: dict[str, str], network: Network, kept: MemoryRegistrations
) -> None:
    connector = open_(network, kept)
    connector.authorize_url("s", CHALLENGE)
    kind, sentence = refusal(lambda: connector.exchange(answer, VERIFIER))
    assert kind is FailureKind.REJECTED and sentence == "The answer is not from Xero."
    assert len(network.forms("/token")) == 0


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("metadata", {"token_endpoint": "https://evil.example.com/token"}),
        ("metadata", {"authorization_endpoint": "https://evil.example.com/authorize"}),
        ("metadata", {"registration_endpoint": "http://169.254.169.254/latest"}),
        ("metadata", {"issuer": "https://other.example.com"}),
        ("metadata", {"registration_endpoint": None}),
        ("metadata", {"code_challenge_methods_supported": ["plain"]}),
        ("resource", {"resource": "https://mcp.example.com/other"}),
        ("resource", {"authorization_servers": ["https://evil.example.com"]}),
    ],
)
def test_metadata_that_leads_elsewhere_is_refused_before_anything_is_sent_there(
    where: str, what: dict[str, Any], network: Network, kept: MemoryRegistrations
) -> None:
    getattr(network, where).update(what)
    connector = open_(network, kept)
    kind, _ = refusal(lambda: connector.authorize_url("s", CHALLENGE))
    assert kind is FailureKind.REJECTED and kept.kept == []
    assert {r.url.host for r in network.requests} <= {"mcp.example.com", "id.example.com"}


def test_metadata_that_is_no_metadata_is_a_failure_that_waits(
    network: Network, kept: MemoryRegistrations
) -> None:
    network.resource = {"authorization_servers": 7}
    connector = open_(network, kept)
    assert refusal(lambda: connector.authorize_url("s", "c"))[0] is FailureKind.TRANSIENT


def test_without_an_address_of_the_server_the_sentence_says_who_has_to_set_it(
    network: Network, kept: MemoryRegistrations
) -> None:
    bare = xero.connect(Xero(), REDIRECT, kept, FakeClock(), httpx.MockTransport(network))
    kind, sentence = refusal(lambda: bare.authorize_url("s", "c"))
    assert kind is FailureKind.REJECTED and "knows no address of Xero's MCP server" in sentence
    assert bare.consent_hosts == [] and network.requests == []


def test_no_page_needs_the_network_to_know_the_hosts_of_the_consent(
    network: Network, kept: MemoryRegistrations
) -> None:
    connector = open_(network, kept)
    assert connector.consent_hosts == ["https://mcp.example.com", ISSUER]
    assert network.requests == []


SEVERAL = [
    {"tenantId": "t-1", "tenantName": "One", "updatedDateUtc": "2026-04-20T09:00:00.1"},
    {"tenantId": "t-2", "tenantName": "Two", "updatedDateUtc": "2026-04-22T09:00:00.1"},
    {"tenantId": "t-3", "tenantName": "Practice", "tenantType": "PRACTICE"},
    {"tenantId": ["t-4"], "tenantName": "Odd"},
    {"tenantId": "t-1", "tenantName": "One again"},
]


def test_of_several_organisations_each_is_offered_and_no_currency_is_asked_before_the_choice(
    network: Network, kept: MemoryRegistrations
) -> None:
    network.connections = SEVERAL
    connector = open_(network, kept)
    connector.authorize_url("s", CHALLENGE)
    consent = connector.exchange({"code": "c", "iss": ISSUER}, VERIFIER)
    assert consent.choices == (
        Company("t-2", "Two", remark="approved last"),
        Company("t-1", "One"),
    )
    assert (consent.account, consent.label, consent.currency) == ("t-2", "Two", "")
    asked = [r.url.path for r in network.requests if r.url.host == "api.example.com"]
    assert asked == ["/connections"]


def test_the_chosen_organisation_is_asked_for_its_currency_and_another_is_refused(
    network: Network, kept: MemoryRegistrations
) -> None:
    network.connections = SEVERAL
    connector = open_(network, kept)
    connector.authorize_url("s", CHALLENGE)
    grant = connector.exchange({"code": "c", "iss": ISSUER}, VERIFIER).grant
    network.base_currency = "SEK"
    one = connector.reached(grant, "t-1")
    assert (one.account, one.label, one.currency, one.choices) == ("t-1", "One", "SEK", ())
    assert network.requests[-1].headers["Xero-Tenant-Id"] == "t-1"
    for other in ("t-3", "t-4", "t-9", "T-1"):
        kind, sentence = refusal(lambda other=other: connector.reached(grant, other))
        assert kind is FailureKind.REJECTED and "does not reach" in sentence


def test_organisations_without_any_usable_id_are_refused(
    network: Network, kept: MemoryRegistrations
) -> None:
    connector = open_(network, kept)
    connector.authorize_url("s", CHALLENGE)
    for odd in ([{"tenantId": 5}, {"tenantName": "No id"}], [{"tenantId": "a b"}]):
        network.connections = odd
        kind, _ = refusal(lambda: connector.exchange({"code": "c", "iss": ISSUER}, VERIFIER))
        assert kind in (FailureKind.TRANSIENT, FailureKind.REJECTED)


def test_the_api_is_only_read_and_a_scope_that_writes_is_never_asked(
    network: Network, kept: MemoryRegistrations
) -> None:
    connector = open_(network, kept)
    assert [scope.name for scope in connector.scopes if scope.asked] == list(SCOPES[:2])
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        with pytest.raises(Failed):
            connector._doors.api.check(method, "https://api.example.com/api.xro/2.0/Invoices")
    assert not any("cannot" in s.why or "does not give" in s.why for s in connector.scopes)
    off = open_(network, kept, rest="off")
    assert any("Well draws a page" in scope.why for scope in off.scopes)
