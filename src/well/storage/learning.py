"""What flows have learned, and the automatic decisions people look at afterwards.

Invariant: a flow's memory is replaced whole; a spot check is never dropped. It counts and judges
nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from well.domain.case import CaseState
from well.domain.learning import FlowMemory, SpotCheck
from well.pipeline.work import WELL
from well.storage.base import Base
from well.storage.codec import FLOW_MEMORY, label
from well.storage.models import CaseRow, FlowMemoryRow, SpotCheckRow
from well.storage.scope import Tenant, columns, put, reading, rows, unit

_DONE = [CaseState.POSTED.value, CaseState.LINKED.value]


def open_checks(tenant: Tenant) -> QuerySet[SpotCheckRow]:
    """Checks nobody answered, of cases that still are where Well put them; inside `reading`."""
    done = rows(CaseRow, tenant).filter(state__in=_DONE, by=WELL).values("id")
    return rows(SpotCheckRow, tenant).filter(right__isnull=True, case__in=done)


class LearningStore(Base):
    """The part of the store that keeps what was learned and what is checked."""

    def flow_memory(self, flow: str, lock: bool = False) -> FlowMemory:
        """What the flow has learned; `lock` keeps others from changing it until the unit ends."""
        with reading(self._tenant):
            if lock:
                put(self._tenant, [self._memory_row(flow, FlowMemory())], [])
            found = rows(FlowMemoryRow, self._tenant).filter(flow=flow)
            row = (found.select_for_update() if lock else found).first()
        return FLOW_MEMORY.open(self._cipher, row.body, flow) if row else FlowMemory()

    def save_flow_memory(self, flow: str, memory: FlowMemory) -> None:
        """Insert or replace."""
        with unit(self._tenant):
            put(self._tenant, [self._memory_row(flow, memory)], ["body"])

    def _memory_row(self, flow: str, memory: FlowMemory) -> FlowMemoryRow:
        body = FLOW_MEMORY.seal(self._cipher, memory, flow)
        return FlowMemoryRow(workspace_id=self._tenant.workspace, flow=flow, body=body)

    def spot_checks(self, flow: str, answered: bool, limit: int) -> Sequence[SpotCheck]:
        """Open ones whose case Well posted or linked, oldest first; or answered ones as they
        came."""
        with reading(self._tenant):
            if answered:
                found = rows(SpotCheckRow, self._tenant).filter(flow=flow, right__isnull=False)
                done = found.order_by("answered_at", "case")
                return [_check(row) for row in done[:limit]]
            open_ = open_checks(self._tenant).filter(flow=flow).order_by("chosen_at", "case")
            return [_check(row) for row in open_[:limit]]

    def spot_check(self, case: str) -> SpotCheck | None:
        """That of a case, if it was chosen."""
        with reading(self._tenant):
            row = rows(SpotCheckRow, self._tenant).filter(case=case).first()
        return _check(row) if row else None

    def save_spot_checks(self, checks: Sequence[SpotCheck]) -> None:
        """Insert or replace by case."""
        workspace = self._tenant.workspace
        with unit(self._tenant):
            made = [_check_row(workspace, check) for check in checks]
            put(self._tenant, made, columns(SpotCheckRow))

    def decided_alone(self, flow: str, since: datetime) -> int:
        """Cases posted or linked without a person that changed at or after `since`."""
        with reading(self._tenant):
            found = rows(CaseRow, self._tenant).filter(flow=flow, state__in=_DONE, by=WELL)
            return found.filter(updated_at__gte=since).count()


def _check(row: SpotCheckRow) -> SpotCheck:
    return SpotCheck(
        case=row.case,
        flow=row.flow,
        record=row.record,
        confidence=row.confidence,
        weight=row.weight,
        chosen_at=row.chosen_at,
        right=row.right,
        by=row.by,
        answered_at=row.answered_at,
    )


def _check_row(workspace: str, check: SpotCheck) -> SpotCheckRow:
    return SpotCheckRow(
        workspace_id=workspace,
        case=check.case,
        flow=check.flow,
        record=check.record,
        confidence=check.confidence,
        weight=check.weight,
        chosen_at=check.chosen_at,
        right=check.right,
        by=label(check.by),
        answered_at=check.answered_at,
    )
