"""Workspace keys, wrapped by the master key.

Invariant: a workspace's key is made once, at random, and kept only wrapped; without the master
key a copy of the databases opens nothing; without the workspace's key no body of it opens ever
again. It stores nothing by itself (`KeyStore`).
"""

import secrets
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Protocol

from well.ports.vault import Cipher, KeyStore
from well.vault.cipher import KEY_BYTES, WorkspaceCipher, open_sealed, seal


class RotatingKeyStore(KeyStore, Protocol):
    """A key store whose keys can be wrapped anew and forgotten."""

    def replace(self, workspace: str, old: bytes, new: bytes) -> bool: ...

    def drop(self, workspace: str) -> None: ...


class Vault:
    """`former` masters still unwrap keys that a rotation has not reached yet."""

    def __init__(self, master: bytes, keys: RotatingKeyStore, former: Sequence[bytes] = ()) -> None:
        if any(len(key) != KEY_BYTES for key in (master, *former)):
            raise ValueError("a master key has 32 bytes")
        self._master = master
        self._former = tuple(former)
        self._keys = keys
        self._ciphers: dict[str, WorkspaceCipher] = {}
        self._lock = Lock()

    def cipher(self, workspace: str) -> Cipher:
        """The cipher of a workspace, whose key is made at the first call. ValueError when the
        stored key was wrapped by a master key we do not have."""
        with self._lock:
            known = self._ciphers.get(workspace)
        if known is None:
            known = WorkspaceCipher(workspace, self._key(workspace))
            with self._lock:
                self._ciphers[workspace] = known
        return known

    def rewrap(self, new_master: bytes, workspaces: Iterable[str]) -> "Vault":
        """Wrap the keys of `workspaces` by a new master; reads go on meanwhile.

        Gives the vault to use from now on. Bodies are not touched.
        """
        renewed = Vault(new_master, self._keys, (self._master, *self._former))
        for workspace in workspaces:
            wrapped = self._keys.load(workspace)
            if wrapped is not None:
                again = _wrap(new_master, workspace, renewed._unwrap(workspace, wrapped))
                self._keys.replace(workspace, wrapped, again)
        return renewed

    def erase(self, workspace: str) -> None:
        """Forget a workspace's key for good. Other running processes keep it until they end."""
        self._keys.drop(workspace)
        with self._lock:
            self._ciphers.pop(workspace, None)

    def _key(self, workspace: str) -> bytes:
        wrapped = self._keys.load(workspace)
        if wrapped is None:
            first = _wrap(self._master, workspace, secrets.token_bytes(KEY_BYTES))
            wrapped = self._keys.add(workspace, first)
        return self._unwrap(workspace, wrapped)

    def _unwrap(self, workspace: str, wrapped: bytes) -> bytes:
        for master in (self._master, *self._former):
            try:
                return open_sealed(master, wrapped, _context(workspace))
            except ValueError:
                continue
        raise ValueError("the key of this workspace was wrapped by another master key")


def _wrap(master: bytes, workspace: str, key: bytes) -> bytes:
    return seal(master, key, _context(workspace))


def _context(workspace: str) -> tuple[str, ...]:
    return ("workspace key", workspace)
