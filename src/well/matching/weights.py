"""The level tables: how many bits each level of each feature is worth. All tuning is here.

Invariant: a missing value is worth 0; within one feature a closer level never earns less than a
farther one. The figures are defaults set by hand (log2 of how much likelier the level is when
the two are the same), which counts of a
workspace's own decisions replace step by step.
"""

from collections.abc import Mapping

VERSION = "levels-4"

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
    "partly alike": -2.0,
    "common words only": -2.0,
    "other numbers": -3.0,
    "nothing shared": -6.0,
    "missing": 0.0,
}
NUMBER_AND_IBAN_EXTRA = 3.0
"""Tax number and IBAN agree for the same reason: the larger one counts, plus this at the most."""

ENTRY: Mapping[str, Table] = {
    "reference": {
        "equal": 10.0,
        "equal, 4 or 5 signs": 6.5,
        "equal, short": 2.0,
        "equal but for look-alikes": 6.5,
        "same digits": 5.0,
        "in the text": 6.0,
        "one slip": 3.0,
        "different": -5.0,
        "another of the same series": -12.0,
    },
    "amount": {
        "equal": 6.0,
        "equal, one of 2": 5.0,
        "equal, one of 3 to 5": 4.0,
        "equal, one of many": 3.0,
        "cents apart": 4.0,
        "cents apart, one of several": 2.0,
        "equal, unlike supplier": 3.0,
        "within 1 %": 0.0,
        "within 3 %": -2.0,
        "within 6 %": -4.0,
        "within 12 %": -6.0,
        "far": -9.0,
        "net of VAT": 1.0,
        "VAT on top": 1.0,
        "a half or a third": -2.0,
        "twice": -5.0,
        "other currency": -9.0,
        "opposite sign": -40.0,
        "the same at the rate told": 3.0,
    },
    "date": {
        "same day": 3.0,
        "1 day after": 2.0,
        "2 days after": 1.5,
        "3 days after": 1.5,
        "4-7 days after": 0.5,
        "8-13 days after": 0.0,
        "14-19 days after": 0.5,
        "20-27 days after": 0.0,
        "28-34 days after": 1.0,
        "35-43 days after": -1.0,
        "44-50 days after": -0.5,
        "51-58 days after": -2.0,
        "59-65 days after": -0.5,
        "66-88 days after": -4.0,
        "89-95 days after": -3.0,
        "over 95 days after": -7.0,
        "1-3 days before": 1.0,
        "4-10 days before": -1.0,
        "11-31 days before": -4.0,
        "over 31 days before": -8.0,
        "on the due date": 1.5,
    },
    "habit": {
        "as usual": 3.0,
        "near the usual day": 0.5,
        "unlike usual": -1.5,
        "as the time before": 3.0,
        "unlike the time before": -0.5,
    },
    "name": {
        "equal": 5.0,
        "equal, other legal form": 4.0,
        "nearly equal": 4.0,
        "part of it": 3.0,
        "similar": 1.0,
        "initials": 1.0,
        "partly alike": -1.0,
        "common words only": -2.0,
        "other numbers": -3.0,
        "nothing shared": -6.0,
        "in the text": 4.0,
        "partly in the text": 2.0,
        "not in the text": -1.0,
    },
    "memo": {
        "equal": 5.0,
        "cut short": 4.0,
        "nearly equal": 3.5,
        "alike": 2.0,
        "similar": 0.0,
        "different": -1.0,
    },
    "tax number": {"equal": 4.0, "same legal person": 3.0, "different": -6.0},
    "bank account": {"equal": 3.0, "different": -1.0},
    "domain": {"equal": 3.0, "different": -1.0},
    "address": {"equal": 2.0, "alike": 1.0, "different": -0.5},
    "phone": {"equal": 3.0, "different": -0.5},
    "country": {"equal": 0.25, "different": -2.0},
    "owner": {"taken": -4.0},
}
"""Levels of a document-entry pair (`levels.LEVELS`)."""
SUPPLIER_EXTRA = 1.0
"""All features of who the other party is earn what the best of them does, plus this at the most."""
HABIT_SHARE = 0.5
"""A habit is told by the same lag as the date, so it counts half."""
