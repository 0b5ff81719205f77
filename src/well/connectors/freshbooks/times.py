"""FreshBooks' times, which say no zone: US Eastern for expenses, UTC for bills and vendors.

Invariant: an hour that the clocks repeat in autumn is read as its later pass, so that nothing new
ever looks older than it is; what is no time is None.
Source: both official SDKs convert this way (read 2026-11-21); the pages do not mention it.
"""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
OVERLAP = timedelta(hours=2)
"""The repeated hour and an hour more: rows this much older than a window are brought again."""

_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")


def eastern(value: object) -> datetime | None:
    """`2026-11-20 10:00:00` of an expense as aware UTC (15:00 in winter, 14:00 in summer)."""
    wall = _wall(value)
    return None if wall is None else _utc(wall.replace(tzinfo=EASTERN, fold=1))


def universal(value: object) -> datetime | None:
    """The same form of a bill or vendor, which is UTC already."""
    wall = _wall(value)
    return None if wall is None else wall.replace(tzinfo=UTC)


def updated_min(since: datetime) -> date:
    """The day to ask expenses from: the filter knows days only, so one more than enough."""
    return (since - OVERLAP).astimezone(EASTERN).date() - timedelta(days=1)


def _wall(value: object) -> datetime | None:
    if not isinstance(value, str) or not _FORM.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _utc(local: datetime) -> datetime | None:
    try:
        return local.astimezone(UTC)
    except OverflowError:
        return None
