"""A store on a fake disk: the Store port in memory, with transactions and planned crashes.

Invariant: a unit is written whole or not at all; a crash leaves what was committed. It seals
nothing and is for the simulator only.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from well.domain.case import Case, CaseState, Step
from well.domain.counterparty import Counterparty
from well.domain.document import Document, DocumentRef
from well.domain.entry import TargetEntry
from well.domain.flow import Connection, Flow
from well.domain.learning import FlowMemory, KeptJudgement, KeptLayout, SpotCheck
from well.domain.marker import Marker, Slice
from well.domain.posting import THERE, Posting, PostingState
from well.domain.source_record import Change, Kept, Kind, RecordKey, SourceRecord
from well.domain.trail import GENESIS, TrailEvent, chain
from well.ports.store import BLOCK_MAX, Block


@dataclass
class Disk:
    """What survives a crash."""

    records: dict[RecordKey, tuple[SourceRecord, int]] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    files: dict[RecordKey, DocumentRef] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    postings: dict[str, Posting] = field(default_factory=dict)
    parties: dict[str, tuple[Counterparty, tuple[str, ...]]] = field(default_factory=dict)
    entries: dict[tuple[str, str], tuple[TargetEntry, tuple[str, ...]]] = field(
        default_factory=dict
    )
    rules: dict[tuple[str, str], str] = field(default_factory=dict)
    markers: dict[tuple[str, str], Marker] = field(default_factory=dict)
    slices: dict[tuple[str, str, datetime], Slice] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)
    judgements: dict[tuple[str, datetime], KeptJudgement] = field(default_factory=dict)
    memories: dict[str, FlowMemory] = field(default_factory=dict)
    checks: dict[str, SpotCheck] = field(default_factory=dict)
    layouts: dict[str, KeptLayout] = field(default_factory=dict)
    trail: list[tuple[str, TrailEvent]] = field(default_factory=list)


class MemoryStore:
    """`fault` is called at each commit and may raise to simulate a crash before it."""

    def __init__(self, disk: Disk, fault: Callable[[str], None] = lambda _: None) -> None:
        self.disk = disk
        self.workspace = "ws"
        self._fault = fault
        self._depth = 0

    @contextmanager
    def unit(self) -> Iterator[None]:
        if self._depth:
            yield
            return
        before = {name: copy.copy(value) for name, value in vars(self.disk).items()}
        self._depth = 1
        try:
            yield
            self._fault("commit")
        except BaseException:
            for name, value in before.items():
                setattr(self.disk, name, value)
            raise
        finally:
            self._depth = 0

    def keep_records(self, records: Sequence[SourceRecord], at: datetime) -> list[Kept]:
        kept = []
        for record in records:
            known = self.disk.records.get(record.key)
            change, version = _change(record, known)
            if change is not Change.SAME:
                body = (
                    record if not record.deleted or not known else replace(known[0], deleted=True)
                )
                self.disk.records[record.key] = (body, version)
            kept.append(Kept(record.key, record.kind, change, version, record.digest))
        return kept

    def records(self, keys: Sequence[RecordKey]) -> dict[RecordKey, SourceRecord]:
        return {key: self.disk.records[key][0] for key in keys if key in self.disk.records}

    def attachments_of(self, keys: Sequence[RecordKey]) -> dict[RecordKey, list[SourceRecord]]:
        found: dict[RecordKey, list[SourceRecord]] = {key: [] for key in keys}
        for record, _ in self.disk.records.values():
            if record.kind is Kind.ATTACHMENT and not record.deleted:
                for stream, source_id in record.parents:
                    parent = RecordKey(record.key.connection, stream, source_id)
                    if parent in found:
                        found[parent].append(record)
        return found

    def keep_documents(self, items: Sequence[tuple[RecordKey, Document]]) -> list[DocumentRef]:
        refs = []
        for key, document in items:
            self.disk.documents[document.digest] = document
            ref = DocumentRef(
                document.digest,
                document.name,
                document.media_type,
                len(document.content),
                key.source_id,
            )
            self.disk.files[key] = ref
            refs.append(ref)
        return refs

    def documents_of(self, attachments: Sequence[RecordKey]) -> dict[RecordKey, DocumentRef]:
        return {key: self.disk.files[key] for key in attachments if key in self.disk.files}

    def document(self, ref: DocumentRef) -> Document:
        return self.disk.documents[ref.digest]

    def document_refs(self, digests: Sequence[str]) -> dict[str, DocumentRef]:
        return {r.digest: r for r in self.disk.files.values() if r.digest in digests}

    def cases(self, ids: Sequence[str]) -> dict[str, Case]:
        return {id: self.disk.cases[id] for id in ids if id in self.disk.cases}

    def cases_of(self, flow: str, records: Sequence[str]) -> dict[str, Case]:
        wanted = set(records)
        return {c.record: c for c in self._cases(flow) if c.record in wanted}

    def _cases(self, flow: str) -> list[Case]:
        return [case for case in self.disk.cases.values() if case.flow == flow]

    def cases_at(self, flow: str, state: CaseState, step: Step, limit: int) -> list[Case]:
        at = [c for c in self._cases(flow) if c.state is state and c.step is step]
        return sorted(at, key=lambda c: c.id)[:limit]

    def save_cases(self, cases: Sequence[Case], at: datetime) -> None:
        for case in cases:
            self.disk.cases[case.id] = replace(case, updated_at=at)

    def linked_cases(self, flow: str, entries: Sequence[str]) -> dict[str, Case]:
        return {c.entry: c for c in self._cases(flow) if c.entry and c.entry in entries}

    def cases_like(self, flow: str, keys: Sequence[str]) -> dict[str, list[Case]]:
        found: dict[str, list[Case]] = defaultdict(list)
        for case in self._cases(flow):
            if case.duplicate_key in keys and case.duplicate_key:
                found[case.duplicate_key].append(case)
        return dict(found)

    def with_documents(self, flow: str, counterparties: Sequence[str]) -> frozenset[str]:
        done = (CaseState.POSTED, CaseState.LINKED)
        mine = {c.counterparty for c in self._cases(flow) if c.state in done}
        return frozenset(party for party in counterparties if party in mine)

    def claim_postings(self, ids: Sequence[str], at: datetime) -> list[Posting]:
        claimed = []
        with self.unit():
            for id in ids:
                posting = self.disk.postings[id]
                if posting.state is PostingState.PLANNED:
                    first = posting.first_sent_at or at
                    claimed.append(
                        replace(
                            posting,
                            state=PostingState.UNKNOWN,
                            attempts=posting.attempts + 1,
                            first_sent_at=first,
                            last_sent_at=at,
                        )
                    )
            self.save_postings(claimed)
        return claimed

    def find_postings(
        self, flow: str, states: Sequence[PostingState], limit: int, due: datetime
    ) -> list[Posting]:
        found = [
            p
            for p in self.disk.postings.values()
            if p.flow == flow
            and p.state in states
            and (p.not_before is None or p.not_before <= due)
        ]
        return sorted(found, key=lambda p: (-p.priority, p.id))[:limit]

    def postings(self, ids: Sequence[str]) -> dict[str, Posting]:
        return {id: self.disk.postings[id] for id in ids if id in self.disk.postings}

    def postings_there(self, target: str, marks: Sequence[str]) -> list[Posting]:
        wanted = {mark for mark in marks if mark}
        return [
            p
            for p in self.disk.postings.values()
            if p.target == target
            and p.state in THERE
            and wanted & {p.entry, p.file_name, p.document}
        ]

    def save_postings(self, postings: Sequence[Posting]) -> None:
        for posting in postings:
            self.disk.postings[posting.id] = posting

    def parties_by(self, keys: Mapping[str, Sequence[str]]) -> dict[str, Block[Counterparty]]:
        every = self.disk.parties.values()
        return {id: _block(wanted, every, BLOCK_MAX) for id, wanted in keys.items()}

    def parties(self, ids: Sequence[str]) -> dict[str, Counterparty]:
        return {id: self.disk.parties[id][0] for id in ids if id in self.disk.parties}

    def save_parties(self, parties: Sequence[tuple[Counterparty, Sequence[str]]]) -> None:
        for party, keys in parties:
            self.disk.parties[party.id] = (party, tuple(keys))

    def entries_by(
        self, connection: str, keys: Mapping[str, Sequence[str]]
    ) -> dict[str, Block[TargetEntry]]:
        of = [v for (c, _), v in self.disk.entries.items() if c == connection]
        return {id: _block(wanted, of, 0) for id, wanted in keys.items()}

    def entries(self, connection: str, ids: Sequence[str]) -> dict[str, TargetEntry]:
        found = {id: self.disk.entries.get((connection, id)) for id in ids}
        return {id: value[0] for id, value in found.items() if value}

    def save_entries(
        self,
        connection: str,
        entries: Sequence[tuple[TargetEntry, Sequence[str]]],
        rules: str = "",
    ) -> None:
        for entry, keys in entries:
            self.disk.entries[connection, entry.id] = (entry, tuple(keys))
            self.disk.rules[connection, entry.id] = rules

    def entries_by_other_rules(self, connection: str, rules: str, limit: int) -> list[TargetEntry]:
        other = [
            entry
            for (owner, id), (entry, _) in self.disk.entries.items()
            if owner == connection and self.disk.rules[owner, id] != rules
        ]
        return other[:limit]

    def marker(self, connection: str, stream: str) -> Marker | None:
        return self.disk.markers.get((connection, stream))

    def save_marker(self, marker: Marker) -> None:
        self.disk.markers[marker.connection, marker.stream] = marker

    def slices(self, flow: str) -> list[Slice]:
        return [s for s in self.disk.slices.values() if s.flow == flow]

    def save_slices(self, slices: Sequence[Slice]) -> None:
        for s in slices:
            self.disk.slices[s.flow, s.stream, s.window.since] = s

    def connection(self, id: str) -> Connection:
        return self.disk.connections[id]

    def save_connection(self, connection: Connection) -> None:
        self.disk.connections[connection.id] = connection

    def hold_target(self, connection: str) -> None:
        return

    def flows(self) -> list[Flow]:
        return list(self.disk.flows.values())

    def save_flow(self, flow: Flow) -> None:
        self.disk.flows[flow.id] = flow

    def due_flows(self, now: datetime) -> list[tuple[str, datetime]]:
        return [(id, at) for id, at in self.disk.due.items() if at <= now]

    def set_due(self, flow: str, at: datetime, expected: datetime | None = None) -> bool:
        if expected is not None and self.disk.due.get(flow) != expected:
            return False
        self.disk.due[flow] = at
        return True

    def due_early(self, sources: Sequence[str], at: datetime, picked: datetime) -> int:
        moved = [
            id
            for id, due in self.disk.due.items()
            if self.disk.flows[id].source in sources
            and self.disk.flows[id].enabled
            and not picked <= due <= at
        ]
        self.disk.due.update(dict.fromkeys(moved, at))
        return len(moved)

    def keep_judgement(self, judgement: KeptJudgement) -> None:
        self.disk.judgements.setdefault((judgement.case, judgement.at), judgement)

    def newest_judgement(self, case: str) -> KeptJudgement | None:
        own = [j for j in self.disk.judgements.values() if j.case == case]
        return max(own, key=lambda j: j.at, default=None)

    def newest_judgements(self, flow: str) -> list[KeptJudgement]:
        own = [j for j in self.disk.judgements.values() if j.flow == flow]
        newest = {j.case: j for j in sorted(own, key=lambda j: (j.at, j.case))}
        return sorted(newest.values(), key=lambda j: (j.at, j.case))

    def agreed_in_a_row(self, flow: str) -> int:
        own = [j for j in self.disk.judgements.values() if j.flow == flow]
        last = max((j.at for j in own if j.agreed is False), default=None)
        return sum(j.agreed is True and (last is None or j.at > last) for j in own)

    def flow_memory(self, flow: str, lock: bool = False) -> FlowMemory:
        return self.disk.memories.get(flow, FlowMemory())

    def save_flow_memory(self, flow: str, memory: FlowMemory) -> None:
        self.disk.memories[flow] = memory

    def spot_checks(self, flow: str, answered: bool, limit: int) -> list[SpotCheck]:
        own = [c for c in self.disk.checks.values() if c.flow == flow]
        if answered:
            done = [c for c in own if c.answered_at is not None]
            return sorted(done, key=lambda c: (c.answered_at or c.chosen_at, c.case))[:limit]
        at_target = {c.id for c in self._cases(flow) if c.state in _AT_TARGET and c.by == "well"}
        waiting = [c for c in own if c.right is None and c.case in at_target]
        return sorted(waiting, key=lambda c: (c.chosen_at, c.case))[:limit]

    def spot_check(self, case: str) -> SpotCheck | None:
        return self.disk.checks.get(case)

    def save_spot_checks(self, checks: Sequence[SpotCheck]) -> None:
        for check in checks:
            self.disk.checks[check.case] = check

    def decided_alone(self, flow: str, since: datetime) -> int:
        return sum(
            c.state in _AT_TARGET
            and c.by == "well"
            and c.updated_at is not None
            and c.updated_at >= since
            for c in self._cases(flow)
        )

    def keep_layouts(self, layouts: Sequence[KeptLayout]) -> None:
        self.disk.layouts.update({one.case: one for one in layouts})

    def drop_layouts(self, cases: Sequence[str]) -> None:
        for case in cases:
            self.disk.layouts.pop(case, None)

    def layouts_of(self, flow: str, learned: bool, limit: int) -> list[KeptLayout]:
        return [
            one
            for one in self._layouts()
            if one.flow == flow and (one.layout is not None) == learned
        ][:limit]

    def newest_layouts(self, limit: int) -> list[KeptLayout]:
        return [one for one in self._layouts() if one.layout is not None][:limit]

    def layouts_by(
        self, keys: Mapping[str, Sequence[str]], limit: int
    ) -> dict[str, list[KeptLayout]]:
        known = self.newest_layouts(len(self.disk.layouts))
        return {
            query: [one for one in known if set(one.keys) & set(wanted)][:limit]
            for query, wanted in keys.items()
        }

    def _layouts(self) -> list[KeptLayout]:
        return sorted(self.disk.layouts.values(), key=lambda one: (one.at, one.case), reverse=True)

    def append(self, events: Sequence[TrailEvent]) -> None:
        for event in events:
            previous = self.disk.trail[-1][0] if self.disk.trail else GENESIS
            self.disk.trail.append((chain(previous, event), event))


_AT_TARGET = (CaseState.POSTED, CaseState.LINKED)


def _change(record: SourceRecord, known: tuple[SourceRecord, int] | None) -> tuple[Change, int]:
    if known is None:
        return Change.NEW, 1
    old, version = known
    if record.deleted:
        return (Change.SAME, version) if old.deleted else (Change.DELETED, version + 1)
    if old.deleted or old.digest != record.digest:
        return Change.CHANGED, version + 1
    return Change.SAME, version


def _block(wanted: Sequence[str], rows: Any, first: int) -> Block[Any]:
    """Of a key with more than BLOCK_MAX hits the first ones."""
    hits: dict[str, list[Any]] = {key: [] for key in wanted}
    for thing, own in sorted(rows, key=lambda row: row[0].id):
        for key in hits.keys() & set(own):
            hits[key].append(thing)
    cut = frozenset(key for key, some in hits.items() if len(some) > BLOCK_MAX)
    kept = (some[:first] if key in cut else some for key, some in hits.items())
    found = {thing.id: thing for some in kept for thing in some}
    return Block(tuple(found[id] for id in sorted(found)), cut)
