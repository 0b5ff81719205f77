"""Names compared in levels: which words they share and how telling those are.

Invariant: symmetric; `name_levels` gives for every pair exactly what `name_level` gives for it,
because both begin with the same screen and go on with the same function.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from zlib import crc32

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from well.matching.names.align import alignment, glued
from well.matching.names.parsing import Name
from well.matching.names.relations import acronym, form_relation, initials, numbers_differ
from well.matching.names.weights import RARE
from well.matching.vocabulary import threads

NAME_ORDER = (
    "equal",
    "equal, other legal form",
    "nearly equal",
    "part of it",
    "similar",
    "initials",
    "partly alike",
    "common words only",
    "other numbers",
    "nothing shared",
)
NEARLY = 0.92
SIMILAR = 0.80
PARTLY = 0.30
"""Likeness from which names that share a word are more than two of one trade or town."""
FEW = 24
"""Pairs below which comparing them one by one is faster than preparing all names."""
SLIPS_OF_TEN = 4
"""Of ten letters, how many may differ in names that share no word."""
_NOTHING = NAME_ORDER.index("nothing shared")
_PLACES = {level: place for place, level in enumerate(NAME_ORDER)}

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def name_level(a: Name, b: Name) -> str:
    """How two names compare; symmetric."""
    return _closer(a, b) if _related(a, b) else NAME_ORDER[_NOTHING]


def _related(a: Name, b: Name) -> bool:
    """The screen: a shared word, initials, a glued form, or letters mostly the same."""
    if not set(a.words).isdisjoint(b.words) or acronym(a, b) or glued(a, b):
        return True
    most = max(len(a.compact), len(b.compact)) * SLIPS_OF_TEN // 10
    return OSA.distance(a.compact, b.compact, score_cutoff=most) <= most


def _closer(a: Name, b: Name) -> str:
    """The level of two related names."""
    if a.compact == b.compact or glued(a, b):
        other = form_relation(a, b) == "other"
        return "equal, other legal form" if other else "equal"
    if acronym(a, b):
        return "initials"
    alike = alignment(a, b)
    if numbers_differ(a, b):
        return "other numbers" if alike >= SIMILAR else _unlike_numbers(a, b)
    if _part(a, b):
        return "part of it"
    if alike >= NEARLY:
        return "nearly equal"
    return "similar" if alike >= SIMILAR else _distant(a, b, alike)


def _unlike_numbers(a: Name, b: Name) -> str:
    shared = not set(a.words).isdisjoint(b.words)
    return "common words only" if shared else NAME_ORDER[_NOTHING]


def _part(a: Name, b: Name) -> bool:
    """All words of one are among the more words of the other, a telling one with them."""
    if len(a.words) == len(b.words):
        return False
    short, long = (a, b) if len(a.words) < len(b.words) else (b, a)
    telling = any(w >= RARE for w in short.weights)
    return telling and set(short.words) <= set(long.words)


def _distant(a: Name, b: Name, alike: float) -> str:
    shared = [weight for word, weight in zip(a.words, a.weights, strict=True) if word in b.words]
    if not shared:
        return NAME_ORDER[_NOTHING]
    named = min(max(a.weights), max(b.weights)) >= RARE
    partly = max(shared) >= RARE or (named and alike >= PARTLY)
    return "partly alike" if partly else "common words only"


def name_levels(a: Sequence[Name], b: Sequence[Name]) -> npt.NDArray[np.uint8]:
    """The place in `NAME_ORDER` of each pair (a[i], b[i]); as long as both, which must agree.

    Names that come up often should be one object: each object is prepared once.
    """
    if len(a) < FEW:
        few = [_PLACES[name_level(x, y)] for x, y in zip(a, b, strict=True)]
        return np.array(few, dtype=np.uint8)
    distinct = {id(name): name for name in chain(a, b)}
    place = {key: at for at, key in enumerate(distinct)}
    i = np.fromiter((place[id(name)] for name in a), np.int64, len(a))
    j = np.fromiter((place[id(name)] for name in b), np.int64, len(b))
    return levels_among(list(distinct.values()), i, j)


def levels_among(names: Sequence[Name], i: Ints, j: Ints) -> npt.NDArray[np.uint8]:
    """The same of each pair (names[i[n]], names[j[n]])."""
    levels = np.full(len(i), _NOTHING, np.uint8)
    related = np.flatnonzero(_screen(names, i, j))
    levels[related] = [
        _PLACES[_closer(names[k], names[m])]
        for k, m in zip(i[related].tolist(), j[related].tolist(), strict=True)
    ]
    return levels


def _screen(names: Sequence[Name], i: Ints, j: Ints) -> Bools:
    """`_related` for every pair, the cheap reasons first."""
    found: Bools = _same_spelling(names, i, j) | _shared_word(names, i, j)
    compact = [name.compact for name in names]
    size = np.array([len(text) for text in compact], np.int64)
    most = np.maximum(size[i], size[j]) * SLIPS_OF_TEN // 10
    open_ = np.flatnonzero(~found & (abs(size[i] - size[j]) <= most))
    if len(open_):
        left, right = ([compact[k] for k in some[open_].tolist()] for some in (i, j))
        slips = cpdist(left, right, scorer=OSA.distance, dtype=np.int32, workers=threads(len(left)))
        found[open_] = slips <= most[open_]
    return found


def _same_spelling(names: Sequence[Name], i: Ints, j: Ints) -> Bools:
    """`acronym` or `glued`: one's letters are the other's initials, or its letters and form."""
    number: dict[str, int] = {}

    def numbered(texts: list[str]) -> Ints:
        return np.array([number.setdefault(t, len(number)) for t in texts], np.int64)

    compact = numbered([name.compact for name in names])
    # No letters are an empty text, so a name without a form or with too few words meets nothing.
    first = numbered([initials(name) or "\0" for name in names])
    stuck = numbered([name.compact + name.form if name.form else "\0" for name in names])
    meets: Bools = (compact[i] == first[j]) | (first[i] == compact[j])
    meets |= (compact[i] == stuck[j]) | (stuck[i] == compact[j])
    return meets


def _shared_word(names: Sequence[Name], i: Ints, j: Ints) -> Bools:
    """Whether the two have a word in common; most pairs are told apart by one bit a word."""
    words = [frozenset(name.words) for name in names]
    bits = np.array([_bits(of_name) for of_name in words], np.uint64)
    found: Bools = (bits[i] & bits[j]) != 0
    maybe = np.flatnonzero(found)
    found[maybe] = [
        not words[k].isdisjoint(words[m])
        for k, m in zip(i[maybe].tolist(), j[maybe].tolist(), strict=True)
    ]
    return found


def _bits(words: frozenset[str]) -> int:
    signature = 0
    for word in words:
        signature |= _bit(word)
    return signature


@lru_cache(maxsize=65_536)
def _bit(word: str) -> int:
    return 1 << (crc32(word.encode(errors="surrogatepass")) & 63)
