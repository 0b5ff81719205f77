"""From levels to bits: what each level is worth, summed feature by feature.

Invariant: every worth is a multiple of 1/1024 bit, so the sum is exact in any order and the rows
shown add up to the score. Bits say how much likelier two rows are one document than two; they
are no probability.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from well.matching import weights
from well.matching.levels import FEATURES, LEVELS

Levels = Mapping[str, npt.NDArray[np.uint8]]
Bits = Mapping[str, npt.NDArray[np.float64]]
Tables = Mapping[str, Mapping[str, float]]

GRAIN = 1024
"""Steps of one bit."""
_SHARE = {"habit": weights.HABIT_SHARE}
"""What a feature counts of its worth where another tells most of the same."""
SUPPLIER = ("name", "tax number", "bank account", "domain", "address", "phone", "country")
"""Features of who the other party is: all of its documents agree in them alike, so agreement in
several tells little more of this one document than agreement in the best."""


def grained(bits: float) -> float:
    """The nearest multiple of 1/1024."""
    return round(bits * GRAIN) / GRAIN


def score(levels: Levels, tables: Tables) -> tuple[Bits, npt.NDArray[np.float64]]:
    """Bits of each feature and their sum, per pair."""
    bits = {feature: _worth(feature, tables)[levels[feature]] for feature in FEATURES}
    room = np.maximum.reduce([bits[feature] for feature in SUPPLIER]) + weights.SUPPLIER_EXTRA
    for feature in SUPPLIER:
        earned = bits[feature]
        bits[feature] = np.where(earned > 0.0, np.minimum(earned, room), earned)
        room = room - np.maximum(bits[feature], 0.0)
    return bits, sum_of(bits)


def sum_of(bits: Bits) -> npt.NDArray[np.float64]:
    """The plain sum over the features."""
    whole = bits[FEATURES[0]].copy()
    for feature in FEATURES[1:]:
        whole += bits[feature]
    return whole


def _worth(feature: str, tables: Tables) -> npt.NDArray[np.float64]:
    table = tables[feature]
    return _by_level(feature, tuple(table), tuple(table.values()))


@lru_cache(maxsize=256)
def _by_level(
    feature: str, words: tuple[str, ...], worth: tuple[float, ...]
) -> npt.NDArray[np.float64]:
    """What each level is worth, by its number; 0 for one that the table does not hold."""
    bits, share = dict(zip(words, worth, strict=True)), _SHARE.get(feature, 1.0)
    return np.array([grained(share * bits.get(word, 0.0)) for word in LEVELS[feature]])
