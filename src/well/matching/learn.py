"""What a workspace's judgements teach: whole-number counts, and the tables made of them.

Invariant: `Learned` is a sum of observations, so any order gives the same and taking one out
restores the former state exactly; ageing and the prior enter only when tables are made for a
month. A state holds one workspace's counts; nothing here joins those of two.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from well.matching.text import fold

VERSION = 1
MISSING = "missing"
ENTRY = "entry"
"""Space of the question "which entry"; its counts never mix with another's."""
PARTY = "party"
"""Space of the question "which counterparty"."""
LINKS_MIN = 5
"""Links of a counterparty from which its usual lag is known."""

Levels = Mapping[str, str]
"""Feature to the level it reached."""


class Alias(NamedTuple):
    """A name as seen, in comparable form, and whether it is that counterparty's."""

    name: str
    counterparty: str
    confirmed: bool


class Lag(NamedTuple):
    """Days from the document to its entry."""

    counterparty: str
    days: int


class Shape(NamedTuple):
    """The form of a counterparty's document number."""

    counterparty: str
    shape: str


@dataclass(frozen=True, slots=True)
class Observation:
    """One judgement. `month` counts months since year 0 (`month_of`).

    `matched` holds the levels of the right candidate, None when none was right; `rejected` those
    of candidates that were shown and were not it. `times` is 2 for a judgement that overturns a
    decision: it tells more than one that agrees.
    """

    id: str
    month: int
    matched: Levels | None = None
    rejected: tuple[Levels, ...] = ()
    aliases: tuple[Alias, ...] = ()
    lag: Lag | None = None
    shape: Shape | None = None
    times: int = 1
    space: str = ENTRY


class Key(NamedTuple):
    """What is counted: the question's space, the kind of count, two words of it, and the month."""

    space: str
    kind: str
    one: str
    two: str
    month: int


_Place = tuple[str, str, str]
_Aged = tuple[str, int, int]


@dataclass(frozen=True)
class Learned:
    """Counts without zeros; two states are equal exactly when their counts are."""

    counts: Mapping[Key, int]

    @cached_property
    def by_place(self) -> Mapping[_Place, tuple[_Aged, ...]]:
        """(space, kind, first word) to (second word, month, count), in a fixed order."""
        places: dict[_Place, list[_Aged]] = {}
        for key, count in sorted(self.counts.items()):
            place = (key.space, key.kind, key.one)
            places.setdefault(place, []).append((key.two, key.month, count))
        return {place: tuple(aged) for place, aged in places.items()}

    def found(self, space: str, kind: str, one: str) -> tuple[_Aged, ...]:
        """What was counted there."""
        return self.by_place.get((space, kind, one), ())


NOTHING = Learned({})


def month_of(day: date) -> int:
    """Months since year 0."""
    return day.year * 12 + day.month - 1


def alias_key(name: str) -> str:
    """The form in which a name as seen is remembered."""
    return fold(name)


def add(state: Learned, observation: Observation) -> Learned:
    """The state with one more observation."""
    return gather([observation], state)


def remove(state: Learned, observation: Observation) -> Learned:
    """The state as if the observation had never been; ValueError when it was not in it."""
    taken = _without_zeros(state.counts, _counts(observation), -1)
    if any(count < 0 for count in taken.values()):
        raise ValueError("That observation is not part of what was learned.")
    return Learned(taken)


def gather(observations: Iterable[Observation], state: Learned = NOTHING) -> Learned:
    """The state with all of them."""
    whole: Counter[Key] = Counter()
    for observation in observations:
        whole.update(_counts(observation))
    return Learned(_without_zeros(state.counts, whole, 1))


def _without_zeros(
    counts: Mapping[Key, int], change: Mapping[Key, int], sign: int
) -> dict[Key, int]:
    after = dict(counts)
    for key, count in change.items():
        left = after.get(key, 0) + sign * count
        if left:
            after[key] = left
        else:
            after.pop(key, None)
    return after


