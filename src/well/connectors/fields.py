"""A record's fields under a mapping: values with their readings, and findings for what is none.

Invariant: every connector reads through here, so a row that a person wrote counts for each in the
same way; a value that such a row cannot give, or that is unusable, keeps the record from being
posted alone. It knows no provider.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from well.connectors.jsontext import day, number, text
from well.domain.invoice import FieldReading, Finding, Origin
from well.domain.mapping import FieldMapping, MappingRow
from well.domain.money import Money
from well.domain.template import scalar

CONFIDENCE = 0.97
"""Of a value that a provider keeps in its books."""
RAW_MAX = 200
PROBLEM = "mapping_value"
"""Code of the finding of a row that gives nothing usable; the field's name follows a dot."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The amounts of a document, in the currency that they are told in; `currency` is mapped."""

    currency: str | None
    gross: Money | None
    tax: Money | None
    net: Money | None


class Fields:
    """Collects the readings and findings of one record.

    `inside` names members that carry the value of a nested field (a reference, an address);
    `day_of` reads the provider's dates; `confidence` in [0,1] is that of each value it tells.
    """

    def __init__(
        self,
        body: Mapping[str, Any],
        table: FieldMapping,
        group: str,
        title: str,
        inside: tuple[str, ...] = (),
        day_of: Callable[[Any], date | None] = day,
        confidence: float = CONFIDENCE,
    ) -> None:
        self.body = body
        self.readings: list[FieldReading] = []
        self.findings: list[Finding] = []
        self._table = table
        self._group = group
        self._title = title
        self._confidence = confidence
        self._inside = inside
        self._day_of = day_of

    def raw(self, field: str, target: str) -> Any:
        """The raw value for a target field; None (and a finding) where its row gives none."""
        if not target:
            return None
        found = self._table.take(self.body, self._group, target, self._day_of)
        if found.problem and found.row is not None:
            self._broken(field, found.row, found.problem)
        return inner(found.value, self._inside)

    def custom(self, target: str) -> bool:
        """Whether a person said where this value comes from."""
        row = self._row(target)
        return row is not None and row.custom

    def keep(self, field: str, value: str | None, raw: Any = None, target: str = "") -> None:
        """Note where a value was read, and by which row."""
        if value:
            row = self._row(target)
            shown = str(value if raw is None else raw)[:RAW_MAX]
            via = row.told if row else ""
            self.readings.append(
                FieldReading(field, value, Origin.API, self._confidence, raw=shown, via=via)
            )

    def text(self, field: str, target: str, form: Callable[[str], str | None] = text) -> str | None:
        """A text field in its `form`; a number that a person's row takes keeps its digits."""
        raw = self.raw(field, target)
        own = self.custom(target)
        plain = text(scalar(raw) if own else raw)
        found = form(plain) if plain else None
        if own and raw not in (None, "") and found is None:
            self._unusable(field, target, raw)
        self.keep(field, found, target=target)
        return found

    def day(self, field: str, target: str) -> date | None:
        """A date field; a finding when it is no date."""
        raw = self.raw(field, target)
        found = self._day_of(raw)
        if found is None and self.custom(target):
            found = day(raw)
        if raw is not None and found is None:
            self._unusable(field, target, raw)
        self.keep(field, found.isoformat() if found else None, raw, target)
        return found

    def money(
        self, field: str, target: str, currency: str | None, credit: bool = False
    ) -> Money | None:
        """An amount in `currency`; positive on a credit note; a finding when it is unusable."""
        raw = self.raw(field, target)
        found = amount_of(raw, currency, credit)
        if raw is not None and found is None:
            self._unusable(field, target, raw)
        self.keep(field, str(found.decimal) if found else None, raw, target)
        return found

    def currency(self, field: str, target: str) -> str | None:
        """A currency code; a finding when a row that a person wrote gives none."""
        raw = self.raw(field, target)
        found = currency_of(raw)
        if raw is not None and found is None and self.custom(target):
            self._unusable(field, target, raw)
        self.keep(field, found, target=target)
        return found

    def totals(self, currency: str, total: str, told: str | None, credit: bool) -> Totals:
        """Currency, gross total, tax and net, by the target fields of the first two; `told` is
        the currency of the record itself. A row that is off hides the currency and not in which
        one the amounts are."""
        mapped = self.currency("currency", currency)
        money = mapped if self.custom(currency) else told
        gross = self.money("gross_total", total, money, credit)
        tax = self.money("tax_total", "tax_amount", money, credit)
        net = Money(gross.minor - tax.minor, gross.currency) if gross and tax else None
        return Totals(mapped, gross, tax, net)

    def _row(self, target: str) -> MappingRow | None:
        return self._table.row_of(self._group, target) if target else None

    def _unusable(self, field: str, target: str, raw: Any) -> None:
        row = self._row(target)
        shown = text(str(raw)[:40]) or ""
        if row is not None and row.custom:
            self._broken(field, row, f"“{shown}” is no {field.replace('_', ' ')}.")
            return
        sentence = (
            f"{self._title} gives “{shown}” for {field.replace('_', ' ')}, which is no value."
        )
        self.findings.append(Finding("unusable_value", sentence))

    def _broken(self, field: str, row: MappingRow, why: str) -> None:
        name = row.label.replace("_", " ")
        sentence = f"The mapping takes {name} from “{row.told}”, which gives no value: {why}"
        self.findings.append(Finding(f"{PROBLEM}.{field}", sentence, stops_auto_post=True))


def inner(found: Any, inside: tuple[str, ...]) -> Any:
    """The value of a nested field: the first of the members `inside` that it has."""
    if not isinstance(found, dict) or not inside:
        return found
    return next((found[name] for name in inside if name in found), None)


def amount_of(raw: Any, currency: str | None, credit: bool = False) -> Money | None:
    """Money of a number in a currency, exact; None when either is none."""
    amount = number(raw)
    if amount is None or currency is None:
        return None
    try:
        return Money.of(abs(amount) if credit else amount, currency)
    except ValueError:
        return None


def currency_of(value: Any) -> str | None:
    """A currency code in capitals; None for anything else."""
    code = value.strip().upper() if isinstance(value, str) else ""
    return code if len(code) == 3 and code.isascii() and code.isalpha() else None
