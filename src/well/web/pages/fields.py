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
from well.domain.invoice import FieldReading, Finding, Invoice
from well.domain.money import Money
from well.policy.about import fields_of
from well.policy.correction import TOTALS
from well.web import formats
from well.web.differences import marked
from well.web.words import FIELDS, ORIGINS, Words, plain

ALWAYS = ("seller.name", "number", "issue_date", "gross_total")
Value = str | date | Money | None


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field. `mark` is the number it shares with its box on the page, 0 without one; `place`
    the address of its box, `elsewhere` the other page that has it (0 for none)."""

    name: str
    word: Words
    read: str
    origin: str
    other: SafeString | str
    mark: int
    sure: str = ""
    place: str = ""
    elsewhere: int = 0
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """Where a field stands on the page, in percent of its width and height; `label` says it."""

    name: str
    mark: int
    label: str
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
        "converted": formats.converted(invoice.converted, invoice.currency),
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


def boxes_on(
    readings: Iterable[FieldReading], page: int, currency: str | None = None
) -> tuple[Box, ...]:
    """Boxes of the fields read on `page` (from 0), one for each field, numbered from 1."""
    placed: dict[str, FieldReading] = {}
    for reading in readings:
        if reading.box is not None and reading.page == page:
            placed.setdefault(reading.field, reading)
    return tuple(_box(mark, placed[name], currency) for mark, name in enumerate(placed, 1))


def _box(mark: int, reading: FieldReading, currency: str | None) -> Box:
    left, top, right, bottom = (min(1.0, max(0.0, edge)) for edge in reading.box or (0, 0, 0, 0))
    edges = (left, top, max(0.0, right - left), max(0.0, bottom - top))
    x, y, width, height = (f"{edge * 100:.2f}" for edge in edges)
    names = {
        "field": FIELDS.get(reading.field, plain(reading.field)),
        "value": _told(reading, currency),
        "page": (reading.page or 0) + 1,
    }
    label = _("%(field)s, %(value)s, page %(page)s") % names
    return Box(reading.field, mark, label, x, y, width, height)


def pages_of(readings: Iterable[FieldReading]) -> dict[str, int]:
    """The page (from 1) on which each field has its first box."""
    found: dict[str, int] = {}
    for reading in readings:
        if reading.box is not None and reading.page is not None:
            found.setdefault(reading.field, reading.page + 1)
    return found


def box_id(field: str) -> str:
    """The id of a field's box in the page."""
    return f"box-{field}"


def rows(
    invoice: Invoice | None,
    other: Mapping[str, Value],
    boxes: Iterable[Box] = (),
    query: str = "",
) -> tuple[FieldRow, ...]:
    """Every field that has a value on either side, and the four an invoice always has.

    `boxes` are those of the page shown; `query` is the address's, to open another page.
    """
    if invoice is None:
        return ()
    marks = {box.name: box.mark for box in boxes}
    pages = pages_of(invoice.readings) if marks or query else {}
    values = values_of(invoice)
    return tuple(
        FieldRow(
            name=name,
            word=FIELDS.get(name, plain(name)),
            read=shown(value),
            origin=origin_of(invoice, name),
            other=_against(value, other, name),
            mark=marks.get(name, 0),
            sure=sure_of(invoice, name),
            place=_place(name, marks, pages, query),
            elsewhere=0 if name in marks else pages.get(name, 0),
            findings=findings_of(invoice, name),
        )
        for name, value in values.items()
        if value is not None or other.get(name) is not None or name in ALWAYS
    )


def _place(name: str, marks: Mapping[str, int], pages: Mapping[str, int], query: str) -> str:
    if name in marks:
        return f"#{box_id(name)}"
    return f"?{query}page={pages[name]}#{box_id(name)}" if name in pages else ""


def findings_of(invoice: Invoice, name: str) -> tuple[str, ...]:
    """Sentences of the findings that are first of all about this field."""
    return tuple(one.sentence for one in invoice.findings if _first(one) == name)


def unplaced(invoice: Invoice | None, shown_rows: Iterable[FieldRow]) -> tuple[Finding, ...]:
    """Findings that stand beside none of these rows."""
    placed = {sentence for row in shown_rows for sentence in row.findings}
    found = invoice.findings if invoice else ()
    return tuple(one for one in found if one.sentence not in placed)


def _first(finding: Finding) -> str:
    return next(iter(fields_of(finding.code)), "")


def sure_of(invoice: Invoice, name: str) -> str:
    """How sure the best reading of the shown value is, and what speaks for it besides."""
    own = shown(values_of(invoice).get(name))
    told = [r for r in invoice.readings if r.field == name and _agrees(r, own, invoice.currency)]
    parts: list[str] = []
    if told:
        best = max(reading.confidence for reading in told)
        parts.append(_("%(share)s sure") % {"share": formats.share(best)})
    if name in TOTALS and _adds_up(invoice):
        parts.append(_("sums agree"))
    return "; ".join(parts)


def _agrees(reading: FieldReading, own: str, currency: str | None) -> bool:
    return _told(reading, currency) in (own, shown(None))


def _adds_up(invoice: Invoice) -> bool:
    net, tax, gross = (getattr(invoice, name) for name in TOTALS)
    if net is None or tax is None or gross is None:
        return False
    return bool(net.currency == tax.currency == gross.currency) and bool(
        net.minor + tax.minor == gross.minor
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
        place = f"{place} ({reading.via})" if reading.via else place
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


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of an invoice as shown; "" for what was not read."""

    description: str
    quantity: str
    unit_price: str
    ledger_account: str
    amount: str


def line_rows(invoice: Invoice | None) -> tuple[LineRow, ...]:
    """The lines that were read."""
    currency = (invoice.currency if invoice else None) or ""
    return tuple(
        LineRow(
            description=one.description,
            quantity=_number(one.quantity),
            unit_price=_number(one.unit_price),
            ledger_account=one.ledger_account or "",
            amount=_amount(one.net_amount, currency),
        )
        for one in (invoice.lines if invoice else ())
    )


def _amount(value: Decimal, currency: str) -> str:
    """Like every amount; one with more digits than its currency has keeps them."""
    try:
        return formats.money(Money.of(value, currency))
    except ValueError:
        return f"{formats.exact(value)} {currency}".strip()


def _number(value: Decimal | None) -> str:
    return formats.number(value) if value is not None else ""
