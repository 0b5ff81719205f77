"""`well match --source S.csv --target T.csv --out OUT.jsonl`: which target row is each source row.

Invariant: one line out for each good source row without a label, in the order of the file; bad
rows are in OUT.jsonl.errors with line and reason. It posts nothing.
"""

import argparse
import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from well.cli.errors import ErrorFile
from well.cli.halves import in_halves
from well.cli.match_sets import answer_sets
from well.cli.memory import keep_freed_memory
from well.cli.progress import Progress
from well.cli.rows import Columns as Portion
from well.cli.rows import Row, read_columns, read_labels, read_rows
from well.domain.candidate import Candidate
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.matching.batch import Matched, match_all
from well.matching.columns import Book, Builder, Coders, Columns, Made, Numbered, Raw
from well.matching.compare import Sides
from well.matching.cuts import harmful
from well.matching.link import Model, best_pairs
from well.matching.tell import PORTION, Teller
from well.matching.train import Known
from well.matching.vocabulary import ABSENT
from well.policy.limit import limit

Bools = npt.NDArray[np.bool_]

AUTO, REVIEW, TARGET = 0.85, 0.55, 0.99
APART_MIN = 8_000_000
"""Bytes of both files from which a second process is worth its start."""
SHOWN_MAX = 5
SHOWN_MIN = 1e-4
"""Candidates less likely than this are left out behind the first."""


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--source", type=Path, required=True, help="CSV of the rows to answer")
    parser.add_argument("--target", type=Path, required=True, help="CSV of the rows to find")
    parser.add_argument("--labels", type=Path, help="CSV of known links: source_id,target_id")
    parser.add_argument("--out", type=Path, required=True, help="JSON lines to write")
    parser.add_argument("--one-to-one", action="store_true", help="each target row is linked once")
    parser.add_argument("--sets", action="store_true", help="also look for groups of target rows")
    parser.add_argument(
        "--precision",
        type=float,
        default=TARGET,
        help="share of automatic answers that has to be right, .97 to .999 (default .99)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Answer the file; Failed when nothing can be read."""
    if not 0.97 <= arguments.precision <= 0.999:
        print("well match: --precision is a share from .97 to .999.", file=sys.stderr)
        return 2
    # Millions of values that live to the end: looking for garbage among them costs a quarter more.
    gc.disable()
    keep_freed_memory()
    try:
        return _answer(arguments)
    except OSError as error:
        raise _failed(f"{error.filename}: {error.strerror}.") from None
    finally:
        gc.enable()


def _answer(arguments: argparse.Namespace) -> int:
    out: Path = arguments.out
    _check(arguments)
    with ErrorFile(out.with_name(out.name + ".errors")) as errors, Progress("well match") as note:
        book = Book()
        tables = {"source": arguments.source, "target": arguments.target}
        source, target = _both(book, tables, errors, note)
        known = _known(arguments.labels, source, target, errors)
        book.close()
        sides = Sides.of(book, source, target)
        matched = match_all(sides, known, arguments.one_to_one, Model(), note, in_halves)
        limit_ = limit(*matched.tried, AUTO, arguments.precision)
        note("writing")
        held = _held(sides, known, matched, limit_, arguments.one_to_one)
        left = _write(out, sides, known, matched, limit_, held)
        if arguments.sets:
            note("looking for groups")
            _sets(arguments, left, matched, sides)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    """Failed when a file that is read would be written over."""
    out: Path = arguments.out
    written = [out, *(out.with_name(out.name + end) for end in (".errors", ".sets"))]
    for path in (arguments.source, arguments.target, arguments.labels):
        if path and any(one.exists() and path.exists() and one.samefile(path) for one in written):
            raise _failed(f"--out would write over {path}; give another name.")


def _both(
    book: Book, tables: Mapping[str, Path], errors: ErrorFile, note: Progress
) -> list[Columns]:
    """The good rows of two files; of large ones the numbers are made in a second process, which
    reads the files, too."""
    paths = list(tables.values())
    apart = all(path.is_file() for path in paths)
    apart = apart and sum(path.stat().st_size for path in paths) >= APART_MIN

    def others() -> list[Builder]:
        builders = []
        for name, path in tables.items():
            note(f"reading the {name}")
            builders.append(_side(book, path, errors, apart))
        return builders

    if not apart:
        return [builder.done() for builder in others()]
    builders, (numbered, made) = in_halves(_called, (others, lambda: _numbers(paths)))
    book.take(numbered)
    return [builder.done(numbers) for builder, numbers in zip(builders, made, strict=True)]


def _called(work: Callable[[], Any]) -> Any:
    return work()


def _numbers(paths: Sequence[Path]) -> tuple[Numbered, list[dict[str, Made]]]:
    """The references of all files, and each one's columns of them."""
    book, made = Book(), []

    def silent(line: int, reason: str) -> None:
        """Whoever makes the other columns reports bad rows."""

    for path in paths:
        coders = Coders.of_numbers(book)
        for raw in map(_raw, read_columns(path, silent)):
            coders.extend(raw)
        made.append(coders.done())
    return book.close(), made


def _side(book: Book, path: Path, errors: ErrorFile, apart: bool) -> Builder:
    """The good rows of a file; Failed when it has bad ones only."""
    before, rows = errors.count, 0
    builder = Builder(book, apart)
    for raw in map(_raw, read_columns(path, errors.of(path))):
        builder.extend_columns(raw)
        rows += len(raw["id"])
    if errors.count > before and not rows:
        raise _failed(f"No row of {path} could be read; {errors.path} names the reasons.")
    return builder


def _failed(sentence: str) -> Failed:
    return Failed(Failure(FailureKind.REJECTED, sentence, way_out=WayOut.FIX_AND_RETRY))


_FIELDS = {
    "names": "name",
    "memo": "memo",
    "reference": "reference",
    "amount": "amount",
    "currency": "currency",
    "day": "date",
    "due": "due",
    "numbers": "tax_id",
    "ibans": "iban",
    "sites": "domain",
    "address": "address",
    "phone": "phone",
    "country": "country",
}
"""Fields of a record and the columns of a file they come from."""


def _raw(portion: Portion) -> dict[str, Sequence[Any]]:
    """A portion as fields of `Raw`."""
    given = dict(zip(Row._fields, portion, strict=True))
    missing = {name: (value,) * len(given["id"]) for name, value in _MISSING.items()}
    return missing | {"id": given["id"]} | {to: given[column] for to, column in _FIELDS.items()}


_MISSING = Raw(id="")._asdict()


def _known(path: Path | None, source: Columns, target: Columns, errors: ErrorFile) -> Known:
    """The labels by row number; those that name no row are reported."""
    labels = read_labels(path, errors.of(path)) if path else []
    rows = {id: n for n, id in enumerate(source.ids)} if labels else {}
    places = {id: n for n, id in enumerate(target.ids)} if labels else {}
    places[""] = ABSENT
    found: dict[int, int] = {}
    for source_id, target_id in labels:
        if source_id in rows and target_id in places:
            found[rows[source_id]] = places[target_id]
        elif path:
            errors.of(path)(
                0, f"The label {source_id!r}, {target_id!r} names a row that is not there."
            )
    row = np.array(sorted(found), dtype=np.int64)
    answer = np.array([found[n] for n in sorted(found)], dtype=np.int64)
    return Known.of(row, answer, source.ids)


def _held(sides: Sides, known: Known, matched: Matched, limit_: float, once: bool) -> Bools:
    """Source rows that are not answered alone, however sure: what was cut may hold the answer, or
    the target row may be linked once and several claim it."""
    links = matched.links
    best = best_pairs(links)
    row, target = links.pairs.source[best], links.pairs.target[best]
    held = np.zeros(len(sides.source), dtype=np.bool_)
    held[row] = harmful(links.pairs.cut[row], links.levels, best)
    if once:
        sure = (links.confidence[best] >= limit_) & ~np.isin(row, known.row)
        taken = np.append(target[sure], known.answer[known.answer != ABSENT])
        held[row] |= np.bincount(taken, minlength=len(sides.target))[target] > 1
    return held


def _write(
    out: Path, sides: Sides, known: Known, matched: Matched, limit_: float, held: Bools
) -> list[str]:
    """Write the answers; returns ids of source rows without an automatic one."""
    rows, answered = len(sides.source), set(known.row.tolist())
    teller = Teller(
        matched.links, matched.model, sides.source.raw, sides.target.raw, SHOWN_MAX, SHOWN_MIN
    )

    def lines(first: int) -> tuple[bytes, list[str]]:
        end = min(first + PORTION, rows)
        told = [
            _line(sides.source.ids[n], found, limit_, bool(held[n]))
            for n, found in enumerate(teller.some(first, end), first)
            if n not in answered
        ]
        text = b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in told)
        return text, [line["source_id"] for line in told if line["decision"] != "auto"]

    left: list[str] = []
    with out.open("wb") as file:
        for text, waiting in in_halves(lines, range(0, rows, PORTION)):
            file.write(text)
            left += waiting
    return left


