"""What one reader saw in one file, before it becomes an invoice.

Invariant: a draft holds readings only; nothing in it is computed from another value.
"""

from dataclasses import dataclass
from decimal import Decimal

from well.domain.invoice import FieldReading, Finding, InvoiceLine

AMOUNTS = ("net_total", "tax_total", "gross_total", "due_payable", "prepaid")
DATES = ("issue_date", "due_date")


@dataclass(frozen=True, slots=True)
class Draft:
    """`readings` by field name. `line_sum` BT-106, `allowance` BT-107, `charge` BT-108.

    `tax_parts` are the tax amounts of the breakdown (BT-117). `credit_note` as the file says.
    """

    syntax: str | None
    credit_note: bool
    readings: dict[str, FieldReading]
    lines: tuple[InvoiceLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    type_code: str | None = None
    line_sum: Decimal | None = None
    allowance: Decimal | None = None
    charge: Decimal | None = None
    tax_parts: tuple[Decimal, ...] = ()

    def value(self, field: str) -> str | None:
        """Canonical text of a field, None when it was not read."""
        reading = self.readings.get(field)
        return reading.value if reading else None

    def amount(self, field: str) -> Decimal | None:
        """An amount field as a decimal."""
        value = self.value(field)
        return Decimal(value) if value is not None else None
