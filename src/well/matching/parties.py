"""Which counterparty is a record from: ranking, and merging what is known.

Invariant: "new" competes with every candidate; a merge loses no name, number, account or id.
Nothing is chosen here.
"""

from collections.abc import Sequence
from math import log2
from typing import TypeVar

from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.counterparty import Counterparty
from well.domain.invoice import Seller
from well.matching import weights
from well.matching.canonical import Identity, of_party, of_seller
from well.matching.compare import best_name_level, number_level, set_level
from well.matching.compete import rank
from well.matching.names import Name
from well.matching.score import capped, level_row, row, total
from well.ports.store import Block

T = TypeVar("T")


def rank_parties(seller: Seller, block: Block[Counterparty], source: str | None = None) -> Ranking:
    """Counterparties that may be the seller; `none_confidence` is that of a new one.

    `source` is the record id of the company record that the seller points to (`seller_source`).
    """
    ours = of_seller(seller)
    sources = {key for key in (source, seller.source_id) if key}
    holders = _holders(block)
    candidates = [
        _candidate(seller, ours, party, sources, holders, _name_counts(block))
        for party in block.hits
    ]
    return rank(candidates, weights.NEW_BITS, block.truncated)


def _holders(block: Block[Counterparty]) -> dict[str, int]:
    """How many counterparties use each account: a factor's account says little."""
    count: dict[str, int] = {}
    for party in block.hits:
        for account in of_party(party).ibans:
            count[account] = count.get(account, 0) + 1
    return count


def _name_counts(block: Block[Counterparty]) -> dict[str, int]:
    """How many counterparties share each core: a name held by many says less."""
    count: dict[str, int] = {}
    for party in block.hits:
        for core in {name.core for name in of_party(party).names}:
            count[core] = count.get(core, 0) + 1
    return count


def _candidate(
    seller: Seller,
    ours: Identity,
    party: Counterparty,
    sources: set[str],
    holders: dict[str, int],
    names: dict[str, int],
) -> Candidate:
    theirs = of_party(party)
    number = _number_row(ours, theirs)
    account = capped(number, _iban_row(ours, theirs, holders), weights.NUMBER_AND_IBAN_EXTRA)
    rows = [
        _source_row(seller, party, sources),
        number,
        account,
        _name_row(ours, theirs, names),
        _plain_row("domain", ours.domains, theirs.domains, weights.PARTY_DOMAIN),
        _country_row(ours, theirs),
    ]
    kept = tuple(r for r in rows if r is not None and r.level != "missing")
    return Candidate(party.id, party.name, total(kept), 0.0, kept)


def _source_row(seller: Seller, party: Counterparty, sources: set[str]) -> Evidence | None:
    if not sources & set(party.source_ids):
        return None
    return level_row(
        "source record", seller.source_id, party.name, "same record", weights.PARTY_SOURCE
    )


def _number_row(ours: Identity, theirs: Identity) -> Evidence:
    level = number_level(ours.vat_ids, theirs.vat_ids, ours.sirens, theirs.sirens)
    mine = sorted(ours.vat_ids) or sorted(ours.sirens)
    known = sorted(theirs.vat_ids) or sorted(theirs.sirens)
    return level_row("tax number", _text(mine), _text(known), level, weights.PARTY_NUMBER)


def _iban_row(ours: Identity, theirs: Identity, holders: dict[str, int]) -> Evidence:
    level = set_level(ours.ibans, theirs.ibans)
    if level == "equal" and max(holders[i] for i in ours.ibans & theirs.ibans) > 1:
        level = "shared"
    level = "unknown account" if level == "different" else level
    return level_row(
        "bank account",
        _text(sorted(ours.ibans)),
        _text(sorted(theirs.ibans)),
        level,
        weights.PARTY_IBAN,
    )


def _name_row(ours: Identity, theirs: Identity, counts: dict[str, int]) -> Evidence:
    level, mine, known = best_name_level(ours.names, theirs.names)
    bits = weights.PARTY_NAME[level]
    if bits > 0 and known is not None:
        bits = max(bits - log2(counts.get(known.core, 1)), min(bits, 1.0))
    return row("name", _name(mine, ours), _name(known, theirs), level, bits)


def _name(name: Name | None, identity: Identity) -> str:
    shown = name or (identity.names[0] if identity.names else None)
    return f"{shown.core} {shown.form or ''}".strip() if shown else ""


def _plain_row(
    feature: str, ours: frozenset[str], theirs: frozenset[str], table: weights.Table
) -> Evidence:
    level = set_level(ours, theirs)
    return level_row(feature, _text(sorted(ours)), _text(sorted(theirs)), level, table)


def _country_row(ours: Identity, theirs: Identity) -> Evidence:
    both = ours.country and theirs.country
    level = "missing" if not both else ("equal" if ours.country == theirs.country else "different")
    return level_row("country", ours.country, theirs.country, level, weights.PARTY_COUNTRY)


def _text(values: Sequence[str]) -> str:
    return ", ".join(values)


def merge_party(known: Counterparty | None, seen: Counterparty, id: str) -> Counterparty:
    """Both in one under `id`: union without loss, the preferred spelling stays first."""
    if known is None:
        return _with_id(seen, seen, id)
    return _with_id(known, seen, id)


def _with_id(known: Counterparty, seen: Counterparty, id: str) -> Counterparty:
    return Counterparty(
        id=id,
        names=_union(known.names, seen.names),
        vat_ids=_union(known.vat_ids, seen.vat_ids),
        legal_ids=_union(known.legal_ids, seen.legal_ids),
        ibans=_union(known.ibans, seen.ibans),
        domains=_union(known.domains, seen.domains),
        country=known.country or seen.country,
        ledger_account=known.ledger_account or seen.ledger_account,
        source_ids=_union(known.source_ids, seen.source_ids),
    )


def _union(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(first + second))
