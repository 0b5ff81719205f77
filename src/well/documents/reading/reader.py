"""The Reader port: a small pool of limited child processes.

Invariant: never raises for what a file contains; a file that kills its child is unreadable, and
the files after it are served by a new one. The pool is the only state; call `close` at the end.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import LifoQueue

from well.documents.reading.child_process import ChildLost, ChildProcess
from well.documents.reading.codec import Request, decode_reading, encode_request
from well.documents.reading.limits import FILE_BYTES, SECONDS, TOO_LARGE, unreadable
from well.domain.document import Document
from well.domain.learned_layout import LearnedLayout
from well.ports.reader import Reading

LATE = "Reading this file took too long and was stopped."
DEAD = "Reading this file needed too much memory or broke the reader, so it was stopped."


class DocumentReader:
    """Reads with `workers` child processes; safe to share between threads.

    `clock` is monotonic seconds; `seconds` the time limit of one file.
    """

    def __init__(
        self,
        workers: int = 2,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = SECONDS,
    ) -> None:
        self._seconds = seconds
        self._children = [ChildProcess(clock) for _ in range(workers)]
        self._idle: LifoQueue[ChildProcess] = LifoQueue()
        for child in self._children:
            self._idle.put(child)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="documents")
        self._closed = threading.Event()

    def learn(self, document: Document, confirmed: Mapping[str, str]) -> LearnedLayout | None:
        """The layout of a reviewed document; this reader learns none."""
        del document, confirmed
        return None

    def read(
        self, documents: Sequence[Document], layouts: Sequence[LearnedLayout] = ()
    ) -> Sequence[Reading]:
        """One reading for each document, in order; RuntimeError when no child can be started.

        This reader knows no `layouts`.
        """
        del layouts
        if len(documents) == 1:
            return (self._read(documents[0]),)
        return tuple(self._threads.map(self._read, documents))

    def page_image(self, document: Document, page: int, width: int) -> bytes | None:
        """Page `page` (from 0) as WebP, `width` pixels wide; None when it cannot be drawn."""
        if len(document.content) > FILE_BYTES:
            return None
        request = encode_request(Request("image", page, width))
        try:
            return self._ask(request, document.content) or None
        except ChildLost:
            return None

    def close(self) -> None:
        """End the threads and the child processes; the reader cannot be used afterwards."""
        self._closed.set()
        self._threads.shutdown(wait=True)
        for child in self._children:
            child.close()

    def _read(self, document: Document) -> Reading:
        if len(document.content) > FILE_BYTES:
            return unreadable(TOO_LARGE)
        try:
            return decode_reading(self._ask(encode_request(Request("read")), document.content))
        except ChildLost as lost:
            return unreadable(LATE if lost.late else DEAD)
        except ValueError:
            return unreadable(DEAD)

    def _ask(self, request: bytes, content: bytes) -> bytes:
        with self._child() as child:
            try:
                return child.ask(request, content, self._seconds)
            except ChildLost as lost:
                if lost.late:
                    raise
                # The child may have been killed from outside: the file gets a second chance.
                return child.ask(request, content, self._seconds)

    @contextmanager
    def _child(self) -> Iterator[ChildProcess]:
        assert not self._closed.is_set(), "the reader was closed"
        child = self._idle.get()
        try:
            yield child
        finally:
            self._idle.put(child)
