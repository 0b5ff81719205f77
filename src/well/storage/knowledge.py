"""Counterparties and the mirror of the target, found by keys.

Invariant: whatever is saved is found under exactly the keys it was last saved with. A key with
more than BLOCK_MAX hits is said to be cut: it gives the first counterparties, and no entry. It
does not compare anything.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from django.db.models import Q

from well.domain.counterparty import Counterparty
from well.domain.entry import TargetEntry
from well.ports.store import BLOCK_MAX, Block
from well.storage.base import Base
from well.storage.codec import ENTRY, PARTY
from well.storage.models import BlockKeyRow, EntryRow, PartyRow
from well.storage.projection import entry_row, key_digest, party_row
from well.storage.scope import chunks, columns, hits, put, reading, rows, unit

T = TypeVar("T")

_PARTIES = "party"


def _entries(connection: str) -> str:
    return f"entry:{connection}"


class KnowledgeStore(Base):
    """The part of the store that knows counterparties and target entries."""

    def parties_by(self, keys: Mapping[str, Sequence[str]]) -> Mapping[str, Block[Counterparty]]:
        """For each query id, the counterparties that share any of its keys; of a cut key the
        first ones."""
        return self._blocks(_PARTIES, keys, self.parties, BLOCK_MAX)

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
        """For each query id, the target entries that share any of its keys, by id; a cut key
        brings none."""
        space = _entries(connection)
        return self._blocks(space, keys, lambda ids: self.entries(connection, ids), 0)

    def entries(self, connection: str, ids: Sequence[str]) -> Mapping[str, TargetEntry]:
        """Entries of a connection by id, those that exist."""
        with reading(self._tenant):
            mine = rows(EntryRow, self._tenant).filter(connection=connection)
            return {
                id: ENTRY.open(self._cipher, body, connection, id)
                for some in chunks(ids)
                for id, body in mine.filter(id__in=some).values_list("id", "body")
            }

    def entries_by_other_rules(
        self, connection: str, rules: str, limit: int
    ) -> Sequence[TargetEntry]:
        """Entries whose keys other rules made than `rules`."""
        with reading(self._tenant):
            mine = rows(EntryRow, self._tenant).filter(connection=connection)
            other = mine.filter(Q(rules__lt=rules) | Q(rules__gt=rules))[:limit]
            return [ENTRY.open(self._cipher, row.body, connection, row.id) for row in other]

    def save_entries(
        self,
        connection: str,
        entries: Sequence[tuple[TargetEntry, Sequence[str]]],
        rules: str = "",
    ) -> None:
        """Insert or replace by id, with the keys under which each is found and the version of the
        `rules` that made them."""
        newest = {entry.id: (entry, keys) for entry, keys in entries}
        with unit(self._tenant):
            made = [
                entry_row(self._tenant.workspace, self._cipher, connection, entry, rules)
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
        first: int,
    ) -> dict[str, Block[T]]:
        """Of a key with more than BLOCK_MAX hits the `first` ones."""
        digests = {key: key_digest(key) for keys in queries.values() for key in keys}
        with reading(self._tenant):
            held = self._hits(space, list(digests.values()))
            common = (key for key, digest in digests.items() if len(held[digest]) > BLOCK_MAX)
            cut = frozenset(common)
            for key in cut:
                del held[digests[key]][first:]
            found = load([target for targets in held.values() for target in targets])
        blocks = {}
        for query, keys in queries.items():
            targets = sorted({target for key in keys for target in held[digests[key]]})
            mine = tuple(found[target] for target in targets if target in found)
            blocks[query] = Block(mine, cut.intersection(keys))
        return blocks

    def _hits(self, space: str, keys: Sequence[str]) -> dict[str, list[str]]:
        """Targets under each key in a fixed order, one more than a block takes where there are."""
        found: dict[str, list[str]] = {key: [] for key in keys}
        for some in chunks(keys):
            for key, target in hits(self._tenant, space, some, BLOCK_MAX + 1):
                found[key].append(target)
        return found

    def _save_keys(self, space: str, keys: Mapping[str, Iterable[str]]) -> None:
        """Change only the keys that differ: most saves repeat what is there."""
        wanted = {(key_digest(key), target) for target, some in keys.items() for key in some}
        present: set[tuple[str, str]] = set()
        for targets in chunks(list(keys)):
            known = rows(BlockKeyRow, self._tenant).filter(space=space, target__in=targets)
            present.update(known.values_list("key", "target"))
        stale = {target for _, target in present - wanted}
        for targets in chunks(sorted(stale)):
            rows(BlockKeyRow, self._tenant).filter(space=space, target__in=targets).delete()
        kept = {(key, target) for key, target in present if target not in stale}
        new = [
            BlockKeyRow(workspace_id=self._tenant.workspace, space=space, key=key, target=target)
            for key, target in sorted(wanted - kept)
        ]
        put(self._tenant, new, [])
