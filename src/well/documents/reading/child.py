"""The limited process that opens hostile files: requests on stdin, answers on stdout.

Invariant: it holds at most 1 GiB and 20 s of processor time per file, writes no file, and dies
rather than answer late. It has no secret and no database. Started by `child_process`.
"""

import os
import resource
import signal
import sys
from typing import BinaryIO

from well.documents.reading.codec import (
    READY,
    decode_request,
    encode_learned,
    encode_reading,
    frame,
    read_frame,
)
from well.documents.reading.limits import MEMORY_BYTES, SECONDS
from well.documents.reading.page_image import page_image
from well.documents.reading.read_file import learn_file, read_file


def main() -> None:
    """Serve until the parent closes the pipe."""
    requests, answers = _private_pipes()
    _limit()
    answers.write(frame(READY))
    answers.flush()
    while (head := read_frame(requests)) is not None:
        content = read_frame(requests)
        if content is None:
            return
        _renew_processor_time()
        answers.write(frame(_answer(head, content)))
        answers.flush()


def _answer(head: bytes, content: bytes) -> bytes:
    request = decode_request(head)
    if request.do == "image":
        return page_image(content, request.page, request.width) or b""
    if request.do == "learn":
        return encode_learned(learn_file(content, request.confirmed))
    return encode_reading(read_file(content, request.layouts))


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes under numbers of their own, so that a library that prints cannot break a frame."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return sys.stdin.buffer, answers


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _renew_processor_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + SECONDS) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
