"""How well the name scorer tells firms apart, beside plain string ratios, on files with answers.

Invariant: the formula measured is the one in production, parsing included, and nothing is trained
on the files' answers here.
"""

import csv
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from well.matching.names import confidence, name_level, parse

Pair = tuple[str, str, bool]


def labelled_pairs(path: Path) -> list[Pair]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(r["name1"], r["name2"], r["is_match"] == "1") for r in csv.DictReader(file)]


def cluster_pairs(path: Path, column: str = "name") -> list[Pair]:
    """All pairs of distinct spellings; a match when both rows have the same entity."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted({(r[column], r["entity_id"]) for r in csv.DictReader(file)})
    return [(a, b, x == y) for (a, x), (b, y) in combinations(rows, 2) if a != b]


def auc(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """Share of (match, non-match) couples in the right order, ties half."""
    ranked = sorted(zip(scores, truth, strict=True))
    seen_below = wins = 0.0
    at = 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        positives = sum(answer for _, answer in ranked[at:end])
        negatives = end - at - positives
        wins += positives * (seen_below + negatives / 2)
        seen_below += negatives
        at = end
    positives_all = sum(truth)
    return wins / (positives_all * (len(truth) - positives_all))


def recall_at(scores: Sequence[float], truth: Sequence[bool], precision: float) -> float:
    """Largest share of matches found by one threshold that keeps the precision."""
    ranked = sorted(zip(scores, truth, strict=True), reverse=True)
    best = right = 0
    for place, (score, answer) in enumerate(ranked, 1):
        right += answer
        last_of_tie = place == len(ranked) or ranked[place][0] != score
        if last_of_tie and right / place >= precision:
            best = right
    return best / sum(truth)


def measure(title: str, pairs: Sequence[Pair]) -> None:
    scorers: dict[str, Callable[[str, str], float]] = {
        "ours": confidence,
        "ratio": fuzz.ratio,
        "token sort ratio": fuzz.token_sort_ratio,
        "token set ratio": fuzz.token_set_ratio,
        "weighted ratio": fuzz.WRatio,
        "Jaro-Winkler": JaroWinkler.similarity,
    }
    truth = [answer for _, _, answer in pairs]
    print(f"\n{title}: {len(pairs)} pairs, {sum(truth)} matches")
    for name, scorer in scorers.items():
        start = time.perf_counter()
        folded = name != "ours"
        scores = [
            scorer(a.casefold(), b.casefold()) if folded else scorer(a, b) for a, b, _ in pairs
        ]
        each = (time.perf_counter() - start) / len(pairs) * 1e6
        print(
            f"  {name:28s} AUC {auc(scores, truth):.3f}   "
            f"recall at .99 {recall_at(scores, truth, 0.99):.3f}   {each:5.1f} us/pair"
        )


def levels(title: str, pairs: Sequence[Pair]) -> None:
    """How many matches and others reach each level of the name table."""
    table = Counter((name_level(parse(a), parse(b)), answer) for a, b, answer in pairs)
    print(f"\n{title}: matches / others by level")
    for level in dict.fromkeys(level for level, _ in table):
        print(f"  {level:28s} {table[level, True]:6d} / {table[level, False]}")


def main(folder: Path) -> int:
    if not folder.is_dir():
        print(f"No files in {folder}; give the folder with name_pairs.csv as the first argument.")
        return 1
    for title, pairs in (
        ("name pairs", labelled_pairs(folder / "name_pairs.csv")),
        ("name clusters", cluster_pairs(folder / "name_clusters.csv")),
        ("organisation sites", cluster_pairs(folder / "organisation_sites.csv")[::7]),
    ):
        measure(title, pairs)
        levels(title, pairs)
    return 0


if __name__ == "__main__":
    default = Path(__file__).parents[2] / "shared" / "data" / "matching"
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else default))
