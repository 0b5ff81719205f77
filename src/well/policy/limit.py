"""From which confidence a run acts by itself, given what is known of its answers.

Invariant: never below the rule's limit, and never one at which the known answers break the target.
It certifies nothing that was not checked.
"""

import numpy as np
import numpy.typing as npt

from well.policy.threshold import LEVELS, certified, effective, pooled

UNCHECKED = 0.95
"""Limit of a run of which no answer is known: its confidences follow from the data alone."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def limit(p: Floats, right: Flags, auto_post: float, target: float) -> float:
    """The limit: certified where the known answers suffice, else the shipped one, raised until the
    known answers keep the target. `p` are confidences of known answers, `right` whether each was.
    """
    proven = certified(p, right, target)
    if proven is not None:
        return effective(auto_post, proven)
    shipped = effective(auto_post, pooled(target))
    if not len(p):
        return max(shipped, UNCHECKED)
    stricter = [level for level in sorted(LEVELS) if level > shipped]
    for level in (shipped, *stricter):
        if _share(right[p >= level]) >= target:
            return float(level)
    return 1.0


def _share(right: Flags) -> float:
    """The share that was right; of nothing, all."""
    return float(right.mean()) if len(right) else 1.0
