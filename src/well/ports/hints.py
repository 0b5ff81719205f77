"""What a provider's webhook says, as far as Well listens: that something changed, and where.

Promise: a reader is pure; it answers None unless the provider signed these very bytes. A hint
only starts a poll early: nothing of its content becomes data.
"""

from collections.abc import Mapping
from typing import Protocol

EVERY = "*"
"""Stands for the account of the connection that the address names, where the provider's message
does not say which account it is about."""


class HintReader(Protocol):
    """Of one provider, with its installation's secret."""

    def __call__(self, headers: Mapping[str, str], body: bytes) -> frozenset[str] | None:
        """Accounts in which something changed (none is fine); None when it is not signed.

        `headers` by lower-case name; `body` the bytes as they came.
        """
        ...
