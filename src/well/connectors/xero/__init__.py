"""Xero as a connector: a source that is only read, through its MCP server and its API.

Invariant: the door to the API lets GET out and nothing else, and of the MCP server's tools only
those that list are called, so no code of Well can change an organisation's books. It keeps no
grant and no record; that this installation is registered is kept by `Registrations`.
"""

from collections.abc import Collection, Mapping, Sequence
from threading import Lock

import httpx

from well.connectors.failures import bug, rejected
from well.connectors.http import Door, Rule, to
from well.connectors.oauth import Authority, Session
from well.connectors.single import SingleGrant
from well.connectors.throttle import Throttle
from well.connectors.xero.client import Client
from well.connectors.xero.desk import Desk
from well.connectors.xero.discovery import origins
from well.connectors.xero.grant import ServerConsent, ordinary, scopes_of
from well.connectors.xero.limits import CALLS_OF_A_TOOL, CONCURRENT, EVERY, TITLE, Day, rates
from well.connectors.xero.mapping import DEFAULT
from well.connectors.xero.organisation import (
    chosen,
    currency_at,
    from_connections,
    from_tool,
    leave,
)
from well.connectors.xero.rest import Walk
from well.connectors.xero.source import XeroSource
from well.connectors.xero.streams import LISTINGS
from well.connectors.xero.told import STREAMS, Told
from well.domain.failure import Failed, FailureKind, WayOut
from well.domain.flow import Connection
from well.ports.clock import Clock
from well.ports.connector import Company, Consent, Scope
from well.ports.grants import Grant, Grants
from well.ports.registrations import Registrations
from well.ports.source import Source
from well.ports.target import Target
from well.settings import Xero as Setting


class Doors:
    """The ways out: to the API, to the MCP server, to who gives its tokens, and to leave an
    organisation."""

    def __init__(
        self, setting: Setting, clock: Clock, transport: httpx.BaseTransport | None = None
    ) -> None:
        def door(*rules: Rule) -> Door:
            return Door(TITLE, rules, clock, transport=transport, tls=setting.provider.tls)

        provider, mcp = setting.provider, setting.mcp
        trusted = [to(url, "GET", "POST") for url in origins((mcp, *setting.authorities))]
        by_hand = [to(url, "POST", exact=True) for url in (provider.token, provider.revoke) if url]
        self.api = door(*([to(provider.api, "GET")] if provider.api else []))
        leave = [to(f"{provider.api}/connections/", "DELETE", exact=True)] if provider.api else []
        self.leaving = door(*leave)
        self.server = door(*([to(mcp, "POST", "DELETE", exact=True)] if mcp else []))
        self.authorities = door(*trusted, *by_hand)

    def close(self) -> None:
        """Close idle network connections."""
        for door in (self.api, self.leaving, self.server, self.authorities):
            door.close()


