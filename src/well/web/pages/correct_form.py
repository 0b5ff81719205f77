"""The fields of a record as a form: what is typed in, canonical texts or sentences out.

Invariant: whatever is typed comes back with one sentence for each field that is wrong, or makes
an invoice; empty says that the document has no such value. Pure; it stores nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from well.documents.reading.check_digits import iban_is_valid, vat_id_is_valid
from well.domain.invoice import Invoice
from well.domain.money import Money
from well.policy.correction import DATES, FIELDS, NO, TOTALS, YES, texts_of
from well.web.pages.fields import FieldRow
from well.web.words import FIELDS as WORDS
from well.web.words import Words

LENGTH_MAX = 140
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_VAT_ID = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,13}", re.ASCII)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Input:
    """One field of the form; `text` is as typed, `error` a sentence or ""; `row` is how the field
    was read, None where it was not."""

    name: str
    word: Words
    text: str
    kind: str
    error: str = ""
    row: FieldRow | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: canonical `texts` of the fields that are right, sentences of the others."""

    texts: Mapping[str, str]
    errors: Mapping[str, str]


def inputs(
    texts: Mapping[str, str], errors: Mapping[str, str], read: Iterable[FieldRow]
) -> tuple[Input, ...]:
    """The fields in the order they are shown."""
    rows = {row.name: row for row in read}
    return tuple(
        Input(
            name,
            WORDS[name],
            texts.get(name, ""),
            _kind(name),
            errors.get(name, ""),
            rows.get(name),
        )
        for name in FIELDS
    )


def _kind(name: str) -> str:
    if name == "credit_note":
        return "checkbox"
    if name in DATES:
        return "date"
    return "decimal" if name in TOTALS else "text"


def typed_fields(invoice: Invoice, given: Mapping[str, str]) -> Typed:
    """The canonical texts of a form over the fields of `invoice`; what nobody touched is right."""
    read = texts_of(invoice)
    texts: dict[str, str] = {}
    errors: dict[str, str] = {}
    for name in FIELDS:
        text = given.get(name, "").strip()
        try:
            texts[name] = text if text == read[name] else _READ.get(name, _as_it_is)(text)
        except ValueError as wrong:
            errors[name] = str(wrong)
    return Typed(texts, errors or _together(read, texts))


def _together(read: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong only beside the other fields, where one of them was touched."""
    errors: dict[str, str] = {}
    amounts = [name for name in TOTALS if texts[name]]
    if amounts and not texts["currency"]:
        return {"currency": _("An amount needs its currency, like EUR.")}
    for name in amounts:
        try:
            Money.of(texts[name], texts["currency"])
        except ValueError:
            names = {"currency": texts["currency"]}
            errors[name] = _("That is too precise or too large for %(currency)s.") % names
    due, issued = texts["due_date"], texts["issue_date"]
    if _touched(DATES, read, texts) and due and issued and due < issued:
        errors["due_date"] = _("The due date is before the issue date.")
    if _touched(TOTALS, read, texts) and not errors and len(amounts) == len(TOTALS):
        net, tax, gross = (Decimal(texts[name]) for name in TOTALS)
        if abs(net + tax - gross) > _CENT:
            names = {"net": str(net), "tax": str(tax), "sum": str(net + tax)}
            errors["gross_total"] = _("Net %(net)s and tax %(tax)s make %(sum)s.") % names
    return errors


def _touched(names: Iterable[str], read: Mapping[str, str], texts: Mapping[str, str]) -> bool:
    return any(read[name] != texts[name] for name in names)


def _as_it_is(text: str) -> str:
    return " ".join(text.split())[:LENGTH_MAX]


def _day(text: str) -> str:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        found = date.min
    if found is not None and not 1990 <= found.year <= 2100:
        raise ValueError(_("“%(text)s” is no date like 2026-03-31.") % {"text": text[:20]})
    return found.isoformat() if found else ""


def _amount(text: str) -> str:
    """Blanks between digits are fine, and so is a decimal comma; a sign for thousands is not,
    because 1.284 means two things."""
    plain = "".join(text.split()).replace(",", ".")
    if plain and not re.fullmatch(r"-?\d{1,12}(\.\d{1,3})?", plain, re.ASCII):
        raise ValueError(_("“%(text)s” is no amount like 1284.00.") % {"text": text[:20]})
    return plain


def _currency(text: str) -> str:
    plain = text.upper()
    if plain and not _CURRENCY.fullmatch(plain):
        raise ValueError(_("“%(text)s” is no currency like EUR.") % {"text": text[:20]})
    return plain


def _iban(text: str) -> str:
    plain = "".join(text.split()).upper()
    if plain and not iban_is_valid(plain):
        raise ValueError(_("This is no IBAN: a digit is wrong or missing."))
    return plain


def _vat_id(text: str) -> str:
    plain = re.sub(r"[\s.\-]", "", text).upper()
    if plain and (not _VAT_ID.fullmatch(plain) or vat_id_is_valid(plain) is False):
        raise ValueError(_("This is no VAT id: it begins with the country, and all digits count."))
    return plain


def _yes_or_no(text: str) -> str:
    return YES if text == YES else NO


_READ: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(DATES, _day),
    **dict.fromkeys(TOTALS, _amount),
    "currency": _currency,
    "seller.iban": _iban,
    "seller.vat_id": _vat_id,
    "credit_note": _yes_or_no,
}
