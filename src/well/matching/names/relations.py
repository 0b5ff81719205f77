"""Plain facts about two names: their legal forms, their numbers, initials.

Invariant: every relation is symmetric and says nothing about how alike the words are.
"""

from well.matching.names.parsing import Name
from well.matching.words import FORM_KINDS


def form_relation(a: Name, b: Name) -> str:
    """same (also when neither has one), kin (of the same kind elsewhere), other, or missing."""
    if a.form == b.form:
        return "same"
    if a.form is None or b.form is None:
        return "missing"
    return "kin" if FORM_KINDS[a.form] == FORM_KINDS[b.form] else "other"


def numbers_differ(a: Name, b: Name) -> bool:
    """Whether both carry numbers and not the same: "Site 2" is not "Site 3"."""
    return bool(a.numbers and b.numbers) and a.numbers != b.numbers


def initials(name: Name) -> str:
    """The initials of three or more words, else no letters."""
    return "".join([word[0] for word in name.words]) if len(name.words) >= 3 else ""


def acronym(a: Name, b: Name) -> bool:
    """Whether one is written with the initials of the other's three or more words."""
    if not a.compact or not b.compact:
        return False
    return a.compact == initials(b) or b.compact == initials(a)
