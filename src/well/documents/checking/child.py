"""The limited process that checks files: requests on stdin, reports on stdout.

Invariant: bounded memory and processor time for each file; it writes no file and has no secret.
Started by `checker`.
"""

import resource

from well.documents.checking.check_file import check_file
from well.documents.checking.codec import decode_request, encode_report
from well.documents.reading.serve import Limits, serve

# The rule processor reserves far more addresses than it uses: data is limited, not addresses.
LIMITS = Limits(memory=resource.RLIM_INFINITY, seconds=30, data=1536 * 1024 * 1024)


def answer(head: bytes, content: bytes) -> bytes:
    """The report of one file."""
    return encode_report(check_file(content, decode_request(head)))


if __name__ == "__main__":
    serve(answer, LIMITS)
