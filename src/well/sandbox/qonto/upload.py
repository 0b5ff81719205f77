"""A multipart request as a list of its parts, large files on disk instead of in memory.

Invariant: a body larger than the bound, a broken one or another content type is refused; nothing
of it is kept. It knows no meaning of a part.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from well.sandbox.qonto.wire import Refusal

Parts = list[tuple[str, str | UploadFile]]
PARTS_MAX = 200


@asynccontextmanager
async def read_parts(request: Request, most: int) -> AsyncIterator[Parts]:
    """The parts in their order; `most` bounds the body's bytes. Refusal when it cannot be read."""
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        raise Refusal(422, "invalid", "the body must be multipart/form-data")
    parser = MultiPartParser(
        request.headers, _bounded(request, most), max_files=PARTS_MAX, max_fields=PARTS_MAX
    )
    try:
        form = await parser.parse()
    except MultiPartException as wrong:
        raise Refusal(400, "bad_request", f"the body cannot be read: {wrong.message}") from None
    except (UnicodeError, LookupError):
        raise Refusal(400, "bad_request", "the body cannot be read") from None
    try:
        yield form.multi_items()
    finally:
        await form.close()


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    seen = 0
    async for piece in request.stream():
        seen += len(piece)
        if seen > most:
            raise Refusal(413, "invalid", "the request is too large")
        yield piece
