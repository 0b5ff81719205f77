"""One record against the whole ledger, process warm: time to a fully explained decision.

Invariant: seeded documents in shuffled order, each asked once, alone; the tables are made and the
first documents are asked before the clock starts. What is timed is one call that finds the
candidates by their keys in a database file, reads their records, compares, weighs and
explains each of them and says what is to be done.

`python -m benchmarks.engine_single FOLDER`
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.bars import at_most
from benchmarks.key_table import KeyTable, build, open_table, records
from well.domain.candidate import Candidate
from well.matching.blocking import Keyring, Pairs
from well.matching.candidates import ByKeys
from well.matching.canonical_row import canonical_columns
from well.matching.columns import Book, Raw, columns
from well.matching.compare import Sides
from well.matching.cuts import harmful
from well.matching.link import Model, best_pairs, calibrated, levels_of, rated
from well.matching.tell import Teller

WARM, ASKED = 3_000, 2_000
"""Documents asked before the clock runs, so that most suppliers are known, and timed ones."""
AUTO, REVIEW = 0.85, 0.55
TOLD, LEAST = 5, 1e-4
"""Candidates told with their rows of evidence, and how likely those behind the first are."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be done, with the likeliest of `found` candidates and their rows of evidence."""

    decision: str
    none: float
    cut: bool
    found: int
    candidates: list[Candidate]


def answer(table: KeyTable, model: Model, document: Raw) -> Answer:
    """The decision for one document."""
    book = Book()
    source = columns(book, [document])
    found = ByKeys(Keyring.of(book, lasting=True), table.lookup).pairs(source)
    kept = table.records(found.target.tolist())
    targets, rows = [raw for raw, _ in kept], [row for _, row in kept]
    sides = Sides.of(book, source, canonical_columns(book, targets, rows))
    pairs = Pairs(found.source, np.arange(len(targets), dtype=np.int64), found.cut)
    links = calibrated(rated(pairs, levels_of(sides, pairs), model, 1), model.calibration)
    best = best_pairs(links)
    cut = bool(harmful(found.cut[pairs.source[best]], links.levels, best).any())
    teller = Teller(links, model, [document].__getitem__, targets.__getitem__, TOLD, LEAST)
    told = next(teller.all(1))
    sure = told[0].confidence if told else 0.0
    decision = "auto" if sure >= AUTO and not cut else "review" if sure >= REVIEW else "none"
    return Answer(decision, float(links.none[0]), cut, len(targets), told)


def measure(folder: Path) -> Iterator[str]:
    """Lines of figures."""
    documents = list(records(folder / "source.csv"))
    with tempfile.TemporaryDirectory() as kept:
        started = time.perf_counter()
        path = Path(kept) / "keys.sqlite"
        entries = build(folder / "target.csv", path)
        size = path.stat().st_size / 1e6
        took = time.perf_counter() - started
        yield f"  tables of {entries:,} entries made in {took:.0f} s, {size:,.0f} MB"
        table, model = open_table(path), Model()
        yield from timed(lambda row: answer(table, model, documents[row]), len(documents))
        table.database.close()


def timed(ask: Callable[[int], Answer], documents: int) -> Iterator[str]:
    """Wall and CPU time of a call for each of many documents, milliseconds."""
    rows = np.random.default_rng(7).permutation(documents)[: WARM + ASKED].tolist()
    for row in rows[:WARM]:
        ask(row)
    wall, cpu, told = [], [], []
    for row in rows[WARM:]:
        before = time.perf_counter(), time.process_time()
        told.append(ask(row))
        wall.append((time.perf_counter() - before[0]) * 1_000)
        cpu.append((time.process_time() - before[1]) * 1_000)
    yield at_most("p50", float(np.quantile(wall, 0.50)), 2, " ms")
    yield at_most("p99", float(np.quantile(wall, 0.99)), 15, " ms")
    spent = np.quantile(cpu, [0.50, 0.99])
    yield f"  of it CPU time: p50 {spent[0]:.2f} ms, p99 {spent[1]:.2f} ms"
    sizes = np.array([one.found for one in told])
    auto = sum(one.decision == "auto" for one in told) / len(told)
    yield f"  candidates: mean {sizes.mean():.1f}, at most {sizes.max()}; auto {auto:.3f}"


def main(words: list[str]) -> int:
    """Print the lines."""
    for one in measure(Path(words[0])):
        print(one)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
