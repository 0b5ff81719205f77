"""Values of a provider's record, collected with where each was read and what is odd.

Invariant: each value has a reading with origin API; what is no value stays None and leaves a
finding. It knows no provider's names.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from well.connectors.jsontext import day, number, text
from well.domain.invoice import FieldReading, Finding, Origin
from well.domain.money import Money

CONFIDENCE = 0.97
SHOWN = 40


class Fields:
    """Reads target fields; `raw` gives the record's value for one, `day_of` reads its dates."""

    def __init__(
        self,
        title: str,
        raw: Callable[[str], Any],
        day_of: Callable[[Any], date | None] = day,
    ) -> None:
        self._title = title
        self._raw = raw
        self._day_of = day_of
        self.readings: list[FieldReading] = []
        self.findings: list[Finding] = []

    def raw(self, target: str) -> Any:
        """The record's value; None for no target."""
        return self._raw(target) if target else None

    def keep(self, field: str, value: str | None, raw: Any = None) -> None:
        """Note where a value was read."""
        if value:
            shown = str(value if raw is None else raw)[:200]
            self.readings.append(FieldReading(field, value, Origin.API, CONFIDENCE, raw=shown))

    def text(self, field: str, target: str) -> str | None:
        """A text field."""
        found = text(self.raw(target))
        self.keep(field, found)
        return found

    def day(self, field: str, target: str) -> date | None:
        """A date field; a finding when it is no date."""
        raw = self.raw(target)
        found = self._day_of(raw)
        if raw is not None and found is None:
            self._unusable(field, raw)
        self.keep(field, found.isoformat() if found else None, raw)
        return found

    def money(self, field: str, raw: Any, currency: str | None, credit: bool) -> Money | None:
        """An amount; positive on a credit note; a finding when it is no usable amount."""
        amount = number(raw)
        if amount is None or currency is None:
            if raw is not None:
                self._unusable(field, raw)
            return None
        try:
            found = Money.of(abs(amount) if credit else amount, currency)
        except ValueError:
            self._unusable(field, raw)
            return None
        self.keep(field, str(found.decimal), raw)
        return found

    def _unusable(self, field: str, raw: Any) -> None:
        shown = text(str(raw)[:SHOWN]) or ""
        named = field.replace("_", " ")
        sentence = f"{self._title} gives “{shown}” for {named}, which is no value."
        self.findings.append(Finding("unusable_value", sentence))


def currency_of(value: Any) -> str | None:
    """A currency code of three letters; None for anything else."""
    code = value.strip().upper() if isinstance(value, str) else ""
    return code if len(code) == 3 and code.isascii() and code.isalpha() else None
