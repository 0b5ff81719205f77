"""The address that mail comes back to: it names the posting and cannot be made up.

Invariant: an address is ours only with the keyed hash of its posting, compared in constant time.
"""

import hmac
from base64 import b32encode
from dataclasses import dataclass, field

from well.mail.message import POSTING

PREFIX = "bounces+"
_HASH = 16


@dataclass(frozen=True, slots=True)
class Returns:
    """Return addresses `bounces+<posting>.<hash>@domain` under one secret key."""

    domain: str
    key: bytes = field(repr=False)

    def address(self, posting: str) -> str:
        """The envelope sender of the posting's mail."""
        return f"{PREFIX}{posting}.{self._hash(posting)}@{self.domain}"

    def posting(self, address: str) -> str | None:
        """The posting of an address of ours; None for any other."""
        local, _, domain = address.strip().strip("<>").lower().rpartition("@")
        posting, _, hash = local.removeprefix(PREFIX).rpartition(".")
        if not local.startswith(PREFIX) or domain != self.domain or not POSTING.fullmatch(posting):
            return None
        same = hmac.compare_digest(hash.encode("utf-8", "replace"), self._hash(posting).encode())
        return posting if same else None

    def _hash(self, posting: str) -> str:
        digest = hmac.digest(self.key, posting.encode(), "sha256")
        return b32encode(digest).decode("ascii").lower()[:_HASH]
