"""A model from known answers: level tables, the weight of `none`, the calibration map.

Invariant: a calibration is fitted on answers that the tables in use did not see (folds); known
answers are those of the data at hand and of nobody else. It picks no threshold.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from well.matching.bits import Tables, grained
from well.matching.blocking import Pairs
from well.matching.compete import shares
from well.matching.learn import Learned, learn_counts
from well.matching.levels import BOUNDED, FEATURES, LEVELS, NEVER_FOR, ORDERED
from well.matching.link import Levels, Links, Model, best_pairs, settled, totals
from well.matching.tables import tables
from well.matching.vocabulary import ABSENT, Ints, text_key

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FOLDS = 20
MONTH = 0
"""Labels of one file are of one age."""
_SCALES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)
_NONE_RANGE = (-12.0, 24.0)
_LEAST = 2.0**-30
_UNKNOWN = ABSENT - 1


@dataclass(frozen=True, slots=True)
class Known:
    """Known answers: for source rows `row` their target row in `answer`, ABSENT for none; `fold`
    is the part each belongs to when tables are tried on answers they did not see."""

    row: Ints
    answer: Ints
    fold: Ints

    @staticmethod
    def of(row: Ints, answer: Ints, ids: list[str]) -> "Known":
        """`ids` are those of all source rows; a row's fold comes from its id alone."""
        folds = [text_key(ids[n]) % FOLDS for n in row.tolist()]
        return Known(row, answer, np.array(folds, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class _Lessons:
    """The pairs of known rows: `row` numbers the known rows from 0, `right` marks the answers."""

    at: Ints
    pairs: Pairs
    levels: Levels
    right: Bools
    answered: Bools
    """Per known row: its answer is among its pairs."""

    def of(self, rows: Bools) -> "_Lessons":
        """Those of some of the known rows, numbered anew."""
        kept = rows[self.pairs.source]
        number = np.cumsum(rows) - 1
        pairs = Pairs(number[self.pairs.source[kept]], self.pairs.target[kept], self.pairs.cut)
        levels = {name: values[kept] for name, values in self.levels.items()}
        return _Lessons(self.at[kept], pairs, levels, self.right[kept], self.answered[rows])


def _lessons(pairs: Pairs, levels: Levels, known: Known, rows: int) -> _Lessons:
    number = np.full(rows, ABSENT)
    number[known.row] = np.arange(len(known.row))
    at = np.flatnonzero(number[pairs.source] != ABSENT)
    mine = Pairs(number[pairs.source[at]], pairs.target[at], pairs.cut)
    right = mine.target == known.answer[mine.source]
    answered = np.zeros(len(known.row), dtype=np.bool_)
    answered[mine.source[right]] = True
    order = np.argsort(mine.source, kind="stable")
    sorted_pairs = Pairs(mine.source[order], mine.target[order], pairs.cut)
    some = {name: values[at][order] for name, values in levels.items()}
    return _Lessons(at[order], sorted_pairs, some, right[order], answered)


def train(pairs: Pairs, levels: Levels, known: Known, rows: int, prior: Model) -> Model:
    """Tables and weight of `none` from all known answers; not calibrated."""
    return _fitted(_lessons(pairs, levels, known, rows), prior)


def _fitted(lessons: _Lessons, prior: Model) -> Model:
    learned = _counted(lessons)
    made = learned_tables(prior.tables, learned, MONTH)
    total = totals(lessons.levels, made)
    tried = [(_best_none(lessons, total * scale), scale) for scale in _SCALES]
    (_, none), scale = min(tried)
    return Model(_scaled(made, scale), grained(none))


def learned_tables(prior: Tables, learned: Learned, month: int) -> Tables:
    """The level tables of a prior and what was learned on top of it, in `month`."""
    made = {name: dict(table) for name, table in tables(prior, learned, month, ORDERED).items()}
    for feature, better, worse in BOUNDED:
        made[feature][worse] = min(made[feature][worse], made[feature][better])
    for feature, words in NEVER_FOR.items():
        made[feature] |= {word: min(made[feature][word], 0.0) for word in words}
    return made


def _counted(lessons: _Lessons) -> Learned:
    columns = np.stack([lessons.levels[name] for name in FEATURES], axis=1)
    return learn_counts(columns, lessons.right, LEVELS, MONTH)


def _scaled(made: Tables, scale: float) -> Tables:
    """Features that speak for one reason are over-counted; the scale takes that back."""
    return {
        feature: {word: grained(bits * scale) for word, bits in table.items()}
        for feature, table in made.items()
    }


def _best_none(lessons: _Lessons, total: Floats) -> tuple[float, float]:
    """(mean surprise in bits, weight of `none`) where the known answers surprise least."""
    best = minimize_scalar(
        lambda none: _surprise(lessons, total, none), bounds=_NONE_RANGE, method="bounded"
    )
    return float(best.fun), float(best.x)


def _surprise(lessons: _Lessons, total: Floats, none_bits: float) -> float:
    rows = len(lessons.answered)
    p, none = shares(lessons.pairs.source, total, np.full(rows, none_bits))
    said = np.where(lessons.answered, 0.0, none)
    said += np.bincount(lessons.pairs.source, p * lessons.right, minlength=rows)
    return float(-np.log2(np.maximum(said, _LEAST)).mean())


def unseen(links: Links, known: Known, prior: Model, one_to_one: bool) -> tuple[Floats, Bools]:
    """(confidence, whether right) of the best answer of each known row that has candidates.

    Each known row is answered by tables that did not see it; all others as they are in `links`,
    which has not been settled yet.
    """
    rows = len(links.none)
    lessons = _lessons(links.pairs, links.levels, known, rows)
    p, none = links.confidence.copy(), links.none.copy()
    for fold in range(FOLDS):
        mine = known.fold == fold
        if not mine.any() or mine.all():
            continue
        model = _fitted(lessons.of(~mine), prior)
        tried = lessons.of(mine)
        total = totals(tried.levels, model.tables)
        weights = np.full(int(mine.sum()), model.none_bits)
        p[tried.at], none[known.row[mine]] = shares(tried.pairs.source, total, weights)
    return _judged(links, known, p, none, one_to_one)


def _judged(
    links: Links, known: Known, p: Floats, none: Floats, one_to_one: bool
) -> tuple[Floats, Bools]:
    tried = replace(links, confidence=p, none=none)
    tried = settled(tried) if one_to_one else tried
    answer = np.full(len(none), _UNKNOWN)
    answer[known.row] = known.answer
    best = best_pairs(tried)
    best = best[answer[links.pairs.source[best]] != _UNKNOWN]
    right = links.pairs.target[best] == answer[links.pairs.source[best]]
    return tried.confidence[best], right