class Xero:
    """The connector; one per process. It counts requests by organisation, as Xero does."""

    name = "xero"
    title = TITLE
    reads = True
    writes = False
    by_mail = False
    mapping = DEFAULT
    every = EVERY

    def __init__(
        self, setting: Setting, redirect_uri: str, kept: Registrations, clock: Clock, doors: Doors
    ) -> None:
        self._setting = setting
        self._clock = clock
        self._doors = doors
        self._consent: Authority | ServerConsent
        if setting.rest == "own":
            self._consent = ordinary(setting, redirect_uri, doors.authorities, clock)
        else:
            self._consent = ServerConsent(
                setting, redirect_uri, kept, doors.server, doors.authorities, clock
            )
        self._counts: dict[str, tuple[Throttle, Day]] = {}
        self._lock = Lock()

    @property
    def scopes(self) -> Sequence[Scope]:
        """What is asked, what is refused on purpose, and what cannot be seen."""
        return scopes_of(self._setting)

    @property
    def consent_hosts(self) -> Sequence[str]:
        """The one page of the ordinary consent, or every host the MCP server may lead to."""
        if self._setting.rest == "own":
            return (self._setting.provider.authorize,)
        return origins((self._setting.mcp, *self._setting.authorities))

    def authorize_url(self, state: str, challenge: str) -> str:
        """Where the person approves; asks the MCP server who gives its tokens."""
        return self._consent.authorize_url(state, challenge)

    def exchange(self, answer: Mapping[str, str], verifier: str) -> Consent:
        """The consent of a redirect, and the organisations that the new token reads."""
        grant = self._consent.exchange(answer, verifier)
        if not grant.refresh_token:
            sentence = f"{TITLE} did not give the permission to stay connected."
            raise rejected(sentence, way_out=WayOut.RECONNECT)
        return self.reached(grant)

    def reached(self, grant: Grant, account: str = "") -> Consent:
        """The organisation `account`, or all that were approved. The currency of its books is
        asked once it is sure which one it is."""
        session = self._session("consent", SingleGrant(grant))
        known = self._organisations(session)
        one = chosen(known, account)
        currency = one.currency
        if self._setting.rest != "off" and (account or len(known) == 1):
            currency = currency_at(self._client(one.account, session))
        choices = () if account else known
        return Consent(grant, one.account, one.name, currency, choices)

    def revoke(self, grant: Grant, spared: Collection[str] = ()) -> None:
        """End the grant at Xero. That ends all that its person approved, so while some of it is
        spared the organisations that are not are left one by one."""
        if not spared:
            self._consent.revoke(grant)
            return
        if self._setting.rest == "off":
            sentence = (
                f"{TITLE} was not told, because that would also end the organisations of other "
                "connections."
            )
            raise rejected(sentence, way_out=WayOut.RECONNECT)
        if grant.expires_at <= self._clock.now():
            grant = self._consent.refresh(grant)
        leave(self._client("", self._session("leaving", SingleGrant(grant))), spared)

    def source(self, connection: Connection, grants: Grants) -> Source:
        """A connection opened for reading."""
        session = self._session(connection.id, grants)
        app, home = self._setting.provider.app, connection.currency
        if self._setting.rest == "off":
            desk = self._desk(connection.account, session)
            return XeroSource(STREAMS, Told(connection.id, desk, self._clock), None, app, home)
        client = self._client(connection.account, session)
        streams = [listing.stream for listing in LISTINGS]
        return XeroSource(streams, Walk(connection.id, client), client, app, home)

    def target(self, connection: Connection, grants: Grants) -> Target:  # noqa: ARG002
        """Never: Xero is read only."""
        raise bug(f"{TITLE} is read only")

    def close(self) -> None:
        """Close idle network connections."""
        self._doors.close()

    def _organisations(self, session: Session) -> tuple[Company, ...]:
        """What a fresh grant reads."""
        if self._setting.rest == "off":
            return (from_tool(self._desk("", session)),)
        try:
            return from_connections(self._client("", session))
        except Failed as failed:
            if failed.failure.kind is not FailureKind.GRANT_LOST or self._setting.rest == "own":
                raise
            sentence = (
                f"{TITLE}'s API does not take the tokens of its MCP server. Whoever runs Well has "
                "to set another way to read it (WELL_XERO_REST)."
            )
            raise rejected(sentence, failed.failure.operator_note) from failed

    def _session(self, connection: str, grants: Grants) -> Session:
        return Session(connection, grants, self._consent, TITLE, self._clock)

    def _client(self, tenant: str, session: Session) -> Client:
        throttle, day = self._counted(tenant)
        api = self._setting.provider.api
        doors = (self._doors.api, self._doors.leaving)
        return Client(api, tenant, session, doors, throttle, day, self._clock)

    def _desk(self, tenant: str, session: Session) -> Desk:
        throttle, _ = self._counted(tenant)
        return Desk(self._setting.mcp, session, self._doors.server, throttle, self._clock)

    def _counted(self, tenant: str) -> tuple[Throttle, Day]:
        """The limits of one organisation, shared by its connections."""
        with self._lock:
            if tenant not in self._counts:
                cost = CALLS_OF_A_TOOL if self._setting.rest == "off" else 1
                allowed = rates(self._setting.per_minute // cost)
                throttle = Throttle(TITLE, allowed, CONCURRENT, self._clock)
                self._counts[tenant] = (throttle, Day(self._setting.per_day))
            return self._counts[tenant]


def connect(
    setting: Setting,
    redirect_uri: str,
    kept: Registrations,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> Xero:
    """The connector for one installation; `transport` replaces the network in tests."""
    return Xero(setting, redirect_uri, kept, clock, Doors(setting, clock, transport))
