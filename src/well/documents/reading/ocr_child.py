"""The child process for scans: the same conversation as `child`, with the optical reader loaded.

Invariant: only here is the optical reader loaded, once, and its address space is limited; the
processor time of a file is that of all the pages it may have. One such process serves a pool.
"""

from well.documents.reading.codec import decode_request, encode_answer
from well.documents.reading.limits import OCR_MEMORY_BYTES, OCR_PAGES, OCR_SECONDS_PER_PAGE
from well.documents.reading.ocr_engine import load
from well.documents.reading.read_file import Aids, read_content
from well.documents.reading.serve import Limits, serve


def main() -> None:
    """Load the reader, then serve; a file is read without it where it is not installed."""
    engine = load()

    def answer(head: bytes, content: bytes) -> bytes:
        request = decode_request(head)
        aids = Aids(request.layouts, engine, request.suggested)
        return encode_answer(read_content(content, aids))

    serve(answer, Limits(OCR_MEMORY_BYTES, OCR_SECONDS_PER_PAGE * OCR_PAGES))


if __name__ == "__main__":
    main()
