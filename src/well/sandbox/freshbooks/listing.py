"""From the query of a list to SQL, as forgiving as the provider: what it does not know it ignores.

Invariant: every text of a client is a bound parameter, never a part of the SQL. A known filter
with a value of the wrong type is the one thing that is refused (1015).
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.datastructures import QueryParams

from well.sandbox.freshbooks.resources import LISTS, Resource
from well.sandbox.freshbooks.wire import WRONG_TYPE, Problem

PER_PAGE_MAX = 100
_SEARCH = re.compile(r"search\[([a-z_]+)\](\[\])?")
_SORT = re.compile(r"([a-z_]+)_(asc|desc)")
_SORTABLE = {
    "id": "id",
    "date": "day",
    "issue_date": "day",
    "updated": "updated",
    "updated_at": "updated",
    "amount": "cast(amount as real)",
    "vendor": "party",
}


@dataclass(slots=True)
class Query:
    """What to select; `where` and `order` are SQL of our own making."""

    where: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    order: str = "id desc"
    page: int = 1
    per_page: int = PER_PAGE_MAX

    @property
    def condition(self) -> str:
        """The SQL after `where`."""
        return " and ".join(self.where)


def read_query(resource: Resource, given: QueryParams, order: str) -> Query:
    """The list that is asked for. Problem 1015 for a value of the wrong type."""
    query = Query(["kind = ?"], [resource.kind], _order(given.get("sort", ""), order))
    query.page = _whole(given.get("page", ""), 1)
    query.per_page = min(_whole(given.get("per_page", ""), resource.per_page), PER_PAGE_MAX)
    listed: dict[str, list[str]] = {}
    for name, text in given.multi_items():
        found = _SEARCH.fullmatch(name)
        if found and found[2] and resource.lists and found[1] in LISTS:
            listed.setdefault(found[1], []).append(text)
        elif found and not found[2] and found[1] in resource.filters:
            query.where.append(resource.filters[found[1]])
            query.values.append(_value(resource, found[1], text))
    for name, texts in listed.items():
        query.where.append(f"{LISTS[name]} in ({', '.join('?' * len(texts))})")
        query.values += texts
    if not any(part.startswith("vis =") for part in query.where):
        query.where.append("vis = 0")
    return query


def _whole(text: str, default: int) -> int:
    """A count from 1; anything else is as if it had not been given."""
    good = text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0
    return int(text) if good else default


def _order(text: str, default: str) -> str:
    found = _SORT.fullmatch(text)
    if found is None or found[1] not in _SORTABLE:
        return f"id {default}"
    return f"{_SORTABLE[found[1]]} {found[2]}, id {found[2]}"


def _value(resource: Resource, name: str, text: str) -> str | int:
    try:
        if name == "has_receipt":
            return int(text.lower() in ("true", "1"))
        if name.startswith(("date_", "updated_")):
            return date.fromisoformat(text[:10]).isoformat()
        if name.startswith("amount_") and not Decimal(text).is_finite():
            raise ValueError("out of range")
        if name == "vis_state":
            return int(text[:9])
    except (ValueError, InvalidOperation) as wrong:
        sentence = f"{name} has a value of the wrong type."
        raise Problem(422, WRONG_TYPE, sentence, resource.kind, name, text) from wrong
    return text
