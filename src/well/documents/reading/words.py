"""Folding of text for comparison: small letters without accents, position by position.

Invariant: the folded text is as long as the original, so that offsets mean the same in both.
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+|[#%]")


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[:1].lower()
    return base if len(base) == 1 else char


def fold(text: str) -> str:
    """Small letters without accents; every character stays one character."""
    return text.lower() if text.isascii() else "".join(map(_fold_char, text))


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Words of a folded text with their offsets; signs other than # and % part them."""
    return [(found[0], found.start(), found.end()) for found in _WORD.finditer(fold(text))]
