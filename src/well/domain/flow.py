"""A flow moves one source connection's records to one target connection under its rules.

Invariant: what a flow does with each kind of record is stated, never implied. A connection is
one authorised link; it holds no secret (grants are kept apart, sealed).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from well.domain.decision import Rules
from well.domain.delivery import MailRoute
from well.domain.failure import Failure
from well.domain.mapping import FieldMapping
from well.domain.source_record import Kind


class ConnectionState(StrEnum):
    """Whether a connection may be used."""

    CONNECTED = "connected"
    GRANT_LOST = "grant_lost"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True)
class Connection:
    """`account` is the provider's own id of the company (realm, organisation); times aware UTC.

    `currency` is that of its books (ISO 4217), "" where the provider did not tell.
    `mail` is how documents get there, where the target is fed by e-mail.
    """

    id: str
    connector: str
    label: str
    account: str
    state: ConnectionState
    scopes: tuple[str, ...] = ()
    connected_at: datetime | None = None
    failure: Failure | None = None
    mail: MailRoute | None = None
    currency: str = ""

    @property
    def blind(self) -> bool:
        """Whether its grant to be read is lost while documents still go to its inbox."""
        return self.state is ConnectionState.GRANT_LOST and self.mail is not None


@dataclass(frozen=True, slots=True)
class EInvoiceBuyer:
    """Whom the bills of a flow are made out to: the workspace's own company.

    `name` is BT-44, `country` BT-55 (ISO 3166-1, two letters): records of supplier bills name
    neither, and an e-invoice needs both.
    """

    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Flow:
    """`posted_kinds` are posted as documents; every other kind enters as evidence only.

    `enabled` False stops everything; `history_paused` stops the backfill alone, and what changes
    from now on is still read and posted. `e_invoice`: where it is set, the page drawn for a
    record without a file holds an e-invoice.
    """

    id: str
    name: str
    source: str
    target: str
    posted_kinds: frozenset[Kind]
    mapping: FieldMapping
    rules: Rules = Rules()
    backfill: timedelta = timedelta(days=3 * 365)
    every: timedelta = timedelta(minutes=60)
    enabled: bool = True
    history_paused: bool = False
    e_invoice: EInvoiceBuyer | None = None
