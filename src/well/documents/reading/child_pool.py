"""A few child processes of one sort, shared between threads.

Invariant: a child serves one thread at a time; who wants one while all are busy waits. It starts
none: each starts with its first file.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import LifoQueue

from well.documents.reading.child_process import ChildProcess


class ChildPool:
    """Lends out `children`; the one that worked last, whose memory is warm, goes first."""

    def __init__(self, children: Sequence[ChildProcess]) -> None:
        self._children = tuple(children)
        self._idle: LifoQueue[ChildProcess] = LifoQueue()
        for child in self._children:
            self._idle.put(child)

    @contextmanager
    def one(self) -> Iterator[ChildProcess]:
        """An idle child, given back at the end."""
        child = self._idle.get()
        try:
            yield child
        finally:
            self._idle.put(child)

    def close(self) -> None:
        """End the child processes."""
        for child in self._children:
            child.close()
