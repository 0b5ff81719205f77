"""The patterns of `receipt.toml`, compiled.

Invariant: they are meant for folded text (`words.fold`). It holds no word itself.
"""

import re
import tomllib
from functools import cache
from pathlib import Path


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("receipt.toml").read_text("utf-8"))


@cache
def pattern(group: str, name: str, whole_words: bool = False) -> re.Pattern[str]:
    """Pattern `name` of a group; KeyError when the file has none."""
    either = "|".join(_table()[group][name])
    return re.compile(rf"\b(?:{either})\b" if whole_words else either)


def says(group: str, name: str, text: str, whole_words: bool = False) -> bool:
    """Whether a folded text holds one of the words of `name`."""
    return pattern(group, name, whole_words).search(text) is not None
