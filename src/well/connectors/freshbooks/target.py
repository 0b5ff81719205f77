"""FreshBooks as a target: documents go to its receipts address, its ledger is only read.

Invariant: a document is mailed at most once; entries are seen only through a read grant, and
without one nothing is said to be there or not to be there. It writes nothing through the API.
"""

from collections.abc import Sequence
from datetime import datetime

from well.connectors.freshbooks.limits import SETTLE, TITLE
from well.connectors.freshbooks.listing import Ledger
from well.connectors.mailed import BATCH, FILE_BYTES, KINDS, hand_over_all
from well.domain.delivery import MailRoute
from well.domain.entry import TargetEntry
from well.domain.marker import Window
from well.ports.clock import Clock
from well.ports.mailer import Mailer
from well.ports.target import EntryPage, Sent, Shipment, TargetLimits


class FreshBooksTarget:
    """One business; `ledger` is None where no grant lets Well see it."""

    def __init__(
        self,
        ledger: Ledger | None,
        mailer: Mailer,
        route: MailRoute | None,
        clock: Clock,
        settle: float = SETTLE,
    ) -> None:
        self._settle = settle
        self._ledger = ledger
        self._mailer = mailer
        self._route = route
        self._clock = clock

    @property
    def limits(self) -> TargetLimits:
        """One mail at a time, never repeated."""
        return TargetLimits(
            batch_max=BATCH,
            file_bytes_max=FILE_BYTES,
            key_lifetime=0.0,
            settle=self._settle if self._ledger else 0.0,
            sees_entries=self._ledger is not None,
            sends_again=False,
            takes=frozenset(KINDS),
        )

    def entries(self, window: Window | None, cursor: str | None) -> EntryPage:
        """Expenses and bills changed in the window; none where the ledger cannot be seen."""
        if self._ledger is None:
            return EntryPage((), None, self._clock.now())
        return self._ledger.page(window, cursor)

    def created_since(self, since: datetime) -> Sequence[TargetEntry]:
        """Entries that are new, or were changed, at or after `since`: FreshBooks does not tell
        when an expense was made."""
        return self._ledger.since(since) if self._ledger else ()

    def send(self, shipments: Sequence[Shipment]) -> Sequence[Sent]:
        """Mail each document once; one outcome for each, in order."""
        return hand_over_all(TITLE, self._mailer, self._route, shipments)
