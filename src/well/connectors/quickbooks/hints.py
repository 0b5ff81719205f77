"""QuickBooks' webhooks, read for the companies they name.

Invariant: pure; signed with the app's verifier token or nothing. Which records changed is not
read: the poll finds out.
Source: developer.intuit.com, webhooks, read 2026-11-21; of the CloudEvents form `intuitaccountid`.
"""

from collections.abc import Mapping
from functools import partial

from well.connectors.signed import accounts, content, objects, signed
from well.ports.hints import HintReader

HEADER = "intuit-signature"


def reader(secret: str) -> HintReader:
    """For an app with this verifier token."""
    return partial(_companies, secret)


def _companies(secret: str, headers: Mapping[str, str], body: bytes) -> frozenset[str] | None:
    """Both forms: an object of notifications by realm, and an array of events."""
    if not signed(secret, body, headers.get(HEADER, "")):
        return None
    message = content(body)
    told = message.get("eventNotifications") if isinstance(message, dict) else None
    realms = [one.get("realmId") for one in objects(told)]
    return accounts([*realms, *(one.get("intuitaccountid") for one in objects(message))])
