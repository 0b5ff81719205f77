"""Xero's dates: `/Date(1776816000000+0000)/`, `2026-04-22T00:00:00`, and a header's time.

Invariant: all are UTC and whole milliseconds since 1970 inside; a day is its midnight. It formats
and reads, it keeps no clock.
"""

import re
from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICKS = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/\Z")


def millis(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware moment."""
    return round((moment - EPOCH) / timedelta(milliseconds=1))


def day_millis(day: str) -> int:
    """Milliseconds of the midnight that begins `2026-04-22`. ValueError when it is no day."""
    read = date.fromisoformat(day)
    return millis(datetime(read.year, read.month, read.day, tzinfo=UTC))


def moment_of(at: int) -> datetime:
    """The aware moment of milliseconds since 1970."""
    return EPOCH + timedelta(milliseconds=at)


def ticks(at: int) -> str:
    """`/Date(1776816000000+0000)/`."""
    return f"/Date({at}+0000)/"


def ticks_millis(text: object) -> int | None:
    """The milliseconds in a `/Date(...)/`; None when the value is none."""
    found = TICKS.match(text) if isinstance(text, str) else None
    return None if found is None else int(found[1])


def both(name: str, day: str) -> dict[str, str]:
    """A day's two fields: `Date` and `DateString`."""
    return {f"{name}String": f"{day}T00:00:00", name: ticks(day_millis(day))}


def header_millis(text: str) -> int:
    """The time of If-Modified-Since: ISO without a zone, or the form of HTTP. ValueError if none.

    Both mean UTC.
    """
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        read = datetime.strptime(text.strip(), "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    return millis(read.replace(tzinfo=UTC) if read.tzinfo is None else read)
