"""Answers and requests as bytes on the pipe between a reader and its child process.

Invariant: length-prefixed frames of JSON or raw bytes; nothing executable (no pickle). What the
child sends is validated field by field, because the child has touched hostile bytes.
"""

import json
import struct
from dataclasses import asdict, dataclass
from typing import BinaryIO, Literal

from pydantic import TypeAdapter

from well.documents.reading.answer import Answer

HEADER = struct.Struct(">I")
FRAME_MAX = 64 * 1024 * 1024
READY = b"ready"
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


@dataclass(frozen=True, slots=True)
class Request:
    """What to do with the file that follows; `page` and `width` only for images."""

    do: Literal["read", "image"]
    page: int = 0
    width: int = 0


_REQUEST: TypeAdapter[Request] = TypeAdapter(Request)


def encode_request(request: Request) -> bytes:
    """JSON bytes of a request."""
    return json.dumps(asdict(request)).encode()


def decode_request(frame: bytes) -> Request:
    """The request in a frame."""
    return _REQUEST.validate_json(frame)


def encode_answer(answer: Answer) -> bytes:
    """JSON bytes of an answer; amounts as text."""
    return _ANSWER.dump_json(answer)


def decode_answer(frame: bytes) -> Answer:
    """The answer in a frame; ValueError when it is none."""
    return _ANSWER.validate_json(frame)


def frame(body: bytes) -> bytes:
    """`body` with its length in front."""
    return HEADER.pack(len(body)) + body


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame; None at the end of the stream."""
    head = stream.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    (length,) = HEADER.unpack(head)
    body = stream.read(min(length, FRAME_MAX))
    return body if len(body) == length else None
