"""Which source field becomes which target field, as a table with a version.

Invariant: a version's rows never change; a change makes the next version and applies to records
decided after it. It holds no code: connectors interpret the source field's path.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MappingRow:
    """`group` is invoice, transaction or company; `enabled` False means the field is ignored."""

    group: str
    source_field: str
    target_field: str
    label: str
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """The rows of one version, in the order they are shown."""

    version: int
    rows: tuple[MappingRow, ...]

    def source_of(self, group: str, target_field: str) -> str | None:
        """Path of the source field for a target field, None where the row is off or absent."""
        for row in self.rows:
            if row.group == group and row.target_field == target_field and row.enabled:
                return row.source_field
        return None
