"""One intended write to one target.

Invariant: at most one posting per (workspace, target, source record). `unknown` is written
before the request leaves, so a crash or a lost answer always leads to a read-back and never to
a blind resend.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from well.domain.delivery import Delivery
from well.domain.failure import Failure

NEVER = datetime.max.replace(tzinfo=UTC)
"""`not_before` of a posting that nothing moves by itself any more: only a person, or its mail
coming back."""


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

    @property
    def asks(self) -> str:
        """The question about this posting that only a person can answer, "" where there is none."""
        open_ = self.state in (PostingState.UNKNOWN, PostingState.SENT) and self.entry is None
        asked = open_ and self.not_before == NEVER and self.failure is not None
        return self.failure.sentence if asked and self.failure else ""

    @property
    def may_be_there(self) -> bool:
        """Whether it may have made something at the target that has no known entry."""
        by_mail = self.delivery is not None and self.state is not PostingState.REJECTED
        return self.entry is None and (by_mail or self.state is PostingState.UNKNOWN)
