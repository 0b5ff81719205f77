"""What a stand-in remembers: one SQLite file that survives a restart.

Invariant: a write is kept wholly or not at all, whatever thread does it and whenever the process
dies. It knows no tables but its own notes: each stand-in makes its tables.
"""

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class _Connection(sqlite3.Connection):
    """A connection that can be weakly referenced: it closes when its thread ends."""


class State:
    """One SQLite file (WAL) for many threads; each thread has its own connection."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; its folder is made."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._local = threading.local()
        self._open: weakref.WeakSet[_Connection] = weakref.WeakSet()
        self._lock = threading.Lock()
        self.script("create table if not exists note (name text primary key, value text not null)")

    def db(self) -> sqlite3.Connection:
        """This thread's connection: autocommit, rows by name."""
        known: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if known is None:
            known = self._connect()
            self._local.connection = known
        return known

    def _connect(self) -> _Connection:
        # close() runs in another thread than the one that opened: hence check_same_thread.
        db = sqlite3.connect(
            self.path,
            timeout=30,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )
        db.row_factory = sqlite3.Row
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        with self._lock:
            self._open.add(db)
        return db

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write under the file's one write lock; rolled back when the block raises."""
        db = self.db()
        db.execute("begin immediate")
        try:
            yield db
        except BaseException:
            db.execute("rollback")
            raise
        db.execute("commit")

    def script(self, sql: str) -> None:
        """Run statements that make tables and indexes."""
        self.db().executescript(sql)

    def note(self, name: str) -> str | None:
        """A remembered text, or None."""
        row = self.db().execute("select value from note where name = ?", (name,)).fetchone()
        return None if row is None else str(row["value"])

    def remember(self, name: str, value: str) -> None:
        """Keep a text under a name, in the transaction that is open, if one is."""
        self.db().execute("insert or replace into note (name, value) values (?, ?)", (name, value))

    def close(self) -> None:
        """Close the connections of all threads; only when no request is running."""
        with self._lock:
            for db in list(self._open):
                db.close()
            self._open.clear()
        self._local = threading.local()
