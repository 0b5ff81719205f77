"""Answers and requests as bytes on the pipe between a reader and its child process.

Invariant: length-prefixed frames of JSON or raw bytes; nothing executable (no pickle). What the
child sends is validated field by field, because the child has touched hostile bytes.
"""

import json
import struct
from dataclasses import asdict, dataclass, field
from typing import BinaryIO, Literal

from pydantic import TypeAdapter

from well.documents.reading.answer import Answer
from well.domain.learned_layout import LearnedLayout

HEADER = struct.Struct(">I")
FRAME_MAX = 64 * 1024 * 1024
READY = b"ready"
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


@dataclass(frozen=True, slots=True)
class Request:
    """What to do with the file that follows.

    `page` and `width` only for images, `layouts` and `suggested` for reading, `confirmed` for
    learning.
    """

    do: Literal["read", "image", "learn"]
    page: int = 0
    width: int = 0
    layouts: tuple[LearnedLayout, ...] = ()
    confirmed: dict[str, str] = field(default_factory=dict)
    suggested: dict[str, str] = field(default_factory=dict)


_REQUEST: TypeAdapter[Request] = TypeAdapter(Request)
_LEARNED: TypeAdapter[LearnedLayout | None] = TypeAdapter(LearnedLayout | None)


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


def encode_learned(layout: LearnedLayout | None) -> bytes:
    """JSON bytes of a learned layout."""
    return _LEARNED.dump_json(layout)


def decode_learned(frame: bytes) -> LearnedLayout | None:
    """The learned layout in a frame; ValueError when it is none."""
    return _LEARNED.validate_json(frame)


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
