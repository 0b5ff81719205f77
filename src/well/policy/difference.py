"""Field by field: what was edited since posting, and what the target read differently.

Invariant: only fields that matter are compared, each by its own rule; a value the target does not
tell is no difference. It changes nothing.
"""

from collections.abc import Iterator

from well.domain.entry import TargetEntry
from well.domain.invoice import Invoice
from well.domain.money import Money
from well.policy.alike import same_identifier, same_name, same_number

_EXACT = ("credit_note", "issue_date", "due_date", "currency", "gross_total", "tax_total")


def posted_difference(before: Invoice, after: Invoice) -> tuple[str, ...]:
    """Names of the fields that matter and differ; empty when nothing that was posted changed."""
    return tuple(_edited(before, after))


def _edited(before: Invoice, after: Invoice) -> Iterator[str]:
    if not _same_text(before.number, after.number):
        yield "number"
    for name in _EXACT:
        if getattr(before, name) != getattr(after, name):
            yield name
    if _other_seller(before, after):
        yield "seller"
    if not _same_text(before.seller.iban, after.seller.iban):
        yield "iban"


def _same_text(a: str | None, b: str | None) -> bool:
    return same_identifier(a or "", b or "")


def _other_seller(before: Invoice, after: Invoice) -> bool:
    """Another company record, or a name that cannot be the same firm."""
    ours, theirs = before.seller, after.seller
    if ours.source_id and theirs.source_id:
        return ours.source_id != theirs.source_id
    return not same_name(ours.name or "", theirs.name or "")


def confirm_difference(meant: Invoice, entry: TargetEntry) -> tuple[str, ...]:
    """Sentences for what the target read otherwise than meant, only where it read something."""
    return tuple(_misread(meant, entry))


def _misread(meant: Invoice, entry: TargetEntry) -> Iterator[str]:
    if (
        meant.number
        and entry.invoice_number
        and not same_number(meant.number, entry.invoice_number)
    ):
        yield _sentence("number", entry.invoice_number, meant.number)
    ours, theirs = meant.gross_total, entry.gross_total
    if ours is not None and theirs is not None and not _same_total(ours, theirs):
        yield _sentence("total", theirs, ours)
    dates = (("date", "issue_date"), ("due date", "due_date"))
    for label, name in dates:
        wanted, read = getattr(meant, name), getattr(entry, name)
        if wanted and read and wanted != read:
            yield _sentence(label, read, wanted)
    supplier = meant.seller.name
    if supplier and entry.supplier_name and not same_name(supplier, entry.supplier_name):
        yield _sentence("supplier", entry.supplier_name, supplier)
    yield from _other_identifiers(meant, entry)


def _other_identifiers(meant: Invoice, entry: TargetEntry) -> Iterator[str]:
    seller = meant.seller
    for label, wanted, read in (
        ("VAT number", seller.vat_id, entry.vat_id),
        ("bank account", seller.iban, entry.iban),
    ):
        if wanted and read and not same_identifier(wanted, read):
            yield _sentence(label, read, wanted)


def _same_total(a: Money, b: Money) -> bool:
    """Equal amount and currency; targets write credit notes with either sign."""
    return a.currency == b.currency and abs(a.minor) == abs(b.minor)


def _sentence(label: str, read: object, meant: object) -> str:
    return f"The target read {label} {read}, but {meant} was meant."
