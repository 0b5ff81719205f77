"""Legal forms inside a name: taken off both ends, and surely spelt ones from the middle.

Invariant: at least one word of the name remains. Which form outranks which is decided here; what
a form is stands in the data.
"""

from functools import lru_cache

from rapidfuzz.distance import OSA

from well.matching.words import FORMS, IN_FRONT, INSIDE, Form

_LONGEST = max(map(len, FORMS))
_LAST = frozenset(alias[-1] for alias in FORMS)
_FIRST = frozenset(alias[0] for alias in FORMS)
_GLUED = ("gmbh", "sarl", "aktiengesellschaft", "spzoo")
"""Spellings that end no other word."""
_SPELT_OUT = 7
"""Letters from which a misspelt form is still recognised."""
_SPELT = frozenset(word for alias in FORMS for word in alias)
_TAILS = {alias[1:]: alias[0] for alias in FORMS if len(alias) in (3, 4) and len(alias[0]) > 3}
_LONG_WORDS = sorted(word for word in _SPELT if len(word) >= _SPELT_OUT)
_STARTS = {word[:3] for word in _LONG_WORDS}


def without_form(words: list[str]) -> tuple[list[str], Form | None]:
    """Take the legal forms off a name's words, the longest spelling first; the telling one counts.

    "Corporation" and "Company" are part of many names, so any other form outranks them.
    """
    found: list[Form] = []
    left = _spelt_right(words)
    while size := _at_end(left):
        found.append(FORMS[tuple(left[-size:])])
        left = left[:-size]
    while size := _in_front(left):
        found.append(FORMS[tuple(left[:size])])
        left = left[size:]
    if not INSIDE.isdisjoint(left) and len(left) > 1:
        left = _from_inside(left, found)
    telling = [form for form in found if form.kind != "corporation"] or found
    return left, telling[0] if telling else None


def _at_end(words: list[str]) -> int:
    if not words or words[-1] not in _LAST:
        return 0
    return next(
        (n for n in range(min(_LONGEST, len(words) - 1), 0, -1) if tuple(words[-n:]) in FORMS), 0
    )


def _in_front(words: list[str]) -> int:
    if not words or words[0] not in _FIRST:
        return 0
    for size in range(min(_LONGEST, len(words) - 1), 0, -1):
        # Two letters in front are rather initials ("AS Conseil") than a form.
        short = size == 1 and len(words[0]) < 3 and words[0] not in IN_FRONT
        if tuple(words[:size]) in FORMS and not short:
            return size
    return 0


def _from_inside(words: list[str], found: list[Form]) -> list[str]:
    """What follows a form inside is a place or a division; the form itself is no word."""
    kept = [word for word in words if word not in INSIDE]
    if not kept:
        return words
    found += [FORMS[(word,)] for word in words if word in INSIDE]
    return kept


def _spelt_right(words: list[str]) -> list[str]:
    """Misspelt long words of forms corrected, and a form glued to its name cut off."""
    for size in (2, 3):
        meant = _TAILS.get(tuple(words[-size:]))
        if meant and len(words) > size + 1 and OSA.distance(words[-size - 1], meant) == 1:
            return [*words[: -size - 1], meant, *words[-size:]]
    last = words[-1] if words else ""
    if last.endswith(_GLUED) and last not in _SPELT:
        form = next(form for form in _GLUED if last.endswith(form))
        return [*words[:-1], last.removesuffix(form), form]
    return [*words[:-3], *[_corrected(word) for word in words[-3:]]]


@lru_cache(maxsize=16_384)
def _corrected(word: str) -> str:
    if len(word) < _SPELT_OUT - 1 or word[:3] not in _STARTS or word in _SPELT:
        return word
    slips = 1 if len(word) < 10 else 2
    near = (w for w in _LONG_WORDS if w[:3] == word[:3])
    return next((w for w in near if OSA.distance(w, word, score_cutoff=slips) <= slips), word)
