"""A name as typed becomes its core words, its legal form and where that form is used.

Invariant: a pure function of the text and of the lists shipped as data; a name with any letter or
digit keeps at least one word.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from well.matching.names.card import merchant
from well.matching.names.forms import without_form
from well.matching.names.weights import RARE, SHORT_NUMBER, word_weight
from well.matching.text import plain_words
from well.matching.words import NUMBER_WORDS, ROMAN, SAME_WORD, WORDS

_STOP = frozenset(WORDS["stop"])
_ROMAN_LAST = {"i": "1", "v": "5", "x": "10"}
"""Single letters count as numbers at the end only."""
_NUMBERISH = frozenset({*NUMBER_WORDS, *ROMAN, *_ROMAN_LAST})
_TENS = frozenset(str(tens) for tens in range(20, 100, 10))


@dataclass(frozen=True, slots=True)
class Name:
    """`words` the core in order, `form` the legal form's code or None, `core` the words joined.

    `compact` is the core without blanks, `countries` where the form is used (a hint), `weights`
    how telling each word is, `numbers` the short numbers among the words.
    """

    words: tuple[str, ...]
    form: str | None
    core: str
    compact: str
    countries: tuple[str, ...] = field(default=(), compare=False)
    weights: tuple[float, ...] = field(default=(), compare=False, repr=False)
    numbers: frozenset[str] = field(default=frozenset(), compare=False, repr=False)

    @property
    def rare(self) -> tuple[str, ...]:
        """The telling words, longest first."""
        telling = {w for w in self.words if word_weight(w) >= RARE and not w.isdigit()}
        return tuple(sorted(telling, key=lambda w: (-len(w), w)))


@lru_cache(maxsize=65_536)
def parse(text: str) -> Name:
    """Split a name; one that is nothing but a form or stop words keeps its words."""
    core, form = without_form(plain_words(merchant(text) if "*" in text else text))
    telling = [SAME_WORD.get(w, w) for w in core if w not in _STOP] or core
    words = tuple(_numbers(telling))
    return named(words, form.compare if form else None, form.countries if form else ())


def named(words: tuple[str, ...], form: str | None, countries: tuple[str, ...]) -> Name:
    """The name of core words, a legal form's code, and where that form is used."""
    return Name(
        words,
        form,
        " ".join(words),
        "".join(words),
        countries,
        tuple([word_weight(w) for w in words]),
        frozenset([w for w in words if w.isdigit() and len(w) <= SHORT_NUMBER]),
    )


def _numbers(words: list[str]) -> list[str]:
    """`forty four` becomes `44`, `iii` becomes `3` (never the first word), `007` becomes `7`."""
    if _NUMBERISH.isdisjoint(words) and not any(word[0].isdecimal() for word in words):
        return words
    out: list[str] = []
    for place, word in enumerate(words):
        digit = NUMBER_WORDS.get(word, word)
        if place:
            digit = ROMAN.get(digit, digit)
            if place == len(words) - 1:
                digit = _ROMAN_LAST.get(digit, digit)
        if digit.isdecimal():
            digit = digit.lstrip("0") or "0"
            if out and out[-1] in _TENS and len(digit) == 1:
                out[-1] = out[-1][0] + digit
                continue
        out.append(digit)
    return out
