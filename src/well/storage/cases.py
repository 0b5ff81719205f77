"""Cases: each record's way through each flow.

Invariant: a case is replaced whole, columns and body together. It does not move a case from one
state to another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from well.domain.case import Case, CaseState, Step
from well.storage.base import Base
from well.storage.codec import CASE
from well.storage.models import CaseRow
from well.storage.projection import case_row, key_digest
from well.storage.scope import chunks, columns, put, reading, rows, unit


class CaseStore(Base):
    """The part of the store that keeps cases."""

    def cases(self, ids: Sequence[str]) -> Mapping[str, Case]:
        """Cases by id, those that exist."""
        with reading(self._tenant):
            return {
                case.id: case
                for some in chunks(ids)
                for case in self._open_cases(rows(CaseRow, self._tenant).filter(id__in=some))
            }

    def cases_of(self, flow: str, records: Sequence[str]) -> Mapping[str, Case]:
        """Cases of `flow` by record id."""
        with reading(self._tenant):
            return {
                case.record: case
                for some in chunks(records)
                for case in self._open_cases(
                    rows(CaseRow, self._tenant).filter(flow=flow, record__in=some)
                )
            }

    def cases_at(self, flow: str, state: CaseState, step: Step, limit: int) -> Sequence[Case]:
        """Cases in a state and at a step, newest document first."""
        with reading(self._tenant):
            found = rows(CaseRow, self._tenant).filter(flow=flow, state=state, step=step)
            return self._open_cases(found.order_by("-sort_date", "id")[:limit])

    def save_cases(self, cases: Sequence[Case], at: datetime) -> None:
        """Insert or replace by id."""
        newest = {case.id: replace(case, updated_at=at) for case in cases}
        workspace = self._tenant.workspace
        with unit(self._tenant):
            made = [case_row(workspace, self._cipher, case, at) for case in newest.values()]
            put(self._tenant, made, columns(CaseRow))

    def linked_cases(self, flow: str, entries: Sequence[str]) -> Mapping[str, Case]:
        """Cases by the target entry they own. One that is held or waits again still owns it."""
        result: dict[str, Case] = {}
        with reading(self._tenant):
            for some in chunks([entry for entry in entries if entry]):
                found = rows(CaseRow, self._tenant).filter(flow=flow, entry__in=some)
                for case in self._open_cases(found.order_by("id")):
                    result.setdefault(case.entry or "", case)
        return result

    def cases_like(self, flow: str, keys: Sequence[str]) -> Mapping[str, Sequence[Case]]:
        """Cases of `flow` by their `duplicate_key`, in any state."""
        result: dict[str, list[Case]] = {}
        with reading(self._tenant):
            for some in chunks([key_digest(key) for key in keys]):
                found = rows(CaseRow, self._tenant).filter(flow=flow, duplicate_key__in=some)
                for case in self._open_cases(found.order_by("id")):
                    result.setdefault(case.duplicate_key or "", []).append(case)
        return result

    def with_documents(self, flow: str, counterparties: Sequence[str]) -> frozenset[str]:
        """Those counterparties of which a document was posted or linked in `flow`."""
        done = [CaseState.POSTED, CaseState.LINKED]
        with reading(self._tenant):
            return frozenset(
                party
                for some in chunks(counterparties)
                for party in rows(CaseRow, self._tenant)
                .filter(flow=flow, counterparty__in=some, state__in=done)
                .values_list("counterparty", flat=True)
                .distinct()
            )

    def _open_cases(self, found: Iterable[CaseRow]) -> list[Case]:
        return [CASE.open(self._cipher, row.body, row.id) for row in found]
