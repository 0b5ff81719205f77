"""Where connectors keep what a user authorised: tokens, sealed, refreshed by one worker at a time.

Promise: `refreshing` lets one holder in; a holder that lost its lease cannot save. A new token
is stored before it is used. It does not speak to a provider.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Grant:
    """Tokens of one connection; `expires_at` of the access token, aware UTC. repr hides them."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    scopes: tuple[str, ...] = ()
    refresh_expires_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Grant(expires_at={self.expires_at.isoformat()}, scopes={self.scopes})"


class Lease(Protocol):
    """The right to refresh one grant."""

    def current(self) -> Grant:
        """The grant as stored now, read under the lease: another worker may have renewed it."""
        ...

    def save(self, grant: Grant) -> None:
        """Store the renewed grant; raises `Failed` (conflict) when the lease was lost."""
        ...


class Grants(Protocol):
    """Sealed grants of one workspace, by connection id."""

    def load(self, connection: str) -> Grant | None: ...

    def put(self, connection: str, grant: Grant) -> None:
        """Store a first grant, after a consent."""
        ...

    def drop(self, connection: str) -> None:
        """Forget the tokens."""
        ...

    def refreshing(self, connection: str) -> AbstractContextManager[Lease]:
        """Wait for and hold the only lease; it ends by itself after a time (crash)."""
        ...


class KeptGrants(Grants, Protocol):
    """Grants of which some are kept for a while only, under names that are no connection's."""

    def take(self, name: str) -> Grant | None:
        """The grant, which is forgotten with that; None for all callers but one."""
        ...

    def kept_before(self, moment: datetime, prefix: str) -> Sequence[str]:
        """Names that begin with `prefix` of grants stored before `moment` (aware UTC), sorted."""
        ...
