"""An entry that exists on the target side, as last read back.

Invariant: a mirror of what the target said, never of what we meant; None where the target has
not read or does not tell a value.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from well.domain.money import Money


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """One entry (a Qonto supplier invoice). Times aware UTC.

    `deleted`: it is kept in the mirror, and no document is ever matched with it.

    `canonical` is what matching made of the other values, kept beside them and read by matching
    alone; "" where nothing was made yet. It says nothing new, so equality does not look at it.
    """

    id: str
    file_name: str
    status: str
    created_at: datetime
    updated_at: datetime
    analyzed_at: datetime | None = None
    invoice_number: str | None = None
    supplier_name: str | None = None
    vat_id: str | None = None
    iban: str | None = None
    gross_total: Money | None = None
    tax_total: Money | None = None
    issue_date: date | None = None
    due_date: date | None = None
    credit_note: bool = False
    attachment_id: str | None = None
    has_duplicates: bool = False
    has_discrepancies: bool = False
    link: str = ""
    deleted: bool = False
    canonical: str = field(default="", compare=False, repr=False)
