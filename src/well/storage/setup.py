"""Connections and flows of a workspace.

Invariant: every saved state of a flow is kept as a version with its time. It holds no token.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max, Q

from well.domain.flow import Connection, Flow
from well.storage.base import Base
from well.storage.codec import CONNECTION, FLOW, FLOW_VERSION, label
from well.storage.models import ConnectionRow, FlowRow, FlowVersion
from well.storage.scope import columns, put, reading, rows, unit

_SAVED = [name for name in columns(FlowRow) if name != "due_at"]
"""What saving a flow replaces: when it syncs next is said apart."""


class SetupStore(Base):
    """The part of the store that keeps connections and flows."""

    def connection(self, id: str) -> Connection:
        """The connection; KeyError when the workspace has none of that id."""
        with reading(self._tenant):
            row = rows(ConnectionRow, self._tenant).filter(id=id).first()
        if row is None:
            raise KeyError(id)
        return CONNECTION.open(self._cipher, row.body, row.id)

    def connections(self) -> Sequence[Connection]:
        """All connections, by connector and id."""
        with reading(self._tenant):
            found = rows(ConnectionRow, self._tenant).order_by("connector", "id")
            return [CONNECTION.open(self._cipher, row.body, row.id) for row in found]

    def save_connection(self, connection: Connection) -> None:
        """Insert or replace by id."""
        row = ConnectionRow(
            workspace_id=self._tenant.workspace,
            id=connection.id,
            connector=connection.connector,
            label=label(connection.label),
            state=connection.state.value,
            body=CONNECTION.seal(self._cipher, connection, connection.id),
        )
        with unit(self._tenant):
            put(self._tenant, [row], columns(ConnectionRow))

    def hold_target(self, connection: str) -> None:
        """Until the current unit ends, another unit that wants the same target waits here. SQLite
        has one writer at a time anyway: its units wait for each other where they begin."""
        with unit(self._tenant):
            rows(ConnectionRow, self._tenant).filter(id=connection).select_for_update().first()

    def flows(self) -> Sequence[Flow]:
        """All flows, by name."""
        with reading(self._tenant):
            found = rows(FlowRow, self._tenant).order_by("name", "id")
            return [FLOW.open(self._cipher, row.body, row.id) for row in found]

    def flow_versions(self, id: str) -> Sequence[Flow]:
        """Every saved state of a flow, newest first."""
        with reading(self._tenant):
            found = rows(FlowVersion, self._tenant).filter(id=id).order_by("-version")
            return [
                FLOW_VERSION.open(self._cipher, row.body, row.id, str(row.version)) for row in found
            ]

    def save_flow(self, flow: Flow) -> None:
        """Insert or replace by id; the state saved becomes the flow's next version."""
        with unit(self._tenant):
            history = rows(FlowVersion, self._tenant).filter(id=flow.id)
            version = (history.aggregate(last=Max("version"))["last"] or 0) + 1
            put(self._tenant, [self._version_row(flow, version)])
            put(self._tenant, [self._flow_row(flow, version)], _SAVED)

    def due_flows(self, now: datetime) -> Sequence[tuple[str, datetime]]:
        """Enabled flows whose next sync is due at or before `now`, with that time."""
        with reading(self._tenant):
            due = rows(FlowRow, self._tenant).filter(enabled=True, due_at__lte=now)
            found = due.order_by("due_at", "id").values_list("id", "due_at")
            return [(flow, at) for flow, at in found if at is not None]

    def set_due(self, flow: str, at: datetime, expected: datetime | None = None) -> bool:
        """Say when a flow syncs next; with `expected`, only if that is what stands there now."""
        with unit(self._tenant):
            found = rows(FlowRow, self._tenant).filter(id=flow)
            if expected is not None:
                found = found.filter(due_at=expected)
            return found.update(due_at=at) == 1

    def due_early(self, sources: Sequence[str], at: datetime, picked: datetime) -> int:
        """Make started, enabled flows of these source connections due at `at`, unless they are due
        between `picked` and `at`; how many. Due before `picked`: their run is under way."""
        with unit(self._tenant):
            found = rows(FlowRow, self._tenant).filter(
                Q(due_at__gt=at) | Q(due_at__lt=picked), source__in=list(sources), enabled=True
            )
            return found.update(due_at=at)

    def _version_row(self, flow: Flow, version: int) -> FlowVersion:
        return FlowVersion(
            workspace_id=self._tenant.workspace,
            id=flow.id,
            version=version,
            saved_at=self._now(),
            body=FLOW_VERSION.seal(self._cipher, flow, flow.id, str(version)),
        )

    def _flow_row(self, flow: Flow, version: int) -> FlowRow:
        return FlowRow(
            workspace_id=self._tenant.workspace,
            id=flow.id,
            name=label(flow.name),
            source=flow.source,
            target=flow.target,
            enabled=flow.enabled,
            version=version,
            body=FLOW.seal(self._cipher, flow, flow.id),
        )
