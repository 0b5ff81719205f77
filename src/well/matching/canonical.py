"""Sellers and counterparties in comparable form.

Invariant: what is not valid is left out, so it can neither speak for nor against; raw values stay
where they came from. It compares nothing.
"""

from dataclasses import dataclass
from functools import lru_cache

from well.domain.counterparty import Counterparty
from well.domain.invoice import Seller
from well.matching import amounts, contacts, dates, domains, identifiers, references
from well.matching.contacts import country_code
from well.matching.domains import domain
from well.matching.identifiers import french_company, iban, tax_id, vat_id
from well.matching.names import Name, parse

VERSION = " ".join(
    module.VERSION for module in (amounts, contacts, dates, domains, identifiers, references)
)
"""Stored beside canonical values: which rules made them."""

NAMES_MAX = 40
"""Spellings of one counterparty looked at."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Canonical values of one legal person as one side knows it; sets empty when unknown."""

    names: tuple[Name, ...]
    vat_ids: frozenset[str]
    sirens: frozenset[str]
    ibans: frozenset[str]
    domains: frozenset[str]
    country: str | None


@lru_cache(maxsize=8192)
def of_seller(seller: Seller) -> Identity:
    """The seller of a record or page."""
    numbers = tuple(n for n in (seller.vat_id, seller.legal_id) if n)
    sites = tuple(s for s in (seller.email, seller.website) if s)
    return _identity(
        (seller.name,) if seller.name else (),
        numbers,
        (seller.iban,) if seller.iban else (),
        sites,
        seller.country,
    )


@lru_cache(maxsize=8192)
def of_party(party: Counterparty) -> Identity:
    """A counterparty with every spelling it is known by."""
    numbers = party.vat_ids + party.legal_ids
    return _identity(party.names[:NAMES_MAX], numbers, party.ibans, party.domains, party.country)


def _identity(
    names: tuple[str, ...],
    numbers: tuple[str, ...],
    ibans: tuple[str, ...],
    sites: tuple[str, ...],
    country: str | None,
) -> Identity:
    parsed = dict.fromkeys(parse(name) for name in names)
    home = country_code(country or "")
    sirens = {number: french_company(number, home) for number in numbers}
    return Identity(
        names=tuple(name for name in parsed if name.core),
        vat_ids=frozenset(v for n, s in sirens.items() if (v := _tax(n, home, s))),
        sirens=frozenset(s for s in sirens.values() if s),
        ibans=frozenset(i for i in map(iban, ibans) if i),
        domains=frozenset(d for d in map(domain, sites) if d),
        country=home,
    )


def _tax(number: str, home: str | None, siren: str | None) -> str | None:
    """The tax number; what is only a SIREN or SIRET counts as that."""
    return vat_id(number) if siren else tax_id(number, home)


def best_name(identity: Identity) -> Name | None:
    """The first name, the preferred one."""
    return identity.names[0] if identity.names else None
