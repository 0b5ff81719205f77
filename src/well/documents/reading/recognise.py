"""Recognisers of typed values in a line of text: amounts, dates, IBANs, VAT ids, currencies.

Invariant: any text is accepted and never raises; a match is canonical or absent. They know
nothing of labels or places.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from well.documents.reading.check_digits import (
    IBAN_LENGTHS,
    iban_is_valid,
    vat_id_has_shape,
    vat_id_is_valid,
)
from well.documents.reading.months import MONTHS
from well.documents.reading.words import fold


@dataclass(frozen=True, slots=True)
class Match:
    """A value at text[start:end]. `sure` is False where another reading is as likely."""

    value: str
    start: int
    end: int
    sure: bool = True


_SPACE = "[ \u00a0\u202f\u2009]"
_CODES = (
    "EUR|USD|GBP|CHF|CAD|AUD|SEK|NOK|DKK|PLN|CZK|HUF|RON|JPY|INR|MYR|SGD|NZD|ZAR|BRL|MXN|CNY|HKD"
    "|TRY|AED|THB|KRW|ILS|MAD|TND"
)
_AMOUNT = re.compile(
    rf"""(?<![\w.,/:-])(?P<sign>[-−–+(]?\s?)(?P<pre>(?:[A-Z]{{2,3}})?[€$£¥]|{_CODES})?\s?
    (?P<sign2>[-−]?)
    (?P<whole>\d{{1,3}}(?:(?P<group>[.,'’]|{_SPACE})\d{{3}})(?:(?P=group)\d{{3}})*|\d{{1,12}})
    (?:(?P<mark>[.,])(?P<cents>\d{{1,4}}))?
    (?P<after>\s?-(?=\s|$)|\))?
    (?P<post>\s?(?:[€$£¥]|(?:{_CODES})\b))?(?![\w%/]|\s?%|[.,:]\d)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Amount(Match):
    """`cents` digits behind the mark; `marked` when a currency stands beside it."""

    cents: int = 0
    marked: bool = False

    @property
    def amount(self) -> Decimal:
        """The number."""
        return Decimal(self.value)


def amounts(text: str) -> Iterator[Amount]:
    """Amounts of money, whatever marks thousands and decimals."""
    for found in _AMOUNT.finditer(text):
        whole, group, mark, cents = found["whole"], found["group"], found["mark"], found["cents"]
        if group and mark == group:
            continue
        if not group and mark and len(cents or "") == 3 and whole != "0" and len(whole) <= 3:
            # 1.234 is a thousand and something far more often than a price with three decimals.
            whole, cents = whole + cents, ""
        digits = re.sub(r"\D", "", whole)
        negative = any(sign in "-−–(" for sign in (found["sign"].strip(), found["sign2"]) if sign)
        negative = negative or bool(found["after"] and "-" in found["after"])
        value = f"{'-' if negative else ''}{digits}" + (f".{cents}" if cents else "")
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        marked = bool(found["pre"] or found["post"])
        yield Amount(value, start, found.end(), True, len(cents or ""), marked)


def amounts_in(text: str) -> list[Decimal]:
    """Every amount in a text."""
    return [found.amount for line in text.splitlines() for found in amounts(line)]


_NUMERIC = re.compile(
    r"(?<![\d.,/-])(?:(?P<y>(?:19|20)\d\d)(?P<s1>[-/.])(?P<m>\d{1,2})(?P=s1)(?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<s2>\s?[-/.]\s?)(?P<b>\d{1,2})(?P=s2)(?P<y2>(?:19|20)?\d\d)"
    r"|(?P<c>20[0-4]\d)(?P<cm>[01]\d)(?P<cd>[0-3]\d))(?![\d/-]|\.\d)",
    re.ASCII,
)
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_WORDED = re.compile(
    rf"(?<!\d)(?P<d>[0-3]?\d)(?:st|nd|rd|th|er|º|ª)?\.?\s?(?:de\s|of\s)?[-/ ]?(?P<m>{_NAMES})\.?"
    rf",?[-/ ]?(?:\s?del?\s)?\s?(?P<y>(?:19|20)\d\d|\d\d(?!\d|:))"
    rf"|\b(?P<m2>{_NAMES})\.?\s?(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?,?\s(?P<y2>(?:19|20)\d\d)",
)


def dates(text: str, month_first: bool = False) -> list[Match]:
    """Calendar dates as ISO text; `sure` is False where day and month may be swapped."""
    found = [_numeric(match, month_first) for match in _NUMERIC.finditer(text)]
    found += [_worded(match) for match in _WORDED.finditer(fold(text))]
    return sorted((match for match in found if match), key=lambda match: match.start)


def _numeric(found: re.Match[str], month_first: bool) -> Match | None:
    sure = True
    if found["y"]:
        day = _date(found["y"], found["m"], found["d"])
    elif found["c"]:
        day = _date(found["c"], found["cm"], found["cd"])
    else:
        first, second = found["a"], found["b"]
        sure = found["s2"].strip() == "." or int(first) > 12 or int(second) > 12 or first == second
        swap = int(second) > 12 or (month_first and found["s2"].strip() != "." and int(first) <= 12)
        month, number = (first, second) if swap else (second, first)
        day = _date(found["y2"], month, number)
    return Match(day, found.start(), found.end(), sure) if day else None


def _worded(found: re.Match[str]) -> Match | None:
    month = MONTHS[found["m"] or found["m2"]]
    day = _date(found["y"] or found["y2"], str(month), found["d"] or found["d2"])
    return Match(day, found.start(), found.end()) if day else None


def _date(year: str, month: str, day: str) -> str | None:
    full = int(year) + (2000 if len(year) == 2 else 0)
    try:
        found = date(full, int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if 1990 <= full <= 2079 else None


_IBAN_START = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\s?\d\d", re.ASCII)
_IBAN_REST = re.compile(r"[A-Z0-9]+(?:[ .-]?[A-Z0-9]+)*", re.ASCII)


def ibans(text: str) -> Iterator[Match]:
    """IBANs; `sure` when length and check digits are right."""
    end = 0
    found = [match for start in _IBAN_START.finditer(text) if (match := _iban(text, start.start()))]
    # A VAT id may look like the start of an account number: a sure one wins over what it crosses.
    sure = [(match.start, match.end) for match in found if match.sure]
    for match in found:
        crossed = any(start < match.end and match.start < stop for start, stop in sure)
        if match.start >= end and (match.sure or not crossed):
            end = match.end
            yield match


def _iban(text: str, start: int) -> Match | None:
    rest = _IBAN_REST.match(text, start)
    length = IBAN_LENGTHS.get(text[start : start + 2])
    if rest is None or length is None:
        return None
    kept = [(char, start + at) for at, char in enumerate(rest[0][:64]) if char.isalnum()]
    if len(kept) < 15:
        return None
    # Words may follow the number without a mark: the country tells where it ends.
    kept = kept[:length]
    value = "".join(char for char, _ in kept)
    return Match(value, start, kept[-1][1] + 1, iban_is_valid(value))


def ibans_in(text: str) -> list[str]:
    """Valid IBANs of a text, each once, in order."""
    found = (match.value for line in text.splitlines() for match in ibans(line) if match.sure)
    return list(dict.fromkeys(found))


_VAT = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"(?P<FR>FR[ .]?[0-9A-HJ-NP-Z]{2}(?:[ .]?\d){9})|(?P<ATU>ATU(?:\s?\d){8})|"
    r"(?P<NL>NL[ .]?(?:\d[. ]?){9}B[ .]?\d\d)|(?P<ES>ES[ -]?[A-Z0-9]-?\d{7}-?[A-Z0-9])|"
    r"(?P<CHE>CHE[ -]?\d{3}\.?\d{3}\.?\d{3})|(?P<BE>BE[ .]?[01](?:[ .]?\d){9})|"
    r"(?P<GB>GB[ ]?(?:\d[ ]?){8}\d(?:[ ]?\d{3})?)|(?P<IE>IE[ ]?\d[A-Z0-9]\d{5}[A-Z]{1,2})|"
    r"(?P<other>(?:DE|IT|PL|PT|SE|DK|FI|LU|CZ|SK|HU|RO|BG|HR|SI|EE|LV|LT|EL|MT|CY|NO|XI)"
    r"[ .-]?(?:\d[ .]?){7,11}\d(?:MVA)?)"
    r")(?![A-Za-z0-9])",
    re.ASCII,
)


_IN_FOURS = re.compile(r"[A-Z]{2}\d\d(?:[ .]\d{4}){2}(?!\d)", re.ASCII)


def vat_ids(text: str) -> Iterator[Match]:
    """VAT ids; `sure` when their check digits are right. The start of an IBAN is none."""
    found = [_vat(match) for match in _VAT.finditer(text)]
    accounts = list(ibans(text)) if found else []
    return (one for one in found if not any(_starts(one, account, text) for account in accounts))


def _vat(found: re.Match[str]) -> Match:
    """The number without groups behind it that belong to something else."""
    gaps = [at for at, char in enumerate(found[0]) if not char.isalnum()]
    cuts = [found[0], *(found[0][:at] for at in reversed(gaps))]
    values = ["".join(char for char in cut if char.isalnum()) for cut in cuts]
    at = max(range(len(cuts)), key=lambda at: (_soundness(values[at]), -at))
    sure = vat_id_is_valid(values[at]) is True
    return Match(values[at], found.start(), found.start() + len(cuts[at]), sure)


def _soundness(vat_id: str) -> int:
    """2 with right check digits, 1 with its country's shape, else 0."""
    return 2 if vat_id_is_valid(vat_id) else int(vat_id_has_shape(vat_id))


def _starts(vat: Match, account: Match, text: str) -> bool:
    """Whether `vat` is but the first groups of an account number.

    A right account number says so by itself (one in 97 is right by chance, while one VAT id in ten
    is); one with a wrong digit by its length and its groups of four.
    """
    if not (account.start <= vat.start and vat.end <= account.end):
        return False
    whole = len(account.value) == IBAN_LENGTHS[account.value[:2]]
    return account.sure or (whole and not vat.sure and bool(_IN_FOURS.match(text, vat.start)))


_LOCAL = re.compile(
    r"(?<![A-Za-z0-9])(?:(?P<ES>[A-HJ-NP-SUVW][ -]?\d{7}[ -]?[0-9A-J])|(?P<IT>\d{11})"
    r"|(?P<NL>\d{9}\.?B\.?\d\d))(?![A-Za-z0-9])",
    re.ASCII,
)


def local_vat_ids(text: str) -> Iterator[Match]:
    """VAT ids printed without their country (es, it, nl), with it; only with right check digits."""
    for found in _LOCAL.finditer(text):
        body = "".join(char for char in found[0] if char.isalnum())
        value = f"{found.lastgroup}{body}"
        if vat_id_is_valid(value):
            yield Match(value, found.start(), found.end())


_CURRENCY = re.compile(rf"(?<![A-Za-z])({_CODES}|EUROS?|Euros?)(?![A-Za-z])|(CA\$|A\$|US\$|[€£$¥])")
_SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "US$": "USD",
    "¥": "JPY",
    "CA$": "CAD",
    "A$": "AUD",
    "EURO": "EUR",
    "EUROS": "EUR",
}


def currencies(text: str) -> Iterator[Match]:
    """Currencies by code or sign, as ISO 4217 codes; a bare dollar is not sure."""
    for found in _CURRENCY.finditer(text):
        sign = found[0].upper()
        yield Match(_SYMBOLS.get(sign, sign), found.start(), found.end(), sign not in ("$", "¥"))


def is_value_like(word: str) -> bool:
    """Whether a word could be an amount, a number of an account or the like."""
    return sum(char.isdigit() for char in word) >= 2 or len(word) >= 12
