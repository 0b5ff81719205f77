"""A whole table against another: candidates, levels, model, habits, competition, calibration.

Invariant: the order of rows changes no answer; what is known (labels) is learned from and answers
nothing by itself but which target rows are taken. It reads no file and sets no limit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from well.matching.adapt import adapt
from well.matching.blocking import Keyring, Pairs
from well.matching.calibrate import Calibration, fit
from well.matching.candidates import InMemory
from well.matching.compare import Sides
from well.matching.gaps import with_gaps
from well.matching.link import (
    Each,
    Levels,
    Links,
    Model,
    calibrated,
    claims,
    levels_of,
    rated,
    settled,
    with_habits,
)
from well.matching.train import Known, train, unseen
from well.matching.vocabulary import ABSENT

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Report = Callable[[str], None]

GAIN_MIN = 3.0
"""Nats a calibration has to earn: two free figures earn as much by chance once in twenty times."""
LEARN_MIN = 20
"""Known answers from which tables are learned; below, the data itself is asked."""


@dataclass(frozen=True, slots=True)
class Matched:
    """`links` calibrated; `tried` are (confidence, right) of known rows by tables that did not
    see them, calibrated alike, for whoever sets a limit."""

    links: Links
    model: Model
    tried: tuple[Floats, Bools]


def candidates(sides: Sides) -> Pairs:
    """Pairs of the two sides that share a key; days and amounts that are missing part nobody."""
    ring = Keyring.of(sides.book, lasting=False)
    return with_gaps(sides, ring, InMemory(ring, sides.target).pairs(sides.source))


def match_all(
    sides: Sides,
    known: Known,
    one_to_one: bool,
    prior: Model,
    report: Report = lambda _: None,
    each: Each = map,
) -> Matched:
    """Answers for every source row of `sides`; `each` says how pairs are worked off."""
    report("finding candidates")
    pairs = candidates(sides)
    report(f"comparing {len(pairs.source):,} pairs")
    levels = levels_of(sides, pairs, each)
    report("weighing")
    ids = sides.source.ids
    first = _rated(pairs, levels, ids, known, prior, one_to_one)[0]
    _, levels = with_habits(sides, first)
    if not one_to_one:
        levels = {**levels, "owner": claims(first)}
    report("weighing again, with what the first answers tell")
    alone, model = _rated(pairs, levels, ids, known, prior, one_to_one)
    return _checked(alone, model, known, prior, one_to_one)


def _rated(
    pairs: Pairs,
    levels: Levels,
    ids: Sequence[str],
    known: Known,
    prior: Model,
    one_to_one: bool,
) -> tuple[Links, Model]:
    """Each document by itself, by a model of what is known, else of what the data tells."""
    rows = len(pairs.cut)
    if len(known.row) >= LEARN_MIN:
        model = train(pairs, levels, known, rows, prior)
    else:
        model = adapt(pairs, levels, ids, prior, one_to_one)
    return rated(pairs, levels, model, rows), model


def _checked(alone: Links, model: Model, known: Known, prior: Model, one_to_one: bool) -> Matched:
    """Settled and calibrated by how known answers fared that the tables had not seen."""
    enough = len(known.row) >= LEARN_MIN
    tried = unseen(alone, known, prior, one_to_one) if enough else (np.zeros(0), np.zeros(0, bool))
    curve = _worthwhile(fit(*tried), *tried)
    links = settled(_with_answers(alone, known)) if one_to_one else alone
    checked = (curve.apply(tried[0]), tried[1])
    return Matched(calibrated(links, curve), _calibrated_model(model, curve), checked)


def _worthwhile(curve: Calibration, p: Floats, right: Bools) -> Calibration:
    """The curve where it makes the known answers clearly likelier, else none at all."""
    gain = _surprise(p, right) - _surprise(curve.apply(p), right)
    return curve if gain >= GAIN_MIN else Calibration()


def _surprise(p: Floats, right: Bools) -> float:
    """Nats: minus the log likelihood of what proved right."""
    said = np.where(right, p, 1.0 - p)
    return float(-np.log(np.maximum(said, 2.0**-30)).sum())


def _calibrated_model(model: Model, curve: Calibration) -> Model:
    return Model(model.tables, model.none_bits, curve)


def _with_answers(links: Links, known: Known) -> Links:
    """What is known is sure: its target row is taken for all others."""
    answer = np.full(len(links.none), ABSENT - 1)
    answer[known.row] = known.answer
    mine = answer[links.pairs.source] != ABSENT - 1
    right = links.pairs.target == answer[links.pairs.source]
    confidence = np.where(mine, right.astype(np.float64), links.confidence)
    none = links.none.copy()
    none[known.row] = (known.answer == ABSENT).astype(np.float64)
    return Links(links.pairs, links.levels, links.total, confidence, none)
