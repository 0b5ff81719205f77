"""FreshBooks' limits, and what each of its answers means for us.

Invariant: every number has its source or says that it is our own; every answer that is not a
result is in the table, also one that comes with status 200. Source unless said otherwise:
FreshBooks' published reference and its SDKs' tests, read 2026-11-21.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from well.connectors.failures import (
    bug,
    clean,
    grant_lost,
    rate_limited,
    rejected,
    retry_after,
    transient,
)
from well.connectors.http import Answer
from well.connectors.jsontext import mapping, sequence, text
from well.connectors.throttle import Rate
from well.domain.failure import Failed, FailureKind

TITLE = "FreshBooks"
RATES = (Rate(2, 1.0),)
"""No number is published; this is our own bound."""

CONCURRENT = 2
PER_PAGE = 100
"""More is cut to this without a word."""

SETTLE = 3600.0
"""Seconds after which a mailed document should stand in the ledger; FreshBooks reads the page
first and publishes no time."""

THROTTLED = timedelta(seconds=30)
EVERY = timedelta(minutes=15)
WRITE_DENIED = "1038"

KINDS: Mapping[int, FailureKind] = {
    401: FailureKind.GRANT_LOST,
    403: FailureKind.GRANT_LOST,
    404: FailureKind.REJECTED,
    408: FailureKind.TRANSIENT,
    422: FailureKind.REJECTED,
    429: FailureKind.RATE_LIMITED,
}
"""HTTP status -> kind; every 5xx is transient, every other 4xx is rejected."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One error of a body, in whichever of the forms it came."""

    code: str
    message: str
    field: str = ""


def troubles(body: Any) -> list[Trouble]:
    """The errors of a body: the accounting form, the newer one, and that of the token server."""
    whole = mapping(body)
    old = sequence(mapping(whole.get("response")).get("errors"))
    found = [_old(mapping(item)) for item in old]
    if "code" in whole and "message" in whole:
        found += [_new(mapping(item)) for item in sequence(whole.get("details"))]
        found = found or [Trouble(str(whole.get("code"))[:20], text(whole.get("message")) or "")]
    if not found and "error" in whole:
        said = text(whole.get("error_description")) or ""
        found = [Trouble(text(whole.get("error")) or "", said)]
    if not found and "errno" in whole:
        found = [_old(whole)]
    return found


def _old(error: Mapping[str, Any]) -> Trouble:
    code = str(error.get("errno", ""))[:20]
    return Trouble(code, text(error.get("message")) or "", text(error.get("field")) or "")


def _new(detail: Mapping[str, Any]) -> Trouble:
    about = mapping(detail.get("metadata"))
    code = text(detail.get("reason")) or ""
    return Trouble(code, text(about.get("message")) or "", text(about.get("field")) or "")


def failure_of(answer: Answer, body: Any, now: datetime) -> Failed | None:
    """Why this answer with this parsed body (None when it is no JSON) is no result; None when it
    is one."""
    errors = troubles(body)
    if answer.status == 200 and not errors:
        return None
    said = "; ".join(f"{e.code} {e.message} {e.field}".strip() for e in errors[:3])
    note = f"FreshBooks answered {answer.status} {said}"
    if any(error.code == WRITE_DENIED for error in errors):
        return bug(note)
    kind = FailureKind.TRANSIENT if answer.status >= 500 else KINDS.get(answer.status)
    if kind is FailureKind.RATE_LIMITED:
        header = answer.headers.get("Retry-After")
        return rate_limited(TITLE, note, retry_after(header, now, THROTTLED))
    if kind is FailureKind.TRANSIENT:
        return transient(TITLE, note)
    if kind is FailureKind.GRANT_LOST and answer.status == 403:
        return grant_lost(TITLE, note, "did not give Well a permission that it needs")
    if kind is FailureKind.GRANT_LOST:
        return grant_lost(TITLE, note)
    detail = errors[0].message if errors else f"status {answer.status}"
    return rejected(f"{TITLE} refused a request of Well: {clean(detail, 200)}", note)
