"""Which mail providers an installation offers, as its settings say."""

from builders.connectors import FakeClock
from well.connectors.mailboxes import UNKNOWN, connect
from well.settings import MailProvider, load


def known(**env: str) -> dict[str, MailProvider]:
    """The providers by name."""
    return {one.name: one for one in load({"WELL_DATA": "/nowhere", **env}).mail_providers}


def test_two_providers_are_known_and_none_is_offered_without_a_client_id() -> None:
    found = known()
    assert set(found) == {"google", "microsoft"}
    assert not any(one.complete for one in found.values())
    assert connect(list(found.values()), "https://well.example", FakeClock()).offered == {}


def test_google_is_as_it_documents_itself() -> None:
    found = known(WELL_MAILBOX_GOOGLE_CLIENT_ID="g", WELL_MAILBOX_GOOGLE_CLIENT_SECRET="s")
    google = found["google"]
    assert (google.title, google.host, google.port) == ("Google", "smtp.gmail.com", 587)
    assert google.scopes == ("https://mail.google.com/",)
    assert google.asks == {"access_type": "offline", "prompt": "consent"}
    assert google.complete
    assert "client_secret" not in repr(google.provider)
    offered = connect(list(found.values()), "https://well.example", FakeClock()).offered
    assert list(offered) == ["google"]
    url = offered["google"].authorize_url("books@acme.example", "s1", "c1")
    assert url.startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    assert "access_type=offline" in url
    wanted = "redirect_uri=https%3A%2F%2Fwell.example%2Fconnect%2Fmailbox%2Fgoogle%2Fcallback"
    assert wanted in url
    (scope,) = offered["google"].scopes
    assert scope.why.startswith("Send documents from your mailbox. Google has no smaller")


def test_microsoft_is_as_it_documents_itself() -> None:
    microsoft = known(WELL_MAILBOX_MICROSOFT_CLIENT_ID="m")["microsoft"]
    assert (microsoft.host, microsoft.port) == ("smtp.office365.com", 587)
    assert microsoft.scopes == ("https://outlook.office.com/SMTP.Send", "offline_access")
    assert microsoft.provider.revoke == ""
    assert microsoft.complete


def test_another_provider_is_complete_with_its_addresses_alone() -> None:
    parts = {
        "AUTHORIZE": "https://id.mail.example/auth",
        "TOKEN": "https://id.mail.example/token",
        "SCOPES": "smtp offline_access",
        "HOST": "SMTP.mail.example",
        "CLIENT_ID": "w",
    }
    env = {f"WELL_MAILBOX_HOUSE_{name}": value for name, value in parts.items()}
    house = known(WELL_MAILBOXES="house", WELL_MAILBOX_HOUSE_PORT="465", **env)["house"]
    assert house.complete
    assert (house.title, house.host, house.port) == ("House", "smtp.mail.example", 465)
    offered = connect([house], "https://well.example", FakeClock()).offered
    assert offered["house"].scopes[0].why == UNKNOWN
    for name in parts:
        fewer = {key: value for key, value in env.items() if not key.endswith(f"HOUSE_{name}")}
        assert not known(WELL_MAILBOXES="house", **fewer)["house"].complete
