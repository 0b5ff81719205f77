"""Canonical values of printed text: amounts, dates, numbers, IBANs, VAT ids.

Invariant: a text that can mean two things is None. Money is Decimal from text. Not a search:
each function judges one short text that somebody else found.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

_CODES = "EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|CAD|AUD"
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY", "US$": "USD", "SFR.": "CHF", "FR.": "CHF"}
CURRENCY = re.compile(rf"\b(?:{_CODES})\b|US\$|(?<![A-Z])[$]|[€£¥]|\bSFr\.", re.I)
_FIGURE = re.compile(r"\(?[-−–+]?\s?\d[\d.,'’\s]*\)?[-−]?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*|\d+")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january janvier januar jan janv",
            "february fevrier februar feb fevr fev",
            "march mars marz maerz mar mrz",
            "april avril apr avr",
            "may mai",
            "june juin juni jun",
            "july juillet juli jul juil",
            "august aout aug",
            "september septembre sep sept",
            "october octobre oktober oct okt",
            "november novembre nov",
            "december decembre dezember dec dez",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_NUMERIC = re.compile(r"(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})$")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?[.\s-]+([a-z]+)[.,\s-]+(\d{4})$")
_MONTH_FIRST = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
_NUMBER = re.compile(r"[A-Za-z0-9][\w./#+&-]*")
_VAT = re.compile(
    r"ATU\d{8}|BE[01]\d{9}|CHE\d{9}|DE\d{9}|DK\d{8}|ES[A-Z0-9]\d{7}[A-Z0-9]|FR[A-Z0-9]{2}\d{9}"
    r"|GB\d{9}(?:\d{3})?|IE\d[A-Z0-9+*]\d{5}[A-Z]{1,2}|IT\d{11}|LU\d{8}|NL\d{9}B\d{2}|PL\d{10}"
    r"|PT\d{9}|SE\d{12}"
)
_IBAN_SIZE = {
    "AT": 20,
    "BE": 16,
    "CH": 21,
    "CZ": 24,
    "DE": 22,
    "DK": 18,
    "EE": 20,
    "ES": 24,
    "FI": 18,
    "FR": 27,
    "GB": 22,
    "GR": 27,
    "HU": 28,
    "IE": 22,
    "IT": 27,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "MC": 27,
    "NL": 18,
    "NO": 15,
    "PL": 28,
    "PT": 25,
    "RO": 24,
    "SE": 24,
    "SI": 19,
    "SK": 24,
}
_FOLD = str.maketrans("éèêëàâäôöûùüîïçñ’", "eeeeaaaoouuuiicn'")


@lru_cache(4096)
def fold(text: str) -> str:
    """Lower case without the accents of French and German, character for character."""
    return text.lower().translate(_FOLD)


def currency(text: str) -> str | None:
    """The ISO code of the only currency named in `text`."""
    found = {_SIGNS.get(hit.upper(), hit.upper()) for hit in CURRENCY.findall(text)}
    return found.pop() if len(found) == 1 else None


def amount(text: str) -> tuple[Decimal, str | None] | None:
    """(signed amount, currency or None) when the text is nothing but one amount."""
    code = currency(text)
    bare = CURRENCY.sub(" ", text).replace("\u202f", " ").replace("\xa0", " ").strip(" :*=")
    if not _FIGURE.fullmatch(bare):
        return None
    negative = bare.startswith(("-", "−", "–", "(")) or bare.endswith(("-", "−"))
    value = _figure(bare.strip("()-−–+ "), code)
    return None if value is None else (-value if negative else value, code)


def _figure(text: str, code: str | None) -> Decimal | None:
    """A figure with 2 decimals, or a whole one whose grouping leaves no doubt."""
    cents = re.fullmatch(r"(.*\d)[.,](\d{2})", text)
    if cents and _GROUPED.fullmatch(cents[1]):
        return Decimal(f"{re.sub(r'[^0-9]', '', cents[1])}.{cents[2]}")
    if code and _GROUPED.fullmatch(text):
        return Decimal(re.sub(r"[^0-9]", "", text))
    return None


def day(text: str, month_first: bool | None = None) -> date | None:
    """The date that is the whole of `text`. Without `month_first`, 04/05/2026 is nothing."""
    bare = fold(text).strip(" :.")
    if hit := _ISO.match(bare):
        return _date(hit[1], hit[2], hit[3])
    if hit := _NUMERIC.match(bare):
        year = hit[3] if len(hit[3]) == 4 else f"20{hit[3]}"
        order = order_of(bare) if order_of(bare) is not None else month_first
        if order is None:
            return None
        return _date(year, hit[1], hit[2]) if order else _date(year, hit[2], hit[1])
    if hit := _DAY_FIRST.match(bare):
        return _date(hit[3], _MONTHS.get(hit[2]), hit[1])
    if hit := _MONTH_FIRST.match(bare):
        return _date(hit[3], _MONTHS.get(hit[1]), hit[2])
    return None


def order_of(text: str) -> bool | None:
    """Whether a numeric date shows by itself that the month comes first; None when it may be."""
    hit = _NUMERIC.match(text.strip())
    if not hit:
        return None
    first, second = int(hit[1]), int(hit[2])
    if "." in text or first == second or first > 12:
        return False
    return True if second > 12 else None


def _date(year: str | int, month: str | int | None, number: str | int) -> date | None:
    try:
        value = date(int(year), int(month or 0), int(number))
    except ValueError:
        return None
    return value if 1990 <= value.year <= 2100 else None


def number(text: str) -> str | None:
    """An invoice number: words of letters, digits and separators, at least one digit."""
    words = text.strip(" :#").lstrip("°º").strip().split()
    kept: list[str] = []
    for word in words[:5]:
        if not _NUMBER.fullmatch(word) or (kept and not any(c.isdigit() for c in word)):
            break
        if not any(c.isdigit() for c in word) and not (word.isupper() and len(word) <= 6):
            break
        kept.append(word)
    found = " ".join(kept).rstrip(".")
    if not any(c.isdigit() for c in found) or len(found) > 40 or day(found, True) is not None:
        return None
    return None if len(kept) < len(words) and len(found) < 3 else found


def iban(text: str) -> str | None:
    """The IBAN at the start of `text` when its check digits hold (ISO 13616, mod 97)."""
    bare = re.sub(r"\s", "", text).upper()
    hit = re.match(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", bare)
    size = _IBAN_SIZE.get(bare[:2], len(hit[0]) if hit else 0)
    if not hit or len(hit[0]) < size:
        return None
    turned = hit[0][4:size] + hit[0][:4]
    right = int("".join(str(int(c, 36)) for c in turned)) % 97 == 1
    return hit[0][:size] if right else None


def vat(text: str) -> str | None:
    """The EU, GB or Swiss VAT id that is the whole of `text` (form only)."""
    bare = re.sub(r"[\s.\-]", "", text).upper().removesuffix("MWST").removesuffix("TVA")
    return bare if _VAT.fullmatch(bare) else None
