"""From which confidence a run acts by itself, given what is known of its answers.

Invariant: never below the rule's limit; a limit that the known answers prove to break its target
is raised until they no longer do. It certifies nothing that was not checked.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from well.policy.threshold import DELTA, LEVELS, certified, effective, pooled

UNCHECKED = 0.95
"""Limit of a run of which no answer is known: its confidences follow from the data alone."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def limit(p: Floats, right: Flags, auto_post: float, target: float) -> float:
    """The limit: certified where the known answers suffice, else the shipped one unless they
    contradict it. `p` are confidences of known answers, `right` whether each was."""
    proven = certified(p, right, target)
    if proven is not None:
        return effective(auto_post, proven)
    shipped = effective(auto_post, pooled(target))
    if not len(p):
        return max(shipped, UNCHECKED)
    stricter = [level for level in sorted(LEVELS) if level > shipped]
    for level in (shipped, *stricter):
        if _upper(int(right[p >= level].sum()), int((p >= level).sum())) >= target:
            return float(level)
    return 1.0


def _upper(right: int, checked: int) -> float:
    """The share of right answers is at most this, wrong with probability DELTA at the most."""
    if right == checked:
        return 1.0
    return float(betaincinv(right + 1, checked - right, 1.0 - DELTA))
