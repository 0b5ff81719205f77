"""Countries, telephone numbers and postal addresses in comparable form.

Invariant: pure and bounded; what cannot be read is None or empty. It does not check whether a
number is in service or an address exists.
"""

import re
from functools import lru_cache
from typing import Any

from well.matching.shipped import read_json
from well.matching.text import TEXT_MAX, fold

VERSION = "contacts-1"

_COUNTRIES: dict[str, dict[str, Any]] = read_json("countries.json")
_CODES: dict[str, str] = {
    fold(name): code
    for code, country in _COUNTRIES.items()
    for name in (code, country["alpha3"], *country["names"])
}
_CALLING: dict[str, str] = {code: country["calling"] for code, country in _COUNTRIES.items()}
_CALLING_CODES = frozenset(_CALLING.values()) - {""}

_ADDRESSES: dict[str, Any] = read_json("addresses.json")
_SHORT: dict[str, str] = {
    word: short for short, words in _ADDRESSES["short"].items() for word in words.split()
}
_DROPPED = frozenset(_ADDRESSES["dropped"].split())
_ENDINGS: dict[str, str] = _ADDRESSES["endings"]

ADDRESS_WORDS_MAX = 40
PHONE_MIN, PHONE_MAX = 7, 15
"""Digits of a telephone number (ITU-T E.164 allows 15)."""
PHONE_KEPT = 9
"""Last digits that are compared; the rest is written or left out at will."""

_EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension|poste|durchwahl|#)\s*:?\s*[0-9]{1,6}\s*$", re.I)
_NOT_DIGIT = re.compile(r"[^0-9]")
_FLOAT = re.compile(r"\.0$")
_TRUNK = re.compile(r"\(0\)")
_ORDINAL = re.compile(r"([0-9]+)(?:st|nd|rd|th|er|eme|e|o|a)")

_POSTCODES = (
    re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b"),  # GB
    re.compile(r"\b([A-Z][0-9][A-Z]) ?([0-9][A-Z][0-9])\b"),  # CA
    re.compile(r"\b([1-9][0-9]{3}) ?([A-Z]{2})\b(?=[^0-9]*$)"),  # NL
    re.compile(r"\b([0-9]{2})-([0-9]{3})\b"),  # PL
    re.compile(r"\b([0-9]{3})-([0-9]{4})\b"),  # JP
    re.compile(r"\b([0-9]{4})-([0-9]{3})\b"),  # PT
    re.compile(r"\b([0-9]{5})-([0-9]{3})\b"),  # BR
    re.compile(r"\b([0-9]{5})(?:-[0-9]{4})?\b"),  # US, DE, FR, ES, IT, ...
    re.compile(r"\b([0-9]{3}) ([0-9]{2})\b"),  # CZ, SE, SK, GR
    re.compile(r"\b([0-9]{6})\b"),  # IN, CN, RU, SG
    re.compile(r"(?:^|[\s,])(?:[A-Z]{1,2}-)?([1-9][0-9]{3})(?=$|[\s,]+[^\W\d])"),  # AT, BE, CH, DK
)


def country_code(text: str) -> str | None:
    """ISO 3166-1 alpha-2 of a country by code or name (English, French, German and its own)."""
    return _CODES.get(fold(text))


@lru_cache(maxsize=65_536)
def phone(text: str, country: str = "") -> str | None:
    """The last nine national digits of a telephone number; None when it can be none.

    Calling code, trunk zero and extension are left out, so national and international spellings
    are equal. `country` tells which calling code a number without "+" may begin with.
    """
    bare = _FLOAT.sub("", _EXTENSION.sub("", text[:60].strip()))
    digits = _NOT_DIGIT.sub("", _TRUNK.sub("", bare))
    if not PHONE_MIN <= len(digits) <= PHONE_MAX or len(set(digits)) == 1:
        return None
    national = _national(digits, bare.startswith("+"), country)
    return national[-PHONE_KEPT:] if len(national) >= PHONE_MIN else None


def _national(digits: str, international: bool, country: str) -> str:
    if digits.startswith("00"):
        digits, international = digits[2:], True
    if international:
        return digits[_calling_length(digits) :].removeprefix("0")
    calling = _CALLING.get(country_code(country) or "", "")
    if calling and digits.startswith(calling) and len(digits) - len(calling) >= PHONE_KEPT - 1:
        return digits[len(calling) :].removeprefix("0")
    if digits.startswith("1") and len(digits) == 11:
        return digits[1:]
    return digits.removeprefix("0")


def _calling_length(digits: str) -> int:
    """Length of the calling code a number begins with; no code is the beginning of another."""
    return next((n for n in (1, 2, 3) if digits[:n] in _CALLING_CODES), 0)


@lru_cache(maxsize=65_536)
def address_words(text: str) -> tuple[str, ...]:
    """Folded words and numbers of an address, each once, with the usual abbreviations."""
    words = (_word(word) for word in fold(text).split()[:ADDRESS_WORDS_MAX])
    return tuple(dict.fromkeys(word for word in words if word not in _DROPPED))


@lru_cache(maxsize=65_536)
def _word(word: str) -> str:
    number = _ORDINAL.fullmatch(word)
    if number:
        return number[1]
    for long, short in _ENDINGS.items():
        if word.endswith(long) and len(word) > len(long):
            return word.removesuffix(long) + short
    return _SHORT.get(word, word)


@lru_cache(maxsize=65_536)
def postcode(text: str) -> str | None:
    """The postcode in an address, without blanks; the last one where several numbers could be."""
    upper = text[:TEXT_MAX].upper()
    for form in _POSTCODES:
        found = form.findall(upper)
        if found:
            return found[-1] if isinstance(found[-1], str) else "".join(found[-1])
    return None
