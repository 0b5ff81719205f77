"""Word lists shipped as data: legal forms, common words, equal words, shared mail domains.

Invariant: read once at import and never changed; every word is in folded form. They hold general
knowledge only and nothing of any workspace.
"""

import json
from importlib import resources
from typing import TypedDict

_DATA = resources.files("well.matching").joinpath("data")


class _Form(TypedDict):
    """`class` in the file: what kind of legal person, comparable across countries."""

    kind: str
    aliases: list[str]


_FORMS: dict[str, _Form] = json.loads(
    _DATA.joinpath("legal_forms.json").read_text(encoding="utf-8")
)
_ALL = json.loads(_DATA.joinpath("words.json").read_text(encoding="utf-8"))

FORM_CLASSES: dict[str, str] = {code: form["kind"] for code, form in _FORMS.items()}
"""Legal form code to its kind."""
FORM_ALIASES: dict[tuple[str, ...], str] = {
    tuple(alias.split()): code for code, form in _FORMS.items() for alias in form["aliases"]
}
"""Folded words of a spelling to the legal form's code."""
SAME_WORD: dict[str, str] = _ALL["alias"]
"""Abbreviations and spellings to one word."""
NUMBER_WORDS: dict[str, str] = _ALL["numbers"]
"""Number words to digits."""
WORDS: dict[str, list[str]] = {k: v for k, v in _ALL.items() if isinstance(v, list)}
"""The plain lists by name."""
