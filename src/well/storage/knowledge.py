"""Counterparties and the mirror of the target, found by keys.

Invariant: whatever is saved is found under exactly the keys it was last saved with. A key with
more than BLOCK_MAX hits gives the first ones and says so. It does not compare anything.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from well.domain.counterparty import Counterparty
from well.domain.entry import TargetEntry
from well.ports.store import BLOCK_MAX, Block
from well.storage.base import Base
from well.storage.codec import ENTRY, PARTY
from well.storage.models import BlockKeyRow, EntryRow, PartyRow
from well.storage.projection import entry_row, key_digest, party_row
from well.storage.scope import chunks, columns, put, reading, rows, unit

T = TypeVar("T")

_PARTIES = "party"


def _entries(connection: str) -> str:
    return f"entry:{connection}"


class KnowledgeStore(Base):
    """The part of the store that knows counterparties and target entries."""

    def parties_by(self, keys: Mapping[str, Sequence[str]]) -> Mapping[str, Block[Counterparty]]:
        """For each query id, the counterparties that share any of its keys."""
        return self._blocks(_PARTIES, keys, self.parties)

    def parties(self, ids: Sequence[str]) -> Mapping[str, Counterparty]:
        """Counterparties by id, those that exist."""
        with reading(self._tenant):
            return {
                row.id: PARTY.open(self._cipher, row.body, row.id)
                for some in chunks(ids)
                for row in rows(PartyRow, self._tenant).filter(id__in=some)
            }

    def save_parties(self, parties: Sequence[tuple[Counterparty, Sequence[str]]]) -> None:
        """Insert or replace by id, with the keys under which each is found."""
        newest = {party.id: (party, keys) for party, keys in parties}
        workspace = self._tenant.workspace
        with unit(self._tenant):
            made = [party_row(workspace, self._cipher, party) for party, _ in newest.values()]
            put(self._tenant, made, columns(PartyRow))
            self._save_keys(_PARTIES, {target: keys for target, (_, keys) in newest.items()})

    def entries_by(
        self, connection: str, keys: Mapping[str, Sequence[str]]
    ) -> Mapping[str, Block[TargetEntry]]:
        """For each query id, the target entries that share any of its keys."""
        return self._blocks(_entries(connection), keys, lambda ids: self.entries(connection, ids))

    def entries(self, connection: str, ids: Sequence[str]) -> Mapping[str, TargetEntry]:
        """Entries of a connection by id, those that exist."""
        with reading(self._tenant):
            return {
                row.id: ENTRY.open(self._cipher, row.body, connection, row.id)
                for some in chunks(ids)
                for row in rows(EntryRow, self._tenant).filter(connection=connection, id__in=some)
            }

    def save_entries(
        self, connection: str, entries: Sequence[tuple[TargetEntry, Sequence[str]]]
    ) -> None:
        """Insert or replace by id, with the keys under which each is found."""
        newest = {entry.id: (entry, keys) for entry, keys in entries}
        with unit(self._tenant):
            made = [
                entry_row(self._tenant.workspace, self._cipher, connection, entry)
                for entry, _ in newest.values()
            ]
            put(self._tenant, made, columns(EntryRow))
            self._save_keys(
                _entries(connection), {target: keys for target, (_, keys) in newest.items()}
            )

    def _blocks(
        self,
        space: str,
        queries: Mapping[str, Sequence[str]],
        load: Callable[[Sequence[str]], Mapping[str, T]],
    ) -> dict[str, Block[T]]:
        digests = {query: [*map(key_digest, keys)] for query, keys in queries.items()}
        with reading(self._tenant):
            hits = self._hits(space, [key for keys in digests.values() for key in keys])
            found = load([target for targets in hits.values() for target in targets[:BLOCK_MAX]])
        return {query: _block(hits, keys, found) for query, keys in digests.items()}

    def _hits(self, space: str, keys: Sequence[str]) -> dict[str, list[str]]:
        """Targets under each key in a fixed order, one more than a block takes where there are."""
        place = Window(RowNumber(), partition_by=F("key"), order_by=F("target").asc())
        hits: dict[str, list[str]] = {}
        for some in chunks(keys):
            pairs = (
                rows(BlockKeyRow, self._tenant)
                .filter(space=space, key__in=some)
                .annotate(place=place)
                .filter(place__lte=BLOCK_MAX + 1)
                .values_list("key", "target")
            )
            for key, target in pairs:
                hits.setdefault(key, []).append(target)
        for targets in hits.values():
            targets.sort()
        return hits

    def _save_keys(self, space: str, keys: Mapping[str, Iterable[str]]) -> None:
        """Change only the keys that differ: most saves repeat what is there."""
        wanted = {(key_digest(key), target) for target, some in keys.items() for key in some}
        present: set[tuple[str, str]] = set()
        for targets in chunks(list(keys)):
            known = rows(BlockKeyRow, self._tenant).filter(space=space, target__in=targets)
            present.update(known.values_list("key", "target"))
        gone: dict[str, list[str]] = {}
        for key, target in present - wanted:
            gone.setdefault(target, []).append(key)
        for target, stale in gone.items():
            rows(BlockKeyRow, self._tenant).filter(
                space=space, target=target, key__in=stale
            ).delete()
        new = [
            BlockKeyRow(workspace_id=self._tenant.workspace, space=space, key=key, target=target)
            for key, target in sorted(wanted - present)
        ]
        put(self._tenant, new, [])


def _block(hits: Mapping[str, list[str]], keys: Iterable[str], found: Mapping[str, T]) -> Block[T]:
    lists = [hits.get(key, []) for key in keys]
    targets = dict.fromkeys(target for some in lists for target in some[:BLOCK_MAX])
    return Block(
        hits=tuple(found[target] for target in targets if target in found),
        truncated=any(len(some) > BLOCK_MAX for some in lists),
    )
