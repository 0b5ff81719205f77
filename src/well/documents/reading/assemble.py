"""A draft to an invoice.

Invariant: `Invoice` holds a value only where it is usable (a real date, an exact amount in a
known currency); readings keep what the file says, sign included. A document with negative totals
is a credit note with positive ones.
"""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from well.documents.reading.draft import Draft
from well.domain.invoice import Finding, Invoice, Seller
from well.domain.money import Money, minor_digits

_CORE = ("number", "issue_date", "gross_total", "net_total", "seller.name", "seller.vat_id")


def has_invoice_data(draft: Draft) -> bool:
    """Whether enough was read to call it an invoice: a total, and something that identifies it.

    The first of several pages may hold no total: then a number, a date and a VAT id together do.
    """
    if all(draft.value(name) for name in ("number", "issue_date", "seller.vat_id")):
        return True
    total = draft.value("gross_total") or draft.value("net_total")
    return total is not None and sum(draft.value(name) is not None for name in _CORE) >= 2


def assemble(draft: Draft, findings: tuple[Finding, ...]) -> Invoice:
    """Invoice of a draft with all findings about it."""
    sign, notes = _sign(draft)
    return Invoice(
        credit_note=draft.credit_note or sign < 0,
        number=draft.value("number"),
        issue_date=_day(draft, "issue_date"),
        due_date=_day(draft, "due_date"),
        currency=draft.value("currency"),
        net_total=_money(draft, "net_total", sign),
        tax_total=_money(draft, "tax_total", sign),
        gross_total=_money(draft, "gross_total", sign),
        seller=_seller(draft),
        buyer_name=draft.value("buyer_name"),
        note=draft.value("note"),
        purchase_order=draft.value("purchase_order"),
        lines=tuple(replace(line, net_amount=line.net_amount * sign) for line in draft.lines),
        readings=tuple(draft.readings.values()),
        findings=(*findings, *notes),
    )


def _sign(draft: Draft) -> tuple[int, tuple[Finding, ...]]:
    gross = draft.amount("gross_total")
    gross = draft.amount("net_total") if gross is None else gross
    if gross is None or gross >= 0:
        return 1, ()
    if draft.credit_note:
        sentence = "This credit note has a negative total, so its direction is not clear."
        return -1, (
            Finding("negative_credit_note", sentence, stops_auto_post=draft.syntax is not None),
        )
    return -1, (Finding("negative_total", "The total is negative: read as a credit note."),)


def _money(draft: Draft, name: str, sign: int) -> Money | None:
    amount, currency = draft.amount(name), draft.value("currency")
    if amount is None or currency is None:
        return None
    cents = amount.quantize(Decimal(1).scaleb(-minor_digits(currency)), ROUND_HALF_UP)
    return Money.of(cents * sign, currency)


def _day(draft: Draft, name: str) -> date | None:
    value = draft.value(name)
    return date.fromisoformat(value) if value else None


def _seller(draft: Draft) -> Seller:
    return Seller(
        name=draft.value("seller.name"),
        vat_id=draft.value("seller.vat_id"),
        legal_id=draft.value("seller.legal_id"),
        country=draft.value("seller.country"),
        iban=draft.value("seller.iban"),
        email=draft.value("seller.email"),
        website=draft.value("seller.website"),
    )
