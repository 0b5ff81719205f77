"""The bill that is written: every value of the page and of the e-invoice, once.

Invariant: immutable; amounts are exact decimals in major units of the bill's currency; what is
unknown is None and is never filled by a guess. It knows no page and no XML.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

INVOICE, CREDIT_NOTE = "380", "381"
"""UNTDID 1001 codes of the two kinds of bill."""
CREDIT_NOTES = ("261", "262", "381", "396", "502", "503")


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address (BG-5, BG-8, BG-15); `country` is an ISO 3166-1 code of two letters."""

    street: str | None = None
    street2: str | None = None
    street3: str | None = None
    city: str | None = None
    post_code: str | None = None
    region: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Seller (BG-4) or buyer (BG-7). Schemes are codes of ISO 6523 or the EAS list."""

    name: str | None = None
    trade_name: str | None = None
    vat_id: str | None = None
    tax_number: str | None = None
    legal_id: str | None = None
    legal_scheme: str | None = None
    id: str | None = None
    id_scheme: str | None = None
    electronic_address: str | None = None
    electronic_scheme: str | None = None
    address: Address = Address()
    contact: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    legal_text: str | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A discount or a charge on a line (BG-27, BG-28) or on the whole bill (BG-20, BG-21)."""

    charge: bool
    amount: Decimal
    base_amount: Decimal | None = None
    percent: Decimal | None = None
    reason: str | None = None
    reason_code: str | None = None
    tax_category: str | None = None
    tax_rate: Decimal | None = None

    @property
    def signed(self) -> Decimal:
        """What it adds to the sum: negative for a discount."""
        return self.amount if self.charge else -self.amount


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line (BG-25). `unit` is a code of UN/ECE Recommendation 20.

    `unit_price` (BT-146) is without VAT, for `price_quantity` units (BT-149, one by default).
    """

    description: str
    net_amount: Decimal | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    price_quantity: Decimal | None = None
    tax_category: str | None = None
    tax_rate: Decimal | None = None
    details: str | None = None
    item_id: str | None = None
    note: str | None = None
    order_line: str | None = None
    ledger_account: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """One row of the VAT breakdown (BG-23)."""

    tax_category: str | None
    tax_rate: Decimal | None
    base_amount: Decimal
    tax_amount: Decimal
    exemption_reason: str | None = None
    exemption_code: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """How to pay (BG-16, BG-17). `means` is a code of UNTDID 4461."""

    iban: str | None = None
    bic: str | None = None
    account_name: str | None = None
    means: str | None = None
    means_text: str | None = None
    reference: str | None = None
    terms: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """BT-106 to BT-115; `tax_accounting` is BT-111, in the accounting currency."""

    lines: Decimal | None = None
    allowances: Decimal | None = None
    charges: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    tax_accounting: Decimal | None = None
    gross: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A text on the bill (BT-22) and its subject (BT-21, UNTDID 4451)."""

    text: str
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Preceding:
    """An earlier invoice that this bill is about (BG-3)."""

    number: str
    issue_date: date | None = None


@dataclass(frozen=True, slots=True)
class References:
    """Numbers of other papers: BT-10, BT-12, BT-13, BT-14, BG-3."""

    buyer_reference: str | None = None
    contract: str | None = None
    purchase_order: str | None = None
    sales_order: str | None = None
    preceding: tuple[Preceding, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """When and where (BG-13 to BG-15): BT-70, BT-72, BT-73, BT-74."""

    day: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    name: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The record that a rendition shows; `label` is the name of the tool it came from."""

    label: str
    id: str


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice or credit note to write.

    type_code BT-3, number BT-1, issue_date BT-2, due_date BT-9, currency BT-5, tax_currency BT-6,
    process BT-23. `language` is that of the page. `source` is the record it is a rendition of.
    """

    source: Source
    type_code: str = INVOICE
    number: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    currency: str | None = None
    tax_currency: str | None = None
    process: str | None = None
    language: str = "en"
    seller: Party = Party()
    buyer: Party = Party()
    delivery: Delivery = Delivery()
    payment: Payment = Payment()
    references: References = References()
    lines: tuple[BillLine, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    taxes: tuple[TaxGroup, ...] = ()
    totals: Totals = Totals()
    notes: tuple[Note, ...] = ()
    exemption_reason: str | None = None
    exemption_code: str | None = None

    @property
    def credit_note(self) -> bool:
        """Whether the code is that of a credit note."""
        return self.type_code in CREDIT_NOTES
