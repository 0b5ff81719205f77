"""Invoice numbers in the forms they are compared in.

Invariant: every form is computed from the number alone; two numbers with the same `plain` form
differ in signs and case only. It does not say whether two records are the same document.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from well.matching.text import TEXT_MAX, squeeze

_OCR = str.maketrans("OILSZBG", "0115286")
_DIGITS = re.compile(r"[0-9]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DIGIT = re.compile(r"[0-9]")
PLAIN_MAX = 40
CORE_MIN = 4
"""Digits a core must keep to say anything by itself."""


@dataclass(frozen=True, slots=True)
class Reference:
    """`plain` letters and digits; `folded` with look-alikes merged; `digits` all of them and
    `core` those without a leading year, both without leading zeros ("" when too short);
    `shape` the letters and the places of digits."""

    plain: str
    folded: str
    digits: str
    core: str
    shape: str


@lru_cache(maxsize=65_536)
def reference(text: str | None) -> Reference | None:
    """The forms of a number; None when nothing of it can be compared (no digit at all)."""
    raw = unicodedata.normalize("NFKD", (text or "")[:TEXT_MAX])
    plain = squeeze(raw)
    if not plain.isascii() or not any(c.isdigit() for c in plain):
        return None
    groups = _DIGITS.findall(raw)
    after_year = groups[1:] if len(groups) > 1 and _YEAR.fullmatch(groups[0]) else groups
    return Reference(
        plain, plain.translate(_OCR), _joined(groups), _joined(after_year), _shape(plain)
    )


def _joined(groups: list[str]) -> str:
    """Digit groups as one number; "" when too short to say anything by itself."""
    core = "".join(groups).lstrip("0")
    return core if len(core) >= CORE_MIN else ""


def _shape(plain: str) -> str:
    """`FA2026031` becomes `FA#######`: what a supplier keeps from one number to the next."""
    return _DIGIT.sub("#", plain)


def strong(ref: Reference) -> bool:
    """Whether the number is long enough to point at one document without its supplier."""
    return len(ref.plain) >= 6 and sum(c.isdigit() for c in ref.plain) >= 4


def in_text(ref: Reference, text: str) -> bool:
    """Whether a strong number stands in a file name or memo, bounded by no further digit."""
    if not strong(ref):
        return False
    raw = unicodedata.normalize("NFKD", text[:TEXT_MAX]).upper()
    return _spelled(ref.plain).search(raw) is not None


@lru_cache(maxsize=4096)
def _spelled(plain: str) -> re.Pattern[str]:
    """The number with any signs between its characters."""
    return re.compile(r"(?<![0-9])" + r"[\W_]?".join(plain[:PLAIN_MAX]) + r"(?![0-9])")


def one_slip(a: str, b: str) -> bool:
    """Whether one typed or lost character, at six characters or more, tells them apart.

    A replaced character is no slip: the next invoice of a series differs by exactly that.
    """
    short, long = sorted((a, b), key=len)
    if len(short) < 6 or len(long) - len(short) != 1:
        return False
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
