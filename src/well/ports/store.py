"""One workspace's durable memory, as the pipeline uses it.

Promise: every method is bound to the workspace the store was opened for and sees nothing of
another; methods are batches; what is written inside `unit()` is written together or not at all.
Bodies and files are sealed by the store; the pipeline never sees a key. A store does not decide.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from well.domain.case import Case, CaseState, Step
from well.domain.counterparty import Counterparty
from well.domain.document import Document, DocumentRef
from well.domain.entry import TargetEntry
from well.domain.flow import Connection, Flow
from well.domain.learning import FlowMemory, KeptJudgement, KeptLayout, SpotCheck
from well.domain.marker import Marker, Slice
from well.domain.posting import Posting, PostingState
from well.domain.source_record import Kept, RecordKey, SourceRecord
from well.domain.trail import TrailEvent

T = TypeVar("T")

BLOCK_MAX = 200
"""Hits of one key at the most; a key that hits more is cut and said to be."""


@dataclass(frozen=True)
class Block(Generic[T]):
    """What the keys of one query hit, without repeats; `cut` are the keys that hit more."""

    hits: tuple[T, ...] = ()
    cut: frozenset[str] = frozenset()

    @property
    def truncated(self) -> bool:
        """Whether any key hit more."""
        return bool(self.cut)


class Records(Protocol):
    """Source records and their files."""

    def keep_records(self, records: Sequence[SourceRecord], at: datetime) -> Sequence[Kept]:
        """Upsert by key; a new digest makes a new version and keeps the former; in order."""
        ...

    def records(self, keys: Sequence[RecordKey]) -> Mapping[RecordKey, SourceRecord]:
        """The newest versions of those that exist."""
        ...

    def attachments_of(self, keys: Sequence[RecordKey]) -> Mapping[RecordKey, list[SourceRecord]]:
        """Living attachment records of each record, oldest first."""
        ...

    def keep_documents(self, items: Sequence[tuple[RecordKey, Document]]) -> Sequence[DocumentRef]:
        """Store file bytes under the attachment record's key; the same bytes once."""
        ...

    def documents_of(self, attachments: Sequence[RecordKey]) -> Mapping[RecordKey, DocumentRef]:
        """Which attachment records have their file kept."""
        ...

    def document(self, ref: DocumentRef) -> Document:
        """The bytes; OSError when the disk fails, never a wrong file (the digest is checked)."""
        ...

    def document_refs(self, digests: Sequence[str]) -> Mapping[str, DocumentRef]:
        """Kept files by digest."""
        ...


class Cases(Protocol):
    """Cases and their postings."""

    def cases(self, ids: Sequence[str]) -> Mapping[str, Case]: ...

    def cases_of(self, flow: str, records: Sequence[str]) -> Mapping[str, Case]:
        """Cases of `flow` by record id."""
        ...

    def cases_at(self, flow: str, state: CaseState, step: Step, limit: int) -> Sequence[Case]:
        """Cases in a state and at a step, newest document first."""
        ...

    def save_cases(self, cases: Sequence[Case], at: datetime) -> None:
        """Insert or replace by id."""
        ...

    def linked_cases(self, flow: str, entries: Sequence[str]) -> Mapping[str, Case]:
        """Posted or linked cases by the target entry they own."""
        ...

    def cases_like(self, flow: str, keys: Sequence[str]) -> Mapping[str, Sequence[Case]]:
        """Cases of `flow` by their `duplicate_key`, in any state."""
        ...

    def with_documents(self, flow: str, counterparties: Sequence[str]) -> frozenset[str]:
        """Those counterparties of which a document was posted or linked in `flow`."""
        ...

    def claim_postings(self, ids: Sequence[str], at: datetime) -> Sequence[Posting]:
        """Move planned postings to unknown with one more attempt, sent at `at`; those it moved.

        The conditional update lets one of two workers have a posting. It is stored at the end of
        the outermost unit, so nothing is sent inside one.
        """
        ...

    def find_postings(
        self, flow: str, states: Sequence[PostingState], limit: int, due: datetime
    ) -> Sequence[Posting]:
        """Postings in `states` whose `not_before` is past, highest priority first."""
        ...

    def postings(self, ids: Sequence[str]) -> Mapping[str, Posting]: ...

    def postings_there(self, target: str, marks: Sequence[str]) -> Sequence[Posting]:
        """Postings that reached `target` or may have, and whose entry, file name or original
        file's digest is one of `marks`."""
        ...

    def save_postings(self, postings: Sequence[Posting]) -> None:
        """Insert or replace by id."""
        ...


