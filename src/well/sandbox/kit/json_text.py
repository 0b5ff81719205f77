"""JSON whose numbers come from Decimal, and answers around text that is JSON already.

Invariant: an amount is printed digit for digit as it was booked, never through a binary fraction.
It knows no provider.
"""

import json
import re
import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

LONGEST = 30
MARK = f"decimal-{secrets.token_hex(12)}:"
MARKED = re.compile(f'"{MARK}([-0-9.]+)"')


class RawText(str):
    """JSON text that is already made and goes out as it is."""

    __slots__ = ()


def _marked(value: object) -> str:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} has no JSON form here")
    if not value.is_finite() or not -LONGEST < value.adjusted() < LONGEST:
        raise TypeError("an amount must be finite and of a sane size")
    return f"{MARK}{value:f}"


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_marked).encode


def to_json(value: object) -> str:
    """JSON text in which Decimal is a number. TypeError for what has no form here.

    The encoder of the standard library cannot print a Decimal: it goes through as a marked text
    whose quotes are taken off afterwards.
    """
    return MARKED.sub(r"\1", _encode(value))


def envelope(value: object) -> str:
    """An answer around bodies that are JSON text already (RawText)."""
    match value:
        case RawText():
            return str(value)
        case Mapping():
            pairs = (f"{to_json(key)}:{envelope(item)}" for key, item in value.items())
            return "{" + ",".join(pairs) + "}"
        case list():
            return "[" + ",".join(map(envelope, value)) + "]"
    return to_json(value)


def _constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON number")


def from_json(text: str | bytes) -> Any:
    """Read JSON with Decimal for every fraction. ValueError when it is none."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_constant)
    except RecursionError as deep:
        raise ValueError("nested too deeply") from deep
