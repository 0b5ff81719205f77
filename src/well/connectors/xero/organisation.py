"""Which organisation a consent is for.

Invariant: Xero is asked with the new token; what the redirect says is not believed. Where one
consent reaches several organisations, the one that was approved last is connected and the others
are named: each of them is connected by a consent of its own, because a grant belongs to one
connection. It stores nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from well.connectors.failures import malformed, rejected
from well.connectors.fields import currency_of
from well.connectors.jsontext import mapping, sequence, text
from well.connectors.xero.blocks import members
from well.connectors.xero.client import Client
from well.connectors.xero.dates import EPOCH, time_of
from well.connectors.xero.desk import Ask, Desk, changed
from well.connectors.xero.forms import ORGANISATION
from well.connectors.xero.limits import TITLE
from well.domain.failure import Failed, WayOut

OTHERS_SHOWN = 3
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_SLIP = re.compile(r' \|\| "[^"\n]*"$')
"""The official server ends some values with the words meant for a missing one."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Its id, its name for people, and the currency of its books ("" where it is not told)."""

    id: str
    label: str
    currency: str = ""


def from_connections(client: Client) -> Organisation:
    """The organisation as `/connections` tells it."""
    found = [mapping(each) for each in sequence(client.organisations().value)]
    ours = [each for each in found if each.get("tenantType", "ORGANISATION") == "ORGANISATION"]
    if not ours:
        sentence = f"No organisation was approved at {TITLE}. Choose one there."
        raise rejected(sentence, "no connections", WayOut.RECONNECT)
    newest = max(ours, key=_approved)
    tenant = newest.get("tenantId")
    if not isinstance(tenant, str) or not _ID.fullmatch(tenant):
        raise malformed(TITLE, "a connection without a tenantId")
    return Organisation(tenant, _label(newest, [each for each in ours if each is not newest]))


def currency_at(client: Client) -> str:
    """BaseCurrency of the organisation that `client` reads; "" where it is not to be had."""
    try:
        found = client.list("Organisation").items("Organisations")
    except Failed:
        return ""
    return (currency_of(mapping(found[0].value).get("BaseCurrency")) or "") if found else ""


def _approved(each: Mapping[str, Any]) -> Any:
    return time_of(each.get("updatedDateUtc")) or time_of(each.get("createdDateUtc")) or EPOCH


def _label(chosen: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> str:
    named = text(chosen.get("tenantName")) or f"{TITLE} organisation"
    names = [text(each.get("tenantName")) or "?" for each in others]
    if not names:
        return named
    shown = ", ".join(names[:OTHERS_SHOWN]) + (" ..." if len(names) > OTHERS_SHOWN else "")
    return f"{named} (not {shown}: connect each by itself)"


def from_tool(desk: Desk) -> Organisation:
    """The same, as the server's tool tells it."""

    async def steps(ask: Ask) -> tuple[str, ...]:
        return await ask(ORGANISATION.tool, {})

    texts = desk.run(steps)
    if len(texts) != 2:
        raise changed("\n".join(texts))
    try:
        found = members(ORGANISATION, texts[1])
    except ValueError as error:
        raise changed(f"{error}: {texts[1]}") from error
    tenant = _SLIP.sub("", found["OrganisationID"])
    if not _ID.fullmatch(tenant):
        raise changed(texts[1])
    named = text(_SLIP.sub("", found["Name"])) or f"{TITLE} organisation"
    currency = currency_of(_SLIP.sub("", found.get("BaseCurrency", "")))
    return Organisation(tenant, named, currency or "")
