"""Word lists shipped as data: legal forms, common words, equal words, shared mail domains.

Invariant: read once at import and never changed; every word is in folded form. They hold general
knowledge only and nothing of any workspace.
"""

import json
from importlib import resources
from typing import Any, NamedTuple

from well.matching.text import plain_words

_DATA = resources.files("well.matching") / "data"


def _read(name: str) -> Any:
    return json.loads(_DATA.joinpath(name).read_text(encoding="utf-8"))


class Form(NamedTuple):
    """A legal form on its three levels, and where it is used (ISO 3166 alpha-2).

    `display` as it is written, `compare` one code for all spellings of one form, `kind` what it is
    in any country.
    """

    display: str
    compare: str
    kind: str
    countries: tuple[str, ...]


def _forms(rows: list[dict[str, Any]]) -> dict[tuple[str, ...], Form]:
    """Words of a spelling to its form; of two forms with one spelling the first listed counts."""
    found: dict[tuple[str, ...], Form] = {}
    for row in rows:
        form = Form(row["display"], row["compare"], row["kind"], tuple(row["countries"]))
        for alias in row["aliases"]:
            found.setdefault(tuple(plain_words(alias)), form)
    return found


_FORMS = _read("legal_forms.json")
FORMS: dict[tuple[str, ...], Form] = _forms(_FORMS["forms"])
"""Folded words of a spelling to the legal form."""
FORM_KINDS: dict[str, str] = {form.compare: form.kind for form in reversed(FORMS.values())}
"""Compare code of a legal form to its kind."""
INSIDE: frozenset[str] = frozenset(
    word for alias in _FORMS["inside"] for word in plain_words(alias)
)
"""Spellings that are a legal form wherever they stand in a name."""
IN_FRONT: frozenset[str] = frozenset(_FORMS["in_front"])
"""Two-letter forms that may stand in front; other two letters there are initials."""

_ALL = _read("words.json")
NUMBER_WORDS: dict[str, str] = _ALL["numbers"]
"""Number words to digits."""
ROMAN: dict[str, str] = _ALL["roman"]
"""Roman numbers of more than one letter to digits."""
WORDS: dict[str, list[str]] = {k: v for k, v in _ALL.items() if isinstance(v, list)}
"""The plain lists by name."""
SAME_WORD: dict[str, str] = {
    word: one for one, words in _read("same_words.json").items() for word in words.split()
}
"""Abbreviations, spellings and translations to one word."""
WORD_CLASS: dict[str, str] = {
    word: name
    for name, languages in _read("common_words.json").items()
    for words in languages.values()
    for word in words.split()
}
"""Words common in names: very_common, common, place, person."""
