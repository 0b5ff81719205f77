"""The legal person on the other side, as the workspace knows it.

Invariant: one counterparty may have many names, IBANs and source ids; none is ever dropped by
a merge. Vendor and customer are roles of it.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Counterparty:
    """`names` holds every spelling seen, the preferred one first; `source_ids` are RecordKey ids.

    `ibans` are trusted: named by the source's own books or posted before. `sightings` are accounts
    seen on documents, each with the earliest issue date of a document that shows it.
    """

    id: str
    names: tuple[str, ...]
    vat_ids: tuple[str, ...] = ()
    legal_ids: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    country: str | None = None
    ledger_account: str | None = None
    source_ids: tuple[str, ...] = ()
    sightings: tuple[tuple[str, date], ...] = ()

    @property
    def name(self) -> str:
        """The preferred spelling."""
        return self.names[0]
