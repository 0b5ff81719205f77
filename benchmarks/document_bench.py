"""`make bench-documents`: reading and writing documents, beside peers and against hostile files.

Invariant: figures are printed and, with `--write`, replace their block in PROMISES.md; nothing is
asserted. One function for each part.

Parts: documents, document_peers, document_layouts, document_scans, document_writing, hostile_files.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from benchmarks import document_peers
from benchmarks.__main__ import keep
from benchmarks.bars import at_most
from benchmarks.child import ROOT, run
from benchmarks.documents import FOLDER
from well.documents.reading.reader import DocumentReader
from well.domain.document import Document


def ours(folder: Path) -> Iterator[str]:
    """Fields, speed and writing of ours, in a process of its own."""
    done = run([sys.executable, "-m", "benchmarks.documents", folder])
    yield from (line for line in done.out.splitlines() if not line.startswith("  "))
    yield f"process: {done.cost()}"


def peers(folder: Path) -> Iterator[str]:
    """The same files as peers read them."""
    yield from document_peers.compare(folder)


def hostile_files(_: Path) -> Iterator[str]:
    """Hostile files: right outcomes, the slowest and the largest."""
    sys.path.insert(0, str(ROOT / "tests"))
    cases = import_module("builders.hostile_cases").cases()
    reader = DocumentReader(workers=1)
    right, slowest = 0, (0.0, "")
    for case in cases:
        content = case.make()
        started = time.perf_counter()
        (reading,) = reader.read((Document(case.name, "", content),))
        slowest = max(slowest, (time.perf_counter() - started, case.name))
        right += case.outcome.missed(reading) is None
    reader.close()
    yield f"{len(cases)} hostile files: {right} with their right outcome"
    yield at_most(f"slowest ({slowest[1]})", slowest[0], 10, " s")
    yield at_most("largest child", _peak_of_bombs("text"), 512, " MB")
    yield f"  the optical reader's child: {_peak_of_bombs('seen')} MB"


def _peak_of_bombs(which: str) -> int:
    """Megabytes; in a process of its own, where no other child counts."""
    tests = f"PYTHONPATH={ROOT / 'tests'}"
    done = run(["env", tests, sys.executable, "-m", "builders.peak_of_bombs", which])
    return int(done.out) // 1024


def _of(module: str, *words: str) -> Iterator[str]:
    """The lines of a measurement in a process of its own, without those about single documents."""
    done = run([sys.executable, "-m", f"benchmarks.{module}", *words])
    yield from (line for line in done.out.splitlines() if not line.startswith("  "))
    yield f"process: {done.cost()}"


def layouts(_: Path) -> Iterator[str]:
    """Made invoices in layouts that were looked at while building the reader, and in others."""
    for half in ("seen", "held"):
        yield f"made layouts, {half}:"
        yield from _of("layouts", half)


def scans(_: Path) -> Iterator[str]:
    """Worn pictures of invoices and receipts."""
    yield from _of("scans")


def writing(_: Path) -> Iterator[str]:
    """Bills written and checked by every rule."""
    yield from _of("writing")


PARTS: dict[str, Callable[[Path], Iterator[str]]] = {
    "hostile_files": hostile_files,
    "documents": ours,
    "document_peers": peers,
    "document_layouts": layouts,
    "document_scans": scans,
    "document_writing": writing,
}


def main(words: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.document_bench")
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--write", action="store_true", help="keep the figures in PROMISES.md")
    parser.add_argument("--data", type=Path, default=FOLDER, help="the documents with answers")
    given = parser.parse_args(words)
    for part in given.parts or PARTS:
        print(f"== {part}", flush=True)
        lines = []
        for line in PARTS[part](given.data):
            print("  " + line, flush=True)
            lines.append(line)
        if given.write:
            keep(part, lines)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
