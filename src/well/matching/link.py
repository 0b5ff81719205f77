"""The engine: candidate pairs to confidences, for one document or for a million, the same way.

Invariant: a pair's bits depend on its two rows and its document's other candidates alone, so one
document asked by itself gets bit for bit what it gets in a batch; only competition between
documents (`one_to_one`) and habits of the batch look further, and both are asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from well.matching import weights
from well.matching.bits import Bits, Tables, score
from well.matching.blocking import Pairs
from well.matching.calibrate import Calibration
from well.matching.columns import NO_DAY
from well.matching.compare import Sides, compare, habit_levels
from well.matching.compete import settle, shares
from well.matching.habits import OfLinks
from well.matching.levels import FEATURES, level
from well.matching.vocabulary import ABSENT, Ints, runs

Floats = npt.NDArray[np.float64]
Levels = Mapping[str, npt.NDArray[np.uint8]]

Each = Callable[[Callable[[slice], Levels], Iterable[slice]], Iterable[Levels]]
"""`map`, or what gives the same."""

CHUNK = 400_000
"""Pairs compared at once: bounds memory, keeps arrays in the cache."""
SURE = 0.97
"""A link at least this likely tells of its supplier's habits."""


@dataclass(frozen=True, slots=True)
class Model:
    """What turns levels into confidences: level tables, weight of `none`, calibration map."""

    tables: Tables = field(default_factory=lambda: weights.ENTRY)
    none_bits: float = weights.NONE_BITS
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """Answers: arrays over `pairs`, except `none` (one per source row). `total` in bits."""

    pairs: Pairs
    levels: Levels
    total: Floats
    confidence: Floats
    none: Floats


def levels_of(sides: Sides, pairs: Pairs, each: Each = map) -> Levels:
    """Levels of all pairs; `each` says how portions of them are worked off."""

    def compared(at: slice) -> Levels:
        return compare(sides, pairs.source[at], pairs.target[at])

    parts = list(each(compared, _chunks(pairs)))
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _chunks(pairs: Pairs) -> Iterator[slice]:
    """Slices of about CHUNK pairs that keep documents whole; one empty slice without pairs."""
    size, start = len(pairs.source), 0
    while start + CHUNK < size:
        end = int(np.searchsorted(pairs.source, pairs.source[start + CHUNK], "left"))
        end = (
            end if end > start else int(np.searchsorted(pairs.source, pairs.source[start], "right"))
        )
        yield slice(start, end)
        start = end
    yield slice(start, size)


def totals(levels: Levels, tables: Tables) -> Floats:
    """Bits of every pair."""
    size = len(levels[FEATURES[0]])
    parts = [
        score({name: values[at : at + CHUNK] for name, values in levels.items()}, tables)[1]
        for at in range(0, max(size, 1), CHUNK)
    ]
    return np.concatenate(parts)


def evidence(links: Links, at: slice, tables: Tables) -> Bits:
    """Bits by feature of some pairs."""
    return score({name: values[at] for name, values in links.levels.items()}, tables)[0]


def rated(pairs: Pairs, levels: Levels, model: Model, rows: int) -> Links:
    """Confidences for `rows` source rows, each by itself; not calibrated."""
    total = totals(levels, model.tables)
    p, none = shares(pairs.source, total, np.full(rows, model.none_bits))
    return Links(pairs, levels, total, p, none)


def settled(links: Links) -> Links:
    """The same where every target row is linked once at the most."""
    p, none = settle(links.pairs.source, links.pairs.target, links.confidence, links.none)
    return replace(links, confidence=p, none=none)


def best_pairs(links: Links) -> Ints:
    """The most likely pair of each source row that has any; of equals the one with most bits,
    then the first."""
    doc = links.pairs.source
    starts, sizes = runs(doc)
    if not len(starts):
        return starts
    best = links.confidence == np.repeat(np.maximum.reduceat(links.confidence, starts), sizes)
    total = np.where(best, links.total, -np.inf)
    best &= total == np.repeat(np.maximum.reduceat(total, starts), sizes)
    (found,) = best.nonzero()
    first, _ = runs(doc[found])
    return np.asarray(found[first])


def calibrated(links: Links, calibration: Calibration | None) -> Links:
    """The best answer mapped to what it proved to be; the others keep their shares of the rest.

    Where two are equally likely neither is the best and nothing is mapped.
    """
    if calibration is None or calibration.kind == "identity":
        return links
    best = best_pairs(links)
    row, before = links.pairs.source[best], links.confidence[best]
    doc, top = links.pairs.source, links.none.copy()
    top[row] = before
    equal = np.bincount(doc, links.confidence == top[doc])
    after = np.where(equal[row] > 1, before, calibration.apply(before))
    confidence = links.confidence.copy()
    confidence[best] = 0.0
    rest = links.none + np.bincount(doc, confidence, minlength=len(links.none))
    scale = np.ones(len(rest))
    scale[row] = (1.0 - after) / np.maximum(rest[row], 1e-300)
    confidence *= scale[doc]
    confidence[best] = after
    return replace(links, confidence=confidence, none=links.none * scale)


def with_habits(sides: Sides, links: Links) -> tuple[Sides, Levels]:
    """The sides knowing the lags that the sure links of this run tell, and the levels anew."""
    best = best_pairs(links)
    source, target = links.pairs.source[best], links.pairs.target[best]
    day, entry_day = sides.source.day[source], sides.target.day[target]
    sure = (links.confidence[best] >= SURE) & (day != NO_DAY) & (entry_day != NO_DAY)
    i, j = source[sure], target[sure]
    names = sides.target.names
    supplier = np.where(names.groups.sizes()[names.rows] > 0, names.rows, ABSENT)
    habits = OfLinks.of(supplier, i, j, (entry_day - day)[sure], len(sides.source))
    aware = replace(sides, habits=habits)
    habits_told = habit_levels(aware, links.pairs.source, links.pairs.target)
    return aware, {**links.levels, "habit": habits_told}


def claims(links: Links) -> npt.NDArray[np.uint8]:
    """Levels of "owner": a pair whose target row a sure link of another document has more bits for
    is taken."""
    best = best_pairs(links)
    sure = best[links.confidence[best] >= SURE]
    target = links.pairs.target
    most = np.full(int(target.max(initial=0)) + 1, -np.inf)
    np.maximum.at(most, target[sure], links.total[sure])
    return np.where(links.total < most[target], level("owner", "taken"), 0).astype(np.uint8)
