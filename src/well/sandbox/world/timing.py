"""When things were typed in: timestamps as QuickBooks writes them.

Invariant: nothing of the first act is stamped later than midnight UTC at the start of `today`, so
no stamp lies in a reader's future. Offsets are -07:00 from April to October, else -08:00: close
to Pacific time, without its exact switching days.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone

from well.sandbox.world.chance import number


def offset(day: date) -> timezone:
    """Pacific offset on `day`, to the month."""
    return timezone(timedelta(hours=-7 if 4 <= day.month <= 10 else -8))


def stamp(day: date, today: date, *names: object) -> datetime:
    """A working-hours moment on `day`, fixed by `names`, before `today` begins in UTC."""
    seconds = 8 * 3600 + number("stamp", *names) % (10 * 3600)
    moment = datetime.combine(day, time(), offset(day)) + timedelta(seconds=seconds)
    last = datetime.combine(today, time(), UTC) - timedelta(seconds=1 + seconds % 5000)
    return min(moment, last.astimezone(offset(today)))


def text(moment: datetime) -> str:
    """`2026-04-22T01:10:05-07:00`."""
    return moment.isoformat(timespec="seconds")
