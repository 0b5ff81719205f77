"""The level tables: how many bits each level of each feature is worth. All tuning is here.

Invariant: a missing value is worth 0; within one feature a closer level never earns less than a
farther one. The figures are defaults set by hand (log2 of how much likelier the level is when
the two are the same), to be replaced by counted ones.
"""

from collections.abc import Mapping

VERSION = "levels-1"

Table = Mapping[str, float]

NEW_BITS = 3.0
"""Weight of "a counterparty not known yet" against one known that shares a key."""
NONE_BITS = 12.0
"""Weight of "no entry exists yet" against one entry that shares a key."""

PARTY_SOURCE: Table = {"same record": 20.0, "missing": 0.0}
PARTY_NUMBER: Table = {
    "equal": 12.0,
    "same legal person": 10.0,
    "different": -7.0,
    "missing": 0.0,
}
PARTY_IBAN: Table = {"equal": 11.0, "shared": 2.0, "unknown account": -1.5, "missing": 0.0}
PARTY_DOMAIN: Table = {"equal": 5.0, "different": -1.0, "missing": 0.0}
PARTY_COUNTRY: Table = {"equal": 0.5, "different": -2.0, "missing": 0.0}
PARTY_NAME: Table = {
    "equal": 7.0,
    "equal, other legal form": 3.0,
    "nearly equal": 3.0,
    "part of it": 2.0,
    "similar": 1.0,
    "initials": 1.0,
    "common words only": -2.0,
    "other numbers": -3.0,
    "nothing shared": -6.0,
    "missing": 0.0,
}
NUMBER_AND_IBAN_EXTRA = 3.0
"""Tax number and IBAN agree for the same reason: the larger one counts, plus this at the most."""

ENTRY_REFERENCE: Table = {
    "equal": 10.0,
    "equal but for look-alikes": 7.0,
    "same digits": 5.0,
    "in the file name": 5.0,
    "one slip": 3.0,
    "missing": 0.0,
    "different": -5.0,
    "another of the same series": -12.0,
}
SHORT_REFERENCE: Table = {"1": 1.0, "2": 1.5, "3": 2.0, "4": 4.0, "5": 6.0, "6": 8.0}
"""A number this long earns at most so much: three digits agree by chance."""
ENTRY_AMOUNT: Table = {
    "equal": 6.0,
    "cents apart": 4.0,
    "within 1 %": 0.0,
    "missing": 0.0,
    "within 5 %": -4.0,
    "without VAT": -4.0,
    "far": -9.0,
    "other currency": -9.0,
    "opposite sign": -40.0,
}
ROUND_AMOUNT_BITS = -1.0
"""A round amount agrees by chance more often."""
ENTRY_DATE: Table = {
    "same day": 3.0,
    "1-3 days": 1.0,
    "4-10 days": 0.0,
    "missing": 0.0,
    "11-20 days": -2.0,
    "21-45 days": -4.0,
    "46-100 days": -6.0,
    "over 100 days": -8.0,
}
ENTRY_NAME: Table = {
    "equal": 5.0,
    "equal, other legal form": 4.0,
    "nearly equal": 4.0,
    "part of it": 3.0,
    "similar": 1.0,
    "initials": 1.0,
    "missing": 0.0,
    "common words only": -2.0,
    "other numbers": -3.0,
    "nothing shared": -6.0,
}
ENTRY_IDENTITY: Table = {
    "equal": 4.0,
    "same legal person": 3.0,
    "missing": 0.0,
    "different": -6.0,
}
ENTRY_IBAN: Table = {"equal": 3.0, "missing": 0.0, "different": -1.0}
IDENTITY_AND_IBAN_EXTRA = 1.0
ENTRY_OWNER: Table = {"taken": -4.0}
