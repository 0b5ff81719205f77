"""The limited process that checks files: requests on stdin, reports on stdout.

Invariant: bounded memory and processor time for each file; it writes no file and has no secret.
The rule processor reserves far more addresses than it uses, so data is limited, not addresses.
"""

import os
import resource
import signal
import sys

from well.documents.checking.check_file import check_file
from well.documents.checking.codec import decode_request, encode_report
from well.documents.reading.codec import READY, frame, read_frame

DATA_BYTES = 1536 * 1024 * 1024
SECONDS = 30


def main() -> None:
    """Serve until the parent closes the pipe."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    # The rule processor prints its complaints: they must not break a frame.
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    _limit()
    answers.write(frame(READY))
    answers.flush()
    while (head := read_frame(requests)) is not None:
        content = read_frame(requests)
        if content is None:
            return
        _renew_processor_time()
        answers.write(frame(encode_report(check_file(content, decode_request(head)))))
        answers.flush()


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_BYTES, DATA_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _renew_processor_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + SECONDS) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
