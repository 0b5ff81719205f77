"""Source records: kept once by their key, former versions beside, bodies sealed.

Invariant: a version is never lost: what replaces it moves it into the history in the same
transaction. An answer that was older than what is kept changes nothing. It reads no body.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from well.domain.source_record import Change, Kept, Kind, RecordKey, SourceRecord
from well.storage.base import Base
from well.storage.models import AttachmentLink, RecordRow, RecordVersion
from well.storage.scope import chunks, put, reading, rows, unit

_VERSIONED = ["version", "digest", "deleted", "changed_at", "kept_at", "parents", "body"]


@dataclass(frozen=True, slots=True)
class _Head:
    version: int
    digest: str
    deleted: bool
    changed_at: datetime


class RecordStore(Base):
    """The part of the store that keeps source records."""

    def keep_records(self, records: Sequence[SourceRecord], at: datetime) -> Sequence[Kept]:
        """Upsert by key; a new digest makes a new version and keeps the former; in order."""
        with unit(self._tenant):
            return [kept for batch in _without_repeats(records) for kept in self._keep(batch, at)]

    def records(self, keys: Sequence[RecordKey]) -> Mapping[RecordKey, SourceRecord]:
        """The newest versions of those that exist, deleted ones too."""
        by_id = self._by_id([key.record_id for key in keys])
        return {key: by_id[key.record_id] for key in keys if key.record_id in by_id}

    def former_versions(self, key: RecordKey) -> Sequence[tuple[int, datetime, SourceRecord]]:
        """Version, when it was kept, and the record, of all that were replaced; oldest first."""
        with reading(self._tenant):
            head = rows(RecordRow, self._tenant).filter(id=key.record_id).first()
            former = rows(RecordVersion, self._tenant).filter(id=key.record_id)
            return [
                (row.version, row.kept_at, self._record(row, key, Kind(head.kind)))
                for row in former.order_by("version")
                if head is not None
            ]

    def attachments_of(self, keys: Sequence[RecordKey]) -> Mapping[RecordKey, list[SourceRecord]]:
        """Living attachment records of each record, oldest first."""
        parents = {key.record_id: key for key in keys}
        pairs: list[tuple[str, str]] = []
        with reading(self._tenant):
            for ids in chunks(list(parents)):
                links = rows(AttachmentLink, self._tenant).filter(parent__in=ids)
                pairs += links.values_list("parent", "attachment")
        found = self._by_id([attachment for _, attachment in pairs])
        result: dict[RecordKey, list[SourceRecord]] = {}
        for parent, attachment in pairs:
            record = found.get(attachment)
            if record is not None and not record.deleted:
                result.setdefault(parents[parent], []).append(record)
        for attached in result.values():
            attached.sort(key=lambda record: (record.changed_at, record.key.source_id))
        return result

    def _keep(self, records: Sequence[SourceRecord], at: datetime) -> list[Kept]:
        heads = self._heads([record.key.record_id for record in records])
        kept, changed = [], []
        for record in records:
            head = heads.get(record.key.record_id)
            change = _change(head, record)
            version = head.version if head else 0
            if change is not Change.SAME:
                version += 1
                changed.append((record, version))
            kept.append(Kept(record.key, record.kind, change, version, record.digest))
        former = self._keep_former([item.key.record_id for item, version in changed if version > 1])
        whole = [(_buried(item, former.get(item.key)), version) for item, version in changed]
        put(self._tenant, [self._record_row(*item, at) for item in whole], ["kind", *_VERSIONED])
        self._link([record for record, _ in whole if record.kind is Kind.ATTACHMENT])
        return kept

    def _heads(self, ids: Sequence[str]) -> dict[str, _Head]:
        return {
            row.id: _Head(row.version, row.digest, row.deleted, row.changed_at)
            for some in chunks(ids)
            for row in rows(RecordRow, self._tenant).filter(id__in=some).defer("body", "parents")
        }

    def _keep_former(self, ids: Sequence[str]) -> dict[RecordKey, SourceRecord]:
        """Copy the newest versions into the history, and give them back."""
        newest: dict[RecordKey, SourceRecord] = {}
        for some in chunks(ids):
            found = list(rows(RecordRow, self._tenant).filter(id__in=some))
            put(self._tenant, [_former(row) for row in found], [])
            newest.update((record.key, record) for record in map(self._newest, found))
        return newest

    def _record_row(self, record: SourceRecord, version: int, at: datetime) -> RecordRow:
        record_id = record.key.record_id
        return RecordRow(
            workspace_id=self._tenant.workspace,
            id=record_id,
            connection=record.key.connection,
            stream=record.key.stream,
            source_id=record.key.source_id,
            kind=record.kind.value,
            digest=record.digest,
            version=version,
            deleted=record.deleted,
            changed_at=record.changed_at,
            kept_at=at,
            parents=json.dumps(record.parents),
            body=self._cipher.seal(record.body, "source_record", "body", record_id, str(version)),
        )

    def _link(self, attachments: Sequence[SourceRecord]) -> None:
        """Put the links of `attachments` in place of those they had."""
        for some in chunks([record.key.record_id for record in attachments]):
            rows(AttachmentLink, self._tenant).filter(attachment__in=some).delete()
        links = {
            (RecordKey(record.key.connection, *parent).record_id, record.key.record_id)
            for record in attachments
            for parent in record.parents
        }
        put(
            self._tenant,
            [
                AttachmentLink(
                    workspace_id=self._tenant.workspace, parent=parent, attachment=attachment
                )
                for parent, attachment in sorted(links)
            ],
            [],
        )

    def _by_id(self, ids: Sequence[str]) -> dict[str, SourceRecord]:
        with reading(self._tenant):
            return {
                row.id: self._newest(row)
                for some in chunks(ids)
                for row in rows(RecordRow, self._tenant).filter(id__in=some)
            }

    def _newest(self, row: RecordRow) -> SourceRecord:
        key = RecordKey(row.connection, row.stream, row.source_id)
        return self._record(row, key, Kind(row.kind))

    def _record(self, row: RecordRow | RecordVersion, key: RecordKey, kind: Kind) -> SourceRecord:
        context = ("source_record", "body", row.id, str(row.version))
        return SourceRecord(
            key=key,
            kind=kind,
            digest=row.digest,
            body=self._cipher.open(bytes(row.body), *context),
            changed_at=row.changed_at,
            deleted=row.deleted,
            parents=tuple((stream, source_id) for stream, source_id in json.loads(row.parents)),
        )


def _former(row: RecordRow) -> RecordVersion:
    kept = {name: getattr(row, name) for name in _VERSIONED}
    return RecordVersion(workspace_id=row.workspace_id, id=row.id, **kept)


def _buried(record: SourceRecord, known: SourceRecord | None) -> SourceRecord:
    """A tombstone says only that a record is gone: what was known of it stays."""
    if not record.deleted or known is None:
        return record
    return replace(known, deleted=True, changed_at=record.changed_at)


def _change(head: _Head | None, record: SourceRecord) -> Change:
    if record.deleted:
        return Change.SAME if head and head.deleted else Change.DELETED
    if head is None:
        return Change.NEW
    if record.changed_at < head.changed_at:
        # Fetched before, stored after: a backfill page that a poll has overtaken.
        return Change.SAME
    if head.digest == record.digest and not head.deleted:
        return Change.SAME
    return Change.CHANGED


def _without_repeats(records: Sequence[SourceRecord]) -> Iterator[list[SourceRecord]]:
    """Consecutive runs of `records` in which no key comes twice."""
    run: dict[RecordKey, SourceRecord] = {}
    for record in records:
        if record.key in run:
            yield list(run.values())
            run = {}
        run[record.key] = record
    if run:
        yield list(run.values())
