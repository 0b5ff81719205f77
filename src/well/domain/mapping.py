"""Which source field becomes which target field, as a table with a version.

Invariant: a version's rows never change; a change makes the next version and applies to records
decided after it. It holds no code: a row names a field of the record, or a template that is filled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from well.domain.template import DayOf, fill, iso_day, take


@dataclass(frozen=True, slots=True)
class MappingRow:
    """`group` is invoice, transaction or company; `enabled` False means the field is ignored.

    `source_field` is the published one: an entity and a path in its body. `override` is another
    path that is read in its place, `value` a template that is filled in its place.
    """

    group: str
    source_field: str
    target_field: str
    label: str
    enabled: bool = True
    override: str = ""
    value: str = ""

    def __post_init__(self) -> None:
        assert not (self.override and self.value), "another field or a value, not both"

    @property
    def custom(self) -> bool:
        """Whether a person said where the value comes from."""
        return bool(self.override or self.value)

    @property
    def path(self) -> str:
        """Where it is read in the body; of no meaning with a value."""
        return self.override or self.source_field.partition(".")[2]

    @property
    def told(self) -> str:
        """Where the value comes from, for a person: a path, or the template."""
        return self.value or self.override or self.source_field


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a row gives for one record: the raw value, or a sentence why there is none."""

    value: Any = None
    row: MappingRow | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """The rows of one version, in the order they are shown."""

    version: int
    rows: tuple[MappingRow, ...]

    def row_of(self, group: str, target_field: str) -> MappingRow | None:
        """The row for a target field, None where it is off or absent."""
        for row in self.rows:
            if row.group == group and row.target_field == target_field and row.enabled:
                return row
        return None

    def source_of(self, group: str, target_field: str) -> str | None:
        """Path of the source field for a target field, None where the row is off or absent, or
        gives a computed value."""
        row = self.row_of(group, target_field)
        if row is None or row.value:
            return None
        return f"{row.source_field.partition('.')[0]}.{row.override}" if row.override else row.told

    def take(
        self,
        body: Mapping[str, Any],
        group: str,
        target_field: str,
        day_of: DayOf = iso_day,
    ) -> Mapped:
        """What the row for a target field gives for a record's body; never raises. `day_of` reads
        the provider's dates."""
        row = self.row_of(group, target_field)
        if row is None:
            return Mapped()
        if not row.value:
            return Mapped(take(body, row.path), row)
        try:
            return Mapped(fill(row.value, body, day_of), row)
        except ValueError as error:
            return Mapped(None, row, str(error))
