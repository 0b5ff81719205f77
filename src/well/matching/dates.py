"""Days as people and banks write them.

Invariant: a text gives one day between 1900 and 2199 or a ValueError with a sentence that names
it. Where day and month could change places the text is refused, unless the caller knows which
one comes first. It knows no time of day and no time zone.
"""

import re
from datetime import date

from well.matching.text import fold

VERSION = "dates-1"

TEXT_MAX = 60
YEAR_MIN, YEAR_MAX = 1900, 2199

_TIME = r"(?:(?:[T ]| at |, ?)[0-9]{1,2}[:.h][0-9]{2}.*)?"
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})" + _TIME, re.S)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})" + _TIME, re.S)
_NUMBERS = re.compile(
    r"([0-9]{1,2})([-/.])[ ]?([0-9]{1,2})\2[ ]?([0-9]{4}|(?<!-)[0-9]{2})" + _TIME, re.S
)
_WORDS = re.compile(
    r"(?:[^\W\d_]+\.?,? )?([0-9]{1,2})(?:st|nd|rd|th|er)?\.?[ -](?:de |of )?"
    r"([^\W\d_]+)\.?,?[ -](?:de )?([0-9]{4})" + _TIME,
    re.S | re.I,
)
_ENGLISH = re.compile(
    r"(?:[^\W\d_]+,? )?([^\W\d_]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})" + _TIME,
    re.S | re.I,
)

_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv januar janner jaenner enero ene gennaio gen januari janeiro",
            "february feb februar fevrier fev fevr febrero febbraio februari fevereiro",
            "march mar mars marz maerz mrz marzo maart mrt marco",
            "april apr avril avr abril abr aprile",
            "may mai mayo maggio mag mei maio",
            "june jun juin juni junio giugno giu junho",
            "july jul juillet juil juli julio luglio lug julho",
            "august aug aout aou agosto ago augustus",
            "september sep sept septembre septiembre settembre set setembro",
            "october oct octobre oktober okt octubre ottobre ott outubro out",
            "november nov novembre noviembre novembro",
            "december dec decembre dezember dez diciembre dic dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}


def day(text: str, day_first: bool | None = None) -> date:
    """The day. ISO, compact, DD.MM.YYYY, DD/MM/YYYY, MM/DD/YYYY, "20 Nov 2026"; a time is cut.

    `day_first` tells the order of two numbers that could both be months; with None those are
    refused. ValueError with a sentence.
    """
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return _within(date.fromisoformat(text), text)
        except ValueError:
            pass
    shown = text.strip()
    if len(shown) > TEXT_MAX:
        raise _broken(text)
    year, month, number = _fields(shown, text, day_first)
    try:
        return _within(date(year, month, number), text)
    except ValueError:
        raise _broken(text) from None


def _broken(text: str) -> ValueError:
    return ValueError(f"{text[:TEXT_MAX]!r} is not a date.")


def _within(found: date, text: str) -> date:
    if not YEAR_MIN <= found.year <= YEAR_MAX:
        raise _broken(text)
    return found


def _fields(shown: str, text: str, day_first: bool | None) -> tuple[int, int, int]:
    """(year, month, day), unchecked."""
    if found := _ISO.fullmatch(shown):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _COMPACT.fullmatch(shown):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _NUMBERS.fullmatch(shown):
        return _numbers(found, text, day_first)
    if found := _WORDS.fullmatch(shown):
        return int(found[3]), _month(found[2], text), int(found[1])
    if found := _ENGLISH.fullmatch(shown):
        return int(found[3]), _month(found[1], text), int(found[2])
    raise _broken(text)


def _month(name: str, text: str) -> int:
    month = _MONTHS.get(fold(name))
    if month is None:
        raise _broken(text)
    return month


def _numbers(found: re.Match[str], text: str, day_first: bool | None) -> tuple[int, int, int]:
    """Two numbers and a year; with points the day always comes first."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if len(found[4]) == 2:
        year += 2000
    if found[2] == "." or first > 12 or first == second:
        return year, second, first
    if second > 12:
        return year, first, second
    if day_first is None:
        a, b = f"{year}-{second:02d}-{first:02d}", f"{year}-{first:02d}-{second:02d}"
        raise ValueError(f"The date {text[:TEXT_MAX]!r} may be {a} or {b}.")
    return (year, second, first) if day_first else (year, first, second)
