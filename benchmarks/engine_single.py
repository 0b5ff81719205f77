"""One record against the whole ledger, process warm: time to a fully explained decision.

Invariant: seeded documents in shuffled order, each asked once, alone; the ledger is loaded and the
first documents are asked before the clock starts. What is timed is `asker`'s call and nothing else.

`python -m benchmarks.engine_single FOLDER`
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.bars import at_most

WARM, ASKED = 200, 2_000
Asker = Callable[[Path], tuple[Callable[[int], object], int]]
"""From a folder with source.csv and target.csv to a call that decides the document of that row,
evidence included, and the number of documents."""

ASKER: Asker | None = None
"""The engine's call for one record; None as long as it offers none."""


def measure(asker: Asker, folder: Path) -> Iterator[str]:
    """Lines of figures."""
    started = time.perf_counter()
    ask, documents = asker(folder)
    yield f"  {documents} documents' ledger loaded in {time.perf_counter() - started:.1f} s"
    rows = np.random.default_rng(7).permutation(documents)[: WARM + ASKED].tolist()
    for row in rows[:WARM]:
        ask(row)
    milliseconds = []
    for row in rows[WARM:]:
        asked = time.perf_counter()
        ask(row)
        milliseconds.append((time.perf_counter() - asked) * 1_000)
    yield at_most("p50", float(np.quantile(milliseconds, 0.50)), 2, " ms")
    yield at_most("p99", float(np.quantile(milliseconds, 0.99)), 15, " ms")


def main(words: list[str]) -> int:
    """Print the lines."""
    if ASKER is None:
        print("  not measured: the engine offers no call for one record yet")
        return 0
    for one in measure(ASKER, Path(words[0])):
        print(one)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
