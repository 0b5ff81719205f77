"""CSV tables out of files that anybody may have written.

Invariant: every line is yielded in a record or reported with its number and a reason; memory is
bounded by PORTION lines, and no line, however long or broken, stops the lines after it. It knows
no meaning of a column.
"""

import codecs
import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from io import TextIOWrapper
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

from well.domain.failure import Failed, Failure, FailureKind, WayOut

Report = Callable[[int, str], None]
"""Takes the 1-based number of a line and the reason why it was left out."""
Record = tuple[int, list[str]]
"""Number of the first line, and the values asked for."""


class Portion(NamedTuple):
    """Records column by column: the first line of each, and for each column their values."""

    lines: Sequence[int]
    columns: Sequence[Sequence[str]]

    def records(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The same record by record."""
        return zip(self.lines, zip(*self.columns, strict=True), strict=True)


PORTION = 10_000
"""Lines taken at once."""
PORTION_SIGNS = 1 << 22
"""Signs after which no further line is taken at once."""
FIELD_MAX = 4000
"""Signs kept of one value."""
LINE_MAX = 1 << 18
"""Signs of the longest line that is read."""
RECORD_LINES_MAX = 100
"""Lines one quoted record may span; more mean that a quote was never closed."""

_DELIMITERS = (",", ";", "\t")
_QUOTED = re.compile(r'"[^"]*"')
_NOT_NAME = re.compile(r"[\s_-]+")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8, read as Windows-1252."""
    assert isinstance(error, UnicodeDecodeError)
    broken = error.object[error.start : error.end]
    return broken.decode("cp1252", "replace"), error.end


codecs.register_error("well.cp1252", _as_cp1252)


def read_table(path: Path, columns: Sequence[str], needed: str, report: Report) -> Iterator[Record]:
    """The values of `columns` of each record, stripped, "" where the file has no such column.

    Failed when the file cannot be read or has no column `needed`.
    """
    for portion in read_portions(path, columns, needed, report):
        for line, values in portion.records():
            yield line, list(values)


def read_portions(
    path: Path, columns: Sequence[str], needed: str, report: Report
) -> Iterator[Portion]:
    """The same in portions that are not empty. What is reported is so before its portion comes."""
    try:
        with path.open("rb") as file:
            start = file.peek(2)[:2]
            wide = start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
            encoding, errors = ("utf-16", "replace") if wide else ("utf-8-sig", "well.cp1252")
            with TextIOWrapper(file, encoding, errors, newline="") as text:
                yield from _portions(_Lines(text, report), path, columns, needed)
    except OSError as error:
        raise _failed(f"{path} cannot be read: {error.strerror or error}.") from None


def _failed(sentence: str) -> Failed:
    return Failed(Failure(FailureKind.REJECTED, sentence, way_out=WayOut.FIX_AND_RETRY))


class _Lines:
    """Lines of a file, counted; lines of a record that failed can be given back."""

    def __init__(self, file: TextIOWrapper, report: Report) -> None:
        self._file = file
        self.report = report
        self._back: deque[str] = deque()
        self._ahead: deque[str] = deque()
        """Lines as they came, looked at and left for one by one."""
        self._number = 0
        self.record: list[str] = []
        """Lines taken since the record began."""
        self.unclosed = False
        """Whether the record asks for more lines than there are or may be."""

    @property
    def first(self) -> int:
        """Number of the record's first line."""
        return self._number - len(self.record) + 1

    def ahead(self) -> list[str]:
        """The next lines as they come, without taking them."""
        size = 0
        while len(self._ahead) < PORTION and size < PORTION_SIGNS:
            line = self._file.readline(LINE_MAX)
            if not line:
                break
            size += len(line)
            self._ahead.append(line)
        return list(self._ahead)

    def skip(self) -> range:
        """Take all lines that were looked at; their numbers."""
        first, count = self._number + 1, len(self._ahead)
        self._ahead.clear()
        self._number += count
        return range(first, first + count)

    @property
    def waiting(self) -> bool:
        """Whether lines that were looked at are left."""
        return bool(self._back or self._ahead)

    def begin(self) -> None:
        """A new record begins with the next line."""
        self.record = []
        self.unclosed = False

    def give_back(self) -> None:
        """All lines of the record but the first are read again."""
        again = self.record[1:]
        self._back.extendleft(reversed(again))
        self._number -= len(again)
        self.record = self.record[:1]

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        full = len(self.record) == RECORD_LINES_MAX
        line = "" if full else self._back.popleft() if self._back else self._read()
        if not line:
            self.unclosed = bool(self.record)
            raise StopIteration
        self._number += 1
        self.record.append(line)
        return line

    def _line(self) -> str:
        return self._ahead.popleft() if self._ahead else self._file.readline(LINE_MAX)

    def _read(self) -> str:
        line = self._line()
        while len(line) == LINE_MAX and line[-1] not in "\r\n":
            self._number += 1
            self.report(self._number, f"The line has more than {LINE_MAX} signs.")
            while line and line[-1] not in "\r\n":
                line = self._line()
            line = self._line()
        return line.replace("\0", "") if "\0" in line else line


def _portions(lines: _Lines, path: Path, columns: Sequence[str], needed: str) -> Iterator[Portion]:
    names, delimiter = _header(lines)
    if not names:
        raise _failed(f"{path} is empty.")
    places = [names.index(_name(column)) if _name(column) in names else -1 for column in columns]
    if _name(needed) not in names:
        raise _failed(f"{path} has no column {needed}.")
    while some := lines.ahead():
        values = _simple(some, len(names), delimiter)
        begins: Sequence[int]
        if values:
            begins = lines.skip()
        else:
            begins, values = _careful(lines, len(names), delimiter)
        if begins:
            nothing = ("",) * len(begins)
            given = [list(map(str.strip, values[at])) if at >= 0 else nothing for at in places]
            yield Portion(begins, given)


def _simple(lines: list[str], width: int, delimiter: str) -> list[Sequence[str]]:
    """The columns of lines that are a record each, as all were written alike; [] of others."""
    text = "".join(lines).replace("\r\n", "\n")
    alike = set(map(str.count, lines, repeat(delimiter))) == {width - 1}
    if not alike or width == 1 or any(sign in text for sign in _UNLIKE):
        return []
    if max(map(len, lines)) > FIELD_MAX:
        return []
    values = text.removesuffix("\n").replace("\n", delimiter).split(delimiter)
    return [values[at::width] for at in range(width)]


_UNLIKE = ('"', "\0", "\r")
"""Signs of lines that are not simply values between delimiters."""


def _careful(lines: _Lines, width: int, delimiter: str) -> tuple[list[int], list[Sequence[str]]]:
    """(first lines, columns) of the records of the lines that were looked at, one by one."""
    reader = csv.reader(lines, delimiter=delimiter)
    begins: list[int] = []
    rows: list[list[str]] = []
    while lines.waiting and (values := _next(reader, lines, width, delimiter)) is not None:
        if values:
            begins.append(lines.first)
            rows.append(values[: width + 1])
    return begins, list(zip(*rows, strict=True))


def _name(text: str) -> str:
    """A column's name without blanks, signs between words and capitals."""
    return _NOT_NAME.sub("", text).casefold()


def _header(lines: _Lines) -> tuple[list[str], str]:
    """Names of the columns on the first line that is not blank, and what separates them."""
    line = next((line for line in lines if line.strip()), "")
    bare = _QUOTED.sub("", line)
    delimiter = max(_DELIMITERS, key=bare.count)
    names = next(csv.reader([line], delimiter=delimiter), [])
    return [_name(name) for name in names], delimiter


def _next(
    reader: Iterator[list[str]], lines: _Lines, width: int, delimiter: str
) -> list[str] | None:
    """Values of the next record and "" behind them; [] for a bad or blank one, None at the end."""
    lines.begin()
    try:
        values = next(reader, None)
        if len(lines.record) > 1 and not lines.unclosed:
            # A stray quote reaches to the next one; only exact quoting may join lines.
            next(csv.reader(lines.record, delimiter=delimiter, strict=True))
        wrong = _wrong(values, lines, width) if values else ""
    except csv.Error as error:
        values, wrong = [], f"The line is no CSV: {error}."
    if wrong:
        lines.report(lines.first, wrong)
        lines.give_back()
        return []
    if values:
        if sum(map(len, lines.record)) > FIELD_MAX:
            values = [value[:FIELD_MAX] for value in values]
        values += [""] * (width + 1 - len(values))
    return values


def _wrong(values: list[str], lines: _Lines, width: int) -> str:
    """Why a record cannot be trusted; "" when it can."""
    if lines.unclosed:
        return "A quotation mark is opened and not closed."
    if len(lines.record) > 1 and len(values) != width:
        return f"The lines have {len(values)} values for {width} columns."
    if any(map(str.strip, values[width:])):
        return f"The line has {len(values)} values for {width} columns."
    return ""
