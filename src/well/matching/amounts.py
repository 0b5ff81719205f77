"""Amounts as people and banks write them, as integer minor units.

Invariant: exact; a text gives one amount or a ValueError with a sentence that names it, never a
guess. One separator followed by exactly three digits separates thousands ("1,234", "1.234"),
since no currency of two decimals is written with three; where the currency has three, or more
than three digits or a lone 0 stand before it, it is the decimal sign.
"""

import re
from typing import NamedTuple

from well.domain.money import AMOUNT_DIGITS_MAX, minor_digits

VERSION = "amounts-1"

TEXT_MAX = 60
_ISO = re.compile(r"[A-Z]{3}")
_PLAIN = re.compile(r"-?[0-9]{1,13}\.[0-9]{2}")
_MARKS = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
        **dict.fromkeys("\u2019\u02bc\u00b4`", "'"),
    }
)
_SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₺": "TRY",
    "₽": "RUB",
    "₩": "KRW",
    "zł": "PLN",
    "kč": "CZK",
    "ft": "HUF",
    "lei": "RON",
}
"""Signs that stand for one currency."""
_SHARED = frozenset(["$", "¥", "kr", "kr.", "fr.", "r$", "us$", "rs", "rs."])
"""Signs that say too little to check them."""
_NAME = r"(?P<{}>[^\W\d_]{{1,3}}[.$]?|[€£₹₺₽₩$¥])?"
_SHAPE = re.compile(
    r"(?P<open>\()?\s*(?P<front>[-+])?\s*" + _NAME.format("before") + r"\s*(?P<sign>[-+])?\s*"
    r"(?P<body>[0-9](?:[0-9.,' ]*[0-9])?)\s*(?P<late>[-+])?\s*"
    + _NAME.format("after")
    + r"\s*(?P<end>[-+])?\s*(?P<close>\))?"
)
_GROUPS = re.compile(r"[0-9]{1,3}(?:([.,' ])[0-9]{3})(?:\1[0-9]{3})*")
_INDIAN = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")


class Amount(NamedTuple):
    """Signed minor units; `currency` is "" when neither the text nor the caller names one."""

    minor: int
    currency: str


def currency_code(text: str) -> str:
    """ISO code of a code or sign; "" when it is neither."""
    name = text.strip().casefold()
    code = _SIGNS.get(name, name.upper())
    return code if _ISO.fullmatch(code) else ""


def minor(text: str, currency: str | None) -> int:
    """Signed minor units of `currency` (two decimals when unknown). ValueError with a sentence."""
    return amount(text, currency or "").minor


def amount(text: str, currency: str) -> Amount:
    """The amount with the currency given or written beside it. ValueError with a sentence."""
    if _PLAIN.fullmatch(text) and minor_digits(currency) == 2:
        return Amount(int(text.replace(".", "")), currency)
    shown = text.strip().translate(_MARKS)
    found = _SHAPE.fullmatch(shown) if len(shown) <= TEXT_MAX else None
    if found is None:
        raise _broken(text)
    code = _currency(text, found, currency)
    digits = minor_digits(code)
    whole, decimals = _parts(found["body"], digits, text)
    if decimals[digits:].strip("0"):
        raise ValueError(f"The amount {text[:TEXT_MAX]!r} has more than {digits} decimals.")
    value = int(whole + decimals[:digits].ljust(digits, "0"))
    if value >= 10**AMOUNT_DIGITS_MAX:
        raise ValueError(f"The amount {text[:TEXT_MAX]!r} is too large.")
    return Amount(-value if _negative(found, text) else value, code)


def _broken(text: str) -> ValueError:
    return ValueError(f"{text[:TEXT_MAX]!r} is not an amount.")


def _negative(found: re.Match[str], text: str) -> bool:
    """Whether a minus or brackets say so; one of them at the most may."""
    signs = [found[name] for name in ("front", "sign", "late", "end") if found[name]]
    brackets = bool(found["open"]), bool(found["close"])
    if len(signs) + brackets[0] > 1 or brackets[0] != brackets[1]:
        raise _broken(text)
    return brackets[0] or signs == ["-"]


def _currency(text: str, found: re.Match[str], currency: str) -> str:
    """The currency written beside the number must be the one given."""
    names = [name.casefold() for name in (found["before"], found["after"]) if name]
    if not names or (names[0] in _SHARED and len(names) == 1):
        return currency
    code = currency_code(names[0])
    if len(names) > 1 or not code:
        raise _broken(text)
    if currency not in ("", code):
        raise ValueError(f"The amount {text[:TEXT_MAX]!r} is not in {currency}.")
    return code


def _parts(body: str, digits: int, text: str) -> tuple[str, str]:
    """(whole digits, decimal digits)."""
    marks = [sign for sign in body if not sign.isdigit()]
    if not marks:
        return body, ""
    last = marks[-1]
    whole, _, decimals = body.rpartition(last)
    if marks.count(last) > 1 or last in "' " or not _decimal(whole, decimals, marks, digits):
        whole, decimals = body, ""
    if not (whole.isdigit() or _GROUPS.fullmatch(whole) or _INDIAN.fullmatch(whole)):
        raise _broken(text)
    return "".join(sign for sign in whole if sign.isdigit()), decimals


def _decimal(whole: str, decimals: str, marks: list[str], digits: int) -> bool:
    """Whether the last separator, which stands once, is the decimal sign."""
    if len(marks) > 1 or len(decimals) != 3 or digits == 3:
        return True
    return len(whole) > 3 or whole.startswith("0")
