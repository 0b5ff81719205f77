"""Sellers and counterparties in comparable form.

Invariant: what is not valid is left out, so it can neither speak for nor against; raw values stay
where they came from. It compares nothing.
"""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from well.domain.counterparty import Counterparty
from well.domain.invoice import Seller
from well.matching.identifiers import iban, siren, vat_id
from well.matching.names import Name, parse
from well.matching.words import WORDS

# Mail and shop platforms: an address there says nothing about whose it is.
_SHARED_DOMAINS = frozenset(WORDS["shared_domains"])
_TWO_LEVEL = frozenset(WORDS["second_level"])
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
    return Identity(
        names=tuple(name for name in parsed if name.core),
        vat_ids=frozenset(v for v in map(vat_id, numbers) if v),
        sirens=frozenset(s for s in map(siren, numbers) if s),
        ibans=frozenset(i for i in map(iban, ibans) if i),
        domains=frozenset(d for d in map(domain, sites) if d),
        country=country.strip().upper()[:2] if country and country.strip() else None,
    )


@lru_cache(maxsize=16_384)
def domain(text: str) -> str | None:
    """The registrable domain of an address or e-mail; None for shared ones and nonsense."""
    bare = text.strip().casefold()[:300].rpartition("@")[2]
    try:
        host = urlsplit(bare if "//" in bare else f"//{bare}").hostname or ""
    except ValueError:
        return None
    labels = [label for label in host.rstrip(".").split(".") if label]
    if len(labels) < 2 or labels[-1].isdigit():
        return None
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _TWO_LEVEL else 2
    name = ".".join(labels[-keep:])
    return None if name in _SHARED_DOMAINS else name


def best_name(identity: Identity) -> Name | None:
    """The first name, the preferred one."""
    return identity.names[0] if identity.names else None
