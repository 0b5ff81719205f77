"""What the pipeline asks of a system it writes to.

Promise: `send` never repeats a request by itself; an outcome it cannot be sure of is said to be
`NO_ANSWER`, so that the caller reads back. A target does not know why something is posted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from well.domain.delivery import Delivery
from well.domain.document import PDF, Document
from well.domain.entry import TargetEntry
from well.domain.failure import Failure
from well.domain.invoice import Invoice
from well.domain.marker import Window


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Up to 100 entries and the cursor of the next page (None after the last)."""

    entries: tuple[TargetEntry, ...]
    next_cursor: str | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Cover:
    """What a file is about, for a target that takes words beside it: the invoice as it was read,
    the source's title and its record's id, and where a person opens the record ("" if nowhere)."""

    invoice: Invoice
    source: str
    record: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Shipment:
    """One file to post. `document.name` carries the source record id and identifies it there."""

    posting: str
    idempotency_key: str
    document: Document
    cover: Cover | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Outcome for one shipment: the created entry, the mail that carries it, or why not.
    Exactly one is set."""

    posting: str
    entry: TargetEntry | None = None
    failure: Failure | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class TargetLimits:
    """What the target bears: shipments a request, bytes a file, how long an idempotency key lives
    in seconds, and after how many seconds a write that was accepted must be listed.

    `takes`: media types of the files it reads; a record with another file gets a page.
    `sees_entries`: its entries can be read. `sends_again`: a write whose fate is unknown and that
    is not found by a read-back may be sent once more; a mail never is, a person is asked."""

    batch_max: int
    file_bytes_max: int
    key_lifetime: float
    settle: float
    sees_entries: bool = True
    sends_again: bool = True
    takes: frozenset[str] = frozenset({PDF})


class Target(Protocol):
    """One connection, opened for writing (and for reading back what is there)."""

    @property
    def limits(self) -> TargetLimits: ...

    def entries(self, window: Window | None, cursor: str | None) -> EntryPage:
        """Entries updated in the window, oldest first; all of them when the window is None."""
        ...

    def created_since(self, since: datetime) -> Sequence[TargetEntry]:
        """Every entry created at or after `since` (aware UTC): the read-back of doubtful posts."""
        ...

    def send(self, shipments: Sequence[Shipment]) -> Sequence[Sent]:
        """Create entries from up to `batch_max` files; one outcome for each, in order."""
        ...
