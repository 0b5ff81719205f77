"""Generous comparison of two readings of one field: could they mean the same?

Invariant: symmetric, and yes when in doubt, because a no is shown to a person as a contradiction.
It is no evidence of identity; ranking does that with weights.
"""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

_WORD = re.compile(r"[^\W_]+")
_NAME_MIN = 60.0
# Card statements cut names short: "POLDERLOGISTIE*AMS".
_SHARED_START = 8
_TEXT_MAX = 400
_MARK_MAX = 3


@lru_cache(maxsize=16_384)
def letters(text: str) -> str:
    """Letters and digits only, capitals, without accents."""
    plain = unicodedata.normalize("NFKD", text[:_TEXT_MAX])
    return "".join(c for c in plain if c.isalnum()).upper()


@lru_cache(maxsize=16_384)
def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text[:_TEXT_MAX].casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return tuple(_WORD.findall(bare))


def same_identifier(a: str, b: str) -> bool:
    """Equal but for signs, blanks and case."""
    return letters(a) == letters(b)


def same_number(a: str, b: str) -> bool:
    """Invoice numbers: equal but for signs, or one is the other cut short or with a prefix. A few
    letters behind a digit tell another document: 1459 and 1459-B."""
    short, long = sorted((letters(a), letters(b)), key=len)
    if short == long:
        return True
    if len(short) < 3 or _is_marked(short, long):
        return False
    return long.startswith(short) or long.endswith(short)


def _is_marked(number: str, longer: str) -> bool:
    mark = longer.removeprefix(number)
    return mark != longer and number[-1].isdigit() and mark.isalpha() and len(mark) <= _MARK_MAX


def same_name(a: str, b: str) -> bool:
    """Whether two names may be of one firm: a shared longer word, initials, or alike in all."""
    ours, theirs = _words(a), _words(b)
    if not ours or not theirs:
        return True
    if _initials(ours, theirs) or _initials(theirs, ours):
        return True
    joined_a, joined_b = "".join(ours), "".join(theirs)
    if joined_a in joined_b or joined_b in joined_a:
        return True
    if joined_a[:_SHARED_START] == joined_b[:_SHARED_START]:
        return True
    return fuzz.token_set_ratio(" ".join(ours), " ".join(theirs)) >= _NAME_MIN


def _initials(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    initials = "".join(word[0] for word in long)
    return len(short[0]) >= 2 and len(long) >= 2 and initials.startswith(short[0])
