"""Name pairs: `well names` beside rapidfuzz ratios and nomenklatura logic-v2, on three public sets.

Invariant: all read the same CSV of pairs without the answers; pairs of clusters are all pairs of
distinct spellings.
"""

import csv
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np

from benchmarks.bars import above, at_most
from benchmarks.child import Run
from benchmarks.score_pairs import Floats, Truths, auc, recall_at
from benchmarks.setting import LINKS, NAMES, WELL, Setting

Pair = tuple[str, str, bool]
RATIOS = ("ratio", "token-sort", "token-set", "weighted", "jaro-winkler")
PRECISION, MICROSECONDS = 0.99, 30


def labelled(path: Path) -> list[Pair]:
    """Pairs as they are."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(r["name1"], r["name2"], r["is_match"] == "1") for r in csv.DictReader(file)]


def clusters(path: Path) -> list[Pair]:
    """Pairs of distinct spellings; a match when both rows have the same entity."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted({(r["name"], r["entity_id"]) for r in csv.DictReader(file)})
    return [(a, b, x == y) for (a, x), (b, y) in combinations(rows, 2) if a != b]


def write_pairs(path: Path, pairs: list[Pair]) -> None:
    """name1,name2 without the answers."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name1", "name2"))
        writer.writerows((a, b) for a, b, _ in pairs)


def confidences(path: Path) -> Floats:
    """The column that was added."""
    with path.open(encoding="utf-8", newline="") as file:
        return np.array([float(row["confidence"]) for row in csv.DictReader(file)])


def measure(setting: Setting) -> Iterator[str]:
    """Lines of all sets."""
    for title in ("name_pairs", "name_clusters", "organisation_sites"):
        source = setting.data / f"{title}.csv"
        pairs = labelled(source) if title == "name_pairs" else clusters(source)
        path = setting.scratch / f"{title}.csv"
        write_pairs(path, pairs)
        truth = np.array([answer for _, _, answer in pairs])
        yield f"{title}: {len(pairs)} pairs, {int(truth.sum())} matches"
        yield from _one_set(setting, title, path, truth)
    yield from _speed(setting)


def _one_set(setting: Setting, title: str, path: Path, truth: Truths) -> Iterator[str]:
    modules = [(f"rapidfuzz {kind}", LINKS, "ratio_names", [kind]) for kind in RATIOS]
    modules.append(("nomenklatura logic-v2", NAMES, "logic_v2_names", []))
    bests: list[float] | None = None
    for name, python, module, words in modules:
        out = setting.scratch / f"{title}.{name.replace(' ', '-')}.csv"
        run = setting.cached(out, [python, "-m", f"benchmarks.rivals.{module}", *words, path, out])
        if run.code:
            yield f"  {name:22s} not measured: {run.complaint}"
            continue
        scores = confidences(out)
        bests = [auc(scores, truth), recall_at(scores, truth, PRECISION)]
        yield _row(name, bests, f"{float(run.out) / len(truth) * 1e6:8.1f} us a pair")
    out = setting.scratch / f"{title}.well.csv"
    run = setting.ours([WELL, "names", path, "--out", out])
    if run.code:
        yield f"  {'Well':22s} not measured: {run.complaint}"
        return
    scores = confidences(out)
    ours = [auc(scores, truth), recall_at(scores, truth, PRECISION)]
    yield _row("Well", ours, f"(whole command {run.cost()})")
    if bests:
        yield above("AUC", ours[0], bests[0], "logic-v2")
        yield above("recall at .99", ours[1], bests[1], "logic-v2")


def _row(name: str, figures: list[float], cost: str) -> str:
    return f"  {name:22s} AUC {figures[0]:.4f}  recall at .99 {figures[1]:.4f}  {cost}"


def _speed(setting: Setting) -> Iterator[str]:
    """Microseconds a pair: the command on all clusters' pairs, less the command on one pair."""
    pairs = clusters(setting.data / "name_clusters.csv")
    few, many = setting.scratch / "one_pair.csv", setting.scratch / "many_pairs.csv"
    write_pairs(few, pairs[:1])
    write_pairs(many, pairs)
    runs: list[Run] = []
    for path in (few, many):
        out = path.with_suffix(".well.csv")
        runs.append(setting.ours([WELL, "names", path, "--out", out]))
    if any(run.code for run in runs):
        return
    each = (runs[1].seconds - runs[0].seconds) / (len(pairs) - 1) * 1e6
    yield f"{len(pairs)} distinct pairs, `well names` less its start ({runs[0].seconds:.1f} s):"
    yield at_most("each pair with files", each, MICROSECONDS, " us")
