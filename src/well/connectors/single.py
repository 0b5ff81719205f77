"""A grant that is not stored yet: what a consent uses to ask which company it is for.

Invariant: never renewed; a refused token is a grant lost. It stores nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from well.ports.grants import Grant, Lease


class _Held:
    def __init__(self, grant: Grant) -> None:
        self._grant = grant

    def current(self) -> Grant:
        """The grant without its refresh token, so that nobody can renew it."""
        return Grant(self._grant.access_token, "", self._grant.expires_at, self._grant.scopes)

    def save(self, grant: Grant) -> None:
        """Never reached: there is nothing to renew with."""
        self._grant = grant


class SingleGrant:
    """`Grants` of exactly one fresh grant."""

    def __init__(self, grant: Grant) -> None:
        self._grant = grant

    def load(self, connection: str) -> Grant | None:  # noqa: ARG002
        """The grant, whatever the connection."""
        return self._grant

    def put(self, connection: str, grant: Grant) -> None:  # noqa: ARG002
        """Replace it."""
        self._grant = grant

    def drop(self, connection: str) -> None:
        """Nothing to forget."""

    @contextmanager
    def refreshing(self, connection: str) -> Iterator[Lease]:  # noqa: ARG002
        """A lease under which nothing can be renewed."""
        yield _Held(self._grant)
