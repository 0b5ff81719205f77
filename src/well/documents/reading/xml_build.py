"""Texts found in an e-invoice to a draft; shared by the readers of each syntax.

Invariant: a text that is present but outside the grammar becomes a finding, never a value. It
knows no element names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from well.documents.reading.draft import AMOUNTS, DATES
from well.documents.reading.xml_values import compact, date_of, decimal_of, one_line, plain
from well.domain.invoice import FieldReading, Finding, Origin

XML_CONFIDENCE = 0.99
_IDENTIFIERS = ("seller.vat_id", "seller.iban")
_TEXT_MAX = 2_000
CREDIT_NOTE_CODES = ("81", "83", "261", "296", "308", "381", "396", "420", "458", "532")


@dataclass(slots=True)
class Texts:
    """Canonical readings and the findings met on the way."""

    readings: dict[str, FieldReading] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def take(self, name: str, raw: str | None) -> None:
        """Keep the field `name` when `raw` is a value of its type."""
        if raw is None or not raw.strip():
            return
        value = canonical(name, raw)
        if value is None:
            self.findings.append(_unusable(name, raw))
            return
        self.readings[name] = FieldReading(
            name, value, Origin.XML, XML_CONFIDENCE, raw=raw[:_TEXT_MAX]
        )

    def take_all(self, texts: Mapping[str, str | None]) -> None:
        """Keep every field of `texts`."""
        for name, raw in texts.items():
            self.take(name, raw)

    def number(self, name: str, raw: str | None) -> Decimal | None:
        """A helper amount that is no field of its own."""
        value = decimal_of(raw)
        if raw is not None and value is None:
            self.findings.append(_unusable(name, raw))
        return value


def canonical(name: str, raw: str) -> str | None:
    """Canonical text of a field, None when `raw` is not a value of its type."""
    if name in AMOUNTS:
        amount = decimal_of(raw)
        return None if amount is None else plain(amount)
    if name in DATES:
        day = date_of(raw)
        return day.isoformat() if day else None
    if name == "currency":
        code = raw.strip().upper()
        return code if len(code) == 3 and code.isascii() and code.isalpha() else None
    if name in _IDENTIFIERS:
        return compact(raw)[:_TEXT_MAX] or None
    return one_line(raw)[:_TEXT_MAX] or None


def _unusable(name: str, raw: str) -> Finding:
    shown = one_line(raw)[:40]
    return Finding(
        "unusable_value", f"The e-invoice gives “{shown}” for {name}, which is no value."
    )
