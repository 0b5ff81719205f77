"""Tax ids and bank accounts with right check digits for invented firms of seven countries.

Invariant: every number passes its country's public check rule (ISO 7064, Luhn, ISO 13616), and is
drawn from the generator given. The numbers are invented; one may belong to somebody by chance.
"""

from collections.abc import Callable

import numpy as np


def luhn_digit(digits: str) -> str:
    """The digit that makes `digits` + digit pass Luhn."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def siren(number: int) -> str:
    """Nine digits: eight of the number and Luhn's."""
    body = f"{number % 10**8:08d}"
    return body + luhn_digit(body)


def france(number: int) -> str:
    """FR, key of the SIREN, SIREN."""
    base = siren(number)
    return f"FR{(12 + 3 * (int(base) % 97)) % 97:02d}{base}"


def germany(number: int) -> str:
    """DE and nine digits by ISO 7064 mod 11, 10."""
    body = str(10**7 + number % (9 * 10**7)).zfill(8)
    product = 10
    for digit in body:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return f"DE{body}{(11 - product) % 10}"


def italy(number: int) -> str:
    """IT, seven digits of the firm, a province from 001 to 100, and Luhn's digit."""
    body = f"{1 + number % (10**7 - 1):07d}{1 + number // 7 % 100:03d}"
    return f"IT{body}{luhn_digit(body)}"


def spain(number: int) -> str:
    """ES and a company's CIF: letter B or A, seven digits, check digit."""
    body = f"{number % 10**7:07d}"
    return f"ES{'BA'[number // 10**7 % 2]}{body}{luhn_digit(body)}"


def netherlands(number: int) -> str:
    """NL, nine digits whose weighted sum mod 11 is the last, B and a two-digit suffix."""
    while True:
        body = f"{10**7 + number % (9 * 10**7):08d}"
        check = sum(int(d) * w for d, w in zip(body, range(9, 1, -1), strict=True)) % 11
        if check < 10:
            return f"NL{body}{check}B{1 + number % 3:02d}"
        number += 1


def belgium(number: int) -> str:
    """BE and ten digits, the last two by mod 97."""
    body = f"{10**6 + number % (9 * 10**6):08d}"
    return f"BE{body}{97 - int(body) % 97:02d}"


def britain(number: int) -> str:
    """GB, seven digits and two by mod 97."""
    body = f"{10**6 + number % (8 * 10**6):07d}"
    total = sum(int(d) * w for d, w in zip(body, range(8, 1, -1), strict=True))
    return f"GB{body}{97 - total % 97:02d}"


TAX_IDS: dict[str, Callable[[int], str]] = {
    "FR": france,
    "DE": germany,
    "IT": italy,
    "ES": spain,
    "NL": netherlands,
    "BE": belgium,
    "GB": britain,
}


def _spanish_check(digits: str) -> str:
    weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
    rest = 11 - sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
    return str({10: 1, 11: 0}.get(rest, rest))


def _french_account(number: int) -> str:
    bank, branch, account = 10_000 + number % 89, 1 + number // 89 % 99_999, number % 10**11
    key = 97 - (89 * bank + 15 * branch + 3 * account) % 97
    return f"{bank:05d}{branch:05d}{account:011d}{key:02d}"


def _spanish_account(number: int) -> str:
    bank, account = f"{number % 97:04d}{number // 97 % 9_999:04d}", f"{number % 10**10:010d}"
    return f"{bank}{_spanish_check('00' + bank)}{_spanish_check(account)}{account}"


def _belgian_account(number: int) -> str:
    body = f"{('001', '063', '310', '734')[number % 4]}{number // 7 % 10**7:07d}"
    return f"{body}{int(body) % 97 or 97:02d}"


BBAN: dict[str, Callable[[int], str]] = {
    "FR": _french_account,
    "DE": lambda n: f"{10_000_000 + n % 89_999_999:08d}{n % 10**10:010d}",
    "IT": lambda n: f"{'ABCDEFGHIJ'[n % 10]}{n % 97:05d}{n // 97 % 10**5:05d}{n % 10**12:012d}",
    "ES": _spanish_account,
    "NL": lambda n: f"{('ABNA', 'INGB', 'RABO')[n % 3]}{n % 10**10:010d}",
    "BE": _belgian_account,
    "GB": lambda n: f"{('BARC', 'LOYD', 'MIDL')[n % 3]}{n % 10**6:06d}{n // 7 % 10**8:08d}",
}


def iban(country: str, number: int) -> str:
    """Country, two digits by ISO 13616, and the national account number."""
    account = BBAN[country](number)
    digits = "".join(str(int(c, 36)) for c in f"{account}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


def tax_ids(chance: np.random.Generator, countries: list[str]) -> list[str]:
    """One tax id for each firm, all different."""
    taken: set[str] = set()
    found = []
    for country, drawn in zip(countries, chance.integers(1, 2**53, len(countries)), strict=True):
        number = int(drawn)
        while (made := TAX_IDS[country](number)) in taken:
            number += 12_347
        taken.add(made)
        found.append(made)
    return found


def ibans(chance: np.random.Generator, countries: list[str]) -> list[str]:
    """One account for each firm."""
    drawn = chance.integers(1, 2**53, len(countries))
    return [iban(c, int(n)) for c, n in zip(countries, drawn, strict=True)]
