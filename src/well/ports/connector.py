"""What every connector provides: consent, revocation, and opening a connection for work.

Promise: a connector is one folder with the same file names as its siblings; the rest of the
house knows it only through this protocol. It keeps no state of its own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from well.domain.flow import Connection
from well.domain.mapping import FieldMapping
from well.ports.grants import Grant, Grants
from well.ports.source import Source
from well.ports.target import Target


@dataclass(frozen=True, slots=True)
class Scope:
    """A permission as the connection page shows it; `asked` False means refused on purpose."""

    name: str
    why: str
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Company:
    """One that a consent reaches: the provider's id, its name, the currency of its books (ISO
    4217, "" where it is not told yet), and what the provider says of it ("owner")."""

    account: str
    name: str
    currency: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person authorised: tokens, the provider's id of the company, its name, and the
    currency of its books (ISO 4217), "" where the provider does not tell.

    `choices` are all companies that the grant reaches, this one first; () where the answer named
    the one it is for. With more than one a person has to choose before anything is connected.
    `caution` is what another consent of the same login may do to an earlier one, "" for nothing.
    """

    grant: Grant
    account: str
    label: str
    currency: str = ""
    choices: tuple[Company, ...] = ()
    caution: str = ""


class Connector(Protocol):
    """`reads` / `writes`: whether it can be a source / a target of a flow. `by_mail`: documents
    go to it by e-mail, so a connection is a target once it has a `MailRoute`."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def reads(self) -> bool: ...

    @property
    def writes(self) -> bool: ...

    @property
    def by_mail(self) -> bool: ...

    @property
    def scopes(self) -> Sequence[Scope]: ...

    @property
    def mapping(self) -> FieldMapping:
        """The default mapping (version 1) of its records to the target's fields."""
        ...

    @property
    def every(self) -> timedelta:
        """How often it is polled by default."""
        ...

    @property
    def consent_hosts(self) -> Sequence[str]:
        """Addresses whose hosts may show the consent page; known without asking anybody."""
        ...

    def authorize_url(self, state: str, challenge: str) -> str:
        """Where the person approves; `challenge` is PKCE S256, sent where the provider takes it.

        A connector may have to ask the provider first; `Failed` when that did not work.
        """
        ...

    def exchange(self, answer: Mapping[str, str], verifier: str) -> Consent:
        """Turn the redirect's query into a consent; the caller has checked `state`."""
        ...

    def reached(self, grant: Grant, account: str = "") -> Consent:
        """What a grant that is not connected yet is for, asked anew: the company `account` alone,
        or with "" all `choices`. `Failed` (rejected) where it does not reach `account`."""
        ...

    def revoke(self, grant: Grant, spared: Collection[str] = ()) -> None:
        """End the grant at the provider.

        `spared` are the companies of other connections, perhaps of the same login. Where ending
        one grant ends all that its login approved, only what is not spared is ended.
        """
        ...

    def source(self, connection: Connection, grants: Grants) -> Source: ...

    def target(self, connection: Connection, grants: Grants) -> Target: ...