def _counts(seen: Observation) -> Counter[Key]:
    """Everything one observation adds."""
    space, month = seen.space, seen.month
    keys = [Key(space, "documents", "", "", month)]
    if seen.matched is None:
        keys.append(Key(space, "none", "", "", month))
    else:
        keys += _level_keys(space, "match", seen.matched, month)
    for levels in seen.rejected:
        keys += _level_keys(space, "other", levels, month)
    keys += [
        Key(space, "alias" if a.confirmed else "not alias", a.name, a.counterparty, month)
        for a in seen.aliases
    ]
    if seen.lag is not None:
        keys.append(Key(space, "lag", seen.lag.counterparty, str(seen.lag.days), month))
    if seen.shape is not None:
        keys.append(Key(space, "shape", seen.shape.counterparty, seen.shape.shape, month))
    return Counter({key: count * seen.times for key, count in Counter(keys).items()})


def _level_keys(space: str, kind: str, levels: Levels, month: int) -> list[Key]:
    """A missing value tells nothing and is not counted."""
    return [
        Key(space, kind, feature, level, month)
        for feature, level in levels.items()
        if level != MISSING
    ]


def learn_counts(
    levels: npt.NDArray[np.uint8],
    right: npt.NDArray[np.bool_],
    names: Mapping[str, Sequence[str]],
    month: int,
    nones: int = 0,
    space: str = ENTRY,
) -> Learned:
    """The same as `gather` over whole columns: a row for each pair, a column for each feature.

    `names` gives each feature's level names by number, in the order of the columns; `right` marks
    the pairs that belong together, one for each document but the `nones` without any.
    """
    counts: dict[Key, int] = {}
    for column, (feature, words) in enumerate(names.items()):
        for kind, chosen in (("match", right), ("other", ~right)):
            found = np.bincount(levels[chosen, column], minlength=len(words)).tolist()
            for word, count in zip(words, found, strict=True):
                counts[Key(space, kind, feature, word, month)] = count if word != MISSING else 0
    counts[Key(space, "documents", "", "", month)] = int(right.sum()) + nones
    counts[Key(space, "none", "", "", month)] = nones
    return Learned(_without_zeros({}, counts, 1))


def usual_lag(learned: Learned, counterparty: str, space: str = ENTRY) -> int | None:
    """Median days from document to entry, the lower of two middle ones; None below 5 links."""
    days = sorted((int(d), count) for d, _, count in learned.found(space, "lag", counterparty))
    links = sum(count for _, count in days)
    if links < LINKS_MIN:
        return None
    every = [day for day, count in days for _ in range(count)]
    return every[(links - 1) // 2]


def shapes(learned: Learned, counterparty: str, space: str = ENTRY) -> Mapping[str, int]:
    """Forms of the counterparty's document numbers and how often each was seen."""
    seen: Counter[str] = Counter()
    for shape, _, count in learned.found(space, "shape", counterparty):
        seen[shape] += count
    return dict(seen)


def to_json(learned: Learned) -> str:
    """Text that `from_json` reads; the same state gives the same text."""
    rows = [[*key, count] for key, count in sorted(learned.counts.items())]
    return json.dumps({"version": VERSION, "counts": rows}, separators=(",", ":"))


def from_json(text: str) -> Learned:
    """The state again; ValueError when the text is of another version or broken."""
    try:
        read = json.loads(text)
        version = read["version"]
        counts = {
            Key(str(space), str(kind), str(one), str(two), int(month)): int(count)
            for space, kind, one, two, month, count in read["counts"]
        }
    except (TypeError, KeyError, ValueError, OverflowError) as error:
        raise ValueError("What was learned cannot be read.") from error
    if version != VERSION:
        raise ValueError(f"What was learned is of version {version}, not {VERSION}.")
    return Learned(counts)


def digest(learned: Learned) -> str:
    """Eight digits that name the state, "" for one that learned nothing."""
    if not learned.counts:
        return ""
    return blake2b(to_json(learned).encode(), digest_size=4).hexdigest()
