"""Check digits of bank account numbers and VAT ids.

Invariant: three answers, True, False and None (no rule known here); an answer needs no network.
Sources: ISO 13616 (IBAN, mod 97) and each country's published VAT number rule.
"""

import re
from collections.abc import Callable
from typing import Final

# ISO 13616 registry lengths of the countries that use IBANs.
IBAN_LENGTHS: Final = {
    country: length
    for length, countries in (
        (15, "NO"),
        (16, "BE"),
        (18, "DK FI FO GL NL SD"),
        (19, "MK SI"),
        (20, "AT BA EE KZ LT LU XK"),
        (21, "CH HR LI LV"),
        (22, "BG BH CR DE GB GE IE ME RS VA"),
        (23, "AE GI IL IQ OM TL"),
        (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
        (25, "LY PT"),
        (26, "IS TR"),
        (27, "BI DJ FR GR IT MC MR SM"),
        (28, "AL AZ BY CY DO GT HU LB PL SV"),
        (29, "BR EG PS QA UA"),
        (30, "JO KW MU"),
        (31, "MT SC"),
        (32, "LC"),
        (33, "RU"),
    )
    for country in countries.split()
}


def iban_is_valid(iban: str) -> bool:
    """Whether `iban` (letters and digits, capitals) has its country's length and checks mod 97."""
    if IBAN_LENGTHS.get(iban[:2]) != len(iban) or not iban.isascii() or not iban.isalnum():
        return False
    if not iban[2:4].isdigit():
        return False
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1


def luhn(digits: str) -> bool:
    """Whether a digit string passes the Luhn check (French SIREN and SIRET)."""
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def vat_id_has_shape(vat_id: str) -> bool:
    """Whether a VAT id has the length and signs of its country, right or wrong digits."""
    pattern = _SHAPES.get(vat_id[:2])
    return pattern is not None and re.fullmatch(pattern, vat_id[2:], re.ASCII) is not None


def vat_id_is_valid(vat_id: str) -> bool | None:
    """Whether a VAT id (letters and digits, capitals) passes; None when no rule is known."""
    country, body = vat_id[:2], vat_id[2:]
    pattern = _SHAPES.get(country)
    if pattern is None:
        return None
    if not re.fullmatch(pattern, body, re.ASCII):
        return False
    rule = _RULES.get(country)
    return None if rule is None else rule(body)


def _fr(body: str) -> bool | None:
    # Newer keys may hold letters; the published formula covers the all-digit key.
    if not body[:2].isdigit():
        return None
    return int(body[:2]) == (12 + 3 * (int(body[2:]) % 97)) % 97


def _de(body: str) -> bool:
    product = 10
    for digit in body[:8]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(body[8])


def _be(body: str) -> bool:
    return 97 - int(body[:8]) % 97 == int(body[8:])


def _it(body: str) -> bool:
    return luhn(body)


def _nl(body: str) -> bool:
    total = sum(int(d) * w for d, w in zip(body[:8], range(9, 1, -1), strict=True)) % 11
    old = total == int(body[8])
    new = int("".join(str(int(char, 36)) for char in f"NL{body}")) % 97 == 1
    return old or new


def _at(body: str) -> bool:
    digits = [int(d) for d in body[1:]]
    odd = sum(sum(divmod(d * 2, 10)) for d in digits[1:7:2])
    return (96 - odd - sum(digits[0:7:2])) % 10 == digits[7]


def _lu(body: str) -> bool:
    return int(body[:6]) % 89 == int(body[6:])


def _pt(body: str) -> bool:
    rest = 11 - sum(int(d) * w for d, w in zip(body[:8], range(9, 1, -1), strict=True)) % 11
    return (rest if rest < 10 else 0) == int(body[8])


def _dk(body: str) -> bool:
    return sum(int(d) * w for d, w in zip(body, (2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0


def _pl(body: str) -> bool:
    weights = (6, 5, 7, 2, 3, 4, 5, 6, 7)
    return sum(int(d) * w for d, w in zip(body, weights, strict=False)) % 11 == int(body[9])


def _es(body: str) -> bool | None:
    if body[0].isdigit() and body[-1].isalpha():
        return "TRWAGMYFPDXBNJZSQVHLCKE"[int(body[:8]) % 23] == body[8]
    if body[0] in "XYZ":
        number = int(str("XYZ".index(body[0])) + body[1:8])
        return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] == body[8]
    digits = [int(d) for d in body[1:8]] if body[1:8].isdigit() else None
    if digits is None:
        return None
    control = (
        10 - (sum(digits[1::2]) + sum(sum(divmod(d * 2, 10)) for d in digits[::2])) % 10
    ) % 10
    return body[8] in (str(control), "JABCDEFGHI"[control])


_SHAPES: Final = {
    "FR": r"[0-9A-HJ-NP-Z]{2}\d{9}",
    "DE": r"\d{9}",
    "BE": r"[01]\d{9}",
    "IT": r"\d{11}",
    "NL": r"\d{9}B\d\d",
    "AT": r"U\d{8}",
    "LU": r"\d{8}",
    "PT": r"\d{9}",
    "DK": r"\d{8}",
    "PL": r"\d{10}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "GB": r"\d{9}|\d{12}|GD\d{3}|HA\d{3}",
    "SE": r"\d{10}01",
    "FI": r"\d{8}",
}
_RULES: Final[dict[str, Callable[[str], bool | None]]] = {
    "FR": _fr,
    "DE": _de,
    "BE": _be,
    "IT": _it,
    "NL": _nl,
    "AT": _at,
    "LU": _lu,
    "PT": _pt,
    "DK": _dk,
    "PL": _pl,
    "ES": _es,
}
