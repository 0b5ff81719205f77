"""The JSON of `well render`, field by field (docs/documents.md tells it in words).

Invariant: unknown names and values of the wrong kind are refused with their path; numbers are
exact decimals and never floats. It works nothing out.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

_DECIMAL = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,8})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FORMAT = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad]")
"""Marks that change the order of letters, or show nothing."""
_TEXT_MAX = 5_000
_LINES_MAX = 2_000


def clean(text: str) -> str:
    """`text` on one line without control characters and direction marks."""
    kept = "".join(c if _shown(c) else " " for c in _FORMAT.sub("", text))
    return " ".join(kept.split())


def _shown(char: str) -> bool:
    # The two joiners print nothing, but words of Arabic and Persian are written with them.
    return char.isprintable() or char in "\u200c\u200d"


def _text(value: Any) -> Any:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError("it must be a text")
    if len(value) > _TEXT_MAX:
        raise ValueError(f"it is longer than {_TEXT_MAX} characters")
    return clean(value) or None


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("it must be a number")
    text = format(value, "f") if isinstance(value, Decimal) else str(value).strip()
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"{str(value)[:40]!r} is not a number")
    return Decimal(text)


def _day(value: Any) -> Any:
    if not isinstance(value, str) or not _DAY.fullmatch(value.strip()):
        raise ValueError(f"{str(value)[:40]!r} is not a date like 2026-04-22")
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(f"{value.strip()!r} is no day of the calendar") from None


def _code(pattern: str, meaning: str) -> AfterValidator:
    """A check that a text is a code of a certain shape."""

    def check(value: str | None) -> str | None:
        if value is None:
            return None
        if not re.fullmatch(pattern, value.upper(), re.ASCII):
            raise ValueError(f"{value[:40]!r} is not {meaning}")
        return value.upper()

    return AfterValidator(check)


def _rounded(value: Decimal) -> Decimal:
    if value != round(value, 2):
        raise ValueError(f"{value} has more than two decimals")
    return value


Text = Annotated[str | None, BeforeValidator(lambda x: None if x is None else _text(x))]
Number = Annotated[Decimal, BeforeValidator(_number)]
Amount = Annotated[Number, AfterValidator(_rounded)]
"""Major units with at most two decimals (BR-DEC)."""
Day = Annotated[date, BeforeValidator(_day)]
Currency = Annotated[Text, _code("[A-Z]{3}", "a currency code like EUR")]
Country = Annotated[Text, _code("[A-Z]{2}", "a country code like FR")]
Category = Annotated[Text, _code("S|Z|E|AE|K|G|O|L|M", "a VAT category (S Z E AE K G O L M)")]
Rate = Annotated[Number, Field(ge=0, le=100)]
Positive = Annotated[Number, Field(gt=0)]


class Strict(BaseModel):
    """A JSON object whose names are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AddressIn(Strict):
    """An address."""

    street: Text = None
    street2: Text = None
    street3: Text = None
    city: Text = None
    post_code: Text = None
    region: Text = None
    country: Country = None


class AdjustmentIn(Strict):
    """A discount or a charge; its amount is positive."""

    amount: Annotated[Amount, Field(ge=0)]
    base_amount: Amount | None = None
    percent: Number | None = None
    reason: Text = None
    reason_code: Text = None
    tax_category: Category = None
    tax_rate: Rate | None = None


class LineIn(Strict):
    """One line."""

    description: Text = None
    details: Text = None
    item_id: Text = None
    quantity: Number | None = None
    unit: Text = None
    unit_price: Number | None = None
    price_quantity: Positive | None = None
    net_amount: Amount | None = None
    tax_rate: Rate | None = None
    tax_category: Category = None
    note: Text = None
    order_line: Text = None
    ledger_account: Text = None
    period_start: Day | None = None
    period_end: Day | None = None
    allowances: list[AdjustmentIn] | None = None
    charges: list[AdjustmentIn] | None = None


class TaxIn(Strict):
    """One row of the VAT breakdown."""

    tax_category: Category = None
    tax_rate: Rate | None = None
    base_amount: Amount
    tax_amount: Amount
    exemption_reason: Text = None
    exemption_code: Text = None


class NoteIn(Strict):
    """A text and its subject code (UNTDID 4451)."""

    text: Text
    subject: Annotated[Text, _code("[A-Z]{3}", "a subject code like AAI")] = None


def _note(value: Any) -> Any:
    """A bare text is a note without a subject."""
    return {"text": value} if isinstance(value, str) else value


class PrecedingIn(Strict):
    """An earlier invoice."""

    number: Text
    issue_date: Day | None = None


class SourceIn(Strict):
    """The record that is shown."""

    label: Text = None
    id: Text = None


class BillIn(Strict):
    """The whole file."""

    kind: Literal["invoice", "credit_note"] | None = None
    type_code: Annotated[Text, _code(r"\d{2,3}", "a document code like 380")] = None
    language: Literal["en", "fr"] | None = None
    source: SourceIn | None = None
    invoice_number: Text = None
    issue_date: Day | None = None
    due_date: Day | None = None
    currency: Currency = None
    tax_currency: Currency = None
    business_process: Text = None
    buyer_reference: Text = None
    purchase_order: Text = None
    sales_order: Text = None
    contract: Text = None
    preceding_invoices: list[PrecedingIn] | None = None
    seller_name: Text = None
    seller_trade_name: Text = None
    seller_vat_id: Text = None
    seller_tax_number: Text = None
    seller_legal_id: Text = None
    seller_legal_scheme: Text = None
    seller_id: Text = None
    seller_id_scheme: Text = None
    seller_electronic_address: Text = None
    seller_electronic_scheme: Text = None
    seller_address: AddressIn | None = None
    seller_contact: Text = None
    seller_phone: Text = None
    seller_email: Text = None
    seller_website: Text = None
    seller_legal_text: Text = None
    buyer_name: Text = None
    buyer_trade_name: Text = None
    buyer_vat_id: Text = None
    buyer_tax_number: Text = None
    buyer_legal_id: Text = None
    buyer_legal_scheme: Text = None
    buyer_id: Text = None
    buyer_id_scheme: Text = None
    buyer_electronic_address: Text = None
    buyer_electronic_scheme: Text = None
    buyer_address: AddressIn | None = None
    buyer_contact: Text = None
    buyer_phone: Text = None
    buyer_email: Text = None
    delivery_date: Day | None = None
    delivery_name: Text = None
    delivery_address: AddressIn | None = None
    period_start: Day | None = None
    period_end: Day | None = None
    lines: Annotated[list[LineIn], Field(max_length=_LINES_MAX)] | None = None
    allowances: list[AdjustmentIn] | None = None
    charges: list[AdjustmentIn] | None = None
    taxes: list[TaxIn] | None = None
    exemption_reason: Text = None
    exemption_code: Text = None
    line_total: Amount | None = None
    allowance_total: Amount | None = None
    charge_total: Amount | None = None
    net_total: Amount | None = None
    tax_total: Amount | None = None
    tax_total_accounting: Amount | None = None
    gross_total: Amount | None = None
    prepaid: Amount | None = None
    rounding: Amount | None = None
    due_payable: Amount | None = None
    iban: Text = None
    bic: Text = None
    account_name: Text = None
    payment_means: Annotated[Text, _code(r"\d{1,2}|ZZZ", "a payment code like 30")] = None
    payment_means_text: Text = None
    payment_reference: Text = None
    payment_terms: Text = None
    note: Text = None
    notes: list[Annotated[NoteIn, BeforeValidator(_note)]] | None = None
