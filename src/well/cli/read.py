"""`well read FILE... [--json]`: what files say, one after the other, in the order given.

Invariant: whatever a file holds or is, it gets its answer and the next one is read; exit code 0
unless there was no file at all (2). At most a few files are in memory. Nothing is written.
"""

import argparse
import json
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from well.cli.progress import Progress
from well.cli.read_paths import Found, NotRead, find, load
from well.cli.read_rows import as_lines, as_object, shown
from well.documents.reading.limits import FILE_BYTES, unreadable
from well.documents.reading.reader import DocumentReader
from well.domain.document import Document
from well.domain.reading import Reading

_MOST_WORKERS = 8
_AHEAD = 16
"""Answers that may wait for a slow file before them, for each worker."""

Answer = tuple[Found, Reading]
_EPILOG = """\
With --json each file is one line: file, ok, kind, syntax, error, findings, fields, confidence and
boxes. A box is [page, x0, y0, x1, y1]: the page counts from 1, the edges are shares of the page's
width and height from its top left corner. Amounts are plain decimals, dates YYYY-MM-DD; what was
not found is absent. Bytes of a file name that are no UTF-8 come as lone surrogates (\\udc80 to
\\udcff), as Python writes them. Folders are walked in the order of names; hidden files and links
in them are left out.
"""


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a file or a folder")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--workers", type=int, default=_cores(), help="files read at once (default: %(default)s)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read each file; 2 when there is none."""
    workers = min(max(arguments.workers, 1), _MOST_WORKERS)
    write = _write_object if arguments.json else _write_lines
    reader = DocumentReader(workers)
    count = 0
    try:
        with Progress("well read") as progress:
            for found, reading in answers(reader, find(arguments.files), workers):
                count += 1
                progress(f"{count} files, now after {shown(found.path.name, 40)}")
                write(found, reading)
    except BrokenPipeError:
        # Whoever read our lines has seen enough; Python must not complain about it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        reader.close()
    if not count:
        print("well read: there is no file in what was given.", file=sys.stderr)
    return 0 if count else 2


def answers(reader: DocumentReader, files: Iterable[Found], workers: int) -> Iterator[Answer]:
    """Each file with its reading, in order, `workers` of them read at once."""
    with ThreadPoolExecutor(workers, thread_name_prefix="read") as threads:
        rest = iter(files)
        running: deque[tuple[Found, Future[Reading]]] = deque()
        try:
            while True:
                for found in islice(rest, workers * _AHEAD - len(running)):
                    running.append((found, threads.submit(_read, reader, found)))
                if not running:
                    return
                found, reading = running.popleft()
                yield found, reading.result()
        finally:
            threads.shutdown(cancel_futures=True)


def _read(reader: DocumentReader, found: Found) -> Reading:
    if found.error:
        return unreadable(found.error)
    try:
        content = load(found.path, FILE_BYTES + 1)
    except NotRead as refused:
        return unreadable(refused.sentence)
    return reader.read((Document(found.path.name, "", content),))[0]


def _write_object(found: Found, reading: Reading) -> None:
    print(json.dumps(as_object(os.fspath(found.path), reading)), flush=True)


def _write_lines(found: Found, reading: Reading) -> None:
    for line in as_lines(os.fspath(found.path), reading):
        print(line.encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding))


def _cores() -> int:
    return min(os.cpu_count() or 1, _MOST_WORKERS)
