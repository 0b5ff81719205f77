"""Understands a label that no list holds from the meanings of its words (`concepts.toml`).

Invariant: only a phrase of known words is understood, and what may mean two fields is none; a
listed label of the same length wins over it.
"""

import tomllib
from functools import cache, lru_cache
from pathlib import Path

LONGEST = 7
_SHORTEST_PART = 3


def meaning(words: tuple[str, ...]) -> tuple[str, int] | None:
    """Field and strength of a phrase of folded words; None where a word is unknown."""
    found: set[str] = set()
    for word in words:
        concepts = concepts_of(word)
        if not concepts:
            return None
        found |= concepts
    return _field(frozenset(found - {"fill"}))


@cache
def _lexicon() -> dict[str, str]:
    table = tomllib.loads(Path(__file__).with_name("concepts.toml").read_text("utf-8"))
    known: dict[str, str] = {}
    for concept, words in table.items():
        for word in words.split():
            known.setdefault(word, concept)
    return known


@lru_cache(maxsize=8192)
def concepts_of(word: str) -> frozenset[str]:
    """Meanings of a folded word; a compound such as Rechnungsdatum has those of its parts."""
    known = _lexicon()
    if word in known:
        return frozenset({known[word]})
    for at in range(_SHORTEST_PART, len(word) - 1):
        first = known.get(word[:at]) or known.get(word[:at].removesuffix("s"))
        rest = concepts_of(word[at:]) if first and first != "fill" else frozenset()
        if first and rest and "fill" not in rest:
            return rest | {first}
    return frozenset()


_ELSEWHERE = frozenset({"discount", "carry", "customer", "order", "delivery"})


@lru_cache(maxsize=4096)
def _field(about: frozenset[str]) -> tuple[str, int] | None:
    if not about:
        return None
    if about & _ELSEWHERE or ("paid" in about and "rest" not in about):
        return "none", 3
    if about == {"amount"}:
        return "gross_total", 1
    if "amount" in about:
        about = about - {"amount"} | {"total"}
    if about & {"total", "net", "with", "without", "tax"} and not about & {"date", "number"}:
        return _amount(about)
    if "rest" in about:
        return ("due_payable", 3) if about & {"pay", "due"} else None
    if "due" in about or {"pay", "date"} <= about:
        return "due_date", 2
    if about & {"date", "issue"} and "number" not in about:
        return "issue_date", 2 if "date" in about else 1
    return ("number", 3) if {"invoice", "number"} <= about else None


def _amount(about: frozenset[str]) -> tuple[str, int] | None:
    if "rest" in about:
        return "due_payable", 3
    if "without" in about:
        return "net_total", 3 if "tax" in about else 2
    if "with" in about:
        return "gross_total", 3 if about & {"tax", "total"} else 2
    if "tax" in about:
        if "net" in about:
            return "net_total", 1
        return "tax_total", 3 if "total" in about else 2
    if about & {"pay", "due"} and "total" in about:
        return "gross_total", 3
    if "net" in about:
        return "net_total", 3 if "total" in about else 2
    return "gross_total", 3 if "invoice" in about else 2
