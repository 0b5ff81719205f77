"""FreshBooks as a connector: a target that is fed by e-mail and whose ledger is only read.

Invariant: the door lets GET out to the API and POST to the token and revoke addresses alone, so
no code of Well can change a company's books. It keeps no grant and no record.
"""

from collections.abc import Collection, Mapping, Sequence

import httpx

from well.connectors.failures import bug, rejected
from well.connectors.freshbooks.client import Client
from well.connectors.freshbooks.grant import (
    ONE,
    SCOPES,
    STYLE,
    missing,
    sees,
    sees_bills,
    writing,
)
from well.connectors.freshbooks.identity import businesses, chosen
from well.connectors.freshbooks.limits import CONCURRENT, EVERY, RATES, SETTLE, TITLE
from well.connectors.freshbooks.listing import Ledger
from well.connectors.freshbooks.mapping import DEFAULT
from well.connectors.freshbooks.target import FreshBooksTarget
from well.connectors.http import Door, to
from well.connectors.mailed import NO_MAIL
from well.connectors.oauth import Authority, Session
from well.connectors.single import SingleGrant
from well.connectors.throttle import Throttle
from well.domain.failure import WayOut
from well.domain.flow import Connection
from well.ports.clock import Clock
from well.ports.connector import Consent, Scope
from well.ports.grants import Grant, Grants
from well.ports.mailer import Mailers
from well.ports.source import Source
from well.ports.target import Target
from well.settings import Provider


class FreshBooks:
    """The connector; one per process, one throttle for all its connections."""

    name = "freshbooks"
    title = TITLE
    reads = False
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
        self._throttle = Throttle(TITLE, RATES, CONCURRENT, clock)

    @property
    def consent_hosts(self) -> Sequence[str]:
        """The one page that is configured."""
        return (self._provider.authorize,)

    def authorize_url(self, state: str, challenge: str) -> str:
        """FreshBooks' page where the person approves; the challenge is not sent (see grant.py)."""
        return self._authority.authorize_url(state, challenge)

    def exchange(self, answer: Mapping[str, str], verifier: str) -> Consent:
        """The consent of a redirect. A permission to write is given back at once and refused."""
        grant = self._authority.exchange(answer, verifier)
        self._check(grant)
        return self.reached(grant)

    def reached(self, grant: Grant, account: str = "") -> Consent:
        """The business `account` of the login, or all its businesses to choose from."""
        known = businesses(self._client("consent", SingleGrant(grant)).me())
        one = chosen(known, account)
        return Consent(grant, one.account, one.name, choices=() if account else known, caution=ONE)

    def revoke(self, grant: Grant, spared: Collection[str] = ()) -> None:  # noqa: ARG002
        """End the grant at FreshBooks."""
        self._authority.revoke(grant)

    def source(self, connection: Connection, grants: Grants) -> Source:  # noqa: ARG002
        """Never: FreshBooks is a target."""
        raise bug(f"{TITLE} is no source")

    def target(self, connection: Connection, grants: Grants) -> Target:
        """A connection opened for mailing, and for reading its ledger where a grant is kept."""
        mailer = self._mail.of(connection.id, grants)
        settle = self._provider.settle or SETTLE
        return FreshBooksTarget(
            self._ledger(connection, grants), mailer, connection.mail, self._clock, settle
        )

    def close(self) -> None:
        """Close idle network connections."""
        self._door.close()

    def _ledger(self, connection: Connection, grants: Grants) -> Ledger | None:
        grant = grants.load(connection.id)
        if grant is None or not sees(grant.scopes):
            return None
        client = self._client(connection.id, grants)
        bills = sees_bills(grant.scopes)
        return Ledger(client, connection.account, self._provider.app, bills)

    def _check(self, grant: Grant) -> None:
        lacking, unwanted = missing(grant.scopes), writing(grant.scopes)
        if unwanted:
            self._authority.revoke(grant)
            sentence = (
                f"{TITLE} gave Well permissions to write ({', '.join(unwanted)}), which Well does "
                "not want. They were given back and nothing was connected; ask for read "
                "permissions alone in the settings of the app at FreshBooks."
            )
            raise rejected(sentence, way_out=WayOut.RECONNECT)
        if lacking:
            sentence = f"{TITLE} did not give these permissions: {', '.join(lacking)}."
            raise rejected(sentence, way_out=WayOut.RECONNECT)

    def _client(self, connection: str, grants: Grants) -> Client:
        own = Session(connection, grants, self._authority, TITLE, self._clock)
        return Client(self._provider.api, own, self._door, self._throttle, self._clock)


def connect(
    provider: Provider,
    redirect_uri: str,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
    mail: Mailers = NO_MAIL,
) -> FreshBooks:
    """The connector for one installation; `transport` replaces the network in tests."""
    rules = (
        to(provider.api, "GET"),
        to(provider.token, "POST", exact=True),
        to(provider.revoke, "POST", exact=True),
    )
    door = Door(TITLE, rules, clock, transport=transport, tls=provider.tls)
    return FreshBooks(provider, redirect_uri, clock, door, mail)
