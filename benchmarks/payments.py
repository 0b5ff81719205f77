"""The public payment files in the columns of `well match`, under fresh ids.

Invariant: no matcher sees `ground_truth` or `unique_id`: rows are shuffled and numbered anew on
each side, and only truth.csv and the labels join them. Nothing of the files is kept in the project.

`python -m benchmarks.payments --data ../shared/data/matching --out DIR`
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

from benchmarks.ledger import write_links

Row = dict[str, str]
COLUMNS = ("id", "memo", "amount", "date")
LABELS = 300


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, letter: str, rows: list[Row]) -> dict[str, str]:
    """Write one side; answers the new id of each true pair."""
    named = {row["ground_truth"]: f"{letter}{place:05d}" for place, row in enumerate(rows, 1)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(
            (named[row["ground_truth"]], row["memo"], row["amount"], row["transaction_date"])
            for row in rows
        )
    return named


def prepare(data: Path, out: Path, seed: int) -> None:
    """Write source.csv, target.csv, truth.csv and labels300.csv below `out`."""
    chance = np.random.default_rng(seed)
    out.mkdir(parents=True, exist_ok=True)
    sides = []
    for letter, kind, name in (("O", "origin", "source"), ("D", "destination", "target")):
        rows = _rows(data / f"payments_{kind}.csv")
        shuffled = [rows[i] for i in chance.permutation(len(rows)).tolist()]
        sides.append(_write(out / f"{name}.csv", letter, shuffled))
    source, target = sides
    links = sorted((source[key], target.get(key, "")) for key in source)
    chosen = np.sort(chance.permutation(len(links))[:LABELS]).tolist()
    write_links(out / "truth.csv", links)
    write_links(out / f"labels{LABELS}.csv", [links[i] for i in chosen])


def main(words: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.payments")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(words)
    prepare(given.data, given.out, given.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
