"""Requests and reports as bytes on the pipe between a checker and its child process.

Invariant: JSON only, nothing executable; what the child sends is validated, because the child has
touched hostile bytes.
"""

import json

from pydantic import TypeAdapter

from well.documents.checking.violation import Report

_REPORT: TypeAdapter[Report] = TypeAdapter(Report)


def encode_request(french: bool | None) -> bytes:
    """JSON bytes of a request."""
    return json.dumps({"french": french}).encode()


def decode_request(frame: bytes) -> bool | None:
    """Whether the French rules are asked for; None lets the file decide."""
    french = json.loads(frame)["french"]
    return None if french is None else bool(french)


def encode_report(report: Report) -> bytes:
    """JSON bytes of a report."""
    return _REPORT.dump_json(report)


def decode_report(frame: bytes) -> Report:
    """The report in a frame; ValueError when it is none."""
    return _REPORT.validate_json(frame)
