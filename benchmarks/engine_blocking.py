"""Candidates alone: how many true links are among them, and how many pairs a document costs.

Invariant: the engine's own keys and index, on the generated ledger; a document with a truncated
block counts as found only if its entry is among the pairs that are left.

`python -m benchmarks.engine_blocking FOLDER`
"""

import csv
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.bars import at_least, at_most
from benchmarks.score_links import read_links
from well.matching.batch import candidates
from well.matching.columns import Book, Builder, Columns, Raw
from well.matching.compare import Sides


def _records(path: Path) -> Iterator[Raw]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Raw(
                id=row["id"],
                names=row["name"],
                memo=row["memo"],
                reference=row["reference"],
                amount=int(row["amount"].replace(".", "")),
                currency=row["currency"],
                day=date.fromisoformat(row["date"]).toordinal(),
                numbers=row["tax_id"],
                ibans=row["iban"],
                sites=row["domain"],
                country=row["country"],
            )


def _side(book: Book, path: Path) -> Columns:
    builder = Builder(book)
    builder.extend(list(_records(path)))
    return builder.done()


def measure(folder: Path) -> Iterator[str]:
    """Lines of figures."""
    started = time.perf_counter()
    book = Book()
    target, source = _side(book, folder / "target.csv"), _side(book, folder / "source.csv")
    read = time.perf_counter()
    pairs = candidates(Sides.of(book, source, target))
    done = time.perf_counter()
    truth = read_links(folder / "truth.csv")
    row = {name: place for place, name in enumerate(target.ids)}
    linked = [(i, row[truth[s]]) for i, s in enumerate(source.ids) if truth[s]]
    wanted = np.array([(i << 32) | j for i, j in linked], dtype=np.int64)
    found = int(np.isin(wanted, (pairs.source << 32) | pairs.target).sum())
    cut = int(np.count_nonzero(pairs.cut))
    yield (
        f"  {len(source)} x {len(target)}: canonicalised in {read - started:.1f} s, "
        f"{len(pairs.source)} pairs in {done - read:.1f} s, {cut} documents with a cut block"
    )
    yield at_least("blocking recall", found / len(linked), 0.995)
    yield at_most("pairs a document", len(pairs.source) / len(source), 60)


def main(words: list[str]) -> int:
    """Print the lines."""
    for one in measure(Path(words[0])):
        print(one)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
