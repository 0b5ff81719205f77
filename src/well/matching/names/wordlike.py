"""How alike two words are: slips of the keyboard, abbreviations, transliterations, initials.

Invariant: symmetric, in [0, 1], 1.0 for equal words only; two different words that both stand in
a list are no slip of each other.
"""

from functools import lru_cache

from rapidfuzz.distance import OSA

from well.matching.names.weights import known

SOUND, PLURAL, BEGINNING, WITHOUT_VOWELS, INITIAL = 0.93, 0.97, 0.8, 0.7, 0.4
_SLIPS_MOST = 2
_VOWELS = str.maketrans("", "", "aeiouy")
_SOUNDS = (
    *(("sch", "sh"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("tz", "z")),
    *(("ts", "z"), ("ks", "x"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("th", "t")),
    *(("y", "i"), ("j", "i"), ("w", "v"), ("c", "k"), ("q", "k")),
)


@lru_cache(maxsize=262_144)
def word_likeness(a: str, b: str) -> float:
    """1 for equal words, less by typing slips, abbreviation or initial; 0 when unlike."""
    if a == b:
        return 1.0
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if len(short) == 1 or short.isdigit() or long.isdigit():
        return INITIAL if long[0] == short and short.isalpha() else 0.0
    # Most words met are neither; nothing below likens words so far apart.
    if short[0] != long[0] and len(long) - len(short) > _SLIPS_MOST:
        return 0.0
    if short + "s" == long and len(short) > 2:
        return PLURAL
    if known(a) and known(b):
        return 0.0
    if len(short) >= 4 and (sound(a) == sound(b) or _with_article(short, long)):
        return SOUND
    allowed = _slips_allowed(len(long))
    slips = OSA.distance(a, b, score_cutoff=allowed)
    if slips <= allowed:
        return 1.0 - 1.25 * slips / len(long)
    return _abbreviated(short, long)


def _with_article(short: str, long: str) -> bool:
    """`loreal` for `oreal`: the French article, typed without its apostrophe."""
    return long[0] in "ld" and long[1:] == short and short[0] in "aeiouh"


def _slips_allowed(length: int) -> int:
    if length < 4:
        return 0
    return 1 if length < 8 else _SLIPS_MOST


def _abbreviated(short: str, long: str) -> float:
    if len(short) >= 3 and long.startswith(short):
        return BEGINNING if known(long) else BEGINNING * len(short) / len(long)
    if short[0] == long[0] and len(long) >= 5:
        bare = long[0] + long[1:].translate(_VOWELS)
        if short == bare or (len(short) >= 3 and short[-1] == long[-1] and _inside(short, bare)):
            return WITHOUT_VOWELS
    return 0.0


def _inside(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """The word with the spellings of one sound made one and double letters single."""
    for spelt, one in _SOUNDS:
        word = word.replace(spelt, one)
    return "".join([c for place, c in enumerate(word) if place == 0 or word[place - 1] != c])
