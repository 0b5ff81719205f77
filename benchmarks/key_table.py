"""A ledger as two SQLite tables, keys and records, asked for one document at a time.

Invariant: the keys are those of `blocking`, as 64-bit integers; a key that more than BLOCK_MAX
rows share brings none and is said to be cut; canonical values lie beside the raw ones, as in the
store. It stands for a database without sealed rows.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

from well.cli.rows import Row, read_rows
from well.matching.blocking import Keyring, stored_keys
from well.matching.canonical_row import CanonicalRow, canonical, packed, unpacked
from well.matching.columns import Book, Raw, columns
from well.ports.store import BLOCK_MAX, Block

PORTION = 50_000
SCHEMA = """
CREATE TABLE hit (key INTEGER, row INTEGER, PRIMARY KEY (key, row)) WITHOUT ROWID;
CREATE TABLE record (row INTEGER PRIMARY KEY, body BLOB);
"""
ASK = """
SELECT asked.key, (
    SELECT group_concat(row) FROM (SELECT row FROM hit WHERE key = asked.value LIMIT ?2)
) AS found FROM json_each(?1) AS asked WHERE found NOT NULL
"""
"""The rows of each key, one more than a block takes where there are."""


def raw(row: Row) -> Raw:
    """A record of the file as the engine takes it."""
    return Raw(
        id=row.id,
        names=row.name,
        memo=row.memo,
        reference=row.reference,
        amount=row.amount,
        currency=row.currency,
        day=row.date,
        due=row.due,
        numbers=row.tax_id,
        ibans=row.iban,
        sites=row.domain,
        address=row.address,
        phone=row.phone,
        country=row.country,
    )


def records(path: Path) -> Iterator[Raw]:
    """The good records of a file."""
    return map(raw, read_rows(path, lambda _line, _reason: None))


def build(target: Path, path: Path) -> int:
    """Write the tables for the records of `target`; their number."""
    database = sqlite3.connect(path)
    database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SCHEMA)
    parts, first, rest = [], 0, records(target)
    while some := list(islice(rest, PORTION)):
        bodies = ((first + n, _body(record)) for n, record in enumerate(some))
        database.executemany("INSERT INTO record VALUES (?, ?)", bodies)
        parts.append(_keys(some, first))
        first += len(some)
    key = np.concatenate([part[0] for part in parts])
    row = np.concatenate([part[1] for part in parts])
    order = np.lexsort((row, key))
    for at in range(0, len(order), PORTION):
        place = order[at : at + PORTION]
        pairs = zip(key[place].tolist(), row[place].tolist(), strict=True)
        database.executemany("INSERT OR IGNORE INTO hit VALUES (?, ?)", pairs)
    database.commit()
    database.close()
    return first


def _body(record: Raw) -> bytes:
    """The raw values and, behind them, the canonical ones."""
    return orjson.dumps((*record, packed(canonical(record))))


Longs = npt.NDArray[np.int64]


def _keys(some: Sequence[Raw], first: int) -> tuple[Longs, Longs]:
    book = Book()
    side = columns(book, some)
    parts = list(stored_keys(side, Keyring.of(book, lasting=True)))
    key = np.concatenate([key.view(np.int64) for _, _, key in parts])
    return key, np.concatenate([row for _, row, _ in parts]) + first


@dataclass(frozen=True, slots=True)
class KeyTable:
    """The tables, opened."""

    database: sqlite3.Connection

    def lookup(self, asked: Sequence[Sequence[str]]) -> list[Block[int]]:
        """For `ByKeys`."""
        return [self._block(keys) for keys in asked]

    def _block(self, keys: Sequence[str]) -> Block[int]:
        numbers = [int(text[1:], 16) for text in keys]
        asked = orjson.dumps([key - (key >> 63 << 64) for key in numbers]).decode()
        hits: set[int] = set()
        cut = []
        for place, found in self.database.execute(ASK, (asked, BLOCK_MAX + 1)):
            rows = found.split(",")
            if len(rows) > BLOCK_MAX:
                cut.append(keys[place])
            else:
                hits.update(map(int, rows))
        return Block(tuple(hits), frozenset(cut))

    def records(self, rows: Sequence[int]) -> list[tuple[Raw, CanonicalRow | None]]:
        """In the order of `rows`, which is theirs in the table, too."""
        marks = ",".join("?" * len(rows))
        found = self.database.execute(
            f"SELECT body FROM record WHERE row IN ({marks}) ORDER BY row",  # noqa: S608
            rows,
        )
        bodies = [orjson.loads(body) for (body,) in found]
        return [(Raw(*values), unpacked(kept)) for *values, kept in bodies]


def open_table(path: Path) -> KeyTable:
    """The tables of a file, read through the memory of the system."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA mmap_size = 2147483648")
    return KeyTable(database)
