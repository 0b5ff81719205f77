"""Finds the labels of `labels.toml` in a text.

Invariant: at each position the longest label wins and labels do not overlap. A label says what
stands near it; it is no value itself.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from well.documents.reading.phrases import LONGEST, meaning
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
        end, named = _listed(words, at)
        if at == 0 or _PARTING.search(text, words[at - 1][2], words[at][1]):
            until = _phrase_end(text, words, at)
            if until > end or not named:
                understood = meaning(tuple(word for word, _, _ in words[at : until + 1]))
                end, named = (until, [understood]) if understood else (end, named)
        if not named or _bare_n(text, words, at, end):
            at += 1
            continue
        start, stop, length = words[at][1], words[end][2], end - at + 1
        found += [Label(field, strength, start, stop, length) for field, strength in named]
        at = end + 1
    return _joined(text, found)


_Words = list[tuple[str, int, int]]
_Named = list[tuple[str, int]]
_PARTING = re.compile(r"[:|;(]|\s[-/\u00b7\u2013,]\s")


def _listed(words: _Words, at: int) -> tuple[int, _Named]:
    """The longest listed label that begins at a word: its last word and its fields."""
    node, end = _trie(), at
    named: _Named = []
    for ahead in range(at, len(words)):
        node = node.get(words[ahead][0], {})
        if not node:
            break
        if _END in node:
            end, named = ahead, node[_END]
    return end, named


def _bare_n(text: str, words: _Words, at: int, end: int) -> bool:
    """Whether a label is an "n" that no sign makes an abbreviation of number."""
    return at == end and words[at][0] == "n" and text[words[at][2] :][:1] not in tuple("°º.")


def _phrase_end(text: str, words: _Words, at: int) -> int:
    """Last word of the phrase that begins at a word: it ends before a colon or a number."""
    for ahead in range(at, min(at + LONGEST, len(words))):
        word, start, _ = words[ahead]
        before = words[ahead - 1][2] if ahead > at else start
        if _PARTING.search(text, before, start):
            return ahead - 1
        if any(char.isdigit() for char in word):
            # In "RE-2026" the letters are a part of the number.
            return ahead - 2 if text[before:start] in ("-", "/", "_") else ahead - 1
    return min(at + LONGEST, len(words)) - 1


def _joined(text: str, found: list[Label]) -> list[Label]:
    """A label and its translation behind a stroke become one label."""
    kept: list[Label] = []
    for label in found:
        last = kept[-1] if kept else None
        between = text[last.end : label.start].strip() if last else ""
        if last and last.field == label.field and between in ("/", "|", "-", "("):
            strength, words = max(last.strength, label.strength), last.words + label.words
            kept[-1] = Label(label.field, strength, last.start, label.end, words)
        else:
            kept.append(label)
    return kept
