"""How well `well resolve` tells who is who, beside two simple ways, and what many rows cost.

Invariant: ours is the command in a process of its own; no method sees the answers. Nothing of the
files is kept in the project.

`python -m benchmarks.engine_parties [DIR] [--rows N]`; DIR holds name_clusters.csv and
organisation_sites.csv.
"""

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist
from scipy.sparse.csgraph import connected_components

from benchmarks.ledger_firms import make_firms
from benchmarks.ledger_noise import noisy_names
from benchmarks.ledger_words import COUNTRIES
from well.matching.names import parse

Row = dict[str, str]
SETS = {
    "name_clusters.csv": {"record_id": "id", "name": "name"},
    "organisation_sites.csv": {
        "record_id": "id",
        "name": "name",
        "address": "address",
        "phone": "phone",
    },
}
"""Columns shown to the methods, and their names in the command's file."""
ALIKE = 90
SHARES = {"tax_id": 0.45, "iban": 0.30, "domain": 0.50, "country": 0.80}
"""Shares of the generated rows that carry a value."""
SEED = 5


def quality(truth: Sequence[Hashable], found: Sequence[Hashable]) -> str:
    """Pairwise precision, recall and F1, then B-cubed precision, recall and F1 (Bagga, Baldwin)."""
    both = Counter(zip(truth, found, strict=True))
    ours, theirs = Counter(found), Counter(truth)
    right, said, true = (sum(n * (n - 1) for n in count.values()) for count in (both, ours, theirs))
    precision = sum(n * n / ours[entity] for (_, entity), n in both.items()) / len(truth)
    recall = sum(n * n / theirs[entity] for (entity, _), n in both.items()) / len(truth)
    figures = (
        *_with_mean(right / max(said, 1), right / max(true, 1)),
        *_with_mean(precision, recall),
    )
    return " ".join(f"{figure:7.4f}" for figure in figures)


def _with_mean(precision: float, recall: float) -> tuple[float, float, float]:
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def by_core(rows: Sequence[Row]) -> list[Hashable]:
    """Rows are one when their canonical names are equal."""
    return [parse(row["name"]).core for row in rows]


def by_likeness(columns: Sequence[str]) -> Callable[[Sequence[Row]], list[Hashable]]:
    """Rows are one when their texts are alike, over any number of steps."""

    def found(rows: Sequence[Row]) -> list[Hashable]:
        texts = [" ".join(row[c] for c in columns).casefold().strip() for row in rows]
        near = cdist(texts, texts, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE) >= ALIKE
        return list(connected_components(near, directed=False)[1].tolist())

    return found


def ours(records: Path, out: Path) -> float:
    """Run the command; seconds it took."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "well.cli.main", "resolve", str(records), "--out", str(out)]
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def entities(out: Path) -> list[Hashable]:
    """The command's answer, row by row."""
    with out.open(encoding="utf-8", newline="") as file:
        return [row["entity"] for row in csv.DictReader(file)]


def measure(path: Path, columns: dict[str, str], folder: Path) -> None:
    """One line for each method."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    truth = [row["entity_id"] for row in rows]
    print(f"\n{path.name}: {len(rows)} rows, {len(set(truth))} entities")
    print(f"  {'':32s} pairs P R F1            B-cubed P R F1")
    texts = [name for column, name in columns.items() if column != "record_id" and name != "phone"]
    methods: dict[str, Callable[[Sequence[Row]], list[Hashable]]] = {
        "equal canonical name": by_core,
        "token sort >= 90, name": by_likeness(["name"]),
        f"token sort >= 90, {' + '.join(texts)}": by_likeness(texts),
    }
    for title, method in methods.items():
        print(f"  {title:32s} {quality(truth, method(rows))}")
    records, out = folder / "records.csv", folder / "out.csv"
    with records.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns.values())
        writer.writerows([row[column] for column in columns] for row in rows)
    seconds = ours(records, out)
    print(f"  {'ours':32s} {quality(truth, entities(out))}   {seconds:.1f} s with its start")


def generate(path: Path, count: int) -> list[Hashable]:
    """`count` rows about a quarter as many firms; the firm of each."""
    chance = np.random.default_rng(SEED)
    firms = make_firms(chance, count // 4)
    who = chance.integers(0, count // 4, count).tolist()
    places = [COUNTRIES[i] for i in firms.country[who].tolist()]
    names = noisy_names(
        chance,
        [firms.name[i] for i in who],
        [place.forms for place in places],
        [place.places[0] for place in places],
    )
    kept = {column: chance.random(count) < share for column, share in SHARES.items()}
    values = {"tax_id": firms.tax_id, "iban": firms.iban, "domain": firms.domain}
    values["country"] = firms.codes()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", *values])
        for row, firm in enumerate(who):
            cells = [text[firm] if kept[column][row] else "" for column, text in values.items()]
            writer.writerow([f"r{row}", names[row], *cells])
    return list(who)


def main(words: list[str]) -> int:
    """The command line."""
    default = Path(__file__).parents[2] / "shared" / "data" / "matching"
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_parties")
    parser.add_argument("data", type=Path, nargs="?", default=default)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the generated file")
    arguments = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, columns in SETS.items():
            if (arguments.data / file).is_file():
                measure(arguments.data / file, columns, folder)
        truth = generate(folder / "made.csv", arguments.rows)
        seconds = ours(folder / "made.csv", folder / "out.csv")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"\ngenerated: {arguments.rows:,} rows, {len(set(truth)):,} firms")
        print(f"  {'ours':32s} {quality(truth, entities(folder / 'out.csv'))}")
        print(f"  {seconds:.0f} s, peak {peak:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
