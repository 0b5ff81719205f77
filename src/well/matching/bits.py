"""From levels to bits: what each level is worth, summed feature by feature.

Invariant: every worth is a multiple of 1/1024 bit, so the sum is exact in any order and the rows
shown add up to the score. Bits say how much likelier two rows are one document than two; they
are no probability.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from well.matching import weights
from well.matching.levels import FEATURES, LEVELS

Levels = Mapping[str, npt.NDArray[np.uint8]]
Bits = Mapping[str, npt.NDArray[np.float64]]
Tables = Mapping[str, Mapping[str, float]]

GRAIN = 1024
"""Steps of one bit."""
_CAPS = (
    ("tax number", "bank account", weights.IDENTITY_AND_IBAN_EXTRA),
    ("name", "domain", weights.NAME_AND_DOMAIN_EXTRA),
)
"""Two features that agree for one reason: the larger counts, plus so much at the most."""


def grained(bits: float) -> float:
    """The nearest multiple of 1/1024."""
    return round(bits * GRAIN) / GRAIN


def score(levels: Levels, tables: Tables) -> tuple[Bits, npt.NDArray[np.float64]]:
    """Bits of each feature and their sum, per pair."""
    bits = {feature: _worth(feature, tables)[levels[feature]] for feature in FEATURES}
    for first, second, extra in _CAPS:
        bits[second] = _capped(bits[first], bits[second], extra)
    return bits, sum_of(bits)


def sum_of(bits: Bits) -> npt.NDArray[np.float64]:
    """The plain sum over the features."""
    whole = bits[FEATURES[0]].copy()
    for feature in FEATURES[1:]:
        whole += bits[feature]
    return whole


def _worth(feature: str, tables: Tables) -> npt.NDArray[np.float64]:
    table = tables[feature]
    return np.array([grained(table.get(word, 0.0)) for word in LEVELS[feature]])


def _capped(
    first: npt.NDArray[np.float64], second: npt.NDArray[np.float64], extra: float
) -> npt.NDArray[np.float64]:
    most = np.maximum(first, second) + extra - first
    return np.where((first > 0) & (second > 0), np.minimum(second, most), second)
