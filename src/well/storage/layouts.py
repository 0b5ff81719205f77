"""Learned layouts of the workspace's suppliers, found by keys.

Invariant: only a learned one is found by its keys; what is dropped leaves nothing behind. It
reads no document.
"""

from collections.abc import Mapping, Sequence

from well.domain.learning import KeptLayout
from well.ports.store import BLOCK_MAX
from well.storage.codec import LAYOUT
from well.storage.knowledge import KnowledgeStore
from well.storage.models import LayoutRow
from well.storage.scope import chunks, columns, put, reading, rows, unit

_SPACE = "layout"


class LayoutStore(KnowledgeStore):
    """The part of the store that keeps layouts."""

    def keep_layouts(self, layouts: Sequence[KeptLayout]) -> None:
        """Insert or replace by case; a learned one is found by its keys."""
        newest = {one.case: one for one in layouts}
        with unit(self._tenant):
            put(self._tenant, [self._row(one) for one in newest.values()], columns(LayoutRow))
            found = {case: one.keys if one.layout else () for case, one in newest.items()}
            self._save_keys(_SPACE, found)

    def drop_layouts(self, cases: Sequence[str]) -> None:
        """Forget those of these cases."""
        with unit(self._tenant):
            for some in chunks(cases):
                gone = rows(LayoutRow, self._tenant).filter(case__in=some)
                held = list(gone.values_list("case", flat=True))
                if held:
                    self._save_keys(_SPACE, dict.fromkeys(held, ()))
                    gone.delete()

    def layouts_of(self, flow: str, learned: bool, limit: int) -> Sequence[KeptLayout]:
        """Of a flow, learned ones or those still to be learned; newest first."""
        with reading(self._tenant):
            found = rows(LayoutRow, self._tenant).filter(flow=flow, learned=learned)
            return [self._layout(row) for row in found.order_by("-at", "case")[:limit]]

    def newest_layouts(self, limit: int) -> Sequence[KeptLayout]:
        """Learned ones of the workspace, newest first."""
        with reading(self._tenant):
            found = rows(LayoutRow, self._tenant).filter(learned=True)
            return [self._layout(row) for row in found.order_by("-at", "case")[:limit]]

    def layouts_by(
        self, keys: Mapping[str, Sequence[str]], limit: int
    ) -> Mapping[str, Sequence[KeptLayout]]:
        """For each query id the newest `limit` learned ones that share any of its keys."""
        blocks = self._blocks(_SPACE, keys, self._layouts, BLOCK_MAX)
        return {
            query: sorted(block.hits, key=lambda one: (one.at, one.case), reverse=True)[:limit]
            for query, block in blocks.items()
        }

    def _layouts(self, cases: Sequence[str]) -> Mapping[str, KeptLayout]:
        with reading(self._tenant):
            return {
                row.case: self._layout(row)
                for some in chunks(cases)
                for row in rows(LayoutRow, self._tenant).filter(case__in=some)
            }

    def _row(self, one: KeptLayout) -> LayoutRow:
        return LayoutRow(
            workspace_id=self._tenant.workspace,
            case=one.case,
            flow=one.flow,
            at=one.at,
            learned=one.layout is not None,
            body=LAYOUT.seal(self._cipher, one, one.case),
        )

    def _layout(self, row: LayoutRow) -> KeptLayout:
        return LAYOUT.open(self._cipher, row.body, row.case)
