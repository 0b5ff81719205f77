"""Paging through supplier invoices that change while they are read.

Invariant: an invoice is never skipped: after a page the list is asked again from the last one's
time on, because a changed invoice moves to the end and all behind it move forward. Pages are
counted only inside a run of invoices with one time.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from well.connectors.failures import malformed, rejected
from well.connectors.jsontext import Node, mapping, moment
from well.connectors.qonto.client import Client
from well.connectors.qonto.limits import PER_PAGE, TITLE
from well.domain.failure import WayOut

TICK = timedelta(milliseconds=1)
"""Asked from a tick before, so that it does not matter whether the filter includes its bound."""

PAGES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """Page `page` of what changed at or after `since` (None: of everything)."""

    since: datetime | None = None
    page: int = 1

    def dump(self) -> str:
        """As a cursor."""
        return json.dumps([self.since.isoformat() if self.since else None, self.page])

    def after(self, times: Sequence[datetime]) -> "Place":
        """Where to go on after a page with these times."""
        onward = times[-1].replace(microsecond=times[-1].microsecond // 1000 * 1000) - TICK
        moves = self.since is None or onward > self.since
        if moves and list(times) == sorted(times) and times[0] < onward:
            return Place(onward, 1)
        return Place(self.since, self.page + 1)


def place(cursor: str | None) -> Place | None:
    """The place of a cursor made by `dump`; None without one; `Failed` for any other text."""
    if cursor is None:
        return None
    try:
        since, page = json.loads(cursor)
        found = Place(None if since is None else moment(since), int(page))
    except (ValueError, TypeError):
        found = Place(page=0)
    if found.page < 1 or (found.since is None and "null" not in cursor):
        sentence = "Well lost its place in a list. Start this part of the sync again."
        raise rejected(sentence, "unreadable cursor", WayOut.RETRY)
    return found


def read(
    client: Client, field: str, at: Place, until: datetime | None, rows: int = PER_PAGE
) -> tuple[list[Node], Place | None, datetime]:
    """One page ordered by `field` (updated_at or created_at), the place after it, its time."""
    params = [("sort_by", f"{field}:asc"), ("page", str(at.page))]
    if at.since is not None:
        params.append((f"filter[{field}_from]", spell(at.since)))
    if until is not None:
        params.append((f"filter[{field}_to]", spell(until + TICK)))
    reply = client.supplier_invoices(params, rows)
    found = reply.body.get("supplier_invoices")
    if found is None or not isinstance(found.value, list):
        raise malformed(TITLE, "a list without supplier_invoices")
    nodes = found.items()[:rows]
    if not nodes or not _more(reply.body.value, at.page, len(nodes) == rows):
        return nodes, None, reply.as_of
    if at.page >= PAGES_MAX:
        raise malformed(TITLE, "a list without an end")
    times = [moment(mapping(node.value).get(field)) for node in nodes]
    whole = [time for time in times if time is not None]
    if len(whole) < len(nodes):
        return nodes, Place(at.since, at.page + 1), reply.as_of
    return nodes, at.after(whole), reply.as_of


def spell(at: datetime) -> str:
    """UTC with milliseconds and Z, as Qonto writes times."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _more(body: Any, page: int, full: bool) -> bool:
    """Whether a page follows; `next_page` may be left out on the last one."""
    meta = mapping(mapping(body).get("meta"))
    if "next_page" in meta:
        return isinstance(meta["next_page"], int)
    total = meta.get("total_pages")
    return page < total if isinstance(total, int) else full
