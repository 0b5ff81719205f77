"""Levels of texts: names against names, names against memos, memos and addresses.

Invariant: every distinct couple of texts is compared once and all its pairs reach the same level.
Similarity is a means to a level here, never a score.
"""

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from well.matching.columns import Book, Columns
from well.matching.levels import level
from well.matching.names import NAME_ORDER, levels_among, word_weight
from well.matching.vocabulary import Coded, Ints, Ragged, distinct, shared, threads

Levels = npt.NDArray[np.uint8]

_CUT_MIN, _SAID_MIN = 6, 3
"""Signs from which a cut text counts as the same one cut short, and from which it says anything."""
_MEMO_STEPS = ((0.85, "nearly equal"), (0.7, "alike"), (0.5, "similar"), (-1.0, "different"))
_WHOLE, _PART = 0.99, 0.45
"""Shares of a name's weight that have to stand in a text."""


def name_levels_of(book: Book, s: Columns, t: Columns, i: Ints, j: Ints) -> Levels:
    """The best level any two names of the rows reach; against the memo where a side has no name."""
    couple, place = distinct((s.names.rows[i] << 32) | t.names.rows[j])
    best = _best_names(book, s.names.groups, t.names.groups, couple >> 32, couple & 0xFFFFFFFF)
    out: Levels = best[place]
    nameless = out == 0
    if nameless.any() and len(book.words):
        out[nameless] = _in_text(book, s, t, i[nameless], j[nameless])
    return out


def _best_names(book: Book, a: Ragged, b: Ragged, left: Ints, right: Ints) -> Levels:
    owner, mine = a.expand(left)
    again, yours = b.expand(right[owner])
    pairs, place = distinct((mine[again] << 32) | yours)
    numbers, at = distinct(np.concatenate([pairs >> 32, pairs & 0xFFFFFFFF]))
    names = [book.names[n] for n in numbers.tolist()]
    reached = levels_among(names, at[: len(pairs)], at[len(pairs) :])
    worst = len(NAME_ORDER)
    best = np.full(len(left), worst, dtype=np.int64)
    np.minimum.at(best, owner[again], reached[place])
    return np.where(best == worst, 0, best + level("name", NAME_ORDER[0])).astype(np.uint8)


def _in_text(book: Book, s: Columns, t: Columns, i: Ints, j: Ints) -> Levels:
    """How much of the name of one row stands in the memo of the other."""
    words = Ragged.of([[book.words.number(w) for w in name.words] for name in book.names])
    weights = np.array([word_weight(w) for name in book.names for w in name.words])
    found = np.maximum(
        _share(words, weights, s.names, i, t.words, j),
        _share(words, weights, t.names, j, s.words, i),
    )
    out = np.full(len(i), level("name", "not in the text"), dtype=np.uint8)
    out[found >= _PART] = level("name", "partly in the text")
    out[found >= _WHOLE] = level("name", "in the text")
    out[found < 0] = 0
    return out


def _share(
    words: Ragged,
    weights: npt.NDArray[np.float64],
    names: Coded,
    at: Ints,
    text: Coded,
    other: Ints,
) -> npt.NDArray[np.float64]:
    """Share of the first name's weight whose words stand in the text; -1 where a side is empty."""
    out = np.full(len(at), -1.0)
    sizes, lengths = names.groups.sizes()[names.rows[at]], text.groups.sizes()[text.rows[other]]
    asked = np.flatnonzero((sizes > 0) & (lengths > 0))
    first = names.groups.values[names.groups.starts[names.rows[at[asked]]]]
    named = Coded(np.arange(len(words.starts) - 1), words)
    place, word = shared(named, first, text, other[asked])
    whole = np.bincount(np.repeat(named.rows, words.sizes()), weights=weights)[first]
    by_word = np.zeros(int(words.values.max(initial=0)) + 1)
    by_word[words.values] = weights
    hit = np.bincount(place, weights=by_word[word], minlength=len(asked))
    out[asked] = hit / whole
    return out


def memo_levels(s: Columns, t: Columns, i: Ints, j: Ints) -> Levels:
    """How alike two memos are up to the end of the shorter one: banks cut them."""
    if s.words.empty or t.words.empty:
        return np.zeros(len(i), dtype=np.uint8)
    a, b = s.memo.rows[i], t.memo.rows[j]
    couple, place = distinct((a << 32) | b)
    left = s.memo_texts[couple >> 32]
    right = t.memo_texts[couple & 0xFFFFFFFF]
    return _memo(left, right)[place]


def _memo(left: npt.NDArray[np.object_], right: npt.NDArray[np.object_]) -> Levels:
    out = np.zeros(len(left), dtype=np.uint8)
    known = np.flatnonzero((left != "") & (right != ""))
    left, right = left[known], right[known]
    sizes = np.array([[*map(len, left)], [*map(len, right)]], dtype=np.int64)
    size = sizes.min(axis=0)
    cut = [[text[:n] for text, n in zip(side, size, strict=True)] for side in (left, right)]
    alike = cpdist(*cut, scorer=Indel.normalized_similarity, workers=threads(len(left)))
    reached = np.zeros(len(known), dtype=np.uint8)
    for limit, word in reversed(_MEMO_STEPS):
        reached[alike >= limit] = level("memo", word)
    reached[(alike == 1.0) & (size >= _CUT_MIN)] = level("memo", "cut short")
    reached[left == right] = level("memo", "equal")
    reached[(sizes[0] != sizes[1]) & (size < _SAID_MIN)] = 0
    out[known] = reached
    return out


def address_levels(s: Columns, t: Columns, i: Ints, j: Ints) -> Levels:
    """Share of the address words that both have, numbers among them."""
    out = np.zeros(len(i), dtype=np.uint8)
    if s.address.empty or t.address.empty:
        return out
    sizes = s.address.sizes(i), t.address.sizes(j)
    asked = np.flatnonzero((sizes[0] > 0) & (sizes[1] > 0))
    place, _ = shared(s.address, i[asked], t.address, j[asked])
    both = np.bincount(place, minlength=len(asked))
    most = np.maximum(sizes[0][asked], sizes[1][asked])
    reached = np.full(len(asked), level("address", "different"), dtype=np.uint8)
    reached[both * 2 >= most] = level("address", "alike")
    reached[both == most] = level("address", "equal")
    out[asked] = reached
    return out
