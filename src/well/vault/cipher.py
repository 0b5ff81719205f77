"""Sealing: AES-256-GCM with a random nonce, bound to a context.

Invariant: a sealed value is `version byte | 12 bytes nonce | ciphertext and tag`; it opens only
with the key and the exact context it was sealed with. It keeps no key on disk.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_SHORTEST = 1 + _NONCE_BYTES + 16


class WorkspaceCipher:
    """The port `Cipher`; `workspace` is part of every context."""

    def __init__(self, workspace: str, key: bytes) -> None:
        self._workspace = workspace
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, *context: str) -> bytes:
        """`plain` sealed for this workspace and context."""
        return _seal(self._aead, plain, (self._workspace, *context))

    def open(self, sealed: bytes, *context: str) -> bytes:
        """The plain bytes; ValueError when key, context or bytes are not those of the seal."""
        return _open(self._aead, sealed, (self._workspace, *context))


def seal(key: bytes, plain: bytes, context: tuple[str, ...]) -> bytes:
    """`plain` sealed with `key` (32 bytes) for `context`."""
    return _seal(AESGCM(key), plain, context)


def open_sealed(key: bytes, sealed: bytes, context: tuple[str, ...]) -> bytes:
    """The plain bytes; ValueError when key, context or bytes are not those of the seal."""
    return _open(AESGCM(key), sealed, context)


def _seal(aead: AESGCM, plain: bytes, context: tuple[str, ...]) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + aead.encrypt(nonce, plain, _bound(context))


def _open(aead: AESGCM, sealed: bytes, context: tuple[str, ...]) -> bytes:
    if len(sealed) < _SHORTEST or sealed[:1] != _VERSION:
        raise ValueError("this is no sealed value of a known version")
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return aead.decrypt(nonce, ciphertext, _bound(context))
    except InvalidTag:
        raise ValueError("the sealed value does not belong to this key and place") from None


def _bound(context: tuple[str, ...]) -> bytes:
    """The version and the parts with their lengths: no two contexts look the same."""
    parts = [part.encode("utf-8", "surrogatepass") for part in context]
    return _VERSION + b"".join(len(part).to_bytes(4) + part for part in parts)
