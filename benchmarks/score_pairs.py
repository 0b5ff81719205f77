"""How well scores of pairs tell matches from others: ROC AUC, and recall at a precision.

Invariant: ties count half in the AUC, and no threshold falls inside a tie.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


def _steps(scores: Floats, truth: Truths) -> tuple[Floats, Floats]:
    """Right and wrong pairs at or above each distinct score, highest first."""
    values, which = np.unique(-scores, return_inverse=True)
    right = np.bincount(which, weights=truth, minlength=values.size)
    wrong = np.bincount(which, weights=~truth, minlength=values.size)
    return np.cumsum(right), np.cumsum(wrong)


def auc(scores: Floats, truth: Truths) -> float:
    """Share of (match, other) couples in the right order; both kinds must be there."""
    right, wrong = (np.r_[0.0, counts] for counts in _steps(scores, truth))
    area = np.sum(np.diff(wrong) * (right[1:] + right[:-1]) / 2)
    return float(area / (right[-1] * wrong[-1]))


def recall_at(scores: Floats, truth: Truths, precision: float) -> float:
    """Largest share of matches at or above one threshold that keeps the precision."""
    right, wrong = _steps(scores, truth)
    kept = right[right / (right + wrong) >= precision]
    return float(kept.max(initial=0.0) / right[-1])
