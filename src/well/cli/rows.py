"""Rows of the CSV files that `well match` and `well resolve` read.

Invariant: every record becomes a row or a report with its line number and a reason; nothing is
kept but the ids seen and the first records. It does not canonicalise texts.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from well.cli.table import Record, Report, read_table
from well.matching.amounts import amount, currency_code
from well.matching.dates import day

SNIFFED = 2000
"""First records, in which the order of day and month is looked for."""

COLUMNS = (
    *("id", "name", "memo", "reference", "amount", "currency", "date", "due_date"),
    *("tax_id", "iban", "domain", "address", "phone", "country"),
)
_DATE, _DUE = COLUMNS.index("date"), COLUMNS.index("due_date")
_TWO_NUMBERS = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-][0-9]")


class Row(NamedTuple):
    """One row; texts are "" and numbers None where the file says nothing.

    `line` is the 1-based line it begins on, `amount` in signed minor units, `date` and `due`
    proleptic ordinals.
    """

    line: int
    id: str
    name: str
    memo: str
    reference: str
    amount: int | None
    currency: str
    date: int | None
    due: int | None
    tax_id: str
    iban: str
    domain: str
    address: str
    phone: str
    country: str


def read_rows(path: Path, report: Report) -> Iterator[Row]:
    """The good rows of a file in its order. Failed when it cannot be read or has no column id."""
    held: deque[tuple[int, str]] = deque()
    table = read_table(path, COLUMNS, "id", lambda *bad: held.append(bad))
    head = list(islice(table, SNIFFED))
    day_first = _day_first(head)
    seen: set[str] = set()
    for line, values in chain(head, table):
        while held and held[0][0] < line:
            report(*held.popleft())
        try:
            row = _row(line, values, day_first, seen)
        except ValueError as error:
            report(line, str(error))
        else:
            seen.add(row.id)
            yield row
    for bad in held:
        report(*bad)


def read_labels(path: Path, report: Report) -> list[tuple[str, str]]:
    """(source_id, target_id) of known links, each once; an empty target_id means none.

    Failed when the file cannot be read or has no column source_id.
    """
    links: dict[tuple[str, str], None] = {}
    for line, (source, target) in read_table(path, ("source_id", "target_id"), "source_id", report):
        if source:
            links[source, target] = None
        else:
            report(line, "The row has no source_id.")
    return list(links)


def _row(line: int, values: list[str], day_first: bool | None, seen: set[str]) -> Row:
    """ValueError with a sentence when the id is none or not new, or a value is broken."""
    row_id, name, memo, reference, money, currency, date, due, *others = values
    if not row_id:
        raise ValueError("The row has no id.")
    if row_id in seen:
        raise ValueError(f"The id {row_id[:60]!r} stands on an earlier line, too.")
    code = _currency(currency) if currency else ""
    minor = None
    if money:
        minor, code = amount(money, code)
    return Row(
        line,
        row_id,
        name,
        memo,
        reference,
        minor,
        code,
        _ordinal(date, day_first) if date else None,
        _ordinal(due, day_first) if due else None,
        *others,
    )


@lru_cache(maxsize=256)
def _currency(text: str) -> str:
    return currency_code(text)


@lru_cache(maxsize=16_384)
def _ordinal(text: str, day_first: bool | None) -> int:
    return day(text, day_first).toordinal()


def _day_first(head: Iterable[Record]) -> bool | None:
    """Whether the day comes first, as far as dates that allow one order only tell it."""
    orders = set()
    for _, values in head:
        for text in (values[_DATE], values[_DUE]):
            found = _TWO_NUMBERS.match(text)
            if found and (int(found[1]) > 12) != (int(found[2]) > 12):
                orders.add(int(found[1]) > 12)
    return orders.pop() if len(orders) == 1 else None
