"""The reader's child with a guard: it ends at once when it does anything but read and answer.

Invariant: once it serves, it may import our modules and those installed, and nothing else: no
other file is opened, no address is called, no program is started.
"""

import os
import sys
from collections.abc import Callable

from well.documents.reading.child import answer
from well.documents.reading.codec import Request
from well.documents.reading.limits import DATA_BYTES, MEMORY_BYTES, SECONDS
from well.documents.reading.serve import Limits, serve

_FORBIDDEN = ("socket.", "subprocess.", "os.", "shutil.", "ftplib.", "urllib.", "ctypes.dlopen")
_HARMLESS = ("os.listdir", "os.scandir", "os.putenv")
_MODULES = tuple(path for path in sys.path if path)
_BREACH = 77
_guarded: list[bool] = []
Answer = Callable[[Request, bytes], bytes]


def guard(event: str, arguments: tuple[object, ...]) -> None:
    """Ends the process at the first forbidden event."""
    if event == "open":
        path, _, flags = arguments
        name = os.fsdecode(path) if isinstance(path, (str, bytes)) else ""
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes or not name.startswith(_MODULES):
            os._exit(_BREACH)
    elif event.startswith(_FORBIDDEN) and event not in _HARMLESS:
        os._exit(_BREACH)


def watched(answer: Answer) -> Answer:
    """`answer`, under guard from its first request on: serving itself opens /dev/null before."""

    def under_guard(request: Request, content: bytes) -> bytes:
        if not _guarded:
            _guarded.append(True)
            sys.addaudithook(guard)
        return answer(request, content)

    return under_guard


if __name__ == "__main__":
    serve(watched(answer), Limits(MEMORY_BYTES, SECONDS, DATA_BYTES))
