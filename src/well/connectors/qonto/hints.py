"""Qonto's webhooks: signed, and about the connection that their address names.

Invariant: pure; nothing counts without a secret. How Qonto signs is not documented for supplier
invoices, so the header is a setting, and the HMAC may be base64 or hexadecimal, as whoever stands
between Qonto and Well makes it. The message itself is not read.
"""

from collections.abc import Mapping
from functools import partial

from well.connectors.signed import signed
from well.ports.hints import EVERY, HintReader


def reader(header: str, secret: str) -> HintReader:
    """For a subscription signed in this header with this secret."""
    return partial(_named, header.lower(), secret)


def _named(
    header: str, secret: str, headers: Mapping[str, str], body: bytes
) -> frozenset[str] | None:
    given = headers.get(header, "") if header else ""
    return frozenset({EVERY}) if signed(secret, body, given, hexadecimal=True) else None
