"""Xero's limits, and what each of its answers means for us.

Invariant: every number has its source and date; every answer that is not a result is in the
table, whether the API gave it or a tool's text told it. Source unless said otherwise:
developer.xero.com, read 2026-11-21.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock

from well.connectors.failures import (
    clean,
    grant_lost,
    malformed,
    rate_limited,
    rejected,
    retry_after,
    transient,
)
from well.connectors.http import Answer
from well.connectors.jsontext import mapping, text
from well.connectors.throttle import Rate
from well.domain.failure import Failed, FailureKind

TITLE = "Xero"
CONCURRENT = 4
"""Of the 5 that an organisation and app may have at once; one is left for others."""

SPARE = 5
"""Of the requests of a minute, left for others of this installation."""

RESERVE = 0.2
"""The share of a day's requests that a first sync leaves to what comes in every hour."""

THROTTLED = timedelta(seconds=60)
EVERY = timedelta(minutes=60)

KINDS: Mapping[int, FailureKind] = {
    400: FailureKind.REJECTED,
    401: FailureKind.GRANT_LOST,
    403: FailureKind.GRANT_LOST,
    404: FailureKind.REJECTED,
    408: FailureKind.TRANSIENT,
    429: FailureKind.RATE_LIMITED,
}
"""HTTP status -> kind; every 5xx is transient, every other 4xx is rejected."""

_TOLD = (
    (re.compile(r"(?i)\b429\b|rate[_ -]?limit|too many requests"), 429),
    (re.compile(r"(?i)token ?expired"), 503),
    (re.compile(r"(?i)\b401\b|unauthori[sz]ed|authentication failed|invalid[_ ]token"), 401),
    (re.compile(r"(?i)\b403\b|forbidden|authentication ?unsuccessful|permission"), 403),
    (re.compile(r"(?i)\b50[0-9]\b|timed? ?out|econn|network|unavailable|offline|internal"), 503),
    (re.compile(r"(?i)error occurred"), 503),
    (re.compile(r"(?i)\b404\b|not found"), 404),
)
"""What the text of a tool says of itself -> the status that it stands for. An expired token is
renewed by the next call, so it is no lost grant. The published server of May 2026 says of every
refusal, a 429 included, that an unexpected error occurred: that waits and is tried again."""

CALLS_OF_A_TOOL = 2
"""Requests of the API that one call of a tool costs: the published server asks for the
organisation first."""


def rates(per_minute: int) -> tuple[Rate, ...]:
    """Requests a minute and organisation, a few less than allowed."""
    return (Rate(max(per_minute - SPARE, 1), 60.0),)


def is_dead_token(answer: Answer) -> bool:
    """Whether a renewed token may help; it does not where a permission is missing."""
    lacking = "insufficient_scope" in answer.headers.get("WWW-Authenticate", "")
    return answer.status == 401 and not lacking


def failure_of(answer: Answer, now: datetime) -> Failed | None:
    """Why this answer is no result; None when it is one."""
    if answer.status == 200:
        return None
    note = f"{TITLE} answered {answer.status}. {_said(answer)}"
    kind = kind_of(answer.status)
    if kind is FailureKind.RATE_LIMITED:
        problem = clean(answer.headers.get("X-Rate-Limit-Problem", "-"), 40)
        retry_at = retry_after(answer.headers.get("Retry-After"), now, THROTTLED)
        return rate_limited(TITLE, f"{note} Problem: {problem}", retry_at)
    return told(answer.status, note, now)


def told(status: int, note: str, now: datetime) -> Failed:
    """The failure of a status, however it was told."""
    kind = kind_of(status)
    if kind is FailureKind.RATE_LIMITED:
        return rate_limited(TITLE, note, now + THROTTLED)
    if kind is FailureKind.TRANSIENT:
        return transient(TITLE, note)
    if kind is FailureKind.GRANT_LOST:
        if status == 403:
            return grant_lost(TITLE, note, "does not let Well read this organisation")
        return grant_lost(TITLE, note)
    if status < 400:
        return malformed(TITLE, note)
    return rejected(f"{TITLE} refused a request of Well: {clean(note, 200)}", note)


def told_by_text(said: str, now: datetime) -> Failed:
    """The failure that a tool's own words tell; rejected where they tell nothing known."""
    for pattern, status in _TOLD:
        if pattern.search(said):
            return told(status, said, now)
    return rejected(f"{TITLE} refused a request of Well: {clean(said, 200)}", said)


def kind_of(status: int) -> FailureKind:
    """What a status means."""
    if status >= 500:
        return FailureKind.TRANSIENT
    return KINDS.get(status, FailureKind.REJECTED)


def _said(answer: Answer) -> str:
    """The words of an error body, in one of the three forms it comes in; none of any other."""
    try:
        body = mapping(answer.json().value)
    except ValueError:
        return "no JSON"
    words = (body.get("Type"), body.get("Title"), body.get("Detail"), body.get("Message"))
    return clean(" ".join(found for word in words if (found := text(word))))


class Day:
    """What is left of a day's requests of one organisation, as its answers last said."""

    def __init__(self, per_day: int) -> None:
        self._per_day = per_day
        self._lock = Lock()
        self._left: tuple[int, datetime] | None = None

    def note(self, answer: Answer, now: datetime) -> None:
        """Remember X-DayLimit-Remaining."""
        said = answer.headers.get("X-DayLimit-Remaining", "")
        if re.fullmatch(r"[0-9]{1,9}", said):
            with self._lock:
                self._left = (int(said), now)

    def check_reserve(self, now: datetime) -> None:
        """`Failed` (rate limited, an hour) while only the reserve for new records is left."""
        with self._lock:
            known = self._left
        if known is None or now - known[1] >= EVERY or known[0] > self._per_day * RESERVE:
            return
        note = f"{known[0]} requests left of the day; kept for new records"
        raise rate_limited(TITLE, note, known[1] + EVERY)
