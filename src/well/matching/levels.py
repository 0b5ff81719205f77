"""The features of a pair and the levels each can reach: the words of every explanation.

Invariant: "missing" is level 0 of every feature; in ORDERED features the levels stand best first,
and a better one never earns less. What a level is worth stands in the weight tables.
"""

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt

from well.matching.names import NAME_ORDER

MISSING = "missing"

REFERENCE = (
    "equal",
    "equal, 4 or 5 signs",
    "equal, short",
    "equal but for look-alikes",
    "same digits",
    "in the text",
    "one slip",
    "different",
    "another of the same series",
)
AMOUNT = (
    "equal",
    "equal, one of 2",
    "equal, one of 3 to 5",
    "equal, one of many",
    "cents apart",
    "cents apart, one of several",
    "equal, unlike supplier",
    "within 1 %",
    "within 3 %",
    "within 6 %",
    "within 12 %",
    "far",
    "net of VAT",
    "VAT on top",
    "a half or a third",
    "twice",
    "other currency",
    "opposite sign",
    "the same at the rate told",
)
DATE = (
    "same day",
    "1 day after",
    "2 days after",
    "3 days after",
    "4-7 days after",
    "8-13 days after",
    "14-19 days after",
    "20-27 days after",
    "28-34 days after",
    "35-43 days after",
    "44-50 days after",
    "51-58 days after",
    "59-65 days after",
    "66-88 days after",
    "89-95 days after",
    "over 95 days after",
    "1-3 days before",
    "4-10 days before",
    "11-31 days before",
    "over 31 days before",
    "on the due date",
)
HABIT = (
    "as usual",
    "near the usual day",
    "unlike usual",
    "as the time before",
    "unlike the time before",
)
NAME = (*NAME_ORDER, "in the text", "partly in the text", "not in the text")
MEMO = ("equal", "cut short", "nearly equal", "alike", "similar", "different")
TAX = ("equal", "same legal person", "different")
SAME = ("equal", "different")
ADDRESS = ("equal", "alike", "different")
OWNER = ("taken",)

LEVELS: Mapping[str, tuple[str, ...]] = {
    "reference": (MISSING, *REFERENCE),
    "amount": (MISSING, *AMOUNT),
    "date": (MISSING, *DATE),
    "habit": (MISSING, *HABIT),
    "name": (MISSING, *NAME),
    "memo": (MISSING, *MEMO),
    "tax number": (MISSING, *TAX),
    "bank account": (MISSING, *SAME),
    "domain": (MISSING, *SAME),
    "address": (MISSING, *ADDRESS),
    "phone": (MISSING, *SAME),
    "country": (MISSING, *SAME),
    "owner": (MISSING, *OWNER),
}
"""Every feature of a document-entry pair with its levels."""

FEATURES = tuple(LEVELS)

ORDERED: Mapping[str, tuple[str, ...]] = {
    "reference": ("equal", "equal but for look-alikes", "same digits", "one slip", "different"),
    "amount": (
        "equal",
        "equal, one of 2",
        "equal, one of 3 to 5",
        "equal, one of many",
        "cents apart, one of several",
        "within 1 %",
        "within 3 %",
        "within 6 %",
        "within 12 %",
        "far",
    ),
    "name": ("equal", "nearly equal", "similar", "nothing shared"),
    "memo": MEMO,
    "tax number": TAX,
    "bank account": SAME,
    "domain": SAME,
    "address": ADDRESS,
    "phone": SAME,
    "country": SAME,
}
"""Levels along which a learned table may never rise."""
BOUNDED = (
    ("amount", "equal", "cents apart"),
    ("amount", "equal", "the same at the rate told"),
)
"""Of a feature, the second level may never earn more than the first, wherever it stands."""
NEVER_FOR: Mapping[str, tuple[str, ...]] = {"amount": ("opposite sign", "other currency")}
"""Levels that never earn anything, whatever was learned: without a rate of exchange that the
source told two currencies are not compared, however equal the figures look."""


def level(feature: str, word: str) -> int:
    """The number of a level. ValueError for a word that is none."""
    try:
        return _NUMBERS[feature][word]
    except KeyError:
        raise ValueError(f"{word!r} is no level of {feature!r}") from None


_NUMBERS = {
    feature: {word: number for number, word in enumerate(words)}
    for feature, words in LEVELS.items()
}


def among(feature: str, words: Collection[str]) -> npt.NDArray[np.bool_]:
    """For each level of a feature by its number whether its word is one of `words`."""
    return np.array([word in words for word in LEVELS[feature]])
