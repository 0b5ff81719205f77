"""What the company already has at FreshBooks: the world's entries as expenses or as bills.

Invariant: pure; the same entry always has the same id here, so that the truth can name it. An
entry of which Qonto read nothing is told by its page, as FreshBooks' own reader would.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from well.sandbox.analysis import Reading
from well.sandbox.freshbooks.drafts import Draft, draft_of, expense
from well.sandbox.kit.company import Body

FIRST = 1_000_000_000


def entry_id(entry: str) -> str:
    """The number that the world's entry of that UUID has at FreshBooks."""
    return str(FIRST + int(entry.replace("-", "")[:10], 16))


def objects(entries: Iterable[Body], read: Callable[[str], Reading]) -> Iterator[tuple[str, Body]]:
    """The entries as expenses, with their id, their moment (`_at`) and their document.

    `read` reads the page of the file of this key.
    """
    for entry in entries:
        body = expense(_draft(entry, read), receipt=True)
        yield (
            "expense",
            body
            | {
                "id": int(entry_id(str(entry["id"]))),
                "_at": _moment(entry).isoformat(),
                "_document": entry.get("_document"),
            },
        )


def _moment(entry: Body) -> datetime:
    return datetime.fromisoformat(str(entry["updated_at"]).replace("Z", "+00:00"))


def _draft(entry: Body, read: Callable[[str], Reading]) -> Draft:
    total = entry.get("total_amount")
    if not total:
        return draft_of(read(str(entry["_file"])), _moment(entry).astimezone(UTC).date())
    tax = entry.get("total_tax_amount")
    reading = Reading(
        number=entry.get("invoice_number"),
        supplier=entry.get("supplier_name"),
        issue_date=date.fromisoformat(entry["issue_date"]),
        due_date=date.fromisoformat(entry["due_date"]) if entry.get("due_date") else None,
        currency=total["currency"],
        gross=Decimal(total["value"]),
        tax=Decimal(tax["value"]) if tax else None,
        credit_note=bool(entry.get("is_credit_note")),
    )
    return draft_of(reading, date.fromisoformat(entry["issue_date"]))
