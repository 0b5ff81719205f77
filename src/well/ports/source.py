"""What the pipeline asks of a system it reads from.

Promise: read only; pages are bounded; every outcome that is not a result is raised as
`Failed`. A source does not store anything and does not decide what is new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from well.domain.counterparty import Counterparty
from well.domain.document import Document
from well.domain.failure import Failure
from well.domain.invoice import Invoice
from well.domain.mapping import FieldMapping
from well.domain.marker import Window
from well.domain.source_record import Kind, SourceRecord

PAGE_MAX = 200
"""Records in a page at the most."""


class NotYetError(ValueError):
    """The provider itself is still at work on a record, and will bring a newer version of it.

    `invoice` is what is known so far, for when that newer version never comes."""

    def __init__(self, sentence: str, invoice: Invoice) -> None:
        super().__init__(sentence)
        self.invoice = invoice


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of thing a source lists. A `dated` stream is backfilled by document date in
    slices, newest first; another is read whole once. `trigger` is its sentence on the flow page."""

    name: str
    kind: Kind
    trigger: str
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Up to PAGE_MAX records and the cursor of the next page; None when this was the last.

    `as_of` is the provider's own time of the answer (aware UTC), the basis of the next marker.
    """

    records: tuple[SourceRecord, ...]
    next_cursor: str | None
    as_of: datetime


class Source(Protocol):
    """One connection, opened for reading."""

    @property
    def streams(self) -> Sequence[Stream]:
        """Every stream, in the order they should be read (lists first)."""
        ...

    def changes(self, streams: Sequence[str], window: Window, cursor: str | None) -> Page:
        """Records of `streams` changed in the window, deletions as tombstones; oldest first.

        One call may serve many streams (a change feed). Records at the window's edges may come
        twice and must never be missed.
        """
        ...

    def history(self, stream: str, window: Window, cursor: str | None) -> Page:
        """Records of a dated stream whose document date is in [since, until); of any other, all."""
        ...

    def files(self, attachments: Sequence[SourceRecord]) -> Mapping[str, Document | Failure]:
        """Bytes of up to PAGE_MAX attachment records, by source id; single failures as values."""
        ...

    def read_invoice(self, record: SourceRecord, mapping: FieldMapping) -> Invoice:
        """The record as an invoice under `mapping`; pure. ValueError with a sentence if broken,
        NotYetError while the provider has not finished it."""
        ...

    def read_company(self, record: SourceRecord, mapping: FieldMapping) -> Counterparty | None:
        """A company record as a counterparty with no id yet (""); pure; None if unusable."""
        ...

    def link(self, record: SourceRecord) -> str:
        """Where a person opens the record at the provider; "" if there is no such page."""
        ...
