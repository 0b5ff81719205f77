"""The fields of a record as rows: what was read, where, and what the compared entry says.

Invariant: a row shows the value that decides (the invoice's), and names every place it was read;
a value that is missing is said to be, never guessed. Pure functions of domain values.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from well.domain.entry import TargetEntry
from well.domain.invoice import FieldReading, Invoice
from well.domain.money import Money
from well.web import formats
from well.web.differences import marked
from well.web.words import FIELDS, ORIGINS, Words, plain

ALWAYS = ("seller.name", "number", "issue_date", "gross_total")
Value = str | date | Money | None


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field. `mark` is the number it shares with its box on the page, 0 without one."""

    name: str
    word: Words
    read: str
    origin: str
    other: SafeString | str
    mark: int


@dataclass(frozen=True, slots=True)
class Box:
    """Where a field stands on the page, in percent of its width and height."""

    name: str
    mark: int
    x: str
    y: str
    width: str
    height: str


def values_of(invoice: Invoice) -> dict[str, Value]:
    """The fields of an invoice by the names of `words.FIELDS`, in the order they are shown."""
    return {
        "seller.name": invoice.seller.name,
        "number": invoice.number,
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "gross_total": invoice.gross_total,
        "net_total": invoice.net_total,
        "tax_total": invoice.tax_total,
        "seller.vat_id": invoice.seller.vat_id,
        "seller.legal_id": invoice.seller.legal_id,
        "seller.iban": invoice.seller.iban,
        "buyer_name": invoice.buyer_name,
        "purchase_order": invoice.purchase_order,
        "note": invoice.note,
    }


def values_of_entry(entry: TargetEntry) -> dict[str, Value]:
    """What the target tells of its entry, under the same names."""
    return {
        "seller.name": entry.supplier_name,
        "number": entry.invoice_number,
        "issue_date": entry.issue_date,
        "due_date": entry.due_date,
        "gross_total": entry.gross_total,
        "tax_total": entry.tax_total,
        "seller.vat_id": entry.vat_id,
        "seller.iban": entry.iban,
    }


def shown(value: Value) -> str:
    """A value as text of the reader's locale; a dash for a missing one."""
    if isinstance(value, Money):
        return formats.money(value)
    if isinstance(value, date):
        return formats.day(value)
    return value or formats.NOTHING


def boxes_on(readings: Iterable[FieldReading], page: int) -> tuple[Box, ...]:
    """Boxes of the fields read on `page` (from 0), one for each field, numbered from 1."""
    placed: dict[str, FieldReading] = {}
    for reading in readings:
        if reading.box is not None and reading.page == page:
            placed.setdefault(reading.field, reading)
    return tuple(_box(name, mark, placed[name]) for mark, name in enumerate(placed, 1))


def _box(name: str, mark: int, reading: FieldReading) -> Box:
    left, top, right, bottom = (min(1.0, max(0.0, edge)) for edge in reading.box or (0, 0, 0, 0))
    edges = (left, top, max(0.0, right - left), max(0.0, bottom - top))
    x, y, width, height = (f"{edge * 100:.2f}" for edge in edges)
    return Box(name, mark, x, y, width, height)


def rows(
    invoice: Invoice | None, other: Mapping[str, Value], boxes: Iterable[Box] = ()
) -> tuple[FieldRow, ...]:
    """Every field that has a value on either side, and the four an invoice always has."""
    if invoice is None:
        return ()
    marks = {box.name: box.mark for box in boxes}
    values = values_of(invoice)
    return tuple(
        FieldRow(
            name=name,
            word=FIELDS.get(name, plain(name)),
            read=shown(value),
            origin=origin_of(invoice, name),
            other=_against(value, other, name),
            mark=marks.get(name, 0),
        )
        for name, value in values.items()
        if value is not None or other.get(name) is not None or name in ALWAYS
    )


def _against(mine: Value, other: Mapping[str, Value], name: str) -> SafeString | str:
    if name not in other:
        return formats.NOTHING
    theirs = other[name]
    if theirs is None:
        return format_html('<span class="muted">{}</span>', _("not read"))
    if mine is None or mine == theirs:
        return shown(theirs)
    return marked(shown(mine), shown(theirs))


def origin_of(invoice: Invoice, name: str) -> str:
    """Where a field was read; where two places say otherwise, what the other one says."""
    found = [reading for reading in invoice.readings if reading.field == name]
    parts: list[str] = []
    own = values_of(invoice).get(name)
    for reading in found:
        place = str(ORIGINS.get(reading.origin, reading.origin))
        told = _told(reading, invoice.currency)
        parts.append(place if told in (shown(own), shown(None)) else f"{place}: {told}")
    return ", ".join(dict.fromkeys(parts))


def _told(reading: FieldReading, currency: str | None) -> str:
    """A reading's canonical text as it would be shown."""
    if reading.field.endswith("_date"):
        try:
            return shown(date.fromisoformat(reading.value))
        except ValueError:
            return reading.value
    if reading.field.endswith("_total") and currency:
        try:
            return shown(Money.of(Decimal(reading.value), currency))
        except (ValueError, InvalidOperation):
            return reading.value
    return reading.value
