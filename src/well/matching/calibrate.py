"""Calibration: from the probability a model gives to the share that turned out right.

Invariant: a calibrated probability never falls when the given one rises, and with labels it is
never 0 or 1. Few labels change nothing. It must be fitted on decisions the weights did not see.
"""

import json
from dataclasses import asdict, dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression, minimize
from scipy.special import expit, logit

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Kind = Literal["identity", "logistic", "isotonic"]

VERSION = 1
LOGISTIC_FROM = 100
"""Labels from which two parameters are fitted."""
ISOTONIC_FROM = 500
"""Labels from which the curve may take any rising form."""
EDGE = 2.0**-30
"""Given probabilities are taken as this far from 0 and 1 at least: their log-odds are finite."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rising curve. `slope` and `shift` act on natural log-odds (kind logistic); `knots` are
    (given, right) between which the curve is straight (kind isotonic)."""

    kind: Kind = "identity"
    labels: int = 0
    slope: float = 1.0
    shift: float = 0.0
    knots: tuple[tuple[float, float], ...] = ()
    version: int = VERSION

    def apply(self, p: Floats) -> Floats:
        """Calibrated probabilities of given ones in [0, 1]."""
        if self.kind == "identity":
            return p
        least = 1.0 / (self.labels + 2)
        return np.clip(self._curve(p), least, 1.0 - least)

    def _curve(self, p: Floats) -> Floats:
        if self.kind == "logistic":
            return np.asarray(expit(self.slope * _log_odds(p) + self.shift))
        given, right = np.array(self.knots).T
        return np.asarray(np.interp(p, given, right))

    def to_json(self) -> str:
        """Text that `from_json` reads."""
        return json.dumps(asdict(self), sort_keys=True)


def from_json(text: str) -> Calibration:
    """The calibration again; ValueError when the text is of another version or broken."""
    try:
        fields = json.loads(text)
        knots = tuple((float(given), float(right)) for given, right in fields.pop("knots"))
        read = Calibration(**fields, knots=knots)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise ValueError("This calibration cannot be read.") from error
    if read.kind not in get_args(Kind):
        raise ValueError(f"A calibration of kind {read.kind!r} is not known.")
    if read.version != VERSION:
        raise ValueError(f"This calibration is of version {read.version}, not {VERSION}.")
    return read


def fit(p: Floats, right: Flags, weights: Floats | None = None) -> Calibration:
    """The calibration of labelled decisions; `weights` are inverse inclusion probabilities."""
    count = len(p)
    weight = np.ones(count) if weights is None else weights
    if count < LOGISTIC_FROM:
        return Calibration()
    if count < ISOTONIC_FROM:
        return _logistic(p, right, weight)
    return _isotonic(p, right, weight)


def _log_odds(p: Floats) -> Floats:
    return np.asarray(logit(np.clip(p, EDGE, 1.0 - EDGE)))


def _logistic(p: Floats, right: Flags, weight: Floats) -> Calibration:
    """Platt's fit (1999) with his softened targets, so that a perfect split stays finite."""
    odds = _log_odds(p)
    share = weight / weight.sum()
    hits = np.count_nonzero(right)
    misses = len(p) - hits
    goal = np.where(right, (hits + 1.0) / (hits + 2.0), 1.0 / (misses + 2.0))

    def loss(line: Floats) -> tuple[float, Floats]:
        score = line[0] * odds + line[1]
        gap = share * (expit(score) - goal)
        value = float(share @ (np.logaddexp(0.0, score) - goal * score))
        return value, np.array([gap @ odds, gap.sum()])

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, bounds=[(0.0, None), (None, None)])
    slope, shift = found.x.tolist()
    return Calibration("logistic", len(p), slope, shift)


def _isotonic(p: Floats, right: Flags, weight: Floats) -> Calibration:
    """Pooled neighbours, joined by straight lines between the blocks' centres."""
    given, place = np.unique(p, return_inverse=True)
    mass = np.bincount(place, weight)
    share = np.bincount(place, weight * right) / mass
    fitted = isotonic_regression(share, weights=mass)
    starts = fitted.blocks[:-1]
    whole = np.add.reduceat(mass, starts)
    centres = np.add.reduceat(mass * given, starts) / whole
    knots = zip(centres.tolist(), fitted.x[starts].tolist(), strict=True)
    return Calibration("isotonic", len(p), knots=tuple(knots))


def _bins(p: Floats, bins: int) -> npt.NDArray[np.int64]:
    """Number of the equally wide bin of each probability; 1 belongs to the last."""
    return np.minimum((p * bins).astype(np.int64), bins - 1)


def ece(p: Floats, right: Flags, bins: int = 10) -> float:
    """Expected calibration error: the mean gap between shown and true share over the bins."""
    if not len(p):
        return 0.0
    gaps = np.bincount(_bins(p, bins), p - right)
    return float(np.abs(gaps).sum() / len(p))
