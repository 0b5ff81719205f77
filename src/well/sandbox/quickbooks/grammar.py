"""The query language: text to a Query, or the provider's parser error.

Invariant: exactly the published language is understood (no OR, NOT, joins, GROUP BY); anything else
is error 4000, whatever the text. It does not know entities or fields: that is compiling.
"""

import re
from dataclasses import dataclass

from well.sandbox.quickbooks.wire import Problem

LONGEST = 100_000
DEFAULT_ROWS = 100
TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^'\\]|\\.)*')"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_.]*)"
    r"|(?P<number>-?[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<sign><=|>=|[=<>(),*]))",
    re.DOTALL,
)
COMPARISONS = frozenset({"=", "<", ">", "<=", ">=", "like"})


@dataclass(frozen=True)
class Condition:
    """One comparison; `values` has several only for `in`."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """A query that could be read. No `fields` means all of them."""

    entity: str
    fields: tuple[str, ...]
    count: bool
    conditions: tuple[Condition, ...]
    order: tuple[tuple[str, bool], ...]
    start: int
    rows: int


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int


def _parse_error(what: str, column: int) -> Problem:
    detail = f'QueryParserError: Encountered "{what}" at line 1, column {column}.'
    return Problem("4000", "Error parsing query", detail)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if match is None:
            raise _parse_error(text[at:end].strip()[:20], at + 1)
        kind = str(match.lastgroup)
        found.append(_Token(kind, match[kind], match.start(kind) + 1))
        at = match.end()
    return [*found, _Token("end", "<EOF>", end + 1)]


class _Reader:
    """Walks along the tokens."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    @property
    def next(self) -> _Token:
        return self._tokens[self._at]

    def wrong(self) -> Problem:
        return _parse_error(self.next.text[:40], self.next.column)

    def take(self, kind: str) -> str:
        if self.next.kind != kind:
            raise self.wrong()
        self._at += 1
        return self._tokens[self._at - 1].text

    def accept(self, *texts: str) -> bool:
        """Step over these words or signs when they come next, all of them."""
        coming = self._tokens[self._at : self._at + len(texts)]
        if [token.text.lower() for token in coming] != list(texts):
            return False
        if any(token.kind not in ("word", "sign") for token in coming):
            return False
        self._at += len(texts)
        return True

    def expect(self, *texts: str) -> None:
        if not self.accept(*texts):
            raise self.wrong()


def _selected(reader: _Reader) -> tuple[tuple[str, ...], bool]:
    """The selected fields (none: all) and whether only the count is asked."""
    if reader.accept("count", "(", "*", ")"):
        return (), True
    everything = False
    fields: list[str] = []
    while True:
        if reader.accept("*"):
            everything = True
        else:
            fields.append(reader.take("word"))
        if not reader.accept(","):
            return (() if everything else tuple(fields)), False


def _value(reader: _Reader) -> str:
    token = reader.next
    if token.kind == "string":
        return re.sub(r"\\(.)", r"\1", reader.take("string")[1:-1], flags=re.DOTALL)
    if token.kind == "number":
        return reader.take("number")
    if token.text.lower() in ("true", "false"):
        return reader.take("word").lower()
    raise reader.wrong()


def _condition(reader: _Reader) -> Condition:
    field = reader.take("word")
    if reader.accept("in", "("):
        values = [_value(reader)]
        while reader.accept(","):
            values.append(_value(reader))
        reader.expect(")")
        return Condition(field, "in", tuple(values))
    operator = reader.next.text.lower()
    if reader.next.kind not in ("sign", "word") or operator not in COMPARISONS:
        raise reader.wrong()
    reader.expect(operator)
    return Condition(field, operator, (_value(reader),))


def _conditions(reader: _Reader) -> tuple[Condition, ...]:
    if not reader.accept("where"):
        return ()
    found = [_condition(reader)]
    while reader.accept("and"):
        found.append(_condition(reader))
    return tuple(found)


def _order(reader: _Reader) -> tuple[tuple[str, bool], ...]:
    if not (reader.accept("orderby") or reader.accept("order", "by")):
        return ()
    found: list[tuple[str, bool]] = []
    while True:
        field = reader.take("word")
        down = reader.accept("desc")
        if not down:
            reader.accept("asc")
        found.append((field, down))
        if not reader.accept(","):
            return tuple(found)


def _whole(reader: _Reader, word: str, default: int) -> int:
    if not reader.accept(word):
        return default
    wrong = reader.wrong()
    text = reader.take("number")
    if not text.isdecimal() or len(text) > 9:
        raise wrong
    return int(text)


def parse(text: str) -> Query:
    """Read a query. Problem 4000 when it is none of this language."""
    if len(text) > LONGEST:
        raise _parse_error("a query that is too long", LONGEST)
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _parse_error("half a character", 1)
    reader = _Reader(text)
    reader.expect("select")
    fields, count = _selected(reader)
    reader.expect("from")
    query = Query(
        entity=reader.take("word"),
        fields=fields,
        count=count,
        conditions=_conditions(reader),
        order=_order(reader),
        start=_whole(reader, "startposition", 1),
        rows=_whole(reader, "maxresults", DEFAULT_ROWS),
    )
    reader.take("end")
    return query
