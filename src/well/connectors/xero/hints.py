"""Xero's webhooks, read for the organisations they name.

Invariant: pure; signed with the webhook's key or nothing. An "intent to receive" check is signed
and has no events, so it names no organisation.
Source: developer.xero.com, webhooks, read 2026-11-21.
"""

from collections.abc import Mapping
from functools import partial

from well.connectors.signed import accounts, content, objects, signed
from well.ports.hints import HintReader

HEADER = "x-xero-signature"


def reader(secret: str) -> HintReader:
    """For an app whose webhook has this key."""
    return partial(_organisations, secret)


def _organisations(secret: str, headers: Mapping[str, str], body: bytes) -> frozenset[str] | None:
    if not signed(secret, body, headers.get(HEADER, "")):
        return None
    message = content(body)
    events = objects(message.get("events")) if isinstance(message, dict) else []
    return accounts([event.get("tenantId") for event in events])
