"""The forms of many invoice numbers at once: what `references.reference` gives for each.

Invariant: for every text it takes, the forms are those of `reference`; texts it does not take are
given back. It works on one long text of a line each, since a step over it costs what it costs for
one number. It numbers nothing.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from well.matching.references import (
    CORE_MIN,
    FOLDING,
    PLACES,
    PLAIN_MAX,
    SIGNS,
    UPPER,
)

TEXT_MAX = 2 * PLAIN_MAX
"""Signs of the longest text that is taken: bounds what a pattern may look at."""

_BREAK = b"\n"
_KEPT_OUT = SIGNS.replace(_BREAK, b"")
_NO_DIGITS = bytes(n for n in range(256) if chr(n) not in "0123456789\n")
_YEAR = rb"(?:19|20)[0-9]{2}"
_ONE_YEAR = re.compile(
    rb"^(?:[^0-9\n]*" + _YEAR + rb"(?=[^0-9\n]+[0-9])|(.*[0-9][^0-9\n]+)" + _YEAR + rb"[^0-9\n]*$)",
    re.M,
)
"""A year as the first of several groups of digits or, failing that, as the last."""
_ZEROS = re.compile(rb"^0+", re.M)
_SHORT = re.compile(rb"^[0-9]{1,%d}$" % (CORE_MIN - 1), re.M)


class Forms(NamedTuple):
    """The forms of `Reference` as a list each; "" for `plain` where a text has no number."""

    plain: list[str]
    folded: list[str]
    digits: list[str]
    core: list[str]
    shape: list[str]


def takes(text: str) -> bool:
    """Whether `forms` may be asked for a text."""
    return len(text) <= TEXT_MAX and text.isascii() and "\n" not in text


def forms(texts: Sequence[str]) -> Forms:
    """The forms of texts that it takes."""
    raw = "\n".join(texts).encode()
    figures = _lines(raw.translate(None, _NO_DIGITS))
    plain = [
        word if digits and len(word) <= PLAIN_MAX else ""
        for word, digits in zip(_lines(raw.translate(UPPER, _KEPT_OUT)), figures, strict=True)
    ]
    kept = "\n".join(plain).encode()
    return Forms(
        plain,
        _lines(kept.translate(FOLDING)),
        _cores(raw),
        _cores(_ONE_YEAR.sub(rb"\1", raw)),
        _lines(kept.translate(PLACES)),
    )


def _lines(text: bytes) -> list[str]:
    return text.decode().split("\n")


def _cores(raw: bytes) -> list[str]:
    """The digits of each line without leading zeros; "" when too short."""
    digits = _ZEROS.sub(b"", raw.translate(None, _NO_DIGITS))
    return _lines(_SHORT.sub(b"", digits))
