"""The child process for text and XML: requests on stdin, answers on stdout.

Invariant: it holds at most 416 MiB of data, and takes 8 s of processor time for a file. It never
loads the optical reader. Started by `child_process`.
"""

from well.documents.reading.codec import decode_request, encode_answer, encode_learned
from well.documents.reading.limits import DATA_BYTES, MEMORY_BYTES, SECONDS
from well.documents.reading.page_image import page_image
from well.documents.reading.read_file import Aids, learn_file, read_content
from well.documents.reading.serve import Limits, serve


def answer(head: bytes, content: bytes) -> bytes:
    """What a request about a file is answered with."""
    request = decode_request(head)
    if request.do == "image":
        return page_image(content, request.page, request.width) or b""
    if request.do == "learn":
        return encode_learned(learn_file(content, request.confirmed))
    return encode_answer(read_content(content, Aids(request.layouts, None, request.suggested)))


if __name__ == "__main__":
    serve(answer, Limits(MEMORY_BYTES, SECONDS, DATA_BYTES))
