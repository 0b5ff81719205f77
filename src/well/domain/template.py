"""A value computed from a record's own fields: text with fields in braces, and days added to dates.

Invariant: it is filled in and never run: no name is looked up but members of the record's body,
amounts keep their digits, and what cannot be had is a sentence. docs/rules.md has the grammar.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

TEMPLATE_MAX = 200
FIELDS_MAX = 8
DEPTH_MAX = 6
VALUE_MAX = 500
"""Characters of what a template gives; longer ones are refused, not cut."""
DAYS_MAX = 3660
LEAVES_MAX, LEAF_SHOWN = 300, 60
"""Paths listed of one body, and characters shown of what they hold."""
_EXPONENT_MAX = 30
_MEMBER = r"[A-Za-z0-9_](?:[A-Za-z0-9_ -]{0,58}[A-Za-z0-9_])?"
PATH = re.compile(rf"{_MEMBER}(?:\.{_MEMBER}){{0,{DEPTH_MAX - 1}}}")
_DAYS = re.compile(r"(?P<path>.+?)\s*(?P<sign>[+-])\s*(?P<days>[0-9]{1,4})\s+days?")
_PIECE = re.compile(r"\{\{|\}\}|\{(?P<field>[^{}]*)\}|(?P<text>[^{}]+)|(?P<stray>[{}])")


@dataclass(frozen=True, slots=True)
class Taken:
    """A field of the record, with so many days added to the date it holds (None: as it is)."""

    path: str
    days: int | None = None


Part = str | Taken
DayOf = Callable[[str], date | None]
"""Reads the dates of a provider."""


@lru_cache(maxsize=1024)
def parse(template: str) -> tuple[Part, ...]:
    """The parts of a template. ValueError with a sentence where it breaks the grammar."""
    if not 0 < len(template) <= TEMPLATE_MAX:
        raise ValueError(f"A value is a text of 1 to {TEMPLATE_MAX} characters.")
    parts = tuple(_part(piece, template) for piece in _PIECE.finditer(template))
    if sum(isinstance(part, Taken) for part in parts) > FIELDS_MAX:
        raise ValueError(f"A value is made of {FIELDS_MAX} fields at the most.")
    return parts


def fields(template: str) -> tuple[str, ...]:
    """The paths a template takes, in its order. ValueError as `parse`."""
    return tuple(part.path for part in parse(template) if isinstance(part, Taken))


def iso_day(text: str) -> date | None:
    """A date written as 2026-04-22; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def fill(template: str, body: Mapping[str, Any], day_of: DayOf = iso_day) -> str:
    """The text for one record; `day_of` reads the dates that days are added to.

    ValueError with a sentence where a field is missing or no value.
    """
    text = " ".join("".join(_filled(part, body, day_of) for part in parse(template)).split())
    if not text:
        raise ValueError("Nothing is left of the value.")
    if len(text) > VALUE_MAX:
        raise ValueError(f"The value is longer than {VALUE_MAX} characters.")
    return text


def take(body: Any, path: str) -> Any:
    """The member of a body at a path (numbers count the items of a list from 0), None without."""
    found = body
    for member in path.split("."):
        if isinstance(found, dict):
            found = found.get(member)
        elif isinstance(found, list) and member.isascii() and member.isdigit():
            at = int(member[:6])
            found = found[at] if at < len(found) else None
        else:
            return None
    return found


def scalar(value: Any) -> str | None:
    """A single value as text, a number with exactly its digits; None for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, (int, Decimal)):
        number = Decimal(value)
        sane = number.is_finite() and abs(number.adjusted()) <= _EXPONENT_MAX
        return format(number, "f") if sane else None
    return None


def leaves(body: Any, most: int = LEAVES_MAX) -> dict[str, str]:
    """The paths of a body that hold a single value, with that value; of a list its first item."""
    found: dict[str, str] = {}
    _walk(body, "", 0, found, most)
    return found


def _walk(value: Any, path: str, depth: int, found: dict[str, str], most: int) -> None:
    text = scalar(value)
    if text is not None and PATH.fullmatch(path):
        found.setdefault(path, text[:LEAF_SHOWN])
        return
    if depth >= DEPTH_MAX or len(found) >= most:
        return
    items = {"0": value[0]} if isinstance(value, list) and value else value
    for name, inner in items.items() if isinstance(items, dict) else ():
        if len(found) < most:
            _walk(inner, f"{path}.{name}" if path else str(name), depth + 1, found, most)


def _part(piece: re.Match[str], template: str) -> Part:
    if piece["text"] is not None:
        return piece["text"]
    if piece["stray"] is not None:
        raise ValueError(f"“{template[:40]}” has a brace without its partner; write {{{{ or }}}}.")
    if piece["field"] is None:
        return piece[0][0]
    return _taken(piece["field"].strip())


def _taken(inner: str) -> Taken:
    added = _DAYS.fullmatch(inner)
    path = added["path"] if added else inner
    if not PATH.fullmatch(path):
        raise ValueError(
            f"“{{{inner[:40]}}}” names no field; write {{DocNumber}}, {{VendorRef.name}} or "
            "{TxnDate + 30 days}."
        )
    if added is None:
        return Taken(path)
    days = int(added["sign"] + added["days"])
    if abs(days) > DAYS_MAX:
        raise ValueError(f"No more than {DAYS_MAX} days can be added.")
    return Taken(path, days)


def _filled(part: Part, body: Mapping[str, Any], day_of: DayOf) -> str:
    if isinstance(part, str):
        return part
    found = take(body, part.path)
    if found is None:
        raise ValueError(f"The record has no {part.path}.")
    text = scalar(found)
    if text is None:
        raise ValueError(f"{part.path} holds no single value.")
    if part.days is None:
        return text
    try:
        moved = _moved(day_of(text), part.days)
    except OverflowError:
        moved = None
    if moved is None:
        raise ValueError(f"{part.path} is “{text[:20]}”, which is no date to add days to.")
    return moved


def _moved(day: date | None, days: int) -> str | None:
    return (day + timedelta(days)).isoformat() if day is not None else None
