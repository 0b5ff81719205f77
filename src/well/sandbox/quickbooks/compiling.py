"""A Query to SQL over the stored objects.

Invariant: every value is bound, every expression comes from the table of entities; what the
provider would refuse is error 4001. It runs nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from well.sandbox.quickbooks.entities import ENTITIES, Entity, Field
from well.sandbox.quickbooks.grammar import Condition, Query
from well.sandbox.quickbooks.wire import Problem, millis, read_time

MOST_ROWS = 1000
OPERATORS = {"=": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
Value = str | int


@dataclass(frozen=True)
class Compiled:
    """The parts of a statement over the table `object`; `rows` and `start` are the page."""

    entity: Entity
    where: str
    values: tuple[Value, ...]
    order: str
    start: int
    rows: int
    fields: tuple[str, ...]
    count: bool


def invalid(detail: str) -> Problem:
    """Error 4001."""
    return Problem("4001", "Invalid query", f"QueryValidationError: {detail}")


def entity_named(name: str) -> Entity:
    """The entity, whatever its letter case. Problem 4001 when there is none."""
    found = ENTITIES.get(name.lower())
    if found is None:
        raise invalid(f"Invalid context declared: {name[:80]}")
    return found


def _field(entity: Entity, name: str) -> Field:
    found = entity.fields.get(name.lower())
    if found is None:
        raise invalid(f"property '{name[:80]}' not found for {entity.name} entity")
    return found


def _number(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation as wrong:
        raise invalid(f"'{text[:40]}' is not a number") from wrong
    if not value.is_finite() or len(text) > 40:
        raise invalid(f"'{text[:40]}' is not a number")
    return text


def _moment(text: str) -> int:
    try:
        return millis(read_time(text))
    except ValueError as wrong:
        raise invalid(f"'{text[:40]}' is not a valid date and time") from wrong


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as wrong:
        raise invalid(f"'{text[:40]}' is not a valid date") from wrong


def _flag(text: str) -> int:
    if text.lower() not in ("true", "false"):
        raise invalid(f"'{text[:40]}' is neither true nor false")
    return int(text.lower() == "true")


def _identity(text: str) -> int:
    # An id that is no number exists nowhere; -1 finds nothing.
    return int(text) if text.isdecimal() and len(text) < 18 else -1


def _bound(field: Field, text: str) -> tuple[str, Value]:
    """The placeholder and the value that is bound to it."""
    match field.kind:
        case "id":
            return "?", _identity(text)
        case "number":
            return "cast(? as numeric)", _number(text)
        case "time":
            return "?", _moment(text)
        case "date":
            return "?", _day(text)
        case "flag":
            return "?", _flag(text)
    return "?", text


def _pattern(text: str) -> str:
    """LIKE with % as the only wildcard."""
    return text.replace("\\", "\\\\").replace("_", "\\_")


def _comparison(sql: str, field: Field, condition: Condition) -> tuple[str, list[Value]]:
    if condition.operator == "like":
        return f"{sql} like ? escape '\\'", [_pattern(condition.values[0])]
    marks, values = zip(*(_bound(field, text) for text in condition.values), strict=True)
    if condition.operator == "in":
        return f"{sql} in ({', '.join(marks)})", list(values)
    return f"{sql} {OPERATORS[condition.operator]} {marks[0]}", list(values)


def _linked(conditions: Iterable[tuple[Field, Condition]]) -> tuple[str, list[Value]]:
    """All conditions on one reference together: type and value must belong to the same one."""
    parts: list[str] = []
    values: list[Value] = []
    for field, condition in conditions:
        sql, bound = _comparison(f"link.{field.sql} collate nocase", field, condition)
        parts.append(sql)
        values += bound
    inner = " and ".join(parts)
    sql = f"num in (select link.attachable from link where {inner})"  # noqa: S608 - own SQL
    return sql, values


def _where(entity: Entity, query: Query) -> tuple[str, tuple[Value, ...]]:
    parts = ["entity = ?", "deleted = 0"]
    values: list[Value] = [entity.name]
    found = [(_field(entity, condition.field), condition) for condition in query.conditions]
    if entity.listed and all(field.kind != "flag" for field, _ in found):
        parts.append("active = 1")
    for field, condition in found:
        if field.kind != "link":
            sql, bound = _comparison(field.sql, field, condition)
            parts.append(sql)
            values += bound
    links = [pair for pair in found if pair[0].kind == "link"]
    if links:
        sql, bound = _linked(links)
        parts.append(sql)
        values += bound
    return " and ".join(parts), tuple(values)


def _order(entity: Entity, query: Query) -> str:
    parts: list[str] = []
    for name, down in query.order:
        field = _field(entity, name)
        if field.kind == "link":
            raise invalid(f"property '{name[:80]}' is not sortable")
        parts.append(f"{field.sql} {'desc' if down else 'asc'}")
    return ", ".join([*parts, "num asc"])


def compiled(query: Query) -> Compiled:
    """Make the statement's parts. Problem 4001 for what does not exist or is out of range."""
    entity = entity_named(query.entity)
    if query.rows > MOST_ROWS:
        raise invalid(f"value {query.rows} is too large. Max allowed value is {MOST_ROWS}.")
    if query.start < 1:
        raise invalid("value 0 is too small. Min allowed value is 1.")
    where, values = _where(entity, query)
    order = _order(entity, query)
    return Compiled(
        entity, where, values, order, query.start, query.rows, query.fields, query.count
    )
