"""Invented firms: legal names with Zipf words, tax ids, accounts, domains, and their habits.

Invariant: everything comes from the generator given; about 10 % of 50,000 firms have the legal
name of another, as real ones do. It knows no ledger and no document.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from benchmarks.ledger_identifiers import ibans, tax_ids
from benchmarks.ledger_words import COUNTRIES, ENDINGS, FREE_MAIL, MIDDLES, OPENINGS, Country

Ints = npt.NDArray[np.int64]
BRANDS = 15_000
"""Invented brand words; with Zipf's law the commonest names a few hundred firms of 50,000."""
PATTERNS = (0.16, 0.36, 0.14, 0.07, 0.09, 0.18)
"""Brand; brand trade; surname trade; trade place; two surnames; brand trade place."""
TERMS = ((0, 0.30), (15, 0.15), (30, 0.35), (45, 0.10), (60, 0.10))
"""Days from the invoice's date to the entry's that a firm's customers usually take, and share."""


@dataclass(frozen=True)
class Firms:
    """One row for each firm."""

    name: list[str]
    country: Ints
    tax_id: list[str]
    iban: list[str]
    domain: list[str]
    terms: Ints
    format: Ints
    activity: npt.NDArray[np.float64]
    """Share of all events that are this firm's."""

    def codes(self) -> list[str]:
        """Each firm's country code."""
        return [COUNTRIES[i].code for i in self.country.tolist()]


def folded(text: str) -> str:
    """Without accents."""
    apart = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(c for c in apart if not unicodedata.combining(c))


def zipf(chance: np.random.Generator, kinds: int, count: int) -> list[int]:
    """`count` ranks below `kinds`, rank r with weight 1 / (r + 3)."""
    weights = 1 / (np.arange(kinds) + 3)
    ranks: list[int] = chance.choice(kinds, size=count, p=weights / weights.sum()).tolist()
    return ranks


def brand_words(chance: np.random.Generator) -> list[str]:
    """Invented words of two to four syllables, commonest first."""
    short = {a + c for a, c in product(OPENINGS, ENDINGS)}
    long = {a + b + c for a, b, c in product(OPENINGS, MIDDLES, ENDINGS)}
    words = np.array(sorted(short | long))
    return [str(word) for word in chance.permutation(words)[:BRANDS]]


def _legal_names(
    chance: np.random.Generator, country: Country, count: int, brands: list[str]
) -> list[str]:
    brand = [brands[i] for i in zipf(chance, len(brands), count)]
    trade = [country.trades[i] for i in zipf(chance, len(country.trades), count)]
    first = [country.surnames[i] for i in zipf(chance, len(country.surnames), count)]
    second = [country.surnames[i] for i in zipf(chance, len(country.surnames), count)]
    place = [country.places[i] for i in zipf(chance, len(country.places), count)]
    form = [country.forms[i] for i in zipf(chance, len(country.forms), count)]
    pattern = chance.choice(len(PATTERNS), size=count, p=PATTERNS).tolist()
    number = chance.integers(0, 40, count).tolist()
    names = []
    for i in range(count):
        partners = f"{first[i]} {country.joined} {second[i]}"
        body = (
            brand[i],
            f"{brand[i]} {trade[i]}",
            f"{first[i]} {trade[i]}",
            f"{trade[i]} {place[i]}",
            f"{partners} {trade[i]}" if number[i] % 2 else partners,
            f"{brand[i]} {trade[i]} {place[i]}",
        )[pattern[i]]
        if pattern[i] == 3 and number[i] < 24:
            body = f"{body} {number[i] + 1}" if number[i] % 3 else f"{body} {first[i]}"
        names.append(f"{body} {form[i]}")
    return names


def _domain(name: str, country: str, own: float, free: int) -> str:
    """A firm's own domain (50 %), a free-mail one (10 %), or none."""
    if own < 0.5:
        words = re.findall(r"[a-z0-9]+", folded(name).lower())
        end = {"GB": "co.uk"}.get(country, country.lower()) if own < 0.35 else "com"
        return f"{'-'.join(words[:2])}.{end}"
    return FREE_MAIL[free % len(FREE_MAIL)] if own < 0.6 else ""


def make_firms(chance: np.random.Generator, count: int) -> Firms:
    """`count` firms."""
    shares = np.array([c.share for c in COUNTRIES])
    country = np.sort(chance.choice(len(COUNTRIES), size=count, p=shares / shares.sum()))
    brands = brand_words(chance)
    name: list[str] = []
    for index, members in enumerate(np.bincount(country, minlength=len(COUNTRIES)).tolist()):
        name += _legal_names(chance, COUNTRIES[index], members, brands)
    codes = [COUNTRIES[i].code for i in country.tolist()]
    own, free = chance.random(count).tolist(), chance.integers(0, 97, count).tolist()
    weight = chance.lognormal(0.0, 1.0, count)
    days, chances = zip(*TERMS, strict=True)
    return Firms(
        name=name,
        country=country,
        tax_id=tax_ids(chance, codes),
        iban=ibans(chance, codes),
        domain=[_domain(*row) for row in zip(name, codes, own, free, strict=True)],
        terms=chance.choice(days, size=count, p=chances),
        format=chance.integers(0, 5, count),
        activity=weight / weight.sum(),
    )
