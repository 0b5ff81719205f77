"""The weighted formula of an open finance product, restated from our own description of it.

How: (10 name + 30 amount + 15 date + 5 currency) / 60. Floors when the amount is exact: .92 (name
.5 and date .7), .85 (name .5), .78. Times .55 without any likeness of names, times .65 when the
date is far. The name is the token set ratio, .95 when the reference is found, .88 when the domain.
Amounts: exact 1, within 1 % .95, 5 % .8, 10 % .6, 20 % .3, and beyond that .88 at a VAT ratio of 5
to 25 % with 1.5 points of tolerance. Dates: best within three days of net 0, 7, 15, 30, 60, 90.
Why fair: it gets the pairs that Splink gets, more than its own retrieval offers. Its alias memory,
decline memory and the gate of three confirmations, which throttle its automatic level, are not
restated; steps that our description leaves open are our reading.

Invariant: nothing of its code was used.
"""

import sys

import numpy as np

from benchmarks.rivals.pairs import Floats, Pairs, main

TERMS = (0, 7, 15, 30, 60, 90)


def amount_score(document: Floats, entry: Floats) -> Floats:
    """1 for exact, falling with the difference relative to the larger."""
    larger, smaller = np.maximum(document, entry), np.minimum(document, entry)
    gap = (larger - smaller) / larger
    over = larger / np.maximum(smaller, 0.01) - 1
    vat = (over >= 0.05 - 0.015) & (over <= 0.25 + 0.015)
    steps = [gap == 0, gap <= 0.01, gap <= 0.05, gap <= 0.10, gap <= 0.20, vat]
    score: Floats = np.select(steps, [1.0, 0.95, 0.8, 0.6, 0.3, 0.88], default=0.0)
    return score


def date_score(days: Floats) -> Floats:
    """1 within three days of usual terms, else falling to .1 at 120 days."""
    off = np.min([np.abs(days - term) for term in TERMS], axis=0)
    decay = np.maximum(0.1, 1 - np.abs(days) / 120)
    score: Floats = np.where((off <= 3) & (days >= -3), np.maximum(0.7, decay), decay * 0.8)
    return score


def scores(pairs: Pairs) -> Floats:
    """The formula, one score for each pair."""
    likeness = np.where(pairs.name >= 0.4, pairs.name, 0.0)
    name = np.maximum(likeness, np.where(pairs.same_reference, 0.95, 0.0))
    name = np.maximum(name, np.where(pairs.same_domain, 0.88, 0.0))
    amount = amount_score(pairs.document_amount, pairs.entry_amount)
    date = date_score(pairs.days)
    total = (10 * name + 30 * amount + 15 * date + 5 * pairs.same_currency) / 60
    exact = (amount == 1) & pairs.same_currency
    floors = [(name >= 0.5) & (date >= 0.7), name >= 0.5]
    floor = np.select(floors, [0.92, 0.85], default=0.78)
    total = np.where(exact, np.maximum(total, floor), total)
    total = np.where(name == 0, total * 0.55, total)
    score: Floats = np.nan_to_num(np.where(date < 0.2, total * 0.65, total))
    return score


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], scores))
