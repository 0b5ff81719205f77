"""Leaving for a consent and coming back: only the answer to one's own question counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from builders.office import Office, build_office
from builders.pages import as_
from well.accounts.registrations import StoredRegistrations
from well.bootstrap import well
from well.domain.case import CaseState
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.flow import ConnectionState
from well.ports.connector import Consent
from well.ports.grants import Grant
from well.ports.registrations import Registration
from well.web.pages.oauth import SESSION_KEY, challenge_of

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@dataclass
class FakeProvider:
    """Stands where the Qonto connector stands; remembers what it was asked."""

    real: object
    asked: list[tuple[Mapping[str, str], str]] = field(default_factory=list)
    failure: Failure | None = None
    unreachable: Failure | None = None
    consent_hosts = ("https://bank.example/auth",)

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)

    def authorize_url(self, state: str, challenge: str) -> str:
        if self.unreachable:
            raise Failed(self.unreachable)
        return f"https://bank.example/auth?state={state}&challenge={challenge}"

    def exchange(self, answer: Mapping[str, str], verifier: str) -> Consent:
        self.asked.append((answer, verifier))
        if self.failure:
            raise Failed(self.failure)
        later = datetime.now(UTC) + timedelta(hours=1)
        return Consent(Grant("a-token", "r-token", later, ("organization.read",)), "org-9", "Neuf")


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> FakeProvider:
    fake = FakeProvider(well().connectors["qonto"])
    monkeypatch.setitem(well().connectors, "qonto", fake)  # type: ignore[arg-type]
    return fake


@pytest.fixture
def office() -> Office:
    return build_office(each=0)


def leave(client: Client, office: Office) -> dict[str, str]:
    answer = client.post(f"/w/{office.workspace}/connections/qonto/connect")
    assert answer.status_code == 302
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.url).query).items()}


def test_a_consent_is_stored_with_the_verifier_that_was_announced(
    office: Office, provider: FakeProvider
) -> None:
    client = as_(office)
    asked = leave(client, office)
    answer = client.get(
        "/connect/qonto/callback", {"state": asked["state"], "code": "c"}, follow=True
    )
    assert "Qonto · Neuf is connected." in answer.content.decode()
    ((_, verifier),) = provider.asked
    assert challenge_of(verifier) == asked["challenge"]
    labels = {c.label: c.state for c in office.store.connections()}
    assert labels["Qonto · Neuf"] is ConnectionState.CONNECTED
    for secret in ("a-token", "r-token", verifier):
        assert secret not in answer.content.decode()


def test_the_challenge_is_the_one_of_the_standard() -> None:
    # RFC 7636, appendix B.
    assert (
        challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


@pytest.mark.parametrize("state", ["", "wrong", "é" * 10])
def test_another_state_connects_nothing(office: Office, provider: FakeProvider, state: str) -> None:
    client = as_(office)
    leave(client, office)
    answer = client.get("/connect/qonto/callback", {"state": state, "code": "c"})
    assert answer.status_code == 400
    assert "Nothing was connected" in answer.content.decode()
    assert not provider.asked


def test_an_answer_is_taken_once(office: Office, provider: FakeProvider) -> None:
    client = as_(office)
    query = {"state": leave(client, office)["state"], "code": "c"}
    assert client.get("/connect/qonto/callback", query).status_code == 302
    assert client.get("/connect/qonto/callback", query).status_code == 400
    assert len(provider.asked) == 1


def test_an_answer_for_another_connector_or_too_late_connects_nothing(
    office: Office, provider: FakeProvider
) -> None:
    client = as_(office)
    state = leave(client, office)["state"]
    assert client.get("/connect/quickbooks/callback", {"state": state}).status_code == 400
    state = leave(client, office)["state"]
    session = client.session
    session[SESSION_KEY] |= {"at": "2020-01-01T00:00:00+00:00"}
    session.save()
    assert client.get("/connect/qonto/callback", {"state": state}).status_code == 400
    assert not provider.asked


def test_a_refusal_at_the_provider_is_told_with_a_way_back(
    office: Office, provider: FakeProvider
) -> None:
    client = as_(office)
    query = {"state": leave(client, office)["state"], "error": "access_denied"}
    answer = client.get("/connect/qonto/callback", query, follow=True)
    assert "declined there" in answer.content.decode()
    assert "Connect another Qonto account" in answer.content.decode()


def test_a_failed_exchange_is_told_in_its_own_words(office: Office, provider: FakeProvider) -> None:
    provider.failure = Failure(FailureKind.TRANSIENT, "Qonto does not answer.", "secret detail")
    client = as_(office)
    query = {"state": leave(client, office)["state"], "code": "c"}
    answer = client.get("/connect/qonto/callback", query, follow=True).content.decode()
    assert "Qonto does not answer." in answer
    assert "secret detail" not in answer


def test_somebody_elses_session_cannot_finish_it(office: Office, provider: FakeProvider) -> None:
    state = leave(as_(office), office)["state"]
    for role in ("admin", "viewer"):
        answer = as_(office, role).get("/connect/qonto/callback", {"state": state})
        assert answer.status_code == 400
    assert not provider.asked


def test_the_connections_page_lets_its_forms_lead_to_the_provider_and_no_other_page(
    office: Office, provider: FakeProvider
) -> None:
    client = as_(office)
    page = client.get(f"/w/{office.workspace}/connections/")
    assert "form-action 'self' https:" in page.headers["Content-Security-Policy"]
    assert "https://bank.example" in page.headers["Content-Security-Policy"]
    other = client.get(f"/w/{office.workspace}/queue/")
    assert "form-action 'self';" in other.headers["Content-Security-Policy"]


def test_scopes_are_shown_as_granted_asked_or_refused(office: Office) -> None:
    text = as_(office).get(f"/w/{office.workspace}/connections/").content.decode()
    assert "granted" in text
    for connector in well().connectors.values():
        for scope in connector.scopes:
            assert scope.name in text


def test_what_was_posted_stays_and_what_waits_can_be_decided_after_disconnecting() -> None:
    office = build_office("Kept House", each=2)
    before = {case.id: case.state for cases in office.cases.values() for case in cases}
    client = as_(office)
    for connection in ("books", "bank"):
        client.post(f"/w/{office.workspace}/connections/{connection}/disconnect")
    kept = office.store.cases(list(before))
    assert {id: case.state for id, case in kept.items()} == before
    for place, (verdict, after) in enumerate(
        (("refuse", CaseState.REFUSED), ("approve", CaseState.WAITING))
    ):
        case = office.cases["review"][place]
        address = f"/w/{office.workspace}/review/{case.id}/"
        page = client.get(f"{address}?entry=none").content.decode()
        seen = unescape(page.partition('name="seen" value="')[2].partition('"')[0])
        client.post(f"{address}judge", {"verdict": verdict, "seen": seen})
        assert office.store.cases([case.id])[case.id].state is after, verdict


def test_disconnecting_says_what_it_means_and_keeps_the_records(office: Office) -> None:
    client = as_(office)
    address = f"/w/{office.workspace}/connections/bank/disconnect"
    assert (
        "Every record, file, decision and the trail are kept"
        in client.get(address).content.decode()
    )
    client.post(address)
    states = {c.id: c.state for c in office.store.connections()}
    assert states["bank"] is ConnectionState.DISCONNECTED
    assert client.post(f"/w/{office.workspace}/connections/nope/disconnect").status_code == 404


def test_a_flow_can_be_made_only_between_a_source_and_a_target(office: Office) -> None:
    client, path = as_(office), f"/w/{office.workspace}/flows/new"
    answer = client.post(path, {"source": "bank", "target": "books"}, follow=True)
    assert "cannot be joined" in answer.content.decode()
    assert client.post(path, {"source": "books", "target": "x"}).status_code == 404
    answer = client.post(path, {"source": "books", "target": "bank"}, follow=True)
    assert answer.status_code == 200
    assert len(office.store.flows()) == 2


def test_a_provider_that_cannot_be_asked_is_said_on_the_connections_page(
    office: Office, provider: FakeProvider
) -> None:
    provider.unreachable = Failure(FailureKind.TRANSIENT, "It did not answer.")
    answer = as_(office).post(f"/w/{office.workspace}/connections/qonto/connect", follow=True)
    assert answer.status_code == 200 and b"It did not answer." in answer.content
    assert provider.asked == []


def test_a_registration_is_kept_once_for_each_server_and_address() -> None:
    kept = StoredRegistrations()
    assert kept.find("https://id.example", "https://well.example/cb") is None
    kept.keep(Registration("https://id.example", "https://well.example/cb", "first"))
    kept.keep(Registration("https://id.example", "https://well.example/cb", "second"))
    kept.keep(Registration("https://id.example", "https://other.example/cb", "third"))
    found = kept.find("https://id.example", "https://well.example/cb")
    assert found == Registration("https://id.example", "https://well.example/cb", "second")
    assert kept.find("https://id.example", "https://other.example/cb") is not None
