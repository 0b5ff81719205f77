"""Choosing the company that a consent is for: knowingly, once, in time, by who may."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from builders.office import Office, build_office
from builders.pages import as_
from well.bootstrap import well
from well.domain.delivery import MailRoute
from well.domain.failure import Failed, Failure, FailureKind
from well.domain.flow import Connection, ConnectionState
from well.pipeline import consents
from well.pipeline.consents import PREFIX
from well.ports.connector import Company, Consent
from well.ports.grants import Grant
from well.web.pages.company import SESSION_KEY
from well.worker.consents import end_left_consents

pytestmark = pytest.mark.django_db(databases=["default", "eu"])

ACME = Company("ACME1", "Acme Inc", "EUR", "owner")
BETA = Company("BETA2", "Beta & Sons <Ltd>", remark="manager")
UNREACHED = Failure(FailureKind.REJECTED, "This login does not reach that company.")
DOWN = Failure(FailureKind.TRANSIENT, "FreshBooks did not answer.", "secret detail")


@dataclass
class FakeBooks:
    """Stands where the FreshBooks connector stands; a login with several companies."""

    real: object
    companies: tuple[Company, ...] = (ACME, BETA)
    revoked: list[Grant] = field(default_factory=list)
    spared: list[frozenset[str]] = field(default_factory=list)
    down: Failure | None = None
    issued: int = 0
    consent_hosts = ("https://books.example/auth",)

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)

    def authorize_url(self, state: str, challenge: str) -> str:
        return f"https://books.example/auth?state={state}&challenge={challenge}"

    def exchange(self, answer: Mapping[str, str], verifier: str) -> Consent:
        self.issued += 1
        later = datetime.now(UTC) + timedelta(hours=1)
        grant = Grant(f"a-token-{self.issued}", "r-token", later, ("user:expenses:read",))
        first, choices = self.companies[0], self.companies
        return Consent(grant, first.account, first.name, choices=choices, caution="Careful.")

    def reached(self, grant: Grant, account: str = "") -> Consent:
        if self.down:
            raise Failed(self.down)
        found = [one for one in self.companies if account in ("", one.account)]
        if not found:
            raise Failed(UNREACHED)
        choices = () if account else self.companies
        return Consent(grant, found[0].account, found[0].name, "EUR", choices, "Careful.")

    def revoke(self, grant: Grant, spared: Collection[str] = ()) -> None:
        if self.down:
            raise Failed(self.down)
        self.revoked.append(grant)
        self.spared.append(frozenset(spared))


@pytest.fixture
def books(monkeypatch: pytest.MonkeyPatch) -> FakeBooks:
    fake = FakeBooks(well().connectors["freshbooks"])
    monkeypatch.setitem(well().connectors, "freshbooks", fake)  # type: ignore[arg-type]
    return fake


@pytest.fixture
def office() -> Office:
    return build_office(each=0)


def came_back(client: Client, office: Office, onto: str = "") -> HttpResponse:
    """Ask for a consent and come back from the provider."""
    asked = client.post(f"/w/{office.workspace}/connections/freshbooks/connect", {"onto": onto})
    (state,) = parse_qs(urlsplit(asked.headers["Location"]).query)["state"]
    query = {"state": state, "code": "c"}
    return client.get("/connect/freshbooks/callback", query)  # type: ignore[return-value]


def page(office: Office, of: str = "") -> str:
    return f"/w/{office.workspace}/connections/freshbooks/company{of}"


def choose(client: Client, office: Office, account: str) -> HttpResponse:
    """Choose a company; the page that follows."""
    return client.post(page(office), {"company": account}, follow=True)  # type: ignore[return-value]


def links(office: Office) -> dict[str, Connection]:
    """The connections to FreshBooks, by account."""
    found = office.store.connections()
    return {one.account: one for one in found if one.connector == "freshbooks"}


def kept(office: Office) -> list[str]:
    """Names of the consents that wait."""
    later = datetime.now(UTC) + timedelta(minutes=1)
    return list(well().grants(office.workspace).kept_before(later, PREFIX))


def test_several_companies_are_asked_about_and_nothing_is_connected_before(
    office: Office, books: FakeBooks
) -> None:
    client = as_(office)
    answer = came_back(client, office)
    assert answer.status_code == 302 and answer.headers["Location"] == page(office)
    text = client.get(page(office)).content.decode()
    assert "Which company is this connection for?" in text
    assert "Acme Inc" in text and "Beta &amp; Sons &lt;Ltd&gt;" in text
    assert "owner" in text and "manager" in text and "Careful." in text
    assert " checked" not in text
    assert links(office) == {} and len(kept(office)) == 1
    held = str(dict(client.session))
    for secret in ("a-token", "r-token"):
        assert secret not in text and secret not in held


def test_the_chosen_company_is_connected_once(office: Office, books: FakeBooks) -> None:
    client = as_(office)
    came_back(client, office)
    assert "FreshBooks · Beta &amp; Sons" in choose(client, office, "BETA2").content.decode()
    (link,) = links(office).values()
    assert (link.account, link.currency) == ("BETA2", "EUR")
    grant = well().grants(office.workspace).load(link.id)
    assert grant is not None and grant.access_token == "a-token-1"
    assert kept(office) == [] and SESSION_KEY not in client.session
    for again in (choose(client, office, "ACME1"), client.get(page(office))):
        assert again.status_code == 400 and b"There is no company to choose" in again.content
    assert set(links(office)) == {"BETA2"}


@pytest.mark.parametrize("account", ["", "OTHER", "ACME1 ", "é" * 300, "ACME1\x00BETA2"])
def test_a_company_that_was_not_offered_is_refused_and_the_question_stays(
    office: Office, books: FakeBooks, account: str
) -> None:
    books.companies = (replace(ACME, account="ACME9"), BETA)
    client = as_(office)
    came_back(client, office)
    answer = choose(client, office, account)
    assert answer.status_code == 200 and links(office) == {}
    text = answer.content.decode()
    assert "No company was chosen" in text or "does not reach that company" in text
    assert "Which company is this connection for?" in text and len(kept(office)) == 1


def test_one_company_needs_no_question(office: Office, books: FakeBooks) -> None:
    books.companies = (ACME,)
    answer = came_back(as_(office), office)
    assert answer.headers["Location"].endswith("/connections/")
    assert set(links(office)) == {"ACME1"} and kept(office) == []


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 400)])
def test_a_choice_is_good_for_ten_minutes(
    office: Office, books: FakeBooks, minutes: int, status: int
) -> None:
    client = as_(office)
    came_back(client, office)
    session = client.session
    then = datetime.now(UTC) - timedelta(minutes=minutes)
    session[SESSION_KEY] |= {"at": then.isoformat()}
    session.save()
    assert choose(client, office, "ACME1").status_code == status
    assert len(links(office)) == (1 if status == 200 else 0)


def test_nobody_else_and_no_other_session_can_choose(office: Office, books: FakeBooks) -> None:
    came_back(as_(office), office)
    for role, status in (("owner", 400), ("admin", 400), ("reviewer", 403), ("viewer", 403)):
        client = as_(office, role)
        assert choose(client, office, "ACME1").status_code == status
        assert client.post(page(office, "/cancel")).status_code == status
    assert links(office) == {} and len(kept(office)) == 1 and books.revoked == []


def test_who_may_no_longer_manage_cannot_choose(office: Office, books: FakeBooks) -> None:
    client = as_(office, "admin")
    came_back(client, office)
    office.people["admin"].memberships.update(role="viewer")
    assert choose(client, office, "ACME1").status_code == 403
    assert links(office) == {}


def test_a_choice_for_another_workspace_or_connector_is_none_here(
    office: Office, books: FakeBooks
) -> None:
    client, other = as_(office), build_office("Atelier Soleil", each=0)
    came_back(client, office)
    other_page = f"/w/{other.workspace}/connections/freshbooks/company"
    assert client.get(other_page).status_code == 404
    assert client.get(f"/w/{office.workspace}/connections/xero/company").status_code == 400


def test_what_other_connections_are_for_is_spared_when_an_access_ends(
    office: Office, books: FakeBooks
) -> None:
    client, other = as_(office), build_office("Atelier Soleil", each=0)
    came_back(client, office)
    client.post(page(office), {"company": ACME.account})
    stranger = as_(other)
    came_back(stranger, other)
    stranger.post(page(other, "/cancel"))
    came_back(client, office)
    client.post(page(office, "/cancel"))
    assert books.spared == [frozenset({ACME.account})] * 2
    (mine,) = [link.id for link in links(office).values()]
    client.post(f"/w/{office.workspace}/connections/{mine}/disconnect")
    assert books.spared[2] == frozenset(), "what is left is not spared from leaving"


def test_cancel_gives_the_access_back_and_forgets_it(office: Office, books: FakeBooks) -> None:
    client = as_(office)
    came_back(client, office)
    text = client.post(page(office, "/cancel"), follow=True).content.decode()
    assert "Nothing was connected. The access was given back." in text
    assert [grant.access_token for grant in books.revoked] == ["a-token-1"]
    assert kept(office) == [] and links(office) == {}
    assert client.post(page(office, "/cancel")).status_code == 400
    assert len(books.revoked) == 1


def test_a_cancel_that_the_provider_does_not_hear_is_said_and_kept_for_later(
    office: Office, books: FakeBooks
) -> None:
    client = as_(office)
    came_back(client, office)
    books.down = DOWN
    text = client.post(page(office, "/cancel"), follow=True).content.decode()
    assert "could not be told to end the access" in text and "secret detail" not in text
    assert len(kept(office)) == 1
    assert client.get(page(office)).status_code == 400


def test_a_provider_that_does_not_answer_loses_nothing(office: Office, books: FakeBooks) -> None:
    client = as_(office)
    came_back(client, office)
    books.down = DOWN
    for answer in (client.get(page(office)), choose(client, office, "ACME1")):
        text = answer.content.decode()
        assert answer.status_code == 200 and "FreshBooks: FreshBooks did not answer." in text
        assert "by itself" not in text
        assert "Ask again" in text and "secret detail" not in text
    books.down = None
    assert choose(client, office, "ACME1").status_code == 200
    assert set(links(office)) == {"ACME1"}


def test_reconnecting_a_company_that_is_among_them_asks_nothing(
    office: Office, books: FakeBooks
) -> None:
    client = as_(office)
    came_back(client, office)
    choose(client, office, "BETA2")
    before = links(office)["BETA2"]
    answer = came_back(client, office, before.id)
    assert answer.headers["Location"].endswith("/connections/")
    assert set(links(office)) == {"BETA2"} and kept(office) == []
    grant = well().grants(office.workspace).load(before.id)
    assert grant is not None and grant.access_token == "a-token-2"


@pytest.mark.parametrize("others", [(ACME,), (ACME, Company("C3", "Gamma"))])
def test_reconnecting_one_that_is_not_among_them_never_takes_another_silently(
    office: Office, books: FakeBooks, others: tuple[Company, ...]
) -> None:
    client = as_(office)
    came_back(client, office)
    choose(client, office, "BETA2")
    before = links(office)["BETA2"]
    office.store.save_connection(replace(before, state=ConnectionState.GRANT_LOST))
    books.companies = others
    assert came_back(client, office, before.id).headers["Location"] == page(office)
    assert "is not among them" in client.get(page(office)).content.decode()
    assert set(links(office)) == {"BETA2"}
    choose(client, office, "ACME1")
    assert set(links(office)) == {"BETA2", "ACME1"}
    assert links(office)["BETA2"].state is ConnectionState.GRANT_LOST


def test_a_connection_that_only_mailed_becomes_the_chosen_company(
    office: Office, books: FakeBooks
) -> None:
    hub = well()
    route = MailRoute("receipts@books.example", "us@acme.example")
    only = hub.connect_by_mail(office.workspace, hub.connectors["freshbooks"], route, "me")
    client = as_(office)
    came_back(client, office, only.id)
    text = client.get(page(office)).content.decode()
    assert "is not among them" not in text
    assert "mailed to receipts@books.example already" in text
    choose(client, office, "BETA2")
    (link,) = links(office).values()
    assert (link.id, link.account, link.mail) == (only.id, "BETA2", route)


def test_what_is_connected_already_is_marked(office: Office, books: FakeBooks) -> None:
    client = as_(office)
    came_back(client, office)
    assert ">connected</span>" not in client.get(page(office)).content.decode()
    choose(client, office, "BETA2")
    came_back(client, office)
    assert client.get(page(office)).content.decode().count("connected</span>") == 1


def test_a_provider_that_names_its_company_says_when_it_was_another(
    office: Office, books: FakeBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_(office)
    books.companies = (BETA,)
    came_back(client, office)
    before = links(office)["BETA2"]
    later = datetime.now(UTC) + timedelta(hours=1)
    named = Consent(Grant("a", "r", later, ("user:expenses:read",)), "ACME1", "Acme Inc")
    monkeypatch.setattr(books, "exchange", lambda answer, verifier: named)
    came_back(client, office, before.id)
    text = client.get(f"/w/{office.workspace}/connections/").content.decode()
    assert "is not what was approved at FreshBooks" in text
    assert set(links(office)) == {"BETA2", "ACME1"}


def test_the_worker_gives_back_what_nobody_chose(
    office: Office, books: FakeBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_(office)
    came_back(client, office)
    assert end_left_consents(well()) == 0 and books.revoked == []
    monkeypatch.setattr(consents, "LEFT_AFTER", timedelta(0))
    assert end_left_consents(well()) == 1
    assert [grant.access_token for grant in books.revoked] == ["a-token-1"]
    assert kept(office) == []
    assert choose(client, office, "ACME1").status_code == 400
    assert links(office) == {}
