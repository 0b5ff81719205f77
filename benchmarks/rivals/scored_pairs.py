"""The form in which rivals score pairs of names: a CSV in, the same with `confidence` out.

Invariant: only the scoring is timed, not the start of the process, the files, or what `prepare`
makes of the names.
"""

import csv
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

Names = Sequence[tuple[str, str]]
Prepared = TypeVar("Prepared")
WARM = (("Northwind Traders Limited", "North Wind Trading Ltd"),)
"""Scored once before the clock starts, so that loading of tables is not timed."""


def run(
    words: list[str],
    prepare: Callable[[Names], Prepared],
    scorer: Callable[[Prepared], list[float]],
) -> int:
    """`PAIRS.csv OUT.csv`; prints the seconds that scoring took."""
    source, out = Path(words[0]), Path(words[1])
    with source.open(encoding="utf-8", newline="") as file:
        names = [(row["name1"], row["name2"]) for row in csv.DictReader(file)]
    scorer(prepare(WARM))
    pairs = prepare(names)
    start = time.perf_counter()
    scores = scorer(pairs)
    sys.stdout.write(f"{time.perf_counter() - start:.6f}\n")
    with out.open("w", encoding="utf-8", newline="") as file:
        rows = [("name1", "name2", "confidence")]
        rows += [(a, b, f"{score:.9f}") for (a, b), score in zip(names, scores, strict=True)]
        csv.writer(file, lineterminator="\n").writerows(rows)
    return 0
