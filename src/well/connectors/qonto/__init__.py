"""Qonto as a connector: the target of uploads, and a source of supplier invoices.

Invariant: the door lets GET out to the API, POST to the bulk upload and to the token and revoke
addresses, and nothing else, so no code of Well can move money. It keeps no grant and no record.
"""

from collections.abc import Collection, Mapping, Sequence

import httpx

from well.connectors.failures import bug, malformed, rejected
from well.connectors.http import Door, from_files, to
from well.connectors.jsontext import mapping as members
from well.connectors.jsontext import text
from well.connectors.oauth import Authority, Session
from well.connectors.qonto.client import BULK, Client, staging
from well.connectors.qonto.grant import SCOPES, STYLE, missing
from well.connectors.qonto.limits import CONCURRENT, EVERY, RATES, TITLE
from well.connectors.qonto.mapping import DEFAULT
from well.connectors.qonto.source import QontoSource
from well.connectors.qonto.target import QontoTarget
from well.connectors.single import SingleGrant
from well.connectors.throttle import Throttle
from well.domain.failure import WayOut
from well.domain.flow import Connection
from well.ports.clock import Clock
from well.ports.connector import Consent, Scope
from well.ports.grants import Grant, Grants
from well.ports.source import Source
from well.ports.target import Target
from well.settings import Provider


class Qonto:
    """The connector; one per process. All its connections share one throttle, as Qonto counts
    requests by address."""

    name = "qonto"
    title = TITLE
    reads = True
    writes = True
    by_mail = False
    scopes: Sequence[Scope] = SCOPES
    mapping = DEFAULT
    every = EVERY

    def __init__(self, provider: Provider, redirect_uri: str, clock: Clock, door: Door) -> None:
        self._provider = provider
        self._clock = clock
        self._door = door
        self._authority = Authority(STYLE, provider, redirect_uri, door, clock, staging(provider))
        self._throttle = Throttle(TITLE, RATES, CONCURRENT, clock)

    @property
    def consent_hosts(self) -> Sequence[str]:
        """The one page that is configured."""
        return (self._provider.authorize,)

    def authorize_url(self, state: str, challenge: str) -> str:
        """Qonto's page where the person approves."""
        return self._authority.authorize_url(state, challenge)

    def exchange(self, answer: Mapping[str, str], verifier: str) -> Consent:
        """The consent of a redirect: the organization's id and name. Bank accounts are not kept."""
        grant = self._authority.exchange(answer, verifier)
        lacking = missing(grant.scopes)
        if lacking:
            sentence = f"{TITLE} did not give these permissions: {', '.join(lacking)}."
            raise rejected(sentence, way_out=WayOut.RECONNECT)
        if not grant.refresh_token:
            sentence = f"{TITLE} did not give the permission to stay connected."
            raise rejected(sentence, way_out=WayOut.RECONNECT)
        organization = members(self._client("consent", SingleGrant(grant)).organization().value)
        account = text(organization.get("id")) or text(organization.get("slug"))
        if account is None:
            raise malformed(TITLE, "an organization without an id")
        named = text(organization.get("name")) or text(organization.get("legal_name"))
        return Consent(grant, account, named or account)

    def reached(self, grant: Grant, account: str = "") -> Consent:  # noqa: ARG002
        """Never asked: an answer of Qonto is for one organization."""
        raise bug(f"{TITLE} offers no choice")

    def revoke(self, grant: Grant, spared: Collection[str] = ()) -> None:  # noqa: ARG002
        """End the grant at Qonto."""
        self._authority.revoke(grant)

    def source(self, connection: Connection, grants: Grants) -> Source:
        """A connection opened for reading."""
        client = self._client(connection.id, grants)
        return QontoSource(connection.id, client, self._provider.app)

    def target(self, connection: Connection, grants: Grants) -> Target:
        """A connection opened for mirroring and uploading."""
        return QontoTarget(self._client(connection.id, grants), self._provider.app, self._clock)

    def close(self) -> None:
        """Close idle network connections."""
        self._door.close()

    def _client(self, connection: str, grants: Grants) -> Client:
        session = Session(connection, grants, self._authority, TITLE, self._clock)
        return Client(self._provider, session, self._door, self._throttle, self._clock)


def connect(
    provider: Provider,
    redirect_uri: str,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> Qonto:
    """The connector for one installation; `transport` replaces the network in tests."""
    rules = (
        to(provider.api, "GET"),
        to(provider.api + BULK, "POST", exact=True),
        to(provider.token, "POST", exact=True),
        to(provider.revoke, "POST", exact=True),
        *(from_files(host) for host in provider.file_hosts),
    )
    door = Door(TITLE, rules, clock, transport=transport, tls=provider.tls)
    return Qonto(provider, redirect_uri, clock, door)
