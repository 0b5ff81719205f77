"""What a person said the fields of a record are, in place of what was read.

Invariant: it names for each field what was read when it was corrected, so that it holds only as
long as that is still what is read. It changes neither the source's record nor its file.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CorrectedField:
    """Canonical texts as in `FieldReading`; "" where nothing was read, or nothing is there."""

    field: str
    read: str
    value: str


@dataclass(frozen=True, slots=True)
class Correction:
    """All corrections that hold for a record; `by` and `at` are of the last one."""

    fields: tuple[CorrectedField, ...]
    by: str
    at: datetime
