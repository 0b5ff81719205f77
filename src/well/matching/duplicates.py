"""Whether two records of the source are the same document entered twice.

Invariant: a key needs number and total; equal keys mean the same document as far as the values
tell. It never looks at amounts alone: recurring bills are equal there.
"""

from well.domain.counterparty import Counterparty
from well.domain.invoice import Invoice
from well.matching.canonical import best_name, of_party, of_seller
from well.matching.party_levels import best_name_level
from well.matching.references import reference, strong


def duplicate_key(invoice: Invoice | None, party: Counterparty | None) -> str | None:
    """(supplier, canonical number, total, sign) as text; None without number or total.

    A long number with its total points at one document by itself, so the supplier is left out
    there: the same bill entered under a second vendor record of one firm is found, too.
    """
    if invoice is None or invoice.gross_total is None:
        return None
    number = reference(invoice.number)
    if number is None:
        return None
    supplier = "" if strong(number) else _supplier(invoice, party)
    if supplier is None:
        return None
    total = invoice.gross_total
    sign = "credit" if invoice.credit_note else "invoice"
    return f"{supplier}|{number.plain}|{total.currency}{abs(total.minor)}|{sign}"


def _supplier(invoice: Invoice, party: Counterparty | None) -> str | None:
    name = best_name(of_party(party) if party else of_seller(invoice.seller))
    return name.compact if name else None


def same_document(a: Invoice, b: Invoice) -> bool:
    """Whether two invoices agree on number, total and sign, and not disagree on the supplier."""
    key = duplicate_key(a, None)
    return key is not None and key == duplicate_key(b, None) and _one_supplier(a, b)


def look_alike(a: Invoice, b: Invoice) -> bool:
    """Whether two invoices agree on total, sign and day, and not disagree on the supplier, whatever
    their numbers: not enough to call them the same, enough not to post both unseen."""
    if a.gross_total is None or b.gross_total is None or a.issue_date != b.issue_date:
        return False
    one, other = a.gross_total, b.gross_total
    same_total = (one.currency, abs(one.minor)) == (other.currency, abs(other.minor))
    return same_total and a.credit_note == b.credit_note and _one_supplier(a, b)


def _one_supplier(a: Invoice, b: Invoice) -> bool:
    level, _, _ = best_name_level(of_seller(a.seller).names, of_seller(b.seller).names)
    return level not in ("nothing shared", "common words only", "partly alike", "other numbers")
