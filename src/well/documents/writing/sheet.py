"""What stands on a rendition, as plain texts for the template.

Invariant: every value is a text; labels and order are fixed, so that a simple text reader finds
each value behind its label. It knows no page layout.
"""

from decimal import Decimal
from typing import Any

from well.domain.invoice import Invoice, InvoiceLine
from well.domain.money import Money
from well.ports.reader import Rendition

_LINES_MAX = 2_000
_TEXT_MAX = 1_000
_FRENCH = ("FR", "MC", "LU", "BE")
_COLUMNS = ("Description", "Quantity", "Unit price", "VAT %", "Net amount")
Rows = list[tuple[str, str]]


def sheet(invoice: Invoice, rendition: Rendition) -> dict[str, Any]:
    """The texts of one rendition; JSON-ready."""
    kind = "Credit note" if invoice.credit_note else "Invoice"
    english, french = _notices(rendition)
    first = french if invoice.seller.country in _FRENCH else english
    return {
        "title": clean(f"{kind} {invoice.number or ''}".strip()),
        "author": clean(invoice.seller.name or ""),
        "keywords": [clean(f"{rendition.source_label}:{rendition.source_id}"), "rendition"],
        "language": "fr" if first == french else "en",
        "notice": first,
        "notice_translated": english if first == french else french,
        "heading": kind,
        "head": _head(invoice, kind),
        "parties": _parties(invoice),
        "columns": list(_COLUMNS),
        "lines": [_line(line) for line in invoice.lines[:_LINES_MAX]],
        "totals": _totals(invoice),
        "note_label": "Note",
        "note": clean(invoice.note or ""),
    }


def clean(text: str) -> str:
    """`text` without control characters, on one line, of bounded length."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_TEXT_MAX]


def _notices(rendition: Rendition) -> tuple[str, str]:
    label, source_id = clean(rendition.source_label), clean(rendition.source_id)
    return (
        f"Rendition of {label} record {source_id}, not the original invoice",
        f"Reproduction de l’enregistrement {label} {source_id}, et non la facture originale",
    )


def _present(rows: list[tuple[str, object | None]]) -> Rows:
    return [(label, clean(str(value))) for label, value in rows if value not in (None, "")]


def _head(invoice: Invoice, kind: str) -> Rows:
    return _present(
        [
            (f"{kind} number", invoice.number),
            ("Issue date", invoice.issue_date),
            ("Due date", invoice.due_date),
            ("Currency", invoice.currency),
            ("Purchase order", invoice.purchase_order),
        ]
    )


def _parties(invoice: Invoice) -> Rows:
    seller = invoice.seller
    return _present(
        [
            ("Supplier", seller.name),
            ("VAT id", seller.vat_id),
            ("Company id", seller.legal_id),
            ("Country", seller.country),
            ("IBAN", seller.iban),
            ("E-mail", seller.email),
            ("Website", seller.website),
            ("Customer", invoice.buyer_name),
        ]
    )


def _totals(invoice: Invoice) -> Rows:
    return _present(
        [
            ("Total without VAT", _money(invoice.net_total)),
            ("VAT", _money(invoice.tax_total)),
            ("Total with VAT", _money(invoice.gross_total)),
        ]
    )


def _money(money: Money | None) -> str | None:
    return str(money) if money else None


def _line(line: InvoiceLine) -> list[str]:
    numbers = (line.quantity, line.unit_price, line.tax_rate, line.net_amount)
    return [clean(line.description), *map(_number, numbers)]


def _number(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")
