"""Sealing with one workspace's key.

Promise: what `seal` gives back opens only with the same workspace key and the same context
(table, column, row id), so a ciphertext moved elsewhere does not open.
"""

from typing import Protocol


class Cipher(Protocol):
    """Bound to one workspace."""

    def seal(self, plain: bytes, *context: str) -> bytes: ...

    def open(self, sealed: bytes, *context: str) -> bytes:
        """The plain bytes; ValueError when key, context or bytes are not those of the seal."""
        ...


class KeyStore(Protocol):
    """Where wrapped workspace keys are kept (never a plain one)."""

    def load(self, workspace: str) -> bytes | None: ...

    def add(self, workspace: str, wrapped: bytes) -> bytes:
        """Store a first wrapped key and return the stored one (another process may have won)."""
        ...
