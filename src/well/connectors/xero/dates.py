"""Xero's times: milliseconds in a wrapper, a text without a zone, or a text of JavaScript.

Invariant: every form that is documented or seen is read exactly and every other is None; a time is
aware UTC, and one without a zone is UTC, as Xero says.
"""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from well.connectors.jsontext import day, moment

_WRAPPED = re.compile(r"/Date\((-?[0-9]{1,15})(?:[+-][0-9]{4})?\)/")
_BARE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9:.]{5,16}")
_SPOKEN = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{2}) ([0-9]{4}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) "
    r"GMT([+-][0-9]{4})(?: \([^)\n]{1,60}\))?"
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def time_of(value: Any) -> datetime | None:
    """Aware UTC. The offset in a wrapper only says how it is shown; the milliseconds are UTC."""
    if not isinstance(value, str) or len(value) > 80:
        return None
    wrapped = _WRAPPED.fullmatch(value)
    try:
        if wrapped:
            return EPOCH + timedelta(milliseconds=int(wrapped[1]))
        if _BARE.fullmatch(value):
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        return moment(value) or _spoken(value)
    except (ValueError, OverflowError):
        return None


def day_of(value: Any) -> date | None:
    """The calendar day of a date that Xero gives as midnight."""
    plain = day(value)
    if plain is not None:
        return plain
    found = time_of(value)
    return found.date() if found else None


def _spoken(value: str) -> datetime | None:
    """`Wed Apr 22 2026 00:00:00 GMT+0000 (...)` as JavaScript prints a time."""
    found = _SPOKEN.fullmatch(value)
    if found is None:
        return None
    month, of_month, year, clock, offset = found.groups()
    spelled = parsedate_to_datetime(f"{of_month} {month} {year} {clock} {offset}")
    return spelled.astimezone(UTC)


def spell(at: datetime) -> str:
    """A time as If-Modified-Since takes it: UTC without a zone, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
