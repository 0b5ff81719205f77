"""A record's invoice as a bill to print.

Invariant: only what the record says stands on the bill; nothing is worked out or added, because
the page shows the record as it is; for an e-invoice the flow states the buyer. Texts are cleaned of
control characters.
"""

from dataclasses import replace
from decimal import Decimal

from well.documents.writing.bill import (
    CREDIT_NOTE,
    INVOICE,
    Address,
    Bill,
    BillLine,
    Note,
    Party,
    Payment,
    References,
    Source,
    Totals,
)
from well.documents.writing.fonts import not_shown
from well.documents.writing.json_model import clean
from well.domain.flow import EInvoiceBuyer
from well.domain.invoice import Invoice, InvoiceLine, Seller
from well.domain.money import Money
from well.ports.reader import Rendition

_LINES_MAX = 2_000
_TEXT_MAX = 1_000
_ONE = "C62"
_FRENCH = ("FR", "MC", "LU", "BE")


def bill_of_invoice(invoice: Invoice, rendition: Rendition) -> Bill:
    """The bill of one record, in the language of its seller's country."""
    seller = invoice.seller
    notes = (printable(invoice.note), worth(invoice))
    return Bill(
        source=Source(
            printable(rendition.source_label) or "", printable(rendition.source_id) or ""
        ),
        type_code=CREDIT_NOTE if invoice.credit_note else INVOICE,
        number=printable(invoice.number),
        issue_date=invoice.issue_date,
        due_date=invoice.due_date,
        currency=invoice.currency,
        language="fr" if seller.country in _FRENCH else "en",
        seller=_seller(seller),
        buyer=Party(name=printable(invoice.buyer_name)),
        payment=Payment(iban=printable(seller.iban)),
        references=References(purchase_order=printable(invoice.purchase_order)),
        lines=tuple(_line(line) for line in invoice.lines[:_LINES_MAX]),
        totals=Totals(
            net=_amount(invoice.net_total),
            tax=_amount(invoice.tax_total),
            gross=_amount(invoice.gross_total),
        ),
        notes=tuple(Note(note) for note in notes if note),
    )


def bill_to_embed(invoice: Invoice, rendition: Rendition, buyer: EInvoiceBuyer) -> Bill:
    """The bill of a record for an e-invoice: made out to `buyer`, and each line with a count."""
    bill = bill_of_invoice(invoice, rendition)
    party = Party(
        name=bill.buyer.name or printable(buyer.name), address=Address(country=buyer.country)
    )
    return replace(bill, buyer=party, lines=tuple(_counted(line) for line in bill.lines))


def _counted(line: BillLine) -> BillLine:
    """A line of a record has no unit, so its quantity is a plain number (C62 of UN/ECE 20); a
    line that is only an amount is one at that amount."""
    if line.quantity is None and line.unit_price is None:
        line = replace(line, quantity=Decimal(1), unit_price=line.net_amount)
    return replace(line, unit=_ONE)


def printable(text: str | None) -> str | None:
    """`text` with its unprintable characters as codes, so that a page never shows a box."""
    if text is None:
        return None
    kept = clean(text)[:_TEXT_MAX]
    for char in not_shown(kept):
        kept = kept.replace(char, f"[U+{ord(char):04X}]")
    return kept or None


def _seller(seller: Seller) -> Party:
    return Party(
        name=printable(seller.name),
        vat_id=printable(seller.vat_id),
        legal_id=printable(seller.legal_id),
        address=Address(country=printable(seller.country)),
        email=printable(seller.email),
        website=printable(seller.website),
    )


def _line(line: InvoiceLine) -> BillLine:
    return BillLine(
        description=printable(line.description) or "",
        net_amount=line.net_amount,
        quantity=line.quantity,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
    )


def worth(invoice: Invoice) -> str | None:
    """What the total is worth in the books, as the source told it; None where it did not."""
    told, total = invoice.converted, invoice.gross_total
    if told is None or total is None or not told.currency:
        return None
    at = f" at {told.rate:f} {told.currency} for 1 {total.currency}" if told.rate else ""
    on = f" on {told.on}" if told.on and at else ""
    return f"{total} = {told.amount:f} {told.currency}{at}{on}"


def _amount(money: Money | None) -> Decimal | None:
    return money.decimal if money else None
