"""A tool's text read strictly: lines of `Label: value` in a known order.

Invariant: a value cannot become a field. Labels are accepted only in the order the server writes
them and once each, and every text that people type is followed by a label that is always there:
a label hidden in such a text comes out of order or twice, and the block is refused. A name whose
end slipped into another value (its id in parentheses shows it) is refused as well. An unknown
label is passed over; a needed one that is missing refuses the block. It reads no network.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from well.connectors.xero.dates import day_of, time_of

BLOCK_MAX = 200_000
NOTHING = ("undefined", "null", "")
_NAMED = re.compile(r"(.*) \(([0-9A-Za-z-]{1,64})\)", re.DOTALL)
_SLIPPED = re.compile(r".* \([0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\)", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,20})?(e-[0-9]{1,2})?")
"""As JavaScript prints a number; a rate may have more digits than an amount."""

_LABEL = re.compile(r" {0,4}[A-Z][A-Za-z0-9 ]{0,40}:")


class FormError(ValueError):
    """The text has not the form that the server is known to write."""


class AmbiguousError(ValueError):
    """A text that somebody typed looks like fields. `sure` are members that stand before any such
    text, `likely` the server's own words before the place where it was noticed."""

    def __init__(
        self, why: str, sure: Mapping[str, Any], likely: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(why)
        self.sure = sure
        self.likely = likely or sure


class Is(Enum):
    """What a value is. WORD: one of the server's own; TYPED: whatever a person typed, also over
    several lines; NAMED: a name and an id in parentheses; REST: lines of any form; OPEN: all that
    follows; NONE: left out."""

    WORD = auto()
    TYPED = auto()
    NAMED = auto()
    AMOUNT = auto()
    DAY = auto()
    TIME = auto()
    REST = auto()
    OPEN = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Label:
    """A label (a pattern) and the member its value becomes; `id`: that of a NAMED value's id.

    `bare` are whole lines that stand for the label without naming it.
    """

    name: str
    member: str
    kind: Is = Is.WORD
    needed: bool = False
    bare: tuple[str, ...] = ()
    id: str = ""

    def value_in(self, line: str) -> str | None:
        """The value when the line is this label's; None when it is another's."""
        if line in self.bare:
            return line
        head = re.match(f"{self.name}:", line) if self.name else None
        return line[head.end() :].removeprefix(" ") if head else None


@dataclass(frozen=True, slots=True)
class Form:
    """A tool, the plural in its heading, the labels of its blocks in their order."""

    tool: str
    plural: str
    labels: tuple[Label, ...]

    def count_in(self, heading: str) -> int | None:
        """The number that a heading tells; None when it is no heading of this tool."""
        found = re.fullmatch(
            rf"Found ([0-9]{{1,6}}) {re.escape(self.plural)}(?: \(page [0-9]{{1,6}}\))?:", heading
        )
        return int(found[1]) if found else None


def members(form: Form, block: str) -> Mapping[str, Any]:
    """The members of a block. Raises `FormError` or `AmbiguousError`, both ValueErrors."""
    if len(block) > BLOCK_MAX:
        raise FormError("a block that is too long")
    fields = _fields(form, block)
    found: dict[str, Any] = {}
    for label, value in fields:
        if label.kind is Is.NONE or value in NOTHING:
            continue
        if not _put(found, label, value):
            raise _refused(form, fields, f"“{label.name}” with {value[:40]!r}")
    for label in form.labels:
        if label.needed and _get(found, label.member) is None:
            raise FormError(f"{form.tool} without “{label.name}”")
    return found


def _fields(form: Form, block: str) -> Sequence[tuple[Label, str]]:
    fields: list[tuple[Label, str]] = []
    after = -1
    foreign = False
    for line in block.split("\n"):
        at, value = _known(form, line)
        last = fields[-1][0].kind if fields else Is.NONE
        more = value is None and last is Is.TYPED and not foreign
        if last is Is.OPEN or (value is None and last is Is.REST) or more:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]}\n{line}")
        elif value is None:
            if not fields or last is Is.NAMED or not (foreign or _LABEL.match(line)):
                raise _refused(form, fields, f"a line that is no field: {line[:80]!r}")
            foreign = True
        elif at <= after:
            raise _refused(form, fields, f"“{line[:40]}” twice or out of order")
        else:
            fields.append((form.labels[at], value))
            after, foreign = at, False
    return fields


def _known(form: Form, line: str) -> tuple[int, str | None]:
    for at, label in enumerate(form.labels):
        value = label.value_in(line)
        if value is not None:
            return at, value
    return -1, None


def _refused(form: Form, fields: Sequence[tuple[Label, str]], why: str) -> ValueError:
    """What is to be said of a block that cannot be read in one way only."""
    typed = [at for at, (label, _) in enumerate(fields) if label.kind in (Is.TYPED, Is.NAMED)]
    first = typed[0] if typed else len(fields)
    words = [(label.member, value) for label, value in fields if label.kind is Is.WORD]
    sure = dict(words[: sum(label.kind is Is.WORD for label, _ in fields[:first])])
    if not fields:
        return FormError(f"{form.tool}: {why}")
    return AmbiguousError(f"{form.tool}: {why}", sure, dict(words))


def _put(found: dict[str, Any], label: Label, value: str) -> bool:
    """Set what the value becomes; False when it is no such value."""
    if label.kind is Is.NAMED:
        named = _NAMED.fullmatch(value)
        if named is not None:
            _set(found, f"{label.member}.Name", named[1])
            _set(found, f"{label.member}.{label.id}", named[2])
        return named is not None
    read = None if _SLIPPED.fullmatch(value) else _read(label, value)
    if read is not None and label.member:
        _set(found, label.member, read)
    return read is not None


def _read(label: Label, value: str) -> Any:
    if label.kind is Is.AMOUNT:
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    if label.kind is Is.DAY:
        day = day_of(value)
        return day.isoformat() if day else None
    if label.kind is Is.TIME:
        return value if time_of(value) else None
    return value


def _set(found: dict[str, Any], path: str, value: Any) -> None:
    *outer, last = path.split(".")
    for member in outer:
        found = found.setdefault(member, {})
    found[last] = value


def _get(found: Mapping[str, Any], path: str) -> Any:
    value: Any = found
    for member in path.split("."):
        value = value.get(member) if isinstance(value, dict) else None
    return value
