"""A consent that reaches several companies is kept until a person says which one it is for.

Invariant: it is kept sealed among the grants, under a name of its own; it becomes at most one
connection, to a company that it reaches; what nobody chose is given back at the provider and
forgotten. It knows no session and no page.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta

from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.flow import Connection
from well.pipeline import setup
from well.ports.clock import Clock
from well.ports.connector import Connector, Consent
from well.ports.grants import Grant, KeptGrants
from well.ports.store import Store

CHOOSE_WITHIN = timedelta(minutes=10)
LEFT_AFTER = timedelta(minutes=15)
"""Later than CHOOSE_WITHIN, so that a choice of the last second never meets its grant ended."""

GIVE_UP_AFTER = timedelta(days=1)
"""A provider that could not be told for so long is not asked again."""

PREFIX = "consent:"


def account_of(asked: Connection | None) -> str:
    """The company that a consent was asked for, "" where it may be any: for a new connection, or
    for one that only mails and so was never authorised."""
    return asked.account if asked is not None and asked.scopes else ""


def sure(consent: Consent, asked: Connection | None) -> str | None:
    """The company that a consent can only be for; None where a person has to choose."""
    account, reached = account_of(asked), [one.account for one in consent.choices]
    if not reached:
        return consent.account
    if account:
        return account if account in reached else None
    return reached[0] if len(reached) == 1 else None


def keep(grants: KeptGrants, connector: Connector, consent: Consent, id: str) -> str:
    """Keep the grant of a consent until somebody chose; the name it is kept under."""
    name = f"{PREFIX}{connector.name}:{id}"
    grants.put(name, consent.grant)
    return name


def offered(grants: KeptGrants, connector: Connector, name: str) -> Consent:
    """What a kept consent reaches. `Failed` where it is not kept any more (`GONE`), or the
    provider does not tell."""
    return connector.reached(_kept(grants, name), "")


def connect_kept(
    store: Store,
    grants: KeptGrants,
    connector: Connector,
    name: str,
    account: str,
    actor: str,
    clock: Clock,
    onto: str = "",
) -> Connection:
    """Make a kept consent the connection to the company `account`; `onto` as in `setup.connect`.

    `Failed` where it does not reach that company, and `GONE` where it became one already.
    """
    if not account:
        raise Failed(NONE_CHOSEN)
    consent = connector.reached(_kept(grants, name), account)
    with store.unit():
        if grants.take(name) is None:
            raise Failed(GONE)
        return setup.connect(store, grants, connector, consent, actor, clock, onto)


def give_back(
    grants: KeptGrants, connector: Connector, name: str, in_use: Collection[str]
) -> Failure | None:
    """Nobody wants it: end the grant at the provider, but not the companies `in_use`, and forget
    it. A failure when the provider could not be told; it is kept then, and `end_left` tells it
    later."""
    grant = grants.load(name)
    if grant is None:
        return None
    try:
        connector.revoke(grant, in_use)
    except Failed as failed:
        return failed.failure
    grants.drop(name)
    return None


def end_left(
    grants: KeptGrants,
    connectors: Mapping[str, Connector],
    clock: Clock,
    in_use: Callable[[str], Collection[str]],
) -> int:
    """Give back what nobody chose in time; how many are forgotten with that. `in_use` tells the
    companies that a connector's connections are for."""
    now = clock.now()
    hopeless = set(grants.kept_before(now - GIVE_UP_AFTER, PREFIX))
    ended = 0
    for name in grants.kept_before(now - LEFT_AFTER, PREFIX):
        kind = name.removeprefix(PREFIX).partition(":")[0]
        told = kind in connectors and not give_back(grants, connectors[kind], name, in_use(kind))
        if not told and name in hopeless:
            grants.drop(name)
        ended += told or name in hopeless
    return ended


def _kept(grants: KeptGrants, name: str) -> Grant:
    grant = grants.load(name)
    if grant is None:
        raise Failed(GONE)
    return grant


GONE = Failure(
    FailureKind.REJECTED,
    "This choice was made already, or came too late. Nothing was connected by it.",
    way_out=WayOut.RECONNECT,
)
NONE_CHOSEN = Failure(
    FailureKind.REJECTED,
    "No company was chosen. Nothing was connected yet.",
    way_out=WayOut.FIX_AND_RETRY,
)
