"""`well resolve RECORDS.csv --out OUT.csv`: which rows are about one counterparty.

Invariant: every good row comes out in its order with its columns and `entity`, the id of the
first row about the same counterparty; every bad row is named in OUT.csv.errors with the reason.
The clusters are `matching`'s.
"""

import argparse
import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from well.cli.errors import ErrorFile
from well.cli.progress import Progress
from well.cli.rows import Row, read_rows
from well.cli.table import Report, read_table
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.matching.clusters import Gatherer, Sighting, resolve

ADDED = "entity"
EVERY = 20_000
"""Rows between two notes of progress."""
_DELIMITERS = (",", ";", "\t")
_QUOTED = re.compile(r'"[^"]*"')


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("records", type=Path, help="CSV with a column id, and name, tax_id, ...")
    parser.add_argument("--out", type=Path, required=True, help="CSV to write")


def run(arguments: argparse.Namespace) -> int:
    """Cluster the file; 2 when no row of it could be read."""
    records: Path = arguments.records
    out: Path = arguments.out
    _check(records, out)
    try:
        with (
            ErrorFile(out.with_name(out.name + ".errors")) as errors,
            Progress("well resolve") as note,
        ):
            _resolve(records, out, errors, note)
    except OSError as error:
        raise _failed(f"{error.filename}: {error.strerror}.") from None
    return 0


def _resolve(records: Path, out: Path, errors: ErrorFile, note: Progress) -> None:
    report = errors.of(records)
    ids, lines, gathered = _gather(records, report, note)
    if errors.count and not ids:
        raise _failed(f"No row of {records} could be read; {errors.path} names the reasons.")
    found = resolve(gathered, note)
    if found.cut:
        report(0, f"{found.cut:,} values are too common to compare all rows that share one.")
    _write(records, out, lines, [ids[first] for first in found.entity.tolist()], note)


def _check(records: Path, out: Path) -> None:
    if not records.is_file():
        raise _failed(f"{records} is no file that can be read twice.")
    if out.exists() and out.samefile(records):
        raise _failed("--out is the file to read; give another name.")


def _failed(sentence: str) -> Failed:
    return Failed(Failure(FailureKind.REJECTED, sentence, way_out=WayOut.FIX_AND_RETRY))


def _gather(records: Path, report: Report, note: Progress) -> tuple[list[str], list[int], Gatherer]:
    """Ids and lines of the good rows, and what they say."""
    ids: list[str] = []
    lines: list[int] = []
    gathered = Gatherer()
    for row in read_rows(records, report):
        ids.append(row.id)
        lines.append(row.line)
        gathered.add(_sighting(row))
        if len(ids) % EVERY == 0:
            note(f"{len(ids):,} rows read")
    return ids, lines, gathered


def _sighting(row: Row) -> Sighting:
    """A row without a name is known by its memo, as on a card statement."""
    return Sighting(
        row.name or row.memo,
        row.tax_id,
        row.iban,
        row.domain,
        row.address,
        row.phone,
        row.country,
    )


def _write(records: Path, out: Path, lines: list[int], entity: list[str], note: Progress) -> None:
    """Read the file again and write its good rows with their entities."""
    header = _header(records)
    kept = [n for n, name in enumerate(header) if name.casefold() != ADDED]
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*(header[n] for n in kept), ADDED])
        for number, values in enumerate(_again(records, header, lines)):
            writer.writerow([*(values[n] for n in kept), entity[number]])
            if number % EVERY == 0:
                note(f"{number:,} rows written")


def _header(records: Path) -> list[str]:
    """The names of the columns as they stand in the file."""
    with records.open("rb") as file:
        wide = file.peek(2)[:2] in (BOM_UTF16_LE, BOM_UTF16_BE)
        encoding, errors = ("utf-16", "replace") if wide else ("utf-8-sig", "well.cp1252")
        with TextIOWrapper(file, encoding, errors, newline="") as text:
            line = next(line for line in text if line.strip()).replace("\0", "")
    bare = _QUOTED.sub("", line)
    delimiter = max(_DELIMITERS, key=bare.count)
    return [name.strip() for name in next(csv.reader([line], delimiter=delimiter))]


def _again(records: Path, header: list[str], lines: list[int]) -> Iterator[list[str]]:
    """The values of the rows that begin on these lines."""
    wanted = iter(lines)
    line = next(wanted, None)
    for begins, values in read_table(records, [*header, "id"], "id", _reported):
        if begins == line:
            yield values
            line = next(wanted, None)


def _reported(line: int, reason: str) -> None:
    """Bad lines were reported on the first reading."""