def _line(id: str, found: list[Candidate], limit_: float, held: bool) -> dict[str, Any]:
    confidence = found[0].confidence if found else 0.0
    decision = "auto" if confidence >= limit_ and not held else "review"
    if confidence < REVIEW:
        decision = "refuse"
    return {
        "source_id": id,
        "decision": decision,
        "confidence": confidence,
        "target_id": found[0].id if decision != "refuse" else None,
        "candidates": [_told(candidate) for candidate in found],
    }


def _told(candidate: Candidate) -> dict[str, Any]:
    return {
        "target_id": candidate.id,
        "confidence": candidate.confidence,
        "evidence": candidate.evidence,
    }


def _sets(arguments: argparse.Namespace, left: list[str], matched: Matched, sides: Sides) -> None:
    """Groups for what has no automatic answer; target rows answered already are left out."""

    def silent(line: int, reason: str) -> None:
        """Bad rows were reported when the files were first read."""

    best = best_pairs(matched.links)
    ids = [sides.source.ids[n] for n in matched.links.pairs.source[best].tolist()]
    places = matched.links.pairs.target[best].tolist()
    waiting = frozenset(left)
    taken = [
        sides.target.ids[place] for id, place in zip(ids, places, strict=True) if id not in waiting
    ]
    answer_sets(
        read_rows(arguments.source, silent),
        read_rows(arguments.target, silent),
        left,
        arguments.out,
        taken,
    )
