"""QuickBooks' limits, and what each of its answers means for us.

Invariant: every number has its source and date; every answer that is not a result is in the
table. Source unless said otherwise: developer.intuit.com, read 2026-11-21.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
from well.connectors.jsontext import mapping, sequence, text
from well.connectors.throttle import Rate
from well.domain.failure import Failed, FailureKind

TITLE = "QuickBooks"
MINOR_VERSION = "75"
RATES = (Rate(500, 60.0),)
"""Requests a minute and company."""

CONCURRENT = 8
"""Of the 10 that a company and app may have at once; two are left for others."""

CDC_REACH = timedelta(days=30)
CDC_OBJECTS = 1000
"""The change feed is cut at this many objects without saying so."""

THROTTLED = timedelta(seconds=60)
"""To wait after a 429 without Retry-After."""

IDS_IN_QUERY = 100
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

_FAULTS: Mapping[str, FailureKind] = {
    "authentication": FailureKind.GRANT_LOST,
    "authenticationfault": FailureKind.GRANT_LOST,
    "authorizationfault": FailureKind.GRANT_LOST,
    "validationfault": FailureKind.REJECTED,
    "systemfault": FailureKind.TRANSIENT,
    "throttleexceeded": FailureKind.RATE_LIMITED,
}
_CODES: Mapping[str, FailureKind] = {
    "3200": FailureKind.GRANT_LOST,
    "003200": FailureKind.GRANT_LOST,
    "3100": FailureKind.GRANT_LOST,
    "003100": FailureKind.GRANT_LOST,
    "3001": FailureKind.RATE_LIMITED,
    "003001": FailureKind.RATE_LIMITED,
    "10000": FailureKind.TRANSIENT,
}
_AUTHENTICATION = ("3200", "003200")


@dataclass(frozen=True, slots=True)
class Fault:
    """A Fault body, in either of the spellings that occur."""

    type: str
    code: str
    message: str
    detail: str

    @property
    def kind(self) -> FailureKind | None:
        """What it means where its code or type is known; a code says more than a type."""
        return _CODES.get(self.code) or _FAULTS.get(self.type.lower())

    @property
    def is_authentication(self) -> bool:
        """Whether the access token was refused."""
        by_type = self.type.lower() in ("authentication", "authenticationfault")
        return by_type or self.code in _AUTHENTICATION


def fault_of(body: Any) -> Fault | None:
    """The Fault in a parsed body, also in one that came with status 200."""
    spelled = mapping(mapping(body).get("Fault") or mapping(body).get("fault"))
    if not spelled:
        return None
    errors = sequence(spelled.get("Error") or spelled.get("error"))
    error = mapping(errors[0]) if errors else {}
    return Fault(
        type=text(spelled.get("type")) or "",
        code=text(error.get("code")) or "",
        message=text(error.get("Message") or error.get("message")) or "",
        detail=text(error.get("Detail") or error.get("detail")) or "",
    )


def is_dead_token(answer: Answer) -> bool:
    """Whether a renewed token may help: a 401, or an authentication Fault under any status."""
    if answer.status == 401:
        return True
    if answer.status != 200 or b"ault" not in answer.body[:2000]:
        return False
    try:
        fault = fault_of(answer.json().value)
    except ValueError:
        return False
    return fault is not None and fault.is_authentication


def failure_of(answer: Answer, fault: Fault | None, now: datetime) -> Failed | None:
    """Why this answer with this Fault is no result; None when it is one."""
    if answer.status == 200 and fault is None:
        return None
    note = _note(answer, fault)
    kind = _kind(answer.status, fault)
    if kind is FailureKind.RATE_LIMITED:
        retry_at = retry_after(answer.headers.get("Retry-After"), now, THROTTLED)
        return rate_limited(TITLE, note, retry_at)
    if kind is FailureKind.GRANT_LOST:
        why = "does not let Well read this company" if answer.status == 403 else None
        return grant_lost(TITLE, note, why) if why else grant_lost(TITLE, note)
    if kind is FailureKind.TRANSIENT:
        return transient(TITLE, note)
    if answer.status < 400 and fault is None:
        return malformed(TITLE, note)
    said = (fault.detail or fault.message) if fault else f"status {answer.status}"
    return rejected(f"{TITLE} refused a request of Well: {clean(said, 200)}", note)


def _kind(status: int, fault: Fault | None) -> FailureKind:
    known = fault.kind if fault else None
    if status >= 500:
        return known if known is FailureKind.RATE_LIMITED else FailureKind.TRANSIENT
    if status in (401, 403, 429):
        return KINDS[status]
    return known or KINDS.get(status, FailureKind.REJECTED)


def _note(answer: Answer, fault: Fault | None) -> str:
    said = f" {fault.type} {fault.code}: {fault.message} {fault.detail}" if fault else ""
    return f"QuickBooks answered {answer.status}, intuit_tid {tid_of(answer)}.{said}"


def tid_of(answer: Answer) -> str:
    """Intuit's own number of the answer."""
    return clean(answer.headers.get("intuit_tid", "-"), 80)
