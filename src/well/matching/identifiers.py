"""Numbers of accounts and legal persons: IBAN, VAT, SIREN and the tax numbers of other countries.

Invariant: a function gives the canonical form of what is valid and nothing for everything else, so
a mistyped identifier is missing evidence and never evidence against. Nothing is looked up; the
check digits of tax numbers are those of python-stdnum.
"""

import re
import string
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module

from stdnum.exceptions import ValidationError
from stdnum.util import NumberValidationModule

from well.matching.contacts import country_code
from well.matching.shipped import read_json
from well.matching.text import squeeze

VERSION = "identifiers-2"

NUMBER_MAX = 20
"""Signs of the longest tax number; what is longer is none."""

_TABLES = read_json("identifiers.json")
_LENGTHS: dict[str, int] = _TABLES["iban"]
"""Length of an IBAN by country (ISO 13616 registry)."""
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")

_EUROPEAN: dict[str, str] = _TABLES["european"]
_SCHEMES: dict[str, str] = _EUROPEAN | _TABLES["elsewhere"]
"""The module of python-stdnum that checks the tax numbers of companies of a country."""

_PREFIXES = {code: code for code in _SCHEMES} | {"EL": "GR", "XI": "GB"}
"""Letters a tax number may begin with, and the country they stand for."""
_WRITTEN = {"GR": "EL"}
"""Countries whose tax numbers are written with other letters than the country's own."""
_FRENCH_SOIL = frozenset(["FR", "BL", "GF", "GP", "MF", "MQ", "RE", "YT"])

_SWISS = re.compile(r"(?:CH)?E?([0-9]{9})(?:MWST|TVA|IVA|VAT|HR|RC)?")
_HOUSE = re.compile(r"[0-9]{7,8}|(?:SC|NI|OC|SO|NC|FC|IP|LP|RC|R0|NF|SL|NL)[0-9]{6}")
_CHAMBER = re.compile(r"(?:KVK)?([0-9]{8})")
_BARE = re.compile(r"(?=(?:[A-Z]*[0-9]){7})[A-Z0-9]{7,18}")


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@lru_cache(maxsize=65_536)
def iban(text: str) -> str | None:
    """The IBAN without blanks when its country, length and ISO 7064 mod 97-10 check are right."""
    plain = squeeze(text).removeprefix("IBAN")
    if not _IBAN.fullmatch(plain) or _LENGTHS.get(plain[:2]) != len(plain):
        return None
    return plain if int((plain[4:] + plain[:4]).translate(_PLACES)) % 97 == 1 else None


_PLACES = str.maketrans({letter: str(int(letter, 36)) for letter in string.ascii_uppercase})
"""Letters as numbers from 10 on."""


@lru_cache(maxsize=65_536)
def siren(text: str) -> str | None:
    """The nine digits of a SIREN, also out of a SIRET or a French VAT number."""
    plain = squeeze(text)
    if plain.startswith("FR") and len(plain) == 13:
        plain = _checked("fr.tva", plain[2:])[2:]
    if not plain.isascii() or not plain.isdigit() or len(plain) not in (9, 14):
        return None
    # The establishments of the French post have a SIRET with another check.
    if len(plain) == 14 and not (luhn(plain) or plain.startswith("356000000")):
        return None
    return plain[:9] if luhn(plain[:9]) else None


@lru_cache(maxsize=65_536)
def vat_id(text: str) -> str | None:
    """The European VAT number with its prefix when form and check digits are right.

    EU, GB and XI (one register, so both give GB), CH and NO; the words MWST, TVA, IVA and MVA
    and the branch of a British number are left out.
    """
    plain = squeeze(text)
    country = _PREFIXES.get(plain[:2], "")
    if country not in _EUROPEAN or not _checkable(plain) or _is_siren(plain):
        return None
    return _prefixed(country, plain[2:])


def _is_siren(plain: str) -> bool:
    """Whether it is FR with a company number and no VAT number."""
    return plain.startswith("FR") and len(plain) != 13


