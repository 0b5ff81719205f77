"""A small pool of limited child processes that check files.

Invariant: never raises for what a file contains; rules are compiled once a process and serve many
files. Safe to share between threads; call `close` at the end.
"""

from well.documents.checking.codec import decode_report, encode_request
from well.documents.checking.violation import Report
from well.documents.reading.child_pool import ChildPool
from well.documents.reading.child_process import ChildLost, ChildProcess
from well.documents.reading.limits import FILE_BYTES, TOO_LARGE

CHECKER = "well.documents.checking.child"
SECONDS = 30.0
"""Also covers compiling the rules for the first file of a process (about 4 s)."""
LATE = "Checking this file took too long and was stopped."
DEAD = "Checking this file needed too much memory or broke the checker, so it was stopped."


class FileChecker:
    """Checks with up to `workers` processes, each started on first use."""

    def __init__(self, workers: int = 1, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._pool = ChildPool([ChildProcess(module=CHECKER) for _ in range(workers)])

    def check(self, content: bytes, french: bool | None = None) -> Report:
        """The report of a PDF or XML file; RuntimeError when no child can be started."""
        if len(content) > FILE_BYTES:
            return Report(error=TOO_LARGE)
        with self._pool.one() as child:
            try:
                return decode_report(child.ask(encode_request(french), content, self._seconds))
            except ChildLost as lost:
                return Report(error=LATE if lost.late else DEAD)
            except ValueError:
                return Report(error=DEAD)

    def close(self) -> None:
        """End the child processes."""
        self._pool.close()
