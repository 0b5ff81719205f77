"""Rates of value added tax, and whether one amount is another without it.

Invariant: only rates in force in the country count, to two cents of the exact product; without a
country the European standard rates do. It knows no goods, so it cannot say which rate is right.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from well.matching.columns import Book
from well.matching.vocabulary import Ints, distinct

RATES: Mapping[str, tuple[int, ...]] = {
    "AT": (200, 130, 100),
    "AU": (100,),
    "BE": (210, 120, 60),
    "CA": (50, 130, 150),
    "CH": (81, 38, 26),
    "CZ": (210, 120),
    "DE": (190, 70),
    "DK": (250,),
    "ES": (210, 100, 40),
    "FI": (255, 140, 100),
    "FR": (200, 100, 55, 21),
    "GB": (200, 50),
    "GR": (240, 130, 60),
    "HU": (270, 180, 50),
    "IE": (230, 135, 90),
    "IN": (180, 120, 50),
    "IT": (220, 100, 50, 40),
    "LU": (170, 140, 80, 30),
    "NL": (210, 90),
    "NO": (250, 150, 120),
    "NZ": (150,),
    "PL": (230, 80, 50),
    "PT": (230, 130, 60),
    "RO": (210, 110),
    "SE": (250, 120, 60),
    "SG": (90,),
    "SK": (230, 190, 50),
}
"""Standard rate first, in per mille (European Commission, taxes in Europe, and national tables)."""
ANYWHERE = (200, 190, 210, 220, 170, 250, 230, 100, 70, 55, 50)
"""Rates tried where no country is known."""


def net_of(book: Book, net: Ints, gross: Ints, country: Ints) -> npt.NDArray[np.bool_]:
    """Whether `net` plus VAT is `gross`, both positive minor units; `country` numbers in `book`."""
    found = np.zeros(len(net), dtype=np.bool_)
    above = np.flatnonzero((gross > net) & (net * 1300 >= gross * 1000))
    if not len(above):
        return found
    codes, place = distinct(country[above])
    for at, code in enumerate(codes.tolist()):
        here = above[place == at]
        rates = np.array([RATES.get(book.country(code), ANYWHERE)]).T
        found[here] = np.any(
            np.abs(gross[here] * 1000 - net[here] * (1000 + rates)) <= 2000, axis=0
        )
    return found