class Knowledge(Protocol):
    """Counterparties and the mirror of the target, found by keys (equality only)."""

    def parties_by(self, keys: Mapping[str, Sequence[str]]) -> Mapping[str, Block[Counterparty]]:
        """For each query id, the counterparties that share any of its keys; of a cut key the
        first ones."""
        ...

    def parties(self, ids: Sequence[str]) -> Mapping[str, Counterparty]: ...

    def save_parties(self, parties: Sequence[tuple[Counterparty, Sequence[str]]]) -> None:
        """Insert or replace by id, with the keys under which each is found."""
        ...

    def entries_by(
        self, connection: str, keys: Mapping[str, Sequence[str]]
    ) -> Mapping[str, Block[TargetEntry]]:
        """For each query id, the target entries that share any of its keys, by id; a cut key
        brings none."""
        ...

    def entries(self, connection: str, ids: Sequence[str]) -> Mapping[str, TargetEntry]: ...

    def save_entries(
        self,
        connection: str,
        entries: Sequence[tuple[TargetEntry, Sequence[str]]],
        rules: str = "",
    ) -> None:
        """Insert or replace by id, with the keys under which each is found and the version of the
        `rules` that made them."""
        ...

    def entries_by_other_rules(
        self, connection: str, rules: str, limit: int
    ) -> Sequence[TargetEntry]:
        """Entries whose keys other rules made than `rules`."""
        ...


class Progress(Protocol):
    """Markers and backfill slices."""

    def marker(self, connection: str, stream: str) -> Marker | None: ...

    def save_marker(self, marker: Marker) -> None: ...

    def slices(self, flow: str) -> Sequence[Slice]:
        """In the order they are to be read."""
        ...

    def save_slices(self, slices: Sequence[Slice]) -> None:
        """Insert or replace by (flow, stream, window)."""
        ...


class Setup(Protocol):
    """Connections and flows of the workspace."""

    def connection(self, id: str) -> Connection: ...

    def save_connection(self, connection: Connection) -> None: ...

    def hold_target(self, connection: str) -> None:
        """Until the current unit ends, another unit that wants the same target waits here, and
        then sees what this one stored."""
        ...

    def flows(self) -> Sequence[Flow]: ...

    def save_flow(self, flow: Flow) -> None: ...

    def due_flows(self, now: datetime) -> Sequence[tuple[str, datetime]]:
        """Enabled flows whose next sync is due at or before `now`, with that time."""
        ...

    def set_due(self, flow: str, at: datetime, expected: datetime | None = None) -> bool:
        """Say when a flow syncs next; with `expected`, only if that is what stands there now."""
        ...

    def due_early(self, sources: Sequence[str], at: datetime, picked: datetime) -> int:
        """Make started, enabled flows of these source connections due at `at`, unless they are due
        between `picked` and `at`; how many. Due before `picked`: their run is under way."""
        ...


class Learning(Protocol):
    """Judgements, spot checks and what each flow has learned."""

    def keep_judgement(self, judgement: KeptJudgement) -> None:
        """Remember what a person said of a case; the same one again is kept once."""
        ...

    def newest_judgement(self, case: str) -> KeptJudgement | None:
        """The last thing a person said of the case."""
        ...

    def newest_judgements(self, flow: str) -> Sequence[KeptJudgement]:
        """The last of each case of the flow, oldest first."""
        ...

    def agreed_in_a_row(self, flow: str) -> int:
        """Judgements that agreed with Well since the last one that did not."""
        ...

    def flow_memory(self, flow: str, lock: bool = False) -> FlowMemory:
        """What the flow has learned; `lock` keeps others from changing it until the unit ends."""
        ...

    def save_flow_memory(self, flow: str, memory: FlowMemory) -> None: ...

    def spot_checks(self, flow: str, answered: bool, limit: int) -> Sequence[SpotCheck]:
        """Open ones whose case is posted or linked, oldest first; or answered ones as they came."""
        ...

    def spot_check(self, case: str) -> SpotCheck | None: ...

    def save_spot_checks(self, checks: Sequence[SpotCheck]) -> None:
        """Insert or replace by case."""
        ...

    def decided_alone(self, flow: str, since: datetime) -> int:
        """Cases posted or linked without a person that changed at or after `since`."""
        ...


class Layouts(Protocol):
    """Layouts learned from documents that people judged, at most one for each case."""

    def keep_layouts(self, layouts: Sequence[KeptLayout]) -> None:
        """Insert or replace by case; a learned one is found by its keys."""
        ...

    def drop_layouts(self, cases: Sequence[str]) -> None:
        """Forget those of these cases."""
        ...

    def layouts_of(self, flow: str, learned: bool, limit: int) -> Sequence[KeptLayout]:
        """Of a flow, learned ones or those still to be learned; newest first."""
        ...

    def newest_layouts(self, limit: int) -> Sequence[KeptLayout]:
        """Learned ones of the workspace, newest first."""
        ...

    def layouts_by(
        self, keys: Mapping[str, Sequence[str]], limit: int
    ) -> Mapping[str, Sequence[KeptLayout]]:
        """For each query id the newest `limit` learned ones that share any of its keys."""
        ...


class Store(Records, Cases, Knowledge, Progress, Setup, Learning, Layouts, Protocol):
    """All of it, for one workspace."""

    @property
    def workspace(self) -> str: ...

    def unit(self) -> AbstractContextManager[None]:
        """One transaction; an exception undoes it. Not to be held across a network call."""
        ...

    def append(self, events: Sequence[TrailEvent]) -> None:
        """Add to the trail, chained, inside the current unit."""
        ...
