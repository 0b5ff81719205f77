"""The fields a person may correct, as texts, and an invoice with a person's word in it.

Invariant: a corrected value has one reading, of a person, and no finding says that it was misread;
where the source now says something else than when it was corrected, the source's value stands and
a finding stops. What a person changed of a document's identity stops, too: its twin would not be
found under other values, so one looks at what they are compared with. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from well.domain.correction import CorrectedField, Correction
from well.domain.invoice import FieldReading, Finding, Invoice, Origin
from well.domain.money import Money
from well.domain.reading import Reading
from well.policy.about import fields_of

TOTALS = ("net_total", "tax_total", "gross_total")
DATES = ("issue_date", "due_date")
SELLER = ("seller.name", "seller.vat_id", "seller.iban")
FIELDS = ("number", *DATES, "currency", *TOTALS, *SELLER, "credit_note")
"""What can be corrected, in the order it is shown."""
YES, NO = "yes", "no"
_STAYS = frozenset(["iban_differs", "page_total", "page_iban", "page_supplier"])
"""Findings that a correction does not answer: another account, and a file that contradicts
itself."""
STALE = "correction_outdated"
CHANGED = "corrected"
_IDENTITY = ("number", "issue_date", "currency", "gross_total", *SELLER[:2], "credit_note")
"""What documents and entries are told apart by."""


def texts_of(invoice: Invoice) -> dict[str, str]:
    """Each field of `FIELDS` as canonical text, "" for a missing one."""
    total = invoice.gross_total or invoice.net_total or invoice.tax_total
    return {
        "number": invoice.number or "",
        **{name: _day(getattr(invoice, name)) for name in DATES},
        "currency": invoice.currency or (total.currency if total else ""),
        **{name: _amount(getattr(invoice, name)) for name in TOTALS},
        **{name: getattr(invoice.seller, name.partition(".")[2]) or "" for name in SELLER},
        "credit_note": YES if invoice.credit_note else NO,
    }


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _amount(value: Money | None) -> str:
    return str(value.decimal) if value else ""


def told(
    invoice: Invoice, former: Correction | None, texts: Mapping[str, str]
) -> tuple[CorrectedField, ...]:
    """What differs from what was read when the fields shall be `texts`; others stay as they are."""
    current = texts_of(invoice)
    # Of a field that was corrected before, what was read is what that correction says.
    read = current | {one.field: one.read for one in _held(former, current)}
    wanted = {field: texts.get(field, current[field]) for field in FIELDS}
    return tuple(
        CorrectedField(field, read[field], wanted[field])
        for field in FIELDS
        if not _same(field, wanted[field], read[field])
    )


def _held(correction: Correction | None, current: Mapping[str, str]) -> Iterator[CorrectedField]:
    for one in correction.fields if correction else ():
        if _same(one.field, current[one.field], one.value):
            yield one


def _same(field: str, a: str, b: str) -> bool:
    """Equal texts, or equal amounts, however many digits they have."""
    return a == b or (field in TOTALS and bool(a) and bool(b) and Decimal(a) == Decimal(b))


def corrected(invoice: Invoice, correction: Correction | None) -> Invoice:
    """The invoice as it was read, with the correction; ValueError for texts that make no values."""
    if correction is None:
        return invoice
    read = texts_of(invoice)
    fields = {one.field: one for one in correction.fields}
    holding = [one for one in fields.values() if _holds(one, read)]
    values = {one.field: one.value for one in holding}
    findings = [
        *settled(invoice.findings, values),
        *_outdated(fields.values(), read),
        *_changed([one for one in holding if not _same(one.field, read[one.field], one.value)]),
    ]
    readings = [one for one in invoice.readings if one.field not in values]
    return replace(
        _with(invoice, read | values, values),
        readings=(*readings, *(_reading(invoice, one) for one in holding)),
        findings=tuple(dict.fromkeys(findings)),
        converted=None if {"gross_total", "currency"} & values.keys() else invoice.converted,
    )


def _holds(one: CorrectedField, read: Mapping[str, str]) -> bool:
    return any(_same(one.field, read[one.field], text) for text in (one.read, one.value))


def _outdated(fields: Iterable[CorrectedField], read: Mapping[str, str]) -> Iterator[Finding]:
    for one in fields:
        if not _holds(one, read):
            said = f"“{one.value}”" if one.value else "nothing"
            now = f"“{read[one.field]}”" if read[one.field] else "nothing"
            sentence = f"A person corrected the {_name(one)} to {said}; since then {now} is read."
            yield Finding(STALE, sentence, stops_auto_post=True)


def _changed(holding: Iterable[CorrectedField]) -> Iterator[Finding]:
    names = [_name(one) for one in holding if one.field in _IDENTITY]
    if names:
        listed = ", ".join(names)
        sentence = f"Corrected by a person: {listed}. Look at what it is compared with, then say."
        yield Finding(CHANGED, sentence, stops_auto_post=True)


def _name(one: CorrectedField) -> str:
    return one.field.removeprefix("seller.").replace("_", " ")


def settled(findings: Iterable[Finding], corrected_fields: Iterable[str]) -> tuple[Finding, ...]:
    """Findings without those that speak of a field a person has corrected."""
    said = frozenset(corrected_fields)
    return tuple(
        one for one in findings if one.code in _STAYS or not said.intersection(fields_of(one.code))
    )


def settled_reading(reading: Reading | None, correction: Correction | None) -> Reading | None:
    """The file's reading without the findings that a correction answers; its values stay."""
    if reading is None or correction is None:
        return reading
    fields = [one.field for one in correction.fields]
    return replace(reading, findings=settled(reading.findings, fields))


def _reading(invoice: Invoice, one: CorrectedField) -> FieldReading:
    """A person's reading; it keeps the place on the page where the field was read."""
    former = [r for r in invoice.readings if r.field == one.field]
    placed = next((r for r in former if r.box is not None), None)
    page, box, raw = (placed.page, placed.box, placed.raw) if placed else (None, None, "")
    return FieldReading(one.field, one.value, Origin.PERSON, 1.0, page, box, raw)


def _with(invoice: Invoice, texts: Mapping[str, str], changed: Iterable[str]) -> Invoice:
    """The invoice with the `changed` of `texts`; a new currency changes all amounts."""
    names = set(changed)
    if "currency" in names:
        names.update(name for name in TOTALS if texts[name])
    seller = {name.partition(".")[2]: texts[name] or None for name in SELLER if name in names}
    return replace(
        invoice,
        **{name: _value(name, texts) for name in names if name not in SELLER},
        seller=replace(invoice.seller, **seller),
    )


def _value(name: str, texts: Mapping[str, str]) -> Any:
    text = texts[name]
    if name == "credit_note":
        return text == YES
    if not text:
        return None
    if name in DATES:
        return date.fromisoformat(text)
    return Money.of(text, texts["currency"]) if name in TOTALS else text
