"""Folded text: one plain form for comparing, whatever accents, case or signs were typed.

Invariant: pure and bounded; folding twice gives the same. It is never shown to a person.
"""

import re
import unicodedata
from functools import lru_cache

TEXT_MAX = 400
"""Characters looked at; what a hostile record adds beyond them cannot slow anything down."""

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_NOT_WORD = re.compile(r"[\W_]+")
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.\s?){2,}(?:[^\W\d_](?![^\W_]))?")
_POSSESSIVE = re.compile(r"['’`´]s\b")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case, without accents, words separated by one blank; dotted letters are joined.

    `"L'Été & Cie S.A.S."` becomes `"l ete cie sas"`.
    """
    plain = unicodedata.normalize("NFKD", text[:TEXT_MAX]).casefold()
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)
    plain = _POSSESSIVE.sub("", plain)
    plain = _DOTTED.sub(lambda m: " " + m.group().replace(".", "").replace(" ", "") + " ", plain)
    return _NOT_WORD.sub(" ", plain).strip()


def squeeze(text: str) -> str:
    """Letters and digits only, capitals, without accents: the form of numbers and identifiers."""
    plain = unicodedata.normalize("NFKD", text[:TEXT_MAX])
    return "".join(c for c in plain if c.isalnum() and not unicodedata.combining(c)).upper()
