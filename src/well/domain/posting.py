"""One intended write to one target.

Invariant: at most one posting per (workspace, target, source record). `unknown` is written
before the request leaves, so a crash or a lost answer always leads to a read-back and never to
a blind resend.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from well.domain.delivery import Delivery
from well.domain.failure import Failure


class PostingState(StrEnum):
    """Life of a posting (DESIGN 4)."""

    PLANNED = "planned"
    UNKNOWN = "unknown"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


THERE = (PostingState.UNKNOWN, PostingState.SENT, PostingState.CONFIRMED)
"""States in which something is at the target, or may be."""


@dataclass(frozen=True, slots=True)
class Posting:
    """`idempotency_key` is the posting's own UUID; `first_sent_at` is when it first may have left.

    `priority` is the confidence that planned it: the most confident go first. `delivery` is what
    became of the mail that carries it, where the target is fed by e-mail.
    """

    id: str
    case: str
    flow: str
    target: str
    state: PostingState
    priority: float
    file_name: str
    idempotency_key: str
    planned_at: datetime
    document: str | None = None
    attempts: int = 0
    first_sent_at: datetime | None = None
    last_sent_at: datetime | None = None
    not_before: datetime | None = None
    entry: str | None = None
    failure: Failure | None = None
    delivery: Delivery | None = None
