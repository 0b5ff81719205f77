"""A fake target that is fed by mail: it makes an entry later, and its answers may be cut.

Invariant: every message that was taken counts, so a second one of the same document is seen.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from simulation.world import LIMITS, FakeTarget
from well.domain.delivery import Delivery, DeliveryState
from well.domain.entry import TargetEntry
from well.domain.failure import Failure, FailureKind
from well.domain.marker import Window
from well.domain.money import Money
from well.ports.target import EntryPage, Sent, Shipment, TargetLimits

SLOW = timedelta(minutes=30)
"""How long the receiver's own reader takes."""


@dataclass
class MailTarget(FakeTarget):
    """`taken` counts messages by posting; `blind`: its entries cannot be read."""

    limits: TargetLimits = replace(
        LIMITS, batch_max=1, settle=3600.0, key_lifetime=0.0, sends_again=False
    )
    taken: Counter[str] = field(default_factory=Counter)

    def has(self, posting: str) -> bool:
        """What a person sees who looks at the inbox."""
        return self.taken[posting] > 0

    def entries(self, window: Window | None, cursor: str | None) -> EntryPage:
        self.faults.maybe_fail()
        now = self.clock.now()
        seen = [e for e in self.held.values() if e.created_at <= now]
        rows = [e for e in seen if window is None or e.updated_at >= window.since]
        return EntryPage(tuple(rows), None, now)

    def created_since(self, since: datetime) -> Sequence[TargetEntry]:
        raise AssertionError("a mail target is never asked for one file")

    def send(self, shipments: Sequence[Shipment]) -> Sequence[Sent]:
        self.faults.maybe_fail()
        (shipment,) = shipments
        self.faults.maybe_crash()
        self._take(shipment)
        # The dot has been sent: from here on only an answer says that it was taken.
        self.faults.maybe_crash()
        if self.faults.hit(self.faults.lost_answer):
            cut = Failure(FailureKind.NO_ANSWER, "The connection broke after the dot.")
            return [Sent(shipment.posting, failure=cut)]
        delivery = Delivery(DeliveryState.HANDED_OVER, f"<{shipment.posting}@w>", self.clock.now())
        return [Sent(shipment.posting, delivery=delivery)]

    def _take(self, shipment: Shipment) -> None:
        self.taken[shipment.posting] += 1
        _, total, issued = shipment.document.content.decode().split("|")
        at = self.clock.now() + SLOW
        entry = TargetEntry(
            id=f"draft-{len(self.held)}",
            file_name="",
            status="draft",
            created_at=at,
            updated_at=at,
            analyzed_at=at,
            supplier_name="Algolia",
            gross_total=Money(int(total), "EUR"),
            issue_date=date.fromisoformat(issued),
        )
        if not self.limits.sees_entries or self.faults.hit(0.05):
            return  # the receiver's reader dropped it
        self.held[entry.id] = entry
