"""From the query of a list request to SQL: filters, order, page.

Invariant: every text of a client is a bound parameter, never a part of the SQL. A value that
cannot be understood is refused with 422 and a pointer; an unknown parameter is ignored.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.datastructures import QueryParams

from well.sandbox.qonto.wire import Refusal, moment_of, stamp

PER_PAGE_MAX = 100
_SORTABLE = {
    "updated_at": "updated_at",
    "created_at": "created_at",
    "due_date": "due_date",
    "issue_date": "issue_date",
    "payment_date": "payment_date",
    "file_name": "file_name",
    "supplier_name": "supplier",
    "amount": "cast(total as real)",
}
_SEARCHED = {"supplier_name": "supplier", "invoice_number": "number", "file_name": "file_name"}


@dataclass(slots=True)
class Query:
    """What to select. `where` and `order` are SQL of our own making."""

    where: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    order: str = "created_at desc, seq desc"
    page: int = 1
    per_page: int = PER_PAGE_MAX

    def add(self, sql: str, *values: Any) -> None:
        """One more condition."""
        self.where.append(sql)
        self.values.extend(values)

    @property
    def condition(self) -> str:
        """The SQL after `where`."""
        return " and ".join(self.where) or "1"


def read_query(given: QueryParams) -> Query:
    """The list that the client asks for. Refusal when it makes no sense."""
    query = Query()
    query.page = _whole(given, "page", 1, 10**7)
    query.per_page = _whole(given, "per_page", PER_PAGE_MAX, PER_PAGE_MAX)
    query.order = _order(given.get("sort_by"))
    for name, text in given.items():
        make = _FILTERS.get(name)
        if make and text != "":
            make(query, name, text)
    for name, column in (("status", "status"), ("attachment_id", "attachment_id")):
        _any_of(query, column, given.getlist(f"filter[{name}][]"))
    _search(query, given.get("query", ""), given.get("query_fields", ""))
    return query


def _bad(name: str, wish: str) -> Refusal:
    return Refusal(422, "invalid", f"{name} {wish}", f"/{name}")


def _whole(given: QueryParams, name: str, default: int, most: int) -> int:
    text = given.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,8}", text) or not 1 <= int(text) <= most:
        raise _bad(name, f"must be a whole number from 1 to {most}")
    return int(text)


def _order(text: str | None) -> str:
    if not text:
        return "created_at desc, seq desc"
    name, _, way = text.partition(":")
    column = _SORTABLE.get(name)
    if column is None or way not in ("", "asc", "desc"):
        raise _bad("sort_by", "must be a sortable field, then :asc or :desc")
    way = way or "asc"
    return f"{column} {way}, seq {way}"


def _any_of(query: Query, column: str, texts: list[str]) -> None:
    if texts:
        query.add(f"{column} in ({', '.join('?' * len(texts))})", *texts)


def _exact(column: str) -> Callable[[Query, str, str], None]:
    return lambda query, _, text: query.add(f"{column} = ?", text)


def _time(column: str, sign: str) -> Callable[[Query, str, str], None]:
    def make(query: Query, name: str, text: str) -> None:
        # A + that was not escaped arrives as a blank.
        moment = moment_of(re.sub(r" (\d\d:\d\d)$", r"+\1", text))
        if moment is None:
            raise _bad(name, "must be a time such as 2026-03-04T17:58:30.000Z")
        query.add(f"{column} {sign} ?", stamp(moment))

    return make


def _day(column: str, sign: str) -> Callable[[Query, str, str], None]:
    def make(query: Query, name: str, text: str) -> None:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text) or moment_of(text) is None:
            raise _bad(name, "must be a day such as 2026-03-04")
        query.add(f"{column} {sign} ?", text)

    return make


def _flag(column: str) -> Callable[[Query, str, str], None]:
    def make(query: Query, name: str, text: str) -> None:
        if text not in ("true", "false"):
            raise _bad(name, "must be true or false")
        query.add(f"{column} = ?", int(text == "true"))

    return make


def _no_credit_notes(query: Query, name: str, text: str) -> None:
    if text not in ("true", "false"):
        raise _bad(name, "must be true or false")
    if text == "true":
        query.add("credit = 0")


def _amount(query: Query, name: str, text: str) -> None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _bad(name, "must be an amount") from None
    if not value.is_finite() or abs(value) >= 10**12:
        raise _bad(name, "must be an amount")
    query.add("total = ?", f"{value:.2f}")


def _document_type(query: Query, _: str, text: str) -> None:
    query.add("credit = ?", int(text == "credit_note"))


def _search(query: Query, text: str, fields: str) -> None:
    if not text:
        return
    names = [name.strip() for name in fields.split(",") if name.strip()] or list(_SEARCHED)
    columns = [_SEARCHED[name] for name in names if name in _SEARCHED]
    if not columns:
        raise _bad("query_fields", f"must name some of {', '.join(_SEARCHED)}")
    needle = "%" + re.sub(r"([%_!])", r"!\1", text) + "%"
    likes = " or ".join(f"{column} like ? escape '!'" for column in columns)
    query.add(f"({likes})", *([needle] * len(columns)))


_FILTERS: Mapping[str, Callable[[Query, str, str], None]] = {
    "filter[status]": _exact("status"),
    "filter[attachment_id]": _exact("attachment_id"),
    "filter[created_at_from]": _time("created_at", ">="),
    "filter[created_at_to]": _time("created_at", "<="),
    "filter[updated_at_from]": _time("updated_at", ">="),
    "filter[updated_at_to]": _time("updated_at", "<="),
    "filter[due_date]": _day("due_date", "="),
    "filter[issue_date]": _day("issue_date", "="),
    "filter[issue_date_from]": _day("issue_date", ">="),
    "filter[payment_date]": _day("payment_date", "="),
    "filter[missing_data]": _flag("missing"),
    "filter[matched_transactions]": _flag("matched"),
    "filter[document_type]": _document_type,
    "filter[exclude_credit_notes]": _no_credit_notes,
    "filter[payable_amount]": _amount,
}
