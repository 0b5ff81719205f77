"""A limited process that answers requests about files until its parent closes the pipe.

Invariant: it writes no file, dies rather than answer late, and nothing that a library prints can
break a frame. It has no secret and no database, and does not know what is asked of it.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from well.documents.reading.codec import READY, frame, read_frame


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory` in bytes of address space, `seconds` of processor time for one file.

    `data` is what of it the process may write to, which is nearest to what it really takes.
    """

    memory: int
    seconds: float
    data: int = resource.RLIM_INFINITY


def serve(answer: Callable[[bytes, bytes], bytes], limits: Limits) -> None:
    """Answer one request (its frame, and the file) after the other."""
    requests, answers = _private_pipes()
    _limit(limits)
    answers.write(frame(READY))
    answers.flush()
    while (head := read_frame(requests)) is not None:
        content = read_frame(requests)
        if content is None:
            return
        _renew_processor_time(limits.seconds)
        answers.write(frame(answer(head, content)))
        answers.flush()


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes under numbers of their own, so that a library that prints cannot break a frame."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return sys.stdin.buffer, answers


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_DATA, (limits.data, limits.data))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _renew_processor_time(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
