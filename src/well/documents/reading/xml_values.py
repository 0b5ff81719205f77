"""Texts of XML elements to canonical values.

Invariant: a text outside the strict grammar gives None and never a nearby guess (no exponent,
no comma, no NaN, no 31 February). Sources: xs:decimal and UNTDID 2379 formats 102, 203, 610.
"""

import re
from datetime import date
from decimal import Decimal

_DECIMAL = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:Z|[+-]\d\d:\d\d|T.{0,40})?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{4}|\d{6})?", re.ASCII)
_SIGNS = re.compile(r"[\W_]+")


def decimal_of(text: str | None) -> Decimal | None:
    """An exact amount or quantity; at most 12 digits before and after the point."""
    if text is None or not _DECIMAL.fullmatch(text.strip()):
        return None
    return Decimal(text.strip())


def date_of(text: str | None) -> date | None:
    """A calendar date, from 2026-04-22 or 20260422 with or without a time behind."""
    found = text and (_ISO.fullmatch(text.strip()) or _COMPACT.fullmatch(text.strip()))
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def plain(amount: Decimal) -> str:
    """Plain decimal text without exponent or plus sign."""
    return format(amount, "f")


def compact(text: str) -> str:
    """Letters and digits only, in capitals: how identifiers are compared."""
    return _SIGNS.sub("", text.upper())


def one_line(text: str) -> str:
    """Blanks and line ends folded into single blanks."""
    return " ".join(text.split())
