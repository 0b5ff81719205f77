"""The Reader port: a small pool of limited child processes, and one more for scans.

Invariant: never raises for what a file contains; a file that kills its child is unreadable, and
the files after it are served by a new one. The pool is the only state; call `close` at the end.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import repeat

from well.documents.reading.answer import Answer, noted, settle
from well.documents.reading.child_pool import ChildPool
from well.documents.reading.child_process import OPTICAL, TEXT, ChildLost, ChildProcess
from well.documents.reading.codec import Request, decode_answer, decode_learned, encode_request
from well.documents.reading.limits import (
    FILE_BYTES,
    OCR_SECONDS_PER_PAGE,
    SECONDS,
    TOO_LARGE,
    unreadable,
)
from well.domain.document import Document
from well.domain.learned_layout import LearnedLayout
from well.ports.reader import Reading
from well.ports.suggest import Suggest

LATE = "Reading this file took too long and was stopped."
_SOON = 0.3
DEAD = "Reading this file needed too much memory or broke the reader, so it was stopped."


class DocumentReader:
    """Reads with `workers` child processes; safe to share between threads.

    `clock` is monotonic seconds; `seconds` the time limit of one file; `child` the module that
    the children run. `suggest` asks a language model where there is one: by default nobody.
    """

    def __init__(
        self,
        workers: int = 2,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = SECONDS,
        child: str = TEXT,
        suggest: Suggest | None = None,
    ) -> None:
        self._suggest = suggest
        self._seconds = seconds
        self._pool = ChildPool([ChildProcess(clock, child) for _ in range(workers)])
        # The optical reader takes most of a gigabyte: one for all threads, started by a first scan.
        self._optical = ChildProcess(clock, OPTICAL)
        self._scans = threading.Lock()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="documents")
        self._closed = threading.Event()

    def read(
        self, documents: Sequence[Document], layouts: Sequence[LearnedLayout] = ()
    ) -> Sequence[Reading]:
        """One reading for each document, in order; RuntimeError when no child can be started."""
        request = Request("read", layouts=tuple(layouts))
        if len(documents) == 1:
            return (self._read(documents[0], request),)
        return tuple(self._threads.map(self._read, documents, repeat(request)))

    def learn(self, document: Document, confirmed: Mapping[str, str]) -> LearnedLayout | None:
        """The layout of a reviewed document; None when nothing can be found again."""
        request = encode_request(Request("learn", confirmed=dict(confirmed)))
        if len(document.content) > FILE_BYTES:
            return None
        try:
            return decode_learned(self._ask(request, document.content))
        except (ChildLost, ValueError):
            return None

    def page_image(self, document: Document, page: int, width: int) -> bytes | None:
        """Page `page` (from 0) as WebP, `width` pixels wide; None when it cannot be drawn."""
        if len(document.content) > FILE_BYTES:
            return None
        request = encode_request(Request("image", page, width))
        try:
            return self._ask(request, document.content) or None
        except ChildLost:
            return None

    @property
    def optical_pid(self) -> int | None:
        """Process id of the optical reader, None before the first scan."""
        return self._optical.pid

    def close(self) -> None:
        """End the threads and the child processes; the reader cannot be used afterwards."""
        self._closed.set()
        self._threads.shutdown(wait=True)
        self._pool.close()
        self._optical.close()

    def _read(self, document: Document, request: Request) -> Reading:
        if len(document.content) > FILE_BYTES:
            return unreadable(TOO_LARGE)
        try:
            answer = self._answer(document, request)
        except ChildLost as lost:
            return unreadable(LATE if lost.late else DEAD)
        except ValueError:
            return unreadable(DEAD)
        if self._suggest is None or answer.scans or not answer.words:
            return settle(answer)
        return self._with_suggestions(document, request, answer, self._suggest)

    def _answer(self, document: Document, request: Request) -> Answer:
        asked = encode_request(request)
        answer = decode_answer(self._ask(asked, document.content))
        if answer.scans:
            answer = decode_answer(self._see(asked, document.content, answer.scans))
        return answer

    def _with_suggestions(
        self, document: Document, request: Request, first: Answer, suggest: Suggest
    ) -> Reading:
        """The file read once more with what the model suggests; `first` when that fails."""
        suggestion = suggest(first.words)
        if suggestion.trouble is not None:
            return noted(first.reading, suggestion.trouble)
        if not suggestion.values:
            return first.reading
        try:
            # Only a child looks at the page again: the parent never opens what a file holds.
            again = replace(request, suggested=dict(suggestion.values))
            return settle(self._answer(document, again))
        except (ChildLost, ValueError):
            return first.reading

    def _ask(self, request: bytes, content: bytes) -> bytes:
        assert not self._closed.is_set(), "the reader was closed"
        with self._pool.one() as child:
            return _ask(child, request, content, self._seconds)

    def _see(self, request: bytes, content: bytes, scans: int) -> bytes:
        with self._scans:
            seconds = self._seconds + scans * OCR_SECONDS_PER_PAGE
            return _ask(self._optical, request, content, seconds)


def _ask(child: ChildProcess, request: bytes, content: bytes, seconds: float) -> bytes:
    started = child.now()
    try:
        return child.ask(request, content, seconds)
    except ChildLost as lost:
        used = child.now() - started
        if lost.late or used > seconds * _SOON:
            raise
        # The child may have been killed from outside: the file gets a second chance.
        return child.ask(request, content, seconds - used)
