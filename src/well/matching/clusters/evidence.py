"""What speaks for and against two sightings being one counterparty, in bits.

Invariant: a missing value is worth 0; a value that many hold never earns more than one that only
two hold. All tuning of the clusters stands here and in `FIRST_BITS` and `BITS`.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from well.matching.clusters.counts import fewest_holders
from well.matching.clusters.likeness import LEVELS, SAME_TELLING, Couples, parts
from well.matching.clusters.pairs import Pairs, held_keys, place_keys
from well.matching.clusters.sightings import Crowd
from well.matching.vocabulary import ABSENT, Coded, Ints, shared

Bits = npt.NDArray[np.float64]

NAME: Mapping[str, float] = {
    "equal": 5.0,
    "equal, other legal form": 3.0,
    "nearly equal": 3.0,
    "part of it": 3.0,
    SAME_TELLING: 2.5,
    "similar": 1.0,
    "initials": 1.0,
    "missing": 0.0,
    "partly alike": -2.0,
    "common words only": -2.0,
    "nothing shared": -6.0,
    "other numbers": -8.0,
}
SAME_NAME = ("equal", "equal, other legal form", "nearly equal")
"""Levels whose names count as one where holders of a value are counted."""
BY_RARITY = ("part of it", SAME_TELLING)
"""Levels that stand on single words, so the rarity of the words counts."""
COMMON = -3.0
"""The most that a common word takes away."""


class Held(NamedTuple):
    """Bits of a value: equal and held by these two only, equal and held by many, different."""

    own: float
    shared: float
    different: float


PERSON = 12.0
ACCOUNT = Held(11.0, 2.0, 0.0)
DOMAIN = Held(7.0, 1.0, -1.0)
PHONE = Held(6.0, 0.5, -1.5)
PLACE = Held(7.0, 3.0, -4.0)
COUNTRY, OTHER_COUNTRY = 0.5, -2.0
PER_HOLDER = 1.5
"""Bits that each holder beyond the second takes away."""
TOGETHER = 3.0
"""Number and account, or name and domain, agree for one reason: the larger counts, plus this."""


class Weighed(NamedTuple):
    """Bits of each pair: `bond` by numbers and accounts, `rest` by all else."""

    bond: npt.NDArray[np.float32]
    rest: npt.NDArray[np.float32]


class Evidence:
    """The pairs with all that does not depend on how the sightings are grouped."""

    def __init__(self, crowd: Crowd, pairs: Pairs) -> None:
        self._crowd, self._pairs = crowd, pairs
        self._couples = Couples.of(crowd, pairs)
        self._places = place_keys(crowd)

    def by_name(self) -> Ints:
        """Sightings grouped by name alone; ABSENT for those without one."""
        group = self._couples.groups(len(self._crowd.names), SAME_NAME)
        return np.append(group, ABSENT)[self._crowd.name]

    def weigh(self, group: Ints) -> "Weighed":
        """The bits of each pair; `group` tells which sightings count as one holder of a value."""
        seen = self._crowd
        worth = _Worth(
            name=self._name(group),
            account=_by_value(seen.account, ACCOUNT, group, seen.person),
            domain=_by_value(seen.domain, DOMAIN, group, seen.person),
            phone=_by_value(seen.phone, PHONE, group, seen.place),
            place=self._place(group),
        )
        bond, rest = np.zeros((2, len(self._pairs.a)), dtype=np.float32)
        for part in parts(len(bond)):
            bond[part], rest[part] = self._bits(part, worth)
        return Weighed(bond, rest)

    def _bits(self, part: slice, worth: "_Worth") -> tuple[Bits, Bits]:
        seen = self._crowd
        a, b = self._pairs.a[part].astype(np.int64), self._pairs.b[part].astype(np.int64)
        person = _of_pair(seen.person, np.full(len(seen.persons), PERSON), 0.0, a, b)
        account = _of_pair(seen.account, worth.account, ACCOUNT.different, a, b)
        domain = _of_pair(seen.domain, worth.domain, DOMAIN.different, a, b)
        name = worth.name[self._couples.of_pair[part]]
        place = self._of_places(worth.place, a, b)
        phone = _of_pair(seen.phone, worth.phone, PHONE.different, a, b)
        country = _of_pair(seen.country, np.full(seen.countries, COUNTRY), OTHER_COUNTRY, a, b)
        return together(person, account), together(name, domain) + place + phone + country

    def _name(self, group: Ints) -> Bits:
        """The bits of each couple of names."""
        bits = np.array([NAME[level] for level in LEVELS])[self._couples.level]
        which, fewest = self._couples.rarest(self._crowd, group, BY_RARITY)
        bits[which] += _commonness(fewest)
        which, most = self._couples.spread(self._crowd, SAME_NAME)
        bits[which] += _commonness(most)
        return bits

    def _place(self, group: Ints) -> Bits:
        """The bits of sharing each house number with a word of the street."""
        who, key = held_keys(self._crowd.place, self._places)
        return _by_value(key, PLACE, group[who], self._crowd.phone[who])

    def _of_places(self, worth: Bits, a: Ints, b: Ints) -> Bits:
        """Places are equal when they share the house number and a word of the street."""
        value = self._crowd.place
        known = np.flatnonzero((value[a] != ABSENT) & (value[b] != ABSENT))
        column = Coded(value, self._places)
        which, key = shared(column, a[known], column, b[known])
        bits = np.zeros(len(a))
        bits[known] = PLACE.different
        np.maximum.at(bits, known[which], worth[key])
        return bits


class _Worth(NamedTuple):
    """Bits of an equal value, by its number; of `name`, by couple."""

    name: Bits
    account: Bits
    domain: Bits
    phone: Bits
    place: Bits


def _commonness(count: Ints) -> Bits:
    """What each doubling of those that share a thing takes away, from the third on."""
    return np.maximum(-np.log2(np.maximum(count - 1, 1)), COMMON)


def _by_value(value: Ints, held: Held, group: Ints, witness: Ints) -> Bits:
    beyond = np.maximum(fewest_holders(value, group, witness) - 2, 0)
    return np.maximum(held.own - PER_HOLDER * beyond, held.shared)


def _of_pair(value: Ints, worth: Bits, different: float, a: Ints, b: Ints) -> Bits:
    ours, theirs = value[a], value[b]
    known = (ours != ABSENT) & (theirs != ABSENT)
    equal = np.append(worth, 0.0)[ours]
    return np.where(known, np.where(ours == theirs, equal, different), 0.0)


def together(one: Bits, other: Bits) -> Bits:
    """Both summed, but of two that speak for it the smaller adds TOGETHER at the most."""
    return np.maximum(one, other) + np.minimum(np.minimum(one, other), TOGETHER)
