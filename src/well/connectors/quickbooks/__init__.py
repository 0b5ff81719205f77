"""QuickBooks Online as a connector: its API is only read; documents go to it by e-mail.

Invariant: the door lets GET out to the API and POST to the token and revoke addresses alone, so
no code of Well can change a company's books. It keeps no grant and no record.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from threading import Lock

import httpx

from well.connectors.failures import bug, rejected
from well.connectors.http import Door, from_files, to
from well.connectors.jsontext import text
from well.connectors.mailed import NO_MAIL
from well.connectors.oauth import Authority, Session
from well.connectors.quickbooks.client import Client
from well.connectors.quickbooks.company import home_currency
from well.connectors.quickbooks.grant import SCOPES, STYLE
from well.connectors.quickbooks.limits import CONCURRENT, EVERY, RATES, TITLE
from well.connectors.quickbooks.mapping import DEFAULT
from well.connectors.quickbooks.source import QuickBooksSource
from well.connectors.quickbooks.target import QuickBooksTarget
from well.connectors.single import SingleGrant
from well.connectors.throttle import Throttle
from well.domain.failure import Failed, WayOut
from well.domain.flow import Connection
from well.ports.clock import Clock
from well.ports.connector import Consent, Scope
from well.ports.grants import Grant, Grants
from well.ports.mailer import Mailers
from well.ports.source import Source
from well.ports.target import Target
from well.settings import Provider

_REALM = re.compile(r"[0-9A-Za-z-]{1,40}")


class QuickBooks:
    """The connector; one per process. It counts requests by company to keep QuickBooks' limits."""

    name = "quickbooks"
    title = TITLE
    reads = True
    writes = True
    by_mail = True
    scopes: Sequence[Scope] = SCOPES
    mapping = DEFAULT
    every = EVERY

    def __init__(
        self, provider: Provider, redirect_uri: str, clock: Clock, door: Door, mail: Mailers
    ) -> None:
        self._provider = provider
        self._clock = clock
        self._door = door
        self._mail = mail
        self._authority = Authority(STYLE, provider, redirect_uri, door, clock)
        self._throttles: dict[str, Throttle] = {}
        self._lock = Lock()

    @property
    def consent_hosts(self) -> Sequence[str]:
        """The one page that is configured."""
        return (self._provider.authorize,)

    def authorize_url(self, state: str, challenge: str) -> str:
        """Intuit's page where the person approves; the challenge is not sent (see grant.py)."""
        return self._authority.authorize_url(state, challenge)

    def exchange(self, answer: Mapping[str, str], verifier: str) -> Consent:
        """The consent of a redirect; its realm is checked by reading the company with it."""
        realm = answer.get("realmId", "")
        if "error" not in answer and not _REALM.fullmatch(realm):
            sentence = f"{TITLE} did not say which company was approved."
            raise rejected(sentence, way_out=WayOut.RECONNECT)
        grant = self._authority.exchange(answer, verifier)
        return Consent(grant, realm, self._label(realm, grant), self._currency(realm, grant))

    def reached(self, grant: Grant, account: str = "") -> Consent:  # noqa: ARG002
        """Never asked: an answer of QuickBooks is for one company."""
        raise bug(f"{TITLE} offers no choice")

    def revoke(self, grant: Grant, spared: Collection[str] = ()) -> None:  # noqa: ARG002
        """End the grant at Intuit; its refresh token ends the access token too."""
        self._authority.revoke(grant)

    def source(self, connection: Connection, grants: Grants) -> Source:
        """A connection opened for reading."""
        return self._source(connection, grants)

    def target(self, connection: Connection, grants: Grants) -> Target:
        """A connection opened for mailing documents to, and for reading its books."""
        readable = grants.load(connection.id) is not None
        books = self._source(connection, grants) if readable else None
        mailer = self._mail.of(connection.id, grants)
        return QuickBooksTarget(books, mailer, connection.mail, self._clock)

    def close(self) -> None:
        """Close idle network connections."""
        self._door.close()

    def _source(self, connection: Connection, grants: Grants) -> QuickBooksSource:
        client = self._client(connection.id, connection.account, grants)
        home = connection.currency
        return QuickBooksSource(connection.id, client, self._provider.app, self._clock, home)

    def _label(self, realm: str, grant: Grant) -> str:
        client = self._client("consent", realm, SingleGrant(grant))
        try:
            company = client.company().body.get("CompanyInfo")
        except Failed as failed:
            if failed.failure.kind.retries_itself:
                return f"{TITLE} company {realm}"
            raise
        names = company.value if company and isinstance(company.value, dict) else {}
        named = text(names.get("CompanyName")) or text(names.get("LegalName"))
        return named or f"{TITLE} company {realm}"

    def _currency(self, realm: str, grant: Grant) -> str:
        """The currency of the books, "" where the company does not tell it."""
        client = self._client("consent", realm, SingleGrant(grant))
        try:
            told = client.preferences().body.get("Preferences")
        except Failed:
            return ""
        return home_currency(told.value if told else None)

    def _client(self, connection: str, realm: str, grants: Grants) -> Client:
        session = Session(connection, grants, self._authority, TITLE, self._clock)
        throttle = self._throttle(realm)
        return Client(self._provider.api, realm, session, self._door, throttle, self._clock)

    def _throttle(self, realm: str) -> Throttle:
        with self._lock:
            if realm not in self._throttles:
                self._throttles[realm] = Throttle(TITLE, RATES, CONCURRENT, self._clock)
            return self._throttles[realm]


def connect(
    provider: Provider,
    redirect_uri: str,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
    mail: Mailers = NO_MAIL,
) -> QuickBooks:
    """The connector for one installation; `transport` replaces the network in tests."""
    rules = (
        to(provider.api, "GET"),
        to(provider.token, "POST", exact=True),
        to(provider.revoke, "POST", exact=True),
        *(from_files(host) for host in provider.file_hosts),
    )
    door = Door(TITLE, rules, clock, transport=transport, tls=provider.tls)
    return QuickBooks(provider, redirect_uri, clock, door, mail)
