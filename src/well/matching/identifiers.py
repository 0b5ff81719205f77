"""Identifiers with check digits: IBAN, SIREN, SIRET, VAT numbers.

Invariant: a function gives the canonical form of what is valid and None for everything else, so
a mistyped identifier is missing evidence and never evidence against. Nothing is looked up.
"""

import re
from functools import lru_cache

from well.matching.text import squeeze

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
# National forms of Directive 2006/112/EC article 215, as published for the VIES service.
_VAT = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "GB": r"(\d{9}|\d{12}|GD\d{3}|HA\d{3})",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"(\d{7}[A-W][A-I]?|\d[A-Z+*]\d{5}[A-W])",
    "IT": r"\d{11}",
    "LT": r"(\d{9}|\d{12})",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"\d{9}B\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"(\d{9}|\d{12}|GD\d{3}|HA\d{3})",
    "CH": r"E?\d{9}(MWST|TVA|IVA)?",
    "NO": r"\d{9}(MVA)?",
}
_VAT_RES = {country: re.compile(form) for country, form in _VAT.items()}


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@lru_cache(maxsize=16_384)
def iban(text: str) -> str | None:
    """The IBAN without blanks when its ISO 7064 mod 97-10 check holds."""
    plain = squeeze(text)
    if not plain.isascii() or not _IBAN.fullmatch(plain):
        return None
    digits = "".join(str(int(c, 36)) for c in plain[4:] + plain[:4])
    return plain if int(digits) % 97 == 1 else None


@lru_cache(maxsize=16_384)
def siren(text: str) -> str | None:
    """The nine digits of a SIREN, also out of a SIRET or a French VAT number."""
    plain = squeeze(text)
    if plain.startswith("FR") and len(plain) == 13:
        plain = plain[4:]
    if not plain.isascii() or not plain.isdigit() or len(plain) not in (9, 14):
        return None
    if len(plain) == 14 and not (luhn(plain) or plain.startswith("356000000")):
        return None
    return plain[:9] if luhn(plain[:9]) else None


@lru_cache(maxsize=16_384)
def vat_id(text: str) -> str | None:
    """The VAT number with its country prefix when its form (and a French key) is right."""
    plain = squeeze(text)
    country = "EL" if plain.startswith("GR") else plain[:2]
    body = plain[2:]
    form = _VAT_RES.get(country)
    if not plain.isascii() or form is None or not form.fullmatch(body):
        return None
    if country == "FR" and not _french_key(body):
        return None
    return country + body


def _french_key(body: str) -> bool:
    """Numeric keys are 12 + 3 x (SIREN mod 97), mod 97; others are of the newer, unchecked form."""
    if not luhn(body[2:]):
        return False
    return not body[:2].isdigit() or int(body[:2]) == (12 + 3 * (int(body[2:]) % 97)) % 97
