"""What is written about an entry that was there before anything was mailed.

Invariant: an entry of which nothing is known but its page is told by its page. Amounts are
positive; a credit says so.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from well.sandbox.analysis import Reading, analyse
from well.sandbox.kit.company import Body, Company
from well.sandbox.kit.own_names import own_names


def entry_readings(company: Company) -> Iterable[tuple[Body, Reading]]:
    """Each entry of the world with its values."""
    own = own_names(company.company)
    for entry in company.qonto_entries():
        if entry.get("total_amount"):
            yield entry, _told(entry)
        else:
            yield entry, analyse(company.file(str(entry["_file"]))[2], own)


def _told(entry: Body) -> Reading:
    total, tax = entry["total_amount"], entry.get("total_tax_amount")
    due = entry.get("due_date")
    return Reading(
        number=entry.get("invoice_number"),
        supplier=entry.get("supplier_name"),
        issue_date=date.fromisoformat(entry["issue_date"]),
        due_date=date.fromisoformat(due) if due else None,
        currency=total["currency"],
        gross=Decimal(total["value"]),
        tax=Decimal(tax["value"]) if tax else None,
        credit_note=bool(entry.get("is_credit_note")),
    )
