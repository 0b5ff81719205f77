"""Sentences of QuickBooks' query language.

Invariant: a value can never end its quotes; only what the language knows is written (no OR, no
second order). It sends nothing.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from well.connectors.quickbooks.client import spell
from well.connectors.quickbooks.paging import ROWS, Place
from well.connectors.quickbooks.streams import Listing
from well.domain.marker import Window

UPDATED = "MetaData.LastUpdatedTime"
ACTIVE = "Active in (true,false)"


def literal(text: str) -> str:
    """A value in single quotes."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def history(listing: Listing, window: Window, at: Place) -> str:
    """Documents dated in the window, newest first; of a list everything, oldest change first."""
    if not listing.stream.dated:
        since = [f"{UPDATED} >= {literal(at.value)}"] if at.value else []
        return _select(listing, since, f"{UPDATED} asc", at.position)
    first, end = document_days(window)
    upper = f"TxnDate <= {literal(at.value)}" if at.value else f"TxnDate < '{end}'"
    return _select(listing, [f"TxnDate >= '{first}'", upper], "TxnDate desc", at.position)


def changed(listing: Listing, window: Window, at: Place) -> str:
    """Living rows changed in the window, oldest change first."""
    since = at.value or spell(window.since)
    until = spell(window.until + timedelta(seconds=1))
    conditions = [f"{UPDATED} >= {literal(since)}", f"{UPDATED} <= {literal(until)}"]
    return _select(listing, conditions, f"{UPDATED} asc", at.position)


def attachables(ids: Sequence[str]) -> str:
    """The attachments with these ids."""
    inside = ",".join(literal(source_id) for source_id in ids)
    return f"select * from Attachable where Id in ({inside}) maxresults {len(ids)}"  # noqa: S608 (quoted by literal)


def document_days(window: Window) -> tuple[date, date]:
    """The days whose midnight (UTC) lies in the window: neighbouring windows share no day."""
    return _first_day(window.since), _first_day(window.until)


def _first_day(at: datetime) -> date:
    utc = at.astimezone(UTC)
    midnight = utc.time() == time.min
    return utc.date() if midnight else utc.date() + timedelta(days=1)


def _select(listing: Listing, conditions: list[str], order: str, position: int) -> str:
    if listing.hides:
        conditions = [*conditions, ACTIVE]
    where = f" where {' and '.join(conditions)}" if conditions else ""
    page = f"orderby {order} startposition {position} maxresults {ROWS}"
    return " ".join(("select * from", listing.entity + where, page))
