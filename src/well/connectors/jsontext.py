"""JSON from a provider: exact numbers, and each item's own bytes.

Invariant: an amount is a Decimal of the digits that were sent; NaN and infinity are refused; the
bytes of an item are the bytes of the answer. ValueError for everything that is no such JSON.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

_SPACE = re.compile(r"[ \t\r\n]*")
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
TEXT_MAX = 500
"""Characters kept of a provider's text in a domain value; the raw body keeps all of it."""


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_constant)


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a JSON text together with the piece of text that it was read from."""

    text: str
    start: int
    end: int
    value: Any

    @property
    def raw(self) -> bytes:
        """The bytes as sent."""
        return self.text[self.start : self.end].encode()

    def get(self, key: str) -> "Node | None":
        """Member `key` of an object; None when this is no object or has no such member."""
        if not isinstance(self.value, dict) or key not in self.value:
            return None
        found: Node | None = None
        at = _skip(self.text, self.start + 1)
        while self.text[at] == '"':
            name, at = _DECODER.raw_decode(self.text, at)
            member = _node(self.text, _skip(self.text, at) + 1)
            found = member if name == key else found
            at = _after_comma(self.text, member.end)
        return found

    def items(self) -> list["Node"]:
        """Elements of an array; none when this is no array."""
        nodes: list[Node] = []
        if not isinstance(self.value, list):
            return nodes
        at = _skip(self.text, self.start + 1)
        while self.text[at] != "]":
            nodes.append(_node(self.text, at))
            at = _after_comma(self.text, nodes[-1].end)
        return nodes


def parse(body: bytes) -> Node:
    """The whole body as a node. ValueError when it is no JSON, too deep, or holds NaN."""
    try:
        text = body.decode("utf-8-sig")
        node = _node(text, 0)
    except RecursionError:
        raise ValueError("JSON nested too deep") from None
    if _skip(text, node.end) != len(text):
        raise ValueError("text after the JSON value")
    return node


def _node(text: str, at: int) -> Node:
    start = _skip(text, at)
    value, end = _DECODER.raw_decode(text, start)
    return Node(text, start, end, value)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _after_comma(text: str, at: int) -> int:
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at


def canonical(value: Any) -> bytes:
    """One text for equal values: keys sorted, numbers by value (1284.0 is 1284.00).

    ValueError when the value is nested too deep.
    """
    try:
        plain = _plain(value)
        return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
    except RecursionError:
        raise ValueError("JSON nested too deep") from None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return f"#{Decimal(value).normalize()}"
    return value


def mapping(value: Any) -> Mapping[str, Any]:
    """`value` when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """`value` when it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """A short visible text on one line, or None when nothing is left of it."""
    if not isinstance(value, str):
        return None
    return " ".join(_UNSEEN.sub(" ", value[: TEXT_MAX * 4]).split())[:TEXT_MAX] or None


def number(value: Any) -> Decimal | None:
    """A finite number sent as JSON number or as text of plain digits; None otherwise."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        return None
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", value.strip()):
        return None
    found = Decimal(value)
    return found if found.is_finite() and found.adjusted() < 18 else None


def day(value: Any) -> date | None:
    """An ISO date (`2026-04-22`); None otherwise."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def moment(value: Any) -> datetime | None:
    """A timestamp with its offset or Z, as aware UTC; None when it has none or is no time."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
