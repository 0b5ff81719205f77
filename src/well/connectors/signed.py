"""Signatures of webhooks: an HMAC-SHA256 over the raw bytes, compared in constant time.

Invariant: an empty secret signs nothing. It reads no body.
"""

from base64 import b64encode
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Any

from well.connectors.jsontext import parse

ACCOUNTS_MAX = 1000
"""Accounts taken from one message."""
_ACCOUNT_MAX = 64


def signed(secret: str, body: bytes, given: str, *, hexadecimal: bool = False) -> bool:
    """Whether `given` is the signature of `body`: base64, and where said hexadecimal as well."""
    if not secret:
        return False
    made = digest(secret.encode(), body, sha256)
    forms = [b64encode(made).decode(), *([made.hex()] if hexadecimal else [])]
    # A loop that ends early would tell which form was nearly right.
    return sum(compare_digest(form.encode(), given.strip().encode()) for form in forms) > 0


def content(body: bytes) -> Any:
    """The message as JSON; None when it is none. It was signed, so it is odd and not hostile."""
    try:
        return parse(body).value
    except ValueError:
        return None


def accounts(found: list[Any]) -> frozenset[str]:
    """Those of `found` that can be an account's id."""
    sound = [one for one in found if isinstance(one, str) and 0 < len(one) <= _ACCOUNT_MAX]
    return frozenset(sound[:ACCOUNTS_MAX])


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of an array; none of anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
