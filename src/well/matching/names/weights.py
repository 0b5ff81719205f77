"""How telling one word of a name is.

Invariant: in (0, 1], the same for everybody, from the lists shipped as data and the word's length
alone; it is no count of any workspace.
"""

from functools import lru_cache

from well.matching.words import SAME_WORD, WORD_CLASS, WORDS

RARE = 0.6
"""From this weight on a word is telling by itself."""

_OF_CLASS = {"very_common": 0.2, "common": 0.4, "place": 0.45, "person": 0.7}
_STATEMENT = 0.1
"""Words a bank puts before the name."""
_OF_LENGTH = {1: 0.3, 2: 0.6, 3: 0.85}
_NUMBER, _LONG_NUMBER = 0.5, 0.2
SHORT_NUMBER = 4
"""Digits up to which a number tells one site or fund from another; longer ones are identifiers."""
_GENERIC_ENDS = (
    *("gesellschaft", "verwaltung", "verwaltungs", "technik", "handel", "vertrieb", "service"),
    *(
        "services",
        "dienst",
        "betrieb",
        "werke",
        "maatschappij",
        "bedrijf",
        "handels",
        "technologies",
    ),
)
_GENERIC_END = 0.6


def _listed() -> dict[str, float]:
    weights = {word: _OF_CLASS[name] for word, name in WORD_CLASS.items()}
    for word, one in SAME_WORD.items():
        if word in weights:
            weights.setdefault(one, weights[word])
    return weights | dict.fromkeys(WORDS["statement"], _STATEMENT)


_LISTED = _listed()


def known(word: str) -> bool:
    """Whether the word stands in a list: a dictionary word is no misspelling of another."""
    return word in _LISTED


@lru_cache(maxsize=65_536)
def word_weight(word: str) -> float:
    """How telling a word is, in (0, 1]: listed common words, short ones and digits say little."""
    if word.isdigit():
        return _NUMBER if len(word) <= SHORT_NUMBER else _LONG_NUMBER
    listed = _LISTED.get(word)
    if listed is not None:
        return listed
    if word.endswith(_GENERIC_ENDS):
        return _GENERIC_END
    return _OF_LENGTH.get(len(word), 1.0)
