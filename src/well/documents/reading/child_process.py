"""One limited child process and the conversation with it.

Invariant: an answer comes within the time limit or the child is killed; a dead child is replaced
before the next file. One conversation at a time: the pool gives a child to one thread.
"""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable

from well.documents.reading.codec import FRAME_MAX, HEADER, READY, frame
from well.documents.reading.limits import FILES_PER_CHILD, SECONDS

_CHUNK = 1 << 16
_START_SECONDS = 60.0
# Compiled modules would be files that the child writes.
_ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
TEXT = "well.documents.reading.child"
OPTICAL = "well.documents.reading.ocr_child"


class ChildLost(Exception):
    """The child died or was killed; `late` when it ran out of time."""

    def __init__(self, late: bool) -> None:
        super().__init__("late" if late else "dead")
        self.late = late


class ChildProcess:
    """Starts on first use; `clock` is monotonic seconds, `module` what it runs."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, module: str = TEXT) -> None:
        self._clock = clock
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0

    @property
    def pid(self) -> int | None:
        """Process id of the running child, None when there is none."""
        return self._process.pid if self._process else None

    def now(self) -> float:
        """Monotonic seconds."""
        return self._clock()

    def ask(self, head: bytes, content: bytes, seconds: float = SECONDS) -> bytes:
        """The child's answer to one request; ChildLost when there is none in time."""
        process = self._living()
        deadline = self._clock() + seconds
        self._served += 1
        try:
            self._send(process, frame(head) + frame(content), deadline)
            return self._receive(process, deadline)
        except ChildLost:
            self.close()
            raise

    def close(self) -> None:
        """End the child; the next request starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def _living(self) -> subprocess.Popen[bytes]:
        gone = self._process is not None and self._process.poll() is not None
        if gone or self._served >= FILES_PER_CHILD:
            self.close()
        if self._process is None:
            self._process, self._served = _start(self._module), 0
            self._await_ready(self._process)
        return self._process

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        """Starting is our own affair: a child that does not start is no fault of a file."""
        try:
            started = self._receive(process, self._clock() + _START_SECONDS) == READY
        except ChildLost:
            started = False
        if not started:
            self.close()
            raise RuntimeError("the process that reads documents does not start")

    def _send(self, process: subprocess.Popen[bytes], data: bytes, deadline: float) -> None:
        assert process.stdin
        pipe, rest = process.stdin.fileno(), memoryview(data)
        while rest:
            self._wait(pipe, select.POLLOUT, deadline)
            try:
                rest = rest[os.write(pipe, rest[:_CHUNK]) :]
            except BrokenPipeError:
                raise ChildLost(late=False) from None

    def _receive(self, process: subprocess.Popen[bytes], deadline: float) -> bytes:
        (length,) = HEADER.unpack(self._take(process, HEADER.size, deadline))
        if length > FRAME_MAX:
            raise ChildLost(late=False)
        return self._take(process, length, deadline)

    def _take(self, process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        assert process.stdout
        pipe, parts, missing = process.stdout.fileno(), [], size
        while missing:
            self._wait(pipe, select.POLLIN, deadline)
            part = os.read(pipe, min(missing, _CHUNK * 16))
            if not part:
                raise ChildLost(late=False)
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        left = deadline - self._clock()
        poll = select.poll()
        poll.register(pipe, event)
        if left <= 0 or not poll.poll(left * 1000):
            raise ChildLost(late=True)


def _start(module: str) -> subprocess.Popen[bytes]:
    """A child with nothing of our environment but where Python's modules are."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd="/",
        start_new_session=True,
        bufsize=0,
    )
    assert process.stdin
    os.set_blocking(process.stdin.fileno(), False)
    return process
