"""Levels of a seller against a counterparty, both of which may have many names and numbers.

Invariant: a missing value gives the level "missing"; the best couple of values speaks for all.
What a level is worth stands in the weight tables.
"""

from collections.abc import Collection

from well.matching.levels import MISSING
from well.matching.names import NAME_ORDER, Name, name_level


def best_name_level(
    ours: Collection[Name], theirs: Collection[Name]
) -> tuple[str, Name | None, Name | None]:
    """The best level any two of the names reach, and which two."""
    best: tuple[int, Name | None, Name | None] = (len(NAME_ORDER), None, None)
    for a in ours:
        for b in theirs:
            place = NAME_ORDER.index(name_level(a, b))
            if place < best[0]:
                best = (place, a, b)
            if place == 0:
                return NAME_ORDER[0], a, b
    level = NAME_ORDER[best[0]] if best[1] is not None else MISSING
    return level, best[1], best[2]


def set_level(ours: Collection[str], theirs: Collection[str]) -> str:
    """Equal when any value is in both, different when both are known and none is."""
    if not ours or not theirs:
        return MISSING
    return "equal" if set(ours) & set(theirs) else "different"


def number_level(
    ours: Collection[str], theirs: Collection[str], sirens: Collection[str], known: Collection[str]
) -> str:
    """VAT numbers, with the SIREN inside them as the weaker agreement. Numbers of two countries
    say nothing of each other: a firm may have one in each."""
    if set(ours) & set(theirs):
        return "equal"
    if set(sirens) & set(known):
        return "same legal person"
    return "different" if _countries(ours, sirens) & _countries(theirs, known) else MISSING


def _countries(numbers: Collection[str], sirens: Collection[str]) -> set[str]:
    return {number[:2] for number in numbers} | ({"FR"} if sirens else set())
