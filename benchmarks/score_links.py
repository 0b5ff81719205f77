"""How good answers to "which entry is this document about" are, by one rule for Well and rivals.

Invariant: every document of the truth that was not shown as a label is scored, also when it was
never answered (it counts as refused). It reads answers one line at a time.

- share: documents answered "auto" / all documents.
- precision: right among those. An "auto" without a target says "none", and is right if there is
  none.
- recall: right "auto" answers that name a target / documents that have one.
- first: documents whose first candidate is right / documents that have one.
- ECE: over documents with a candidate, the confidence of the first one against whether it is
  right, in ten equal bins. A document without candidates shows no percentage; it is left out here
  and counted beside it (`silent`).

`python -m benchmarks.score_links --truth T.csv [--labels L.csv] ANSWERS.jsonl`
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Answers whose confidence falls into one tenth."""

    count: int
    shown: float
    """Mean confidence."""
    right: float
    """Share that is right."""


@dataclass(frozen=True)
class LinkFigures:
    """What came out; ratios between 0 and 1."""

    documents: int
    auto: int
    auto_right: int
    share: float
    precision: float
    recall: float
    first: float
    ece: float
    silent: int
    bins: tuple[Bin, ...]


def read_links(path: Path) -> dict[str, str]:
    """source_id -> target_id; "" says that there is none."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["source_id"]: row["target_id"] for row in csv.DictReader(file)}


def read_answers(path: Path) -> Iterator[dict[str, Any]]:
    """One answer a line."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def score(answers: Iterable[Mapping[str, Any]], truth: Mapping[str, str]) -> LinkFigures:
    """Score answers against `truth`; ValueError for a document answered twice.

    Answers for documents that are not in `truth` (labels) are ignored.
    """
    seen: set[str] = set()
    auto = auto_right = linked_right = first = 0
    tally = [[0, 0.0, 0] for _ in range(BINS)]
    for answer in answers:
        source = answer["source_id"]
        if source not in truth:
            continue
        if source in seen:
            raise ValueError(f"{source} is answered twice.")
        seen.add(source)
        true = truth[source]
        if answer["decision"] == "auto":
            right = (answer["target_id"] or "") == true
            auto, auto_right = auto + 1, auto_right + right
            linked_right += right and true != ""
        if answer["candidates"]:
            best = answer["candidates"][0]
            right = best["target_id"] == true
            first += right
            row = tally[min(BINS - 1, int(best["confidence"] * BINS))]
            row[0], row[1], row[2] = row[0] + 1, row[1] + best["confidence"], row[2] + right
    linked = sum(target != "" for target in truth.values())
    shown = sum(int(row[0]) for row in tally)
    return LinkFigures(
        documents=len(truth),
        auto=auto,
        auto_right=auto_right,
        share=_ratio(auto, len(truth)),
        precision=_ratio(auto_right, auto),
        recall=_ratio(linked_right, linked),
        first=_ratio(first, linked),
        ece=_ratio(sum(abs(row[1] - row[2]) for row in tally), shown),
        silent=len(truth) - shown,
        bins=tuple(Bin(int(n), _ratio(p, n), _ratio(k, n)) for n, p, k in tally),
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def score_files(answers: Path, truth: Path, labels: Path | None) -> LinkFigures:
    """Score a file of answers; the labelled documents are left out."""
    links = read_links(truth)
    shown = read_links(labels) if labels else {}
    left = {source: target for source, target in links.items() if source not in shown}
    return score(read_answers(answers), left)


def line(figures: LinkFigures) -> str:
    """The figures in one line."""
    return (
        f"auto share {figures.share:.4f}  precision {figures.precision:.4f}  "
        f"recall {figures.recall:.4f}  first {figures.first:.4f}  ECE {figures.ece:.4f}"
    )


def main(words: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.score_links")
    parser.add_argument("answers", type=Path)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--labels", type=Path)
    given = parser.parse_args(words)
    figures = score_files(given.answers, given.truth, given.labels)
    print(line(figures), f" silent {figures.silent}")
    print(f"wrong among auto: {figures.auto - figures.auto_right} of {figures.auto}")
    for place, one in enumerate(figures.bins):
        print(
            f"  .{place}: {one.count:7d} shown {one.shown:.3f} right {one.right:.3f}"
            if one.count
            else f"  .{place}:       0"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
