"""Which new entry of a target is the document that was mailed to it.

Invariant: an entry is taken for a document only when total, currency and date agree and so does
the number, or the supplier where no number is told; each entry for one document at the most, the
best pairs first. What is left over was not seen; nothing is said about why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from well.domain.entry import TargetEntry
from well.domain.invoice import Invoice
from well.matching.names import confidence
from well.matching.references import reference

DAYS_APART = 3
"""Days between the date on the document and the one the receiver read."""
NAMES_ALIKE = 0.5
"""Confidence from which two names are taken for one supplier's."""


@dataclass(frozen=True, slots=True)
class Mailed:
    """A document that was mailed: its posting, what it says, and since when it may be there.

    `names` are more names of its supplier, such as the one its page prints.
    """

    posting: str
    invoice: Invoice
    since: datetime
    names: tuple[str, ...] = ()


def arrivals(
    mailed: Sequence[Mailed], entries: Mapping[str, Sequence[TargetEntry]]
) -> Mapping[str, TargetEntry]:
    """The entry of each posting that has one; `entries` are those that may be it, by posting."""
    pairs = [
        (fit, document.posting, entry)
        for document in mailed
        for entry in entries.get(document.posting, ())
        if (fit := _fit(document, entry)) is not None
    ]
    pairs.sort(key=lambda pair: (pair[0], pair[1], pair[2].id))
    found: dict[str, TargetEntry] = {}
    taken: set[str] = set()
    for _, posting, entry in pairs:
        if posting not in found and entry.id not in taken:
            found[posting] = entry
            taken.add(entry.id)
    return found


def _fit(document: Mailed, entry: TargetEntry) -> tuple[bool, int, float] | None:
    """How well they fit, the smaller the better; None where they do not."""
    invoice = document.invoice
    if entry.created_at < document.since or entry.deleted or not _same_total(invoice, entry):
        return None
    apart = _days(invoice, entry)
    number = _same_number(invoice.number, entry.invoice_number)
    if number is None and _same_number(invoice.number, entry.file_name):
        # The receiver keeps the number among words of its own, as it stood on the page.
        number = True
    names = (invoice.seller.name or "", *document.names)
    alike = max(confidence(name, entry.supplier_name or "") for name in names)
    # A number stands for the name: a source may know a supplier by the name of a card payment
    # while the receiver reads the letterhead.
    same = number is True or (number is None and alike >= NAMES_ALIKE)
    if apart is None or apart > DAYS_APART or not same:
        return None
    return (number is None, apart, -alike)


def _same_total(invoice: Invoice, entry: TargetEntry) -> bool:
    """To the cent and in the same currency; signs are left out, as receivers tell credits apart
    by other means."""
    meant, read = invoice.gross_total, entry.gross_total
    if meant is None or read is None or meant.currency != read.currency:
        return False
    return abs(meant.minor) == abs(read.minor)


def _days(invoice: Invoice, entry: TargetEntry) -> int | None:
    """Days between the two dates, or between one and the other with day and month exchanged: a
    receiver abroad reads 04/02 its own way."""
    if invoice.issue_date is None or entry.issue_date is None:
        return None
    read = entry.issue_date
    dates = [read]
    if read.day <= 12:
        dates.append(read.replace(month=read.day, day=read.month))
    return min(abs(invoice.issue_date - one) // timedelta(days=1) for one in dates)


def _same_number(one: str | None, other: str | None) -> bool | None:
    """Whether two numbers are one; None where one of them is not told."""
    if not one or not other:
        return None
    a, b = reference(one), reference(other)
    return a is not None and b is not None and a.folded == b.folded
