"""Sealed tokens, and the lease that lets one worker refresh them.

Invariant: a lease has one holder at a time; a holder whose lease was taken over cannot save. A
lease ends by itself after LEASE, so a killed holder blocks nobody. It speaks to no provider.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from secrets import token_hex

from django.db.models import Q

from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.ports.clock import Clock
from well.ports.grants import Grant
from well.ports.vault import Cipher
from well.storage.codec import GRANT
from well.storage.models import GrantRow
from well.storage.scope import Tenant, put, reading, rows, unit

LEASE = timedelta(seconds=20)
WAIT = timedelta(seconds=30)
POLL_SECONDS = 0.1


class DjangoGrants:
    """The port `KeptGrants` for one workspace."""

    def __init__(self, tenant: Tenant, cipher: Cipher, clock: Clock) -> None:
        self._tenant = tenant
        self._cipher = cipher
        self._clock = clock

    def load(self, connection: str) -> Grant | None:
        """The stored grant, if there is one."""
        with reading(self._tenant):
            row = rows(GrantRow, self._tenant).filter(connection=connection).first()
        return GRANT.open(self._cipher, row.body, connection) if row else None

    def put(self, connection: str, grant: Grant) -> None:
        """Store a first grant, after a consent; a lease on the former one is over."""
        row = GrantRow(
            workspace_id=self._tenant.workspace,
            connection=connection,
            body=GRANT.seal(self._cipher, grant, connection),
            saved_at=self._clock.now(),
        )
        with unit(self._tenant):
            put(self._tenant, [row], ["body", "saved_at", "lease_owner", "lease_until"])

    def drop(self, connection: str) -> None:
        """Forget the tokens."""
        with unit(self._tenant):
            rows(GrantRow, self._tenant).filter(connection=connection).delete()

    def take(self, name: str) -> Grant | None:
        """The grant, which is forgotten with that; None for all callers but one."""
        with unit(self._tenant):
            grant = self.load(name)
            deleted, _ = rows(GrantRow, self._tenant).filter(connection=name).delete()
        return grant if deleted else None

    def kept_before(self, moment: datetime, prefix: str) -> Sequence[str]:
        """Names that begin with `prefix` of grants stored before `moment`, sorted."""
        with reading(self._tenant):
            found = rows(GrantRow, self._tenant).filter(
                connection__startswith=prefix, saved_at__lt=moment
            )
            return sorted(found.values_list("connection", flat=True))

    @contextmanager
    def refreshing(self, connection: str) -> Iterator["GrantLease"]:
        """Wait for and hold the only lease; `Failed` without a grant or after WAIT."""
        owner = token_hex(16)
        self._wait_for(connection, owner)
        try:
            yield GrantLease(self, connection, owner)
        finally:
            self._change(connection, owner, lease_owner="", lease_until=None)

    def save_under(self, connection: str, owner: str, grant: Grant) -> bool:
        """Store `grant` if `owner` still holds the lease."""
        sealed = GRANT.seal(self._cipher, grant, connection)
        return self._change(connection, owner, body=sealed, saved_at=self._clock.now())

    def _wait_for(self, connection: str, owner: str) -> None:
        give_up = self._clock.now() + WAIT
        while not self._take(connection, owner):
            if self.load(connection) is None:
                raise Failed(_NO_GRANT)
            if self._clock.now() >= give_up:
                raise Failed(_BUSY)
            self._clock.sleep(POLL_SECONDS)

    def _take(self, connection: str, owner: str) -> bool:
        now = self._clock.now()
        with unit(self._tenant):
            free = rows(GrantRow, self._tenant).filter(
                Q(lease_until=None) | Q(lease_until__lte=now), connection=connection
            )
            return free.update(lease_owner=owner, lease_until=now + LEASE) == 1

    def _change(self, connection: str, owner: str, **values: object) -> bool:
        with unit(self._tenant):
            mine = rows(GrantRow, self._tenant).filter(connection=connection, lease_owner=owner)
            return mine.update(**values) == 1


class GrantLease:
    """The port `Lease`."""

    def __init__(self, grants: DjangoGrants, connection: str, owner: str) -> None:
        self._grants = grants
        self._connection = connection
        self._owner = owner

    def current(self) -> Grant:
        """The grant as stored now; `Failed` (grant lost) when it was dropped meanwhile."""
        grant = self._grants.load(self._connection)
        if grant is None:
            raise Failed(_NO_GRANT)
        return grant

    def save(self, grant: Grant) -> None:
        """Store the renewed grant; `Failed` (conflict) when the lease was lost."""
        if not self._grants.save_under(self._connection, self._owner, grant):
            raise Failed(_TAKEN_OVER)


_NO_GRANT = Failure(
    FailureKind.GRANT_LOST,
    "Well has no access to this connection any more. Reconnect it to continue.",
    way_out=WayOut.RECONNECT,
)
_BUSY = Failure(
    FailureKind.TRANSIENT,
    "The access to this connection is being renewed. Well tries again shortly.",
    "another worker kept the refresh lease too long",
    way_out=WayOut.WAIT,
)
_TAKEN_OVER = Failure(
    FailureKind.CONFLICT,
    "The access to this connection was renewed elsewhere at the same time.",
    "the refresh lease ended and another worker took it before the new grant was saved",
    way_out=WayOut.WAIT,
)
