"""Addresses as places: a house number and the telling words of its street.

Invariant: a place is a pure function of the text; the kind of the street, points of the compass,
units inside the house and the town do not matter. It knows no map.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from well.matching.contacts import address_words

STREET_MAX = 2
"""Words of the street looked at; what follows is the town."""
NUMBER_MAX = 6
"""Signs of a house number."""
_STREET_NUMBER_MAX = 3
"""Digits of a street that has a number for a name; longer ones are postcodes."""


def _spelled(words: str) -> frozenset[str]:
    """Words as `address_words` spells them."""
    return frozenset(chain.from_iterable(map(address_words, words.split())))


_UNITS = _spelled("suite apartment floor building room box number unit flat")
"""The number after one of these is inside the house."""
_STREETS = _spelled(
    "street avenue boulevard road drive lane place square court circle terrace highway parkway way "
    "expressway crescent gardens rue chemin route allee impasse faubourg quai cours passage bis "
    "strasse weg calle carretera paseo via viale corso rua straat"
)
_COMPASS = _spelled("north south east west northeast northwest southeast southwest")
_KINDS = _UNITS | _STREETS | _COMPASS


class Place(NamedTuple):
    """`number` is the house number, `street` the words that tell the street."""

    number: str
    street: tuple[str, ...]


def place(text: str) -> Place | None:
    """The place of an address; None without a house number or a word that tells the street."""
    words = address_words(text)
    before = ("", *words)
    houses = (n for n, word in enumerate(words) if _house(word) and before[n] not in _UNITS)
    at = next(houses, None)
    if at is None:
        return None
    street = _street(words[:at]) or _street(words[at + 1 :])
    return Place(words[at], street) if street else None


def _house(word: str) -> bool:
    """`12` and `12b`."""
    return len(word) <= NUMBER_MAX and (word.isdecimal() or word[:-1].isdecimal())


def _street(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(_telling(words))[:STREET_MAX]


def _telling(words: Sequence[str]) -> Iterator[str]:
    """Words that are no kind of street; a number only beside one, as in `w 63 st`."""
    for before, word, after in zip(("", *words), words, (*words[1:], ""), strict=False):
        if word.isdecimal():
            beside = before in _STREETS or before in _COMPASS or after in _STREETS
            if beside and len(word) <= _STREET_NUMBER_MAX:
                yield word
        elif len(word) > 1 and word not in _KINDS:
            yield word
