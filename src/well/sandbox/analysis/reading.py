"""The values a supplier invoice can show; None where nothing sure was read.

Invariant: amounts are positive major units, with a currency or not at all. Holds no judgement.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """One document's values; `e_invoice_type` names the embedded XML where there is one."""

    number: str | None = None
    supplier: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    currency: str | None = None
    gross: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    iban: str | None = None
    vat_number: str | None = None
    credit_note: bool = False
    e_invoice_type: str | None = None


NOTHING = Reading()
