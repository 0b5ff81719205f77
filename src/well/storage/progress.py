"""How far each stream has been read, and the slices of backfills.

Invariant: written in the caller's unit, together with the records they speak of. It does not
choose the next window.
"""

from collections.abc import Sequence

from well.domain.marker import Marker, Slice, SliceState, Window
from well.storage.base import Base
from well.storage.models import MarkerRow, SliceRow
from well.storage.scope import put, reading, rows, unit


class ProgressStore(Base):
    """The part of the store that keeps markers and slices."""

    def marker(self, connection: str, stream: str) -> Marker | None:
        """How far (connection, stream) has been read."""
        with reading(self._tenant):
            row = rows(MarkerRow, self._tenant).filter(connection=connection, stream=stream).first()
        return Marker(row.connection, row.stream, row.at) if row else None

    def save_marker(self, marker: Marker) -> None:
        """Insert or replace."""
        row = MarkerRow(
            workspace_id=self._tenant.workspace,
            connection=marker.connection,
            stream=marker.stream,
            at=marker.at,
        )
        with unit(self._tenant):
            put(self._tenant, [row], ["at"])

    def slices(self, flow: str) -> Sequence[Slice]:
        """In the order they are to be read: that in which they were first saved."""
        with reading(self._tenant):
            return [
                Slice(
                    row.flow,
                    row.stream,
                    Window(row.since, row.until),
                    SliceState(row.state),
                    row.cursor,
                    row.rows,
                )
                for row in rows(SliceRow, self._tenant).filter(flow=flow).order_by("position")
            ]

    def save_slices(self, slices: Sequence[Slice]) -> None:
        """Insert or replace by (flow, stream, window)."""
        with unit(self._tenant):
            start = rows(SliceRow, self._tenant).count()
            made = [
                _slice_row(self._tenant.workspace, item, start + place)
                for place, item in enumerate(slices)
            ]
            put(self._tenant, made, ["state", "cursor", "rows"])


def _slice_row(workspace: str, item: Slice, position: int) -> SliceRow:
    """`position` counts only for a new row: a replaced one keeps its place."""
    return SliceRow(
        workspace_id=workspace,
        flow=item.flow,
        stream=item.stream,
        since=item.window.since,
        until=item.window.until,
        position=position,
        state=item.state.value,
        cursor=item.cursor,
        rows=item.rows,
    )