@lru_cache(maxsize=65_536)
def tax_id(text: str, country: str | None = None) -> str | None:
    """The tax number with the prefix of its country, valid there; None without a known country.

    `country` (any spelling) makes a number without a prefix readable. A SIREN becomes the VAT
    number that follows from it, so both spellings of one company are equal.
    """
    plain = squeeze(text)
    if not _checkable(plain):
        return None
    for code, body in _readings(plain, country_code(country or "")):
        found = _prefixed(code, body)
        if found is not None:
            return found
    return None


def _checkable(plain: str) -> bool:
    return plain.isascii() and len(plain) <= NUMBER_MAX


def _readings(plain: str, home: str | None) -> Iterator[tuple[str, str]]:
    """(country, number as it is written there): by its own prefix first, then at home."""
    named = _PREFIXES.get(plain[:2])
    if named is not None:
        yield named, plain[2:]
    if home in _SCHEMES:
        yield home, plain


def _prefixed(country: str, body: str) -> str | None:
    number = _national(country, body)
    return None if number is None else _WRITTEN.get(country, country) + number


def _national(country: str, body: str) -> str | None:
    """The canonical number without its prefix."""
    match country:
        case "FR":
            return _french(body)
        case "CH":
            found = _SWISS.fullmatch(body)
            return _checked("ch.uid", found[1])[2:] or None if found else None
        case "NO":
            return _checked("no.orgnr", body.removesuffix("MVA")) or None
        case "GB":
            return _checked("gb.vat", body)[:9] or None
        case "HU":
            return _checked("hu.anum", body[:8] if len(body) == 11 else body) or None
        case "SE" if len(body) == 10:
            return _checked("se.vat", body + "01") or None
    return _checked(_SCHEMES[country], body).removeprefix(country) or None


def _french(body: str) -> str | None:
    """A VAT number, the one that follows from a SIREN, or a SIRET."""
    if len(body) == 11:
        return _checked("fr.tva", body) or None
    number = siren(body)
    if number is None or len(body) == 14:
        return number and body
    return f"{(12 + 3 * (int(number) % 97)) % 97:02d}{number}"


def _checked(module: str, number: str) -> str:
    """The number as python-stdnum writes it; "" when it is not valid."""
    try:
        return str(_module(module).validate(number))
    except ValidationError:
        return ""


@lru_cache(maxsize=128)
def _module(name: str) -> NumberValidationModule:
    module: NumberValidationModule = import_module(f"stdnum.{name}")
    return module


@lru_cache(maxsize=65_536)
def legal_ids(text: str, country: str | None = None) -> frozenset[str]:
    """The numbers of legal persons inside, without prefix: a SIREN, a Belgian enterprise number.

    Two different ones of one country are two persons. British and Dutch VAT numbers and German
    ones hold none, as their registers number companies otherwise; those registers' numbers count
    where the country is given. A number of no known country stands for itself.
    """
    plain = squeeze(text)
    if not _checkable(plain):
        return frozenset()
    tax = tax_id(text, country)
    found = _person(tax) if tax else _registered(plain, country_code(country or ""))
    return frozenset([found] if found else [])


def _person(tax: str) -> str | None:
    """The part of a valid tax number that names the person."""
    body = tax[2:]
    match tax[:2]:
        case "GB" | "NL" | "DE":
            return None
        case "FR":
            return siren(body[2:] if len(body) == 11 else body)
        case "CH":
            return body[1:]
        case "CA":
            return body[:9]
        case "BR":
            return body[:8]
        case "IN":
            return body[2:12]
        case "SE":
            return body[:10]
    return body


def _registered(plain: str, home: str | None) -> str | None:
    """A number of a register, or a bare one of no known country."""
    if home == "GB" and _HOUSE.fullmatch(plain):
        return f"GB {plain:0>8}"
    if home == "NL" and (found := _CHAMBER.fullmatch(plain)):
        return f"NL {found[1]}"
    if home in _SCHEMES or plain[:2] in _PREFIXES or not _BARE.fullmatch(plain):
        return None
    if len(set(plain)) == 1:
        return None
    return siren(plain) or plain


def french_company(text: str, country: str | None) -> str | None:
    """The SIREN inside, unless a bare number belongs to another country."""
    if country is not None and country not in _FRENCH_SOIL and squeeze(text).isdigit():
        return None
    return siren(text)
