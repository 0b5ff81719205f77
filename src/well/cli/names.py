"""`well names PAIRS.csv --out OUT.csv`: how surely two names mean one organisation, row by row.

Invariant: one row out for each row in, in its order and with its columns, plus `confidence`; a row
is held only while it is scored, so memory does not grow with the file. The score is `matching`'s.
"""

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from well.matching.names import confidence

FIRST, SECOND, ADDED = "name1", "name2", "confidence"
EVERY = 20_000
"""Rows between two notes of progress."""
FIELD_MAX = 10_000_000
"""Characters of one field; a broken quote swallows no more than that."""


class Unreadable(Exception):
    """The file cannot be used; the message says why."""


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("pairs", type=Path, help="CSV with the columns name1 and name2")
    parser.add_argument("--out", type=Path, required=True, help="CSV to write")


def run(arguments: argparse.Namespace) -> int:
    """Score the file; 2 when it cannot be read or written, with the reason on stderr."""
    pairs: Path = arguments.pairs
    before = csv.field_size_limit(FIELD_MAX)
    try:
        _add_confidence(pairs, arguments.out)
    except Unreadable as reason:
        return _refuse(f"{pairs}: {reason}")
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}")
    finally:
        csv.field_size_limit(before)
    return 0


def _add_confidence(pairs: Path, out: Path) -> None:
    if out.exists() and pairs.exists() and out.samefile(pairs):
        raise Unreadable("--out is the file to read; give another name")
    with pairs.open(encoding="utf-8-sig", errors="replace", newline="") as source:
        rows = _rows(source)
        header = next(rows)
        at = _columns(header)
        with out.open("w", encoding="utf-8", newline="") as target:
            _score(rows, header, at, target)


def _refuse(sentence: str) -> int:
    print(f"well names: {sentence}", file=sys.stderr)
    return 2


def _rows(source: TextIO) -> Iterator[list[str]]:
    """The rows of the file, the header first; empty lines are no rows."""
    lines = (line.replace("\0", "") for line in source)
    reader = csv.reader(lines)
    seen = False
    try:
        for row in reader:
            if row:
                seen = True
                yield row
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num}: {error}") from error
    if not seen:
        raise Unreadable("there is no header line with the columns name1 and name2")


def _columns(header: Sequence[str]) -> tuple[int, int]:
    names = [name.strip().casefold() for name in header]
    missing = [name for name in (FIRST, SECOND) if name not in names]
    if missing:
        raise Unreadable(f"the header has no column {' and no column '.join(missing)}")
    return names.index(FIRST), names.index(SECOND)


def _score(
    rows: Iterator[list[str]], header: list[str], at: tuple[int, int], target: TextIO
) -> None:
    """Write each row with its confidence; a column of that name in the input is replaced."""
    names = [name.strip().casefold() for name in header]
    place, after = len(header), len(header)
    if ADDED in names:
        place = names.index(ADDED)
        after = place + 1
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow([*header[:place], ADDED, *header[after:]])
    for number, row in enumerate(rows, 1):
        whole = row + [""] * (len(header) - len(row))
        sure = confidence(whole[at[0]], whole[at[1]])
        writer.writerow([*whole[:place], f"{sure:.6f}", *whole[after:]])
        if number % EVERY == 0:
            _progress(f"\r{number:,} pairs")
    _progress("\n")


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        with suppress(OSError):
            print(text, end="", file=sys.stderr, flush=True)
