"""Confidence that two names mean the same organisation, from the names alone.

Invariant: symmetric, in [0, 1], and it rises with the likeness; no name reaches more with another
name than with itself. What else is known of the two (numbers, addresses) is not looked at here.
"""

from bisect import bisect_right

from well.matching.names.align import likeness
from well.matching.names.parsing import Name, parse
from well.matching.text import fold

_CURVE = (
    *((0.0, 0.0), (0.2, 0.005), (0.35, 0.08), (0.5, 0.3), (0.6, 0.5), (0.7, 0.76), (0.8, 0.86)),
    *((0.9, 0.94), (0.95, 0.965), (1.0, 0.995), (1.005, 1.0)),
)
"""Likeness and the share of matches seen there."""
_DOUBT = 0.25
"""What equal names that say nothing at all lose; each word that says something halves it."""
_AS_TYPED, _BUT_FOR_CASE, _BUT_FOR_SIGNS = 0.004, 0.003, 0.002


def confidence(a: str, b: str) -> float:
    """Probability that two names mean one organisation, for pairs that somebody might confuse.

    The map from likeness to probability follows the share of matches among the related pairs
    (those with a word or most letters in common) of three public sets with known answers, each
    counting the same: hand-labelled companies, patent applicants, and sites of organisations.
    Among pairs drawn at random matches are rarer than it says. An empty name matches nothing.
    """
    at = _order(a, b)
    place = bisect_right(_CURVE, (at, 1.0)) - 1
    (low, less), (high, more) = _CURVE[place], _CURVE[place + 1]
    return less + (more - less) * (at - low) / (high - low)


def _order(a: str, b: str) -> float:
    """Likeness, with equal spellings told apart by how much they say and how they are typed."""
    x, y = parse(a), parse(b)
    if not x.words or not y.words:
        return 1 - _DOUBT if a == b and a.strip() else 0.0
    doubt: float = _DOUBT * 2.0 ** -min(_says(x), _says(y))
    return likeness(x, y) * (1 - doubt) + (_typing(a, b) if x.core == y.core else 0.0)


def _says(name: Name) -> float:
    """How much a name says, in telling words; the commonest word still says something."""
    return sum([0.4 + 0.6 * weight for weight in name.weights])


def _typing(a: str, b: str) -> float:
    if a == b:
        return _AS_TYPED
    if " ".join(a.split()).casefold() == " ".join(b.split()).casefold():
        return _BUT_FOR_CASE
    return _BUT_FOR_SIGNS if fold(a) == fold(b) else 0.0
