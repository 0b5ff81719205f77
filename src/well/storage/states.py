"""The state of every record of a workspace, as plain rows: for status, export and scoring.

Invariant: one row per case, read in one pass; columns only, no sealed body.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from well.storage.models import CaseRow
from well.storage.scope import Tenant, reading, rows


@dataclass(frozen=True, slots=True)
class RecordState:
    """Where one source record is; `entry` is the target entry it owns, or ""."""

    flow: str
    stream: str
    source_id: str
    state: str
    by: str
    entry: str
    confidence: float
    reason: str


_COLUMNS = ("flow", "stream", "source_id", "state", "by", "entry", "confidence", "reason")


def record_states(tenant: Tenant) -> Iterator[RecordState]:
    """Every case, by flow, stream and source id."""
    with reading(tenant):
        found = rows(CaseRow, tenant).order_by("flow", "stream", "source_id")
        for values in found.values_list(*_COLUMNS):
            yield RecordState(*values)
