"""Which organisations a consent reaches.

Invariant: Xero is asked with the new token; what the redirect says is not believed. Of several a
person chooses one, because a grant belongs to one connection. It stores nothing.
"""

import re
from collections.abc import Collection, Mapping, Sequence
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
from well.ports.connector import Company

ORGANISATIONS_MAX = 100
UNNAMED = f"{TITLE} organisation"
LATEST = "approved last"
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_SLIP = re.compile(r' \|\| "[^"\n]*"$')
"""The official server ends some values with the words meant for a missing one."""


def from_connections(client: Client) -> tuple[Company, ...]:
    """The organisations as `/connections` tells them, the one approved last first."""
    found = [mapping(each) for each in sequence(client.organisations().value)]
    ours = [each for each in found if each.get("tenantType", "ORGANISATION") == "ORGANISATION"]
    if not ours:
        sentence = f"No organisation was approved at {TITLE}. Choose one there."
        raise rejected(sentence, "no connections", WayOut.RECONNECT)
    ours.sort(key=_approved, reverse=True)
    known: dict[str, Mapping[str, Any]] = {}
    for each in ours[:ORGANISATIONS_MAX]:
        known.setdefault(_id(each), each)
    if not known.keys() - {""}:
        raise malformed(TITLE, "a connection without a tenantId")
    first, last = _approved(ours[0]), _approved(ours[-1])
    return tuple(
        Company(id, _name(each), remark=LATEST if last < _approved(each) == first else "")
        for id, each in known.items()
        if id
    )


def leave(client: Client, spared: Collection[str]) -> None:
    """Cut Well off from every organisation of this person but the spared ones."""
    for each in map(mapping, sequence(client.organisations().value)):
        id = each.get("id")
        if isinstance(id, str) and _ID.fullmatch(id) and _id(each) not in spared:
            client.leave(id)


def chosen(known: Sequence[Company], wanted: str) -> Company:
    """The organisation `wanted` ("" takes the first). `Failed` where it is not among `known`."""
    found = next((one for one in known if wanted in ("", one.account)), None)
    if found is None:
        sentence = f"This consent of {TITLE} does not reach the organisation that was chosen."
        raise rejected(sentence, way_out=WayOut.RECONNECT)
    return found


def currency_at(client: Client) -> str:
    """BaseCurrency of the organisation that `client` reads; "" where it is not to be had."""
    try:
        found = client.list("Organisation").items("Organisations")
    except Failed:
        return ""
    return (currency_of(mapping(found[0].value).get("BaseCurrency")) or "") if found else ""


def _approved(each: Mapping[str, Any]) -> Any:
    return time_of(each.get("updatedDateUtc")) or time_of(each.get("createdDateUtc")) or EPOCH


def _id(each: Mapping[str, Any]) -> str:
    tenant = each.get("tenantId")
    return tenant if isinstance(tenant, str) and _ID.fullmatch(tenant) else ""


def _name(each: Mapping[str, Any]) -> str:
    return text(each.get("tenantName")) or UNNAMED


def from_tool(desk: Desk) -> Company:
    """The one organisation that the server's tool tells."""

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
    named = text(_SLIP.sub("", found["Name"])) or UNNAMED
    currency = currency_of(_SLIP.sub("", found.get("BaseCurrency", "")))
    return Company(tenant, named, currency or "")
