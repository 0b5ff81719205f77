"""One line of the audit trail: who did what to which thing, before, after, by which versions.

Invariant: events are appended and never changed; each carries the digest of the one before, so
a missing or altered line is found. Values are JSON text without secrets.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """`verb` is a past participle ("captured"); `subject` the id of what it is about."""

    at: datetime
    actor: str
    verb: str
    subject: str
    detail: dict[str, Any]


def chain(previous: str, event: TrailEvent) -> str:
    """Digest of `event` after `previous` (both SHA-256 hexadecimal)."""
    line = json.dumps(
        [previous, event.at.isoformat(), event.actor, event.verb, event.subject, event.detail],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return sha256(line.encode()).hexdigest()
