"""The invented company's things: suppliers, what they issued, and how it was booked.

Invariant: a `Document` is the truth on paper; a `Booking` is what somebody typed into the books
about exactly one document. Amounts are whole minor units of their currency, never floats.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

Groups = tuple[tuple[int, int], ...]
"""(tax rate in hundredths of a percent, net in minor units) of a document."""

ZERO_DECIMALS = frozenset({"JPY"})


def places(currency: str) -> int:
    """Decimal places of a currency."""
    return 0 if currency in ZERO_DECIMALS else 2


def money(minor: int, currency: str) -> Decimal:
    """Minor units as a decimal amount with the currency's places."""
    return Decimal(minor).scaleb(-places(currency))


def tax_of(rate: int, net: int) -> int:
    """Tax in minor units, rounded half away from zero."""
    sign = -1 if net < 0 else 1
    return sign * ((abs(net) * rate * 2 + 10000) // 20000)


def net_of(groups: Groups) -> int:
    """The net sum."""
    return sum(net for _, net in groups)


def gross_of(groups: Groups) -> int:
    """The sum with tax, each rate rounded by itself."""
    return sum(net + tax_of(rate, net) for rate, net in groups)


@dataclass(frozen=True, slots=True)
class Person:
    """A legal person that issues invoices. `rate` is the tax rate it charges by default."""

    index: int
    name: str
    core: str
    country: str
    lang: str
    street: str
    postcode: str
    city: str
    register: str
    vat: str | None
    iban: str | None
    domain: str
    phone: str
    trade: str
    layout: int
    wording: int
    numbering: int
    currency: str
    terms: int
    rate: int
    monthly: int = 0
    """Net minor units of its monthly invoice; 0 for suppliers that invoice now and then."""


@dataclass(frozen=True, slots=True)
class Card:
    """One Vendor record of QuickBooks: how a person is written there (not always rightly)."""

    id: str
    person: Person
    name: str
    created: date
    tax_id: str | None
    web: str | None
    bank: str | None
    active: bool = True


@dataclass(slots=True)
class Document:
    """One real invoice or credit note as its supplier issued it."""

    id: str
    seller: Person
    issued: date
    due: date
    currency: str
    groups: Groups
    seed: int
    credit: bool = False
    number: str = ""
    shows_number: bool = True
    iban: str | None = None
    xml_shift: int = 0
    """Minor units by which the embedded XML's total is away from the page's."""
    order: str = ""


class Form(StrEnum):
    """What the attached file of a booking is."""

    NONE = "none"
    TEXT = "text"
    FACTURX = "facturx"
    SCAN = "scan"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    HUGE = "huge"
    NOTE = "note"
    """A plain text file instead of the invoice."""
    DELIVERY = "delivery"
    """A delivery note: belongs to the invoice, is not the invoice."""


@dataclass(slots=True)
class Entry:
    """One supplier invoice that the target already has. None means Qonto read nothing there."""

    id: str
    document: Document
    supplier: str
    number: str | None
    total: int | None
    analysed: bool = True
    same_file: bool = False
    added: datetime | None = None


@dataclass(slots=True)
class Booking:
    """One Bill or VendorCredit. Fields repeat the document's where nothing was typed wrongly."""

    document: Document
    card: Card
    number: str | None
    dated: date
    groups: Groups
    form: Form
    scenario: str = "normal"
    id: str = ""
    act: int = 1
    extra: Form = Form.NONE
    created: datetime | None = None
    paid: date | None = None
    entry: Entry | None = None
    files: tuple[str, ...] = ()
    payment: str = ""
    order: str = ""
    change: str = ""
    """What the second act does to it; empty for nothing."""

    @property
    def entity(self) -> str:
        """The QuickBooks entity name."""
        return "VendorCredit" if self.document.credit else "Bill"

    @property
    def total(self) -> int:
        """The booked total in minor units."""
        return gross_of(self.groups)
