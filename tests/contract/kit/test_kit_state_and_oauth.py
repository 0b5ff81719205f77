"""The kit's state and its OAuth server in the strict manner (client_secret_post, PKCE, rotation).

Invariant: driven without a socket, in this process. The overlapping manner is tested with the
provider that has it.
"""

import base64
import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from builders.running_standin import NO_TLS, REDIRECT
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.faults import Faults
from well.sandbox.kit.lazy import LazyCompany
from well.sandbox.kit.listen import Listener, address, bind
from well.sandbox.kit.oauth import OAuthServer, OAuthStyle, Unauthorized
from well.sandbox.kit.state import State

VERIFIER = "v" * 50
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    made = State(tmp_path / "deep" / "state.sqlite")
    yield made
    made.close()


class Strict:
    """A server of the strict manner and a client of it."""

    def __init__(self, state: State, http: httpx.Client, oauth: OAuthServer, faults: Faults):
        self.state, self.http, self.oauth, self.faults = state, http, oauth, faults

    def code(self, **more: str) -> dict[str, str]:
        fields = {
            "client_id": self.oauth.client_id,
            "response_type": "code",
            "scope": "read offline_access",
            "redirect_uri": REDIRECT,
            "state": "s",
            "decision": "approve",
        }
        answer = self.http.post("/auth", data=fields | more)
        query = urlsplit(answer.headers["location"]).query
        return {name: value[0] for name, value in parse_qs(query).items()}

    def token(self, **fields: str) -> httpx.Response:
        client = {"client_id": self.oauth.client_id, "client_secret": self.oauth.client_secret}
        return self.http.post("/token", data=client | fields)

    def redeem(self, code: str, **more: str) -> httpx.Response:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
        return self.token(**(fields | more))

    def refresh(self, value: str) -> httpx.Response:
        return self.token(grant_type="refresh_token", refresh_token=value)

    def call(self, token: str) -> int:
        return self.http.get("/api", headers={"Authorization": f"Bearer {token}"}).status_code


@pytest.fixture
def strict(state: State) -> Iterator[Strict]:
    clock = StandInClock()
    faults = Faults(clock)
    style = OAuthStyle(
        provider="Strict Bank",
        authorize="/auth",
        token="/token",
        revoke="/revoke",
        client_auth="post",
        scopes=("read", "write", "offline_access"),
        pkce=True,
        offline_scope="offline_access",
    )
    oauth = OAuthServer(style, state, clock, faults)

    def api(request: Request) -> Response:
        try:
            return JSONResponse(sorted(oauth.check(request).scopes))
        except Unauthorized as refused:
            return JSONResponse({"why": refused.reason}, 401)

    sock = bind(0)
    listener = Listener([(Starlette(routes=[*oauth.routes(), Route("/api", api)]), sock)])
    listener.start()
    with httpx.Client(base_url=address(sock), verify=NO_TLS) as http:
        yield Strict(state, http, oauth, faults)
    listener.stop()


def test_the_strict_manner_gives_scope_and_refresh_token(strict: Strict) -> None:
    tokens = strict.redeem(strict.code()["code"]).json()
    assert tokens["scope"] == "read offline_access"
    assert strict.call(tokens["access_token"]) == 200


def test_without_offline_scope_there_is_no_refresh_token(strict: Strict) -> None:
    tokens = strict.redeem(strict.code(scope="read")["code"]).json()
    assert "refresh_token" not in tokens
    assert tokens["scope"] == "read"


def test_each_refresh_rotates_and_a_reuse_ends_the_family(strict: Strict) -> None:
    first = strict.redeem(strict.code()["code"]).json()
    second = strict.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert strict.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert strict.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert strict.call(second["access_token"]) == 401


def test_of_two_refreshes_at_once_one_wins_and_the_family_ends(strict: Strict) -> None:
    value = strict.redeem(strict.code()["code"]).json()["refresh_token"]
    statuses: list[int] = []

    def refresh() -> None:
        statuses.append(strict.refresh(value).status_code)

    threads = [threading.Thread(target=refresh) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 400, 400, 400]


@pytest.mark.parametrize(("proof", "status"), [(VERIFIER, 200), ("w" * 50, 400), ("", 400)])
def test_a_challenged_code_needs_its_verifier(strict: Strict, proof: str, status: int) -> None:
    code = strict.code(code_challenge=CHALLENGE, code_challenge_method="S256")["code"]
    assert strict.redeem(code, code_verifier=proof).status_code == status


def test_a_plain_challenge_is_refused(strict: Strict) -> None:
    back = strict.code(code_challenge="x", code_challenge_method="plain")
    assert (back["error"], back["state"]) == ("invalid_request", "s")


def test_a_foreign_scope_leads_back_with_invalid_scope(strict: Strict) -> None:
    assert strict.code(scope="read everything")["error"] == "invalid_scope"


@pytest.mark.parametrize("header", ["", "Bearer", "Basic eA==", "Bearer unknown"])
def test_a_call_without_a_living_token_is_refused(strict: Strict, header: str) -> None:
    assert strict.http.get("/api", headers={"Authorization": header}).status_code == 401


def test_a_refresh_token_opens_no_api(strict: Strict) -> None:
    tokens = strict.redeem(strict.code()["code"]).json()
    assert strict.call(tokens["refresh_token"]) == 401


def test_a_fault_revokes_the_token_in_use(strict: Strict) -> None:
    token = strict.redeem(strict.code()["code"]).json()["access_token"]
    strict.faults.add({"mode": "token_revoked", "path": "/api"})
    assert strict.call(token) == 401
    assert strict.call(token) == 401


def test_a_transaction_is_kept_wholly_or_not_at_all(state: State) -> None:
    state.remember("a", "1")

    def fail() -> None:
        with state.transaction():
            state.remember("a", "2")
            raise ValueError

    with pytest.raises(ValueError):
        fail()
    assert state.note("a") == "1"
    assert state.note("b") is None


def test_each_thread_has_its_own_connection_and_writes_wait(state: State) -> None:
    state.script("create table counter (value integer not null)")
    state.db().execute("insert into counter values (0)")
    seen: set[int] = set()

    def count() -> None:
        seen.add(id(state.db()))
        for _ in range(50):
            with state.transaction() as db:
                value = db.execute("select value from counter").fetchone()[0]
                db.execute("update counter set value = ?", (value + 1,))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state.db().execute("select value from counter").fetchone()[0] == 200
    assert id(state.db()) not in seen or len(seen) > 1


def test_state_is_there_again_after_closing(tmp_path: Path) -> None:
    first = State(tmp_path / "s.sqlite")
    first.remember("a", "1")
    db = first.db()
    first.close()
    with pytest.raises(sqlite3.ProgrammingError):
        db.execute("select 1")
    second = State(tmp_path / "s.sqlite")
    assert second.note("a") == "1"
    second.close()


def test_a_lazy_company_is_invented_once_and_late() -> None:
    made: list[int] = []

    class Fake:
        company = {"CompanyName": "x"}

        def truth(self) -> dict[str, Any]:
            return {}

    def build() -> Any:
        made.append(1)
        return Fake()

    lazy = LazyCompany(build)
    assert made == []
    assert (lazy.company, lazy.truth()) == ({"CompanyName": "x"}, {})
    assert made == [1]
