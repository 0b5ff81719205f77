"""The structured reading of an invoice; fields named after EN 16931 business terms.

Invariant: every value says where it was read (`readings`); missing is None and never a guess.
It does not decide anything.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from well.domain.money import Converted, Money

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 as shares of the page's width and height, origin at the top left."""


class Origin(StrEnum):
    """Where a value was read."""

    API = "api"
    XML = "xml"
    TEXT = "text"
    OCR = "ocr"
    LLM = "llm"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field as one reader saw it. `value` is canonical text: ISO date, plain decimal, name.

    `via` is the row of the mapping that gave it: a path in the record, or a template.
    """

    field: str
    value: str
    origin: Origin
    confidence: float
    page: int | None = None
    box: Box | None = None
    raw: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader noticed. `stops_auto_post` makes it a hard stop."""

    code: str
    sentence: str
    stops_auto_post: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line (BG-25). Amounts are major units in the invoice currency."""

    description: str
    net_amount: Decimal
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    tax_rate: Decimal | None = None
    ledger_account: str | None = None


@dataclass(frozen=True, slots=True)
class Seller:
    """The supplier as the record or the page names it (BG-4), before it is resolved."""

    name: str | None = None
    vat_id: str | None = None
    legal_id: str | None = None
    country: str | None = None
    iban: str | None = None
    email: str | None = None
    website: str | None = None
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """One supplier invoice or credit note.

    number BT-1, issue_date BT-2, due_date BT-9, net_total BT-109, tax_total BT-110,
    gross_total BT-112, seller BG-4, buyer_name BT-44, note BT-22. A credit note has positive
    totals and `credit_note` set (UNTDID 1001 code 381). `converted` is what the gross total is
    worth in the books of the source, where it tells a rate.
    """

    credit_note: bool = False
    number: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    currency: str | None = None
    net_total: Money | None = None
    tax_total: Money | None = None
    gross_total: Money | None = None
    seller: Seller = Seller()
    buyer_name: str | None = None
    note: str | None = None
    purchase_order: str | None = None
    lines: tuple[InvoiceLine, ...] = ()
    readings: tuple[FieldReading, ...] = ()
    findings: tuple[Finding, ...] = ()
    converted: Converted | None = None
