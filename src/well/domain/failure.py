"""Why something could not be done, for whom, and what continues it.

Invariant: every outcome an adapter cannot turn into a result is one `Failure`; its kind alone
decides whether it is tried again. Sentences never hold a secret. Programmer errors are not
failures: they are asserted.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FailureKind(StrEnum):
    """The retry decision is in the kind (DESIGN 5)."""

    TRANSIENT = "transient"
    RATE_LIMITED = "rate_limited"
    GRANT_LOST = "grant_lost"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    NO_ANSWER = "no_answer"
    BUG = "bug"

    @property
    def retries_itself(self) -> bool:
        """Whether time alone may cure it."""
        return self in (FailureKind.TRANSIENT, FailureKind.RATE_LIMITED)


class WayOut(StrEnum):
    """The one click that continues."""

    WAIT = "wait"
    RECONNECT = "reconnect"
    FIX_AND_RETRY = "fix_and_retry"
    RETRY = "retry"
    DECIDE = "decide"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Failure:
    """`sentence` is for the user, `operator_note` for whoever runs Well; `retry_at` aware UTC."""

    kind: FailureKind
    sentence: str
    operator_note: str = ""
    retry_at: datetime | None = None
    way_out: WayOut = WayOut.RETRY


class Failed(Exception):
    """Carries a `Failure` from an adapter to the step that handles it.

    `connection` is the id of the connection that was being used, where one was.
    """

    def __init__(self, failure: Failure, connection: str | None = None) -> None:
        super().__init__(f"{failure.kind}: {failure.sentence} {failure.operator_note}".rstrip())
        self.failure = failure
        self.connection = connection
