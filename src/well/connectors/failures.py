"""Failures every connector words the same way, and the times a provider asks to wait.

Invariant: a sentence names the provider and says what is kept; no sentence holds a secret, an
address or a body. The tables from HTTP answers to kinds are in each connector's `limits.py`.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from well.domain.failure import Failed, Failure, FailureKind, WayOut

WAIT_MAX = timedelta(hours=24)
_SECRET = re.compile(
    r"(?i)(bearer|basic)\s+[\w.~+/=-]+"
    r"|\b(access_token|refresh_token|client_secret|code|token|signature|x-amz-[\w-]+)"
    r"([\"']?\s*[=:]\s*[\"']?)[^\s\"'&,}]+"
)


def clean(note: str, limit: int = 400) -> str:
    """An operator's note on one line without anything that looks like a secret."""
    note = " ".join(note[: limit * 8].split())
    return _SECRET.sub(lambda m: f"{m.group(1) or m.group(2)}{m.group(3) or ' '}***", note)[:limit]


def transient(provider: str, note: str, retry_at: datetime | None = None) -> Failed:
    """The provider could not be reached or is out of order; time alone may cure it."""
    sentence = f"{provider} did not answer. Nothing is lost."
    return Failed(
        Failure(FailureKind.TRANSIENT, sentence, clean(note), retry_at, way_out=WayOut.WAIT)
    )


def malformed(provider: str, note: str) -> Failed:
    """An answer that is not what the provider documents; nothing of it was used."""
    sentence = f"{provider} sent an answer that Well cannot read. Nothing is lost."
    return Failed(Failure(FailureKind.TRANSIENT, sentence, clean(note), way_out=WayOut.WAIT))


def rate_limited(provider: str, note: str, retry_at: datetime) -> Failed:
    """Too many requests; the provider says when to come back."""
    sentence = f"{provider} asks Well to slow down. Well goes on by itself."
    return Failed(
        Failure(FailureKind.RATE_LIMITED, sentence, clean(note), retry_at, way_out=WayOut.WAIT)
    )


def grant_lost(provider: str, note: str, why: str = "no longer accepts the connection") -> Failed:
    """The authorisation has ended; only a person can renew it."""
    sentence = f"{provider} {why}. Everything is kept; reconnect {provider} to go on."
    return Failed(Failure(FailureKind.GRANT_LOST, sentence, clean(note), way_out=WayOut.RECONNECT))


def rejected(sentence: str, note: str = "", way_out: WayOut = WayOut.FIX_AND_RETRY) -> Failed:
    """The provider understood and said no."""
    return Failed(Failure(FailureKind.REJECTED, sentence, clean(note), way_out=way_out))


def bug(note: str) -> Failed:
    """Something only Well's own code can have caused."""
    sentence = "Well stopped a request that it must not make. This is a fault in Well."
    return Failed(Failure(FailureKind.BUG, sentence, clean(note)))


def retry_after(header: str | None, now: datetime, default: timedelta) -> datetime:
    """When a Retry-After (seconds or HTTP date) ends; `default` without one; at most a day."""
    wait = default
    if header and re.fullmatch(r"[0-9]{1,9}", header.strip()):
        wait = timedelta(seconds=int(header))
    elif header:
        found = http_date(header)
        wait = found - now if found else default
    return now + min(max(wait, timedelta(0)), WAIT_MAX)


def http_date(header: str) -> datetime | None:
    """An HTTP date (RFC 9110 5.6.7) as aware UTC; None for any other text."""
    try:
        found = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
