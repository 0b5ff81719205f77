"""How many hold a value: an account, a telephone or a word that many share tells little.

Invariant: counts distinct groups and never rows, so one counterparty that comes often counts once.
"""

import numpy as np

from well.matching.vocabulary import ABSENT, Ints


def distinct(values: Ints) -> Ints:
    """Each value once, sorted. Sorting beats hashing where most values are distinct."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def holders(value: Ints, group: Ints) -> Ints:
    """Distinct groups beside each value; ABSENT on either side does not count."""
    known = (value != ABSENT) & (group != ABSENT)
    held = distinct(value[known] << 32 | group[known]) >> 32
    return np.bincount(held, minlength=int(value.max(initial=ABSENT)) + 1)


def fewest_holders(value: Ints, group: Ints, witness: Ints) -> Ints:
    """Distinct groups, or distinct witnesses where some are known and those are fewer.

    One site under many spellings has many names and one address.
    """
    groups, witnesses = holders(value, group), holders(value, witness)
    return np.where(witnesses > 0, np.minimum(groups, witnesses), groups)
