"""Rows of the CSV files that `well match` and `well resolve` read.

Invariant: every record becomes a row or a report with its line number and a reason, whether its
portion is read at once or row by row; nothing is kept but the ids seen and the first records. It
does not canonicalise texts.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from well.cli.table import Portion, Report, read_portions, read_table
from well.domain.money import minor_digits
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


Columns = Sequence[Sequence[Any]]
"""A sequence for each field of `Row`."""


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
    for columns in read_columns(path, report):
        yield from map(Row._make, zip(*columns, strict=True))


def read_columns(path: Path, report: Report) -> Iterator[Columns]:
    """The same in portions, a sequence for each field of `Row`."""
    held: deque[tuple[int, str]] = deque()
    table = read_portions(path, COLUMNS, "id", lambda *bad: held.append(bad))
    head = _head(table)
    day_first = _day_first(head)
    seen: set[str] = set()
    for portion in chain(head, table):
        columns = _whole(portion, day_first, seen)
        if columns is None:
            rows = _rows(portion, day_first, seen, held, report)
            columns = list(zip(*rows, strict=True))
        if columns:
            yield columns
        while held and held[0][0] < portion.lines[-1]:
            report(*held.popleft())
    for bad in held:
        report(*bad)


def _head(table: Iterator[Portion]) -> list[Portion]:
    """The first portions, SNIFFED records or more."""
    head: list[Portion] = []
    while sum(len(portion.lines) for portion in head) < SNIFFED:
        portion = next(table, None)
        if portion is None:
            break
        head.append(portion)
    return head


def _rows(
    portion: Portion,
    day_first: bool | None,
    seen: set[str],
    held: deque[tuple[int, str]],
    report: Report,
) -> Iterator[Row]:
    """The good rows one by one; bad ones and those held before them are reported in order."""
    for line, values in portion.records():
        while held and held[0][0] < line:
            report(*held.popleft())
        try:
            row = _row(line, values, day_first, seen)
        except ValueError as error:
            report(line, str(error))
        else:
            seen.add(row.id)
            yield row


def _whole(portion: Portion, day_first: bool | None, seen: set[str]) -> Columns | None:
    """The columns where every row is good, which is seen at once; None otherwise."""
    ids, name, memo, reference, money, currency, date, due, *others = portion.columns
    fresh = set(ids)
    if len(fresh) < len(ids) or "" in fresh or not fresh.isdisjoint(seen):
        return None
    try:
        minor, codes = _amounts(money, currency)
        days, dues = (_ordinals(texts, day_first) for texts in (date, due))
    except ValueError:
        return None
    seen |= fresh
    return [portion.lines, ids, name, memo, reference, minor, codes, days, dues, *others]


def _amounts(money: Sequence[str], currency: Sequence[str]) -> Sequence[Sequence[Any]]:
    """(minor units, codes) of amounts; ValueError when one of them is broken."""
    codes = {text: _currency(text) if text else "" for text in set(currency)}
    text = "\n".join(money)
    if _PLAIN.fullmatch(text) and all(minor_digits(code) == 2 for code in codes.values()):
        return list(map(int, text.replace(".", "").split("\n"))), [codes[one] for one in currency]
    couples = list(zip(money, currency, strict=True))
    read = {(some, one): _amount(some, codes[one]) for some, one in set(couples)}
    both = [read[couple] for couple in couples]
    return [minor for minor, _ in both], [code for _, code in both]


_TWO_DECIMALS = r"-?[0-9]{1,13}\.[0-9]{2}"
_PLAIN = re.compile(rf"{_TWO_DECIMALS}(?:\n{_TWO_DECIMALS})*")
"""Amounts with two decimals, one a line."""


def _amount(text: str, code: str) -> tuple[int | None, str]:
    return amount(text, code) if text else (None, code)


def _ordinals(texts: Sequence[str], day_first: bool | None) -> list[int | None]:
    """Days; ValueError when one of them is broken."""
    days = {text: _ordinal(text, day_first) if text else None for text in set(texts)}
    return [days[text] for text in texts]


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


def _row(line: int, values: Sequence[str], day_first: bool | None, seen: set[str]) -> Row:
    """ValueError with a sentence when the id is none or not new, or a value is broken."""
    row_id, name, memo, reference, money, currency, date, due, *others = values
    if not row_id:
        raise ValueError("The row has no id.")
    if row_id in seen:
        raise ValueError(f"The id {row_id[:60]!r} stands on an earlier line, too.")
    minor, code = _amount(money, _currency(currency) if currency else "")
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


def _day_first(head: Iterable[Portion]) -> bool | None:
    """Whether the day comes first, as far as dates that allow one order only tell it."""
    orders = set()
    records = chain.from_iterable(portion.records() for portion in head)
    for _, values in islice(records, SNIFFED):
        for text in (values[_DATE], values[_DUE]):
            found = _TWO_NUMBERS.match(text)
            if found and (int(found[1]) > 12) != (int(found[2]) > 12):
                orders.add(int(found[1]) > 12)
    return orders.pop() if len(orders) == 1 else None
