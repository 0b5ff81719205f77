"""The filters and orders of lists: `Type=="ACCPAY" && Date>=DateTime(2026,01,01)` to SQL.

Invariant: what was typed reaches the database as bound values and checked names only; whatever is
not understood is refused whole, never ignored. It asks no database.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from well.sandbox.xero.dates import millis
from well.sandbox.xero.problem import Problem, unreadable

TOKEN = re.compile(
    r"\s*(?:(?P<op>==|!=|>=|<=|&&|\|\||[<>=(),!])|(?P<text>\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*))"
)
COMPARE = {"==": "=", "=": "=", "!=": "<>", ">=": ">=", "<=": "<=", ">": ">", "<": "<"}
TIMES = {"Date": "date", "DueDate": "due", "UpdatedDateUTC": "updated"}
COLUMNS = {"Type": "type", "Status": "status", "ContactStatus": "status"} | {
    "Contact.ContactID": "contact"
}
LONGEST = 4000
DEEPEST = 40
MATCHES = {"Contains": ("%", "%"), "StartsWith": ("", "%"), "EndsWith": ("%", "")}


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition over the table of things, with its values."""

    sql: str
    values: tuple[object, ...] = ()


def column(name: str) -> str:
    """The SQL of a field's value; its name was read by TOKEN and holds letters and dots only."""
    if name in TIMES:
        return TIMES[name]
    return COLUMNS.get(name) or f"json_extract(body, '$.{name}')"


def read_order(text: str) -> str:
    """`UpdatedDateUTC DESC, Name` as SQL. Problem when it cannot be read."""
    parts = []
    for part in text[:LONGEST].split(","):
        found = re.fullmatch(r"\s*([A-Za-z][A-Za-z0-9.]*)(?:\s+(asc|desc))?\s*", part, re.I)
        if found is None or found[1].endswith(".") or ".." in found[1]:
            raise unreadable(f"The order {text[:80]} cannot be read.")
        parts.append(f"{column(found[1])} {(found[2] or 'asc').lower()}")
    return ", ".join(parts)


def read_where(text: str) -> Filter:
    """The condition. Problem when it cannot be read."""
    if len(text) > LONGEST:
        raise unreadable("The filter is too long.")
    reader = _Reader(text)
    found = reader.any_of(0)
    reader.end()
    return found


class _Reader:
    """Reads one filter from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, str]] = []
        self._at = 0
        place = 0
        while text[place:].strip():
            found = TOKEN.match(text, place)
            if found is None or found.lastgroup is None:
                raise self._wrong()
            self._tokens.append((found.lastgroup, found[found.lastgroup]))
            place = found.end()

    def _wrong(self) -> Problem:
        return unreadable(f"The filter cannot be read: {self._text[:120]}")

    def end(self) -> None:
        """Nothing may be left."""
        if self._at != len(self._tokens):
            raise self._wrong()

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _next(self, *wanted: str) -> str:
        kind, value = self._peek()
        if kind not in wanted and value not in wanted:
            raise self._wrong()
        self._at += 1
        return value

    def _joined(self, words: tuple[str, ...], part: Callable[[], Filter], sql: str) -> Filter:
        found = [part()]
        while self._peek()[1].lower() in words:
            self._at += 1
            found.append(part())
        inner = f" {sql} ".join(f"({one.sql})" for one in found)
        return Filter(inner, tuple(value for one in found for value in one.values))

    def any_of(self, depth: int) -> Filter:
        """Parts of which one must hold."""
        if depth > DEEPEST:
            raise self._wrong()
        return self._joined(
            ("||", "or"),
            lambda: self._joined(("&&", "and"), lambda: self._one(depth), "and"),
            "or",
        )

    def _one(self, depth: int) -> Filter:
        if self._peek()[1] == "(":
            self._at += 1
            inner = self.any_of(depth + 1)
            self._next(")")
            return inner
        name = self._next("name")
        stem, _, method = name.rpartition(".")
        if method in MATCHES and self._peek()[1] == "(":
            self._at += 1
            sought = _unquoted(self._next("text"))
            self._next(")")
            before, after = MATCHES[method]
            plain = re.sub(r"([\\%_])", r"\\\1", sought)
            return Filter(f"{column(stem)} like ? escape '\\'", (before + plain + after,))
        return self._compared(name)

    def _compared(self, name: str) -> Filter:
        sign = self._next("op")
        if sign not in COMPARE:
            raise self._wrong()
        value = self._value()
        if value is None and sign in ("==", "=", "!="):
            return Filter(f"{column(name)} is {'not ' if sign == '!=' else ''}null")
        if value is None or (name in TIMES) is not isinstance(value, datetime):
            raise self._wrong()
        bound = millis(value) if isinstance(value, datetime) else value
        mark = "cast(? as real)" if self._numeric else "?"
        return Filter(f"{column(name)} {COMPARE[sign]} {mark}", (bound,))

    _numeric = False

    def _value(self) -> object:
        kind, value = self._peek()
        self._at += 1
        # An amount stays text until the database compares it: it is never a float here.
        self._numeric = kind == "number"
        if kind == "text":
            return _unquoted(value)
        if kind == "number":
            return value
        match value.lower():
            case "true" | "false":
                return int(value.lower() == "true")
            case "null":
                return None
            case "guid":
                return self._called(("text",))[0].lower()
            case "datetime":
                return self._moment()
        raise self._wrong()

    def _called(self, kinds: tuple[str, ...]) -> list[str]:
        self._next("(")
        found = [self._next(*kinds)]
        while self._peek()[1] == ",":
            self._at += 1
            found.append(self._next(*kinds))
        self._next(")")
        return [_unquoted(one) for one in found]

    def _moment(self) -> datetime:
        numbers = self._called(("number",))
        if not 3 <= len(numbers) <= 6 or any("." in one for one in numbers):
            raise self._wrong()
        try:
            year, month, day, *rest = map(int, numbers)
            hour, minute, second = (*rest, 0, 0, 0)[:3]
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError as wrong:
            raise self._wrong() from wrong


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text
