"""What must come back for a hostile file, and whether it did.

Invariant: a file is refused with its sentence, or read with its finding, or read right, or comes
back without an invoice. It makes no file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from builders.hostile_pdf import NUMBER, TOTAL
from well.domain.reading import Reading


@dataclass(frozen=True)
class Outcome:
    """`error` is the sentence or a part of it, `finding` the code of a hard stop."""

    error: str | None = None
    finding: str | None = None
    fields: dict[str, str | None] = field(default_factory=dict)
    empty: bool = False

    def missed(self, reading: Reading) -> str | None:
        """What is wrong with a reading; None when it is as it must be."""
        if self.error:
            right = reading.error is not None and self.error in reading.error
            return None if right else f"{reading.kind}, {reading.error}"
        if reading.error:
            return f"refused: {reading.error}"
        if self.empty and reading.invoice:
            return "an invoice was read"
        stops = {one.code for one in reading.findings if one.stops_auto_post}
        if self.finding and self.finding not in stops:
            return f"stops only for {sorted(stops)}"
        return self._other_value(reading)

    def _other_value(self, reading: Reading) -> str | None:
        values = (
            {one.field: one.value for one in reading.invoice.readings} if reading.invoice else {}
        )
        wrong = {name: values.get(name) for name, x in self.fields.items() if values.get(name) != x}
        return f"read {wrong}" if wrong else None


@dataclass(frozen=True)
class Hostile:
    """A file, made by `make`."""

    name: str
    make: Callable[[], bytes]
    outcome: Outcome


RIGHT = Outcome(fields={"number": NUMBER, "gross_total": TOTAL})
EMPTY = Outcome(empty=True)


def refused(sentence: str) -> Outcome:
    """The file is unreadable, with that sentence."""
    return Outcome(error=sentence)


def noticed(code: str, **fields: str | None) -> Outcome:
    """The file is read and that finding stops automatic posting."""
    return Outcome(finding=code, fields=fields)
