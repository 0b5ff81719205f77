"""A reading in the two forms of `well read`: an object for programs, lines for people.

Invariant: what is missing is absent, amounts are plain decimals with two or more places, and no
control character of a file or of its name reaches a terminal. It reads nothing.
"""

from collections.abc import Iterator
from decimal import Decimal

from well.domain.invoice import FieldReading, Invoice, InvoiceLine
from well.domain.reading import Reading

_SYNTAXES = {"ZUGFeRD-1": "ZUGFeRD1"}
FIELDS = {
    "number": "invoice_number",
    "issue_date": "issue_date",
    "due_date": "due_date",
    "currency": "currency",
    "net_total": "net_total",
    "tax_total": "tax_total",
    "gross_total": "gross_total",
    "due_payable": "due_payable",
    "seller.name": "seller_name",
    "seller.vat_id": "seller_vat_id",
    "buyer_name": "buyer_name",
    "seller.iban": "iban",
}
"""The field of a reading, and its name in the answer."""

_AMOUNTS = {"net_total", "tax_total", "gross_total", "due_payable"}
_E_INVOICES = {"CII", "UBL", "ZUGFeRD-1"}
_WIDTH, _LONG = 100, 400
Json = dict[str, object]


def as_object(file: str, reading: Reading) -> Json:
    """The answer about one file; a box is [page from 1, x0, y0, x1, y1] in shares of the page."""
    known = dict(_known(reading.invoice))
    fields: Json = {name: _value(name, found) for name, found in known.items()}
    if reading.invoice and (reading.invoice.lines or reading.syntax in _E_INVOICES):
        fields["lines"] = [_line(line) for line in reading.invoice.lines]
    return {
        "file": file,
        "ok": reading.error is None,
        "kind": reading.kind,
        "syntax": _syntax(reading),
        "error": reading.error,
        "findings": [
            {"code": one.code, "sentence": one.sentence, "stops_auto_post": one.stops_auto_post}
            for one in reading.findings
        ],
        "fields": fields,
        "confidence": {name: found.confidence for name, found in known.items()},
        "boxes": {
            name: [(found.page or 0) + 1, *(round(edge, 4) for edge in found.box)]
            for name, found in known.items()
            if found.box is not None
        },
    }


def as_lines(file: str, reading: Reading) -> Iterator[str]:
    """The same for a person: the file, a line for each field, then what was noticed."""
    kind, syntax = reading.kind.replace("_", " "), _syntax(reading)
    yield shown(f"{file}: {kind}" + (f" ({syntax})" if syntax else ""), _LONG)
    if reading.error:
        yield shown(f"  {reading.error}")
    for name, found in _known(reading.invoice):
        title, value = name.replace("_", " "), shown(_value(name, found))
        yield f"  {title:<15} {value:<44} {found.confidence:>5.0%}  {_place(found)}"
    for line in reading.invoice.lines if reading.invoice else ():
        yield shown(f"  line            {plain(line.net_amount):>12}  {line.description}")
    for finding in reading.findings:
        yield shown(f"  {'STOP' if finding.stops_auto_post else 'note'}  {finding.sentence}", _LONG)


def _syntax(reading: Reading) -> str | None:
    """What was read or named; "text" where an invoice was read off a page's text."""
    told = reading.syntax or ("text" if reading.invoice else None)
    return _SYNTAXES.get(told, told) if told else None


def plain(amount: Decimal) -> str:
    """An amount without exponent, with at least two places: 1436.5 is 1436.50."""
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int), "readings hold no NaN and no infinity"
    return format(amount, "f") if exponent <= -2 else f"{amount:.2f}"


def shown(text: str, width: int = _WIDTH) -> str:
    """Text that is safe on a terminal: one line, no control signs, not too long."""
    safe = "".join(sign if sign.isprintable() else "?" for sign in text)
    return safe if len(safe) <= width else f"{safe[: width - 1]}…"


def _known(invoice: Invoice | None) -> Iterator[tuple[str, FieldReading]]:
    found = {one.field: one for one in invoice.readings} if invoice else {}
    for path, name in FIELDS.items():
        if path in found:
            yield name, found[path]


def _value(name: str, found: FieldReading) -> str:
    return plain(Decimal(found.value)) if name in _AMOUNTS else found.value


def _line(line: InvoiceLine) -> Json:
    numbers = {
        "quantity": line.quantity and format(line.quantity, "f"),
        "unit_price": line.unit_price and plain(line.unit_price),
        "net_amount": plain(line.net_amount),
        "tax_rate": line.tax_rate is not None and format(line.tax_rate, "f"),
    }
    kept = {name: text for name, text in numbers.items() if text}
    return {"description": line.description, **kept}


def _place(found: FieldReading) -> str:
    page = f", page {found.page + 1}" if found.page is not None else ""
    return f"{found.origin.value}{page}"
