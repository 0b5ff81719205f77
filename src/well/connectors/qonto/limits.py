"""Qonto's limits, and what each of its answers means for us.

Invariant: every number has its source and date; every answer that is not a result is in the
table. Source unless said otherwise: docs.qonto.com, read 2026-11-21.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from well.connectors.failures import clean, grant_lost, rate_limited, rejected, retry_after
from well.connectors.failures import transient as out_of_order
from well.connectors.http import Answer
from well.connectors.jsontext import mapping, sequence, text
from well.connectors.throttle import Rate
from well.domain.failure import Failed, Failure, FailureKind, WayOut

TITLE = "Qonto"
RATES = (Rate(1_000, 10.0), Rate(10_000, 600.0))
"""Requests per IP address, so all workspaces of an installation share them."""

CONCURRENT = 8
"""Not documented; our own bound."""

PER_PAGE = 100
SOURCE_ROWS = 66
"""Invoices a page as a source: each with its file and its supplier makes up to 198 records."""

BATCH = 20
FILE_BYTES = 10 * 1024 * 1024
KEY_LIFETIME = 1_800.0
"""Seconds; afterwards the same idempotency key creates a second invoice."""

SETTLE = 10.0
"""Seconds after which an accepted upload must be listed. Not documented; measured on no account
yet, so a read-back that finds nothing earlier than this is not believed."""

THROTTLED = timedelta(seconds=10)
EVERY = timedelta(minutes=15)

KINDS: Mapping[int, FailureKind] = {
    400: FailureKind.REJECTED,
    401: FailureKind.GRANT_LOST,
    403: FailureKind.GRANT_LOST,
    404: FailureKind.REJECTED,
    408: FailureKind.TRANSIENT,
    422: FailureKind.REJECTED,
    428: FailureKind.REJECTED,
    429: FailureKind.RATE_LIMITED,
}
"""HTTP status of a read -> kind; every 5xx is transient, every other 4xx is rejected."""

ITEM_KINDS: Mapping[str, FailureKind] = {
    "invalid": FailureKind.REJECTED,
    "required": FailureKind.REJECTED,
    "limit_reached": FailureKind.RATE_LIMITED,
    "internal_server_error": FailureKind.NO_ANSWER,
}
"""Code of one file's error in a bulk answer -> kind; an unknown code is no answer."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One entry of `errors`."""

    code: str
    detail: str
    pointer: str


def troubles(body: Any) -> list[Trouble]:
    """The entries of `errors`, those that are objects."""
    found = []
    for item in sequence(mapping(body).get("errors")):
        error = mapping(item)
        pointer = mapping(error.get("source")).get("pointer")
        found.append(
            Trouble(
                text(error.get("code")) or "", text(error.get("detail")) or "", text(pointer) or ""
            )
        )
    return found


def failure_of(answer: Answer, now: datetime) -> Failed | None:
    """Why this answer is no result; None when it is one."""
    if answer.status in (200, 201):
        return None
    try:
        errors = troubles(answer.json().value)
    except ValueError:
        errors = []
    said = "; ".join(f"{e.code} {e.detail} {e.pointer}" for e in errors[:3])
    note = f"Qonto answered {answer.status} {said}"
    kind = FailureKind.TRANSIENT if answer.status >= 500 else KINDS.get(answer.status)
    if kind is FailureKind.RATE_LIMITED:
        header = answer.headers.get("Retry-After")
        return rate_limited(TITLE, note, retry_after(header, now, THROTTLED))
    if kind is FailureKind.TRANSIENT:
        return out_of_order(TITLE, note)
    if kind is FailureKind.GRANT_LOST:
        scope = any("scope" in e.detail.lower() for e in errors)
        why = "did not give Well a permission that it needs" if scope else "refused the connection"
        return grant_lost(TITLE, note, why)
    detail = errors[0].detail if errors else f"status {answer.status}"
    return rejected(f"{TITLE} refused a request of Well: {clean(detail, 200)}", note)


def item_failure(trouble: Trouble, now: datetime) -> Failure:
    """Why one file was not taken."""
    note = f"Qonto: {trouble.code} {trouble.detail} {trouble.pointer}"
    kind = ITEM_KINDS.get(trouble.code, FailureKind.NO_ANSWER)
    if kind is FailureKind.NO_ANSWER:
        return no_answer(note)
    if kind is FailureKind.RATE_LIMITED:
        # The answer is kept with the key, so the same key cannot fare better before it ends.
        retry_at = now + timedelta(seconds=KEY_LIFETIME + 60)
        sentence = f"{TITLE} takes no more files for now. Nothing is lost."
        return Failure(kind, sentence, clean(note), retry_at, WayOut.WAIT)
    return rejected(_item_sentence(trouble), note).failure


def _item_sentence(trouble: Trouble) -> str:
    detail = trouble.detail.lower()
    if "large" in detail or "size" in detail:
        return too_large()
    if "type" in detail or "format" in detail or "pdf" in detail:
        return not_a_pdf()
    return f"{TITLE} did not take this file: {clean(trouble.detail or trouble.code, 200)}"


def too_large() -> str:
    """The sentence for a file over the limit."""
    limit = FILE_BYTES // (1024 * 1024)
    return f"The file is too large for {TITLE}: it takes PDF files of up to {limit} MB."


def not_a_pdf() -> str:
    """The sentence for a file of another type."""
    return f"{TITLE} takes PDF files only, and this file is none."


def no_answer(note: str) -> Failure:
    """It is not known whether the file was taken; the caller reads back."""
    sentence = f"{TITLE} did not say whether it took the file. Well looks before it sends again."
    return Failure(FailureKind.NO_ANSWER, sentence, clean(note), way_out=WayOut.WAIT)
