"""What a finder's own score is worth: the share of right values among those it scored so.

Invariant: a table of plain data with its version and origin (`calibration.toml`), monotone in the
score. A value of weak evidence stays below the bar of automatic posting whatever its share was.
"""

import tomllib
from bisect import bisect_right
from dataclasses import replace
from functools import cache
from pathlib import Path

from well.domain.invoice import FieldReading

WEAK = 0.75
WEAK_CAP = 0.84
_ANY = "any"


@cache
def _table() -> dict[str, list[tuple[float, float]]]:
    """By field: (lowest score, probability), both rising."""
    data = tomllib.loads(Path(__file__).with_name("calibration.toml").read_text("utf-8"))
    return {name: [(low, share) for low, share in rows] for name, rows in data["steps"].items()}


def calibrated(found: FieldReading) -> FieldReading:
    """The reading with a probability in place of its score."""
    share = probability(found.field, found.confidence)
    return replace(found, confidence=share)


def probability(field: str, score: float) -> float:
    """Probability that a value of `field` found with `score` (0 to 1) is right."""
    steps = _table().get(field) or _table()[_ANY]
    at = bisect_right([low for low, _ in steps], score) - 1
    if at < 0:
        return min(score, steps[0][1], WEAK_CAP)
    share = steps[at][1]
    return min(share, WEAK_CAP) if score < WEAK else share
