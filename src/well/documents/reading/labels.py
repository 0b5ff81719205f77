"""Finds the labels of `labels.toml` in a text.

Invariant: at each position the longest label wins and labels do not overlap. A label says what
stands near it; it is no value itself.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from well.documents.reading.words import tokens

_STRENGTH = {"strong": 3, "plain": 2, "weak": 1}
_END = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A label of `field` at text[start:end]; `words` is its length, `strength` 1 to 3."""

    field: str
    strength: int
    start: int
    end: int
    words: int


@cache
def _trie() -> dict[str, Any]:
    """Labels by word; under the empty key stand the fields that a finished label names."""
    table = tomllib.loads(Path(__file__).with_name("labels.toml").read_text("utf-8"))
    root: dict[str, Any] = {}
    for field, groups in table.items():
        for group, texts in groups.items():
            for text in texts:
                node = root
                for word in text.split():
                    node = node.setdefault(word, {})
                node.setdefault(_END, []).append((field, _STRENGTH[group]))
    return root


def find_labels(text: str) -> list[Label]:
    """Labels of a text from left to right; one place may carry labels of two fields."""
    found: list[Label] = []
    words = tokens(text)
    at = 0
    while at < len(words):
        node, end, named = _trie(), at, None
        for ahead in range(at, len(words)):
            node = node.get(words[ahead][0], {})
            if not node:
                break
            if _END in node:
                end, named = ahead, node[_END]
        if named is None:
            at += 1
            continue
        start, stop, length = words[at][1], words[end][2], end - at + 1
        found += [Label(field, strength, start, stop, length) for field, strength in named]
        at = end + 1
    return found
