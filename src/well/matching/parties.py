"""Which counterparty is a record from: ranking, and merging what is known.

Invariant: "new" competes with every candidate; a merge loses no name, number, account or id.
Nothing is chosen here.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from math import log2

from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.counterparty import Counterparty
from well.domain.invoice import Seller
from well.matching import weights
from well.matching.canonical import Identity, of_party, of_seller
from well.matching.compete import rank
from well.matching.learn import NOTHING, Learned, alias_key
from well.matching.names import Name
from well.matching.party_levels import best_name_level, number_level, set_level
from well.matching.score import capped, level_row, row, total
from well.matching.tables import alias_bits
from well.ports.store import Block


def rank_parties(
    seller: Seller,
    block: Block[Counterparty],
    source: str | None = None,
    learned: Learned = NOTHING,
    month: int = 0,
) -> Ranking:
    """Counterparties that may be the seller; `none_confidence` is that of a new one.

    `source` is the record id of the company record that the seller points to (`seller_source`);
    `learned` is what people said of its name before, as it counts in `month` (`learn.month_of`).
    """
    ours = of_seller(seller)
    sources = {key for key in (source, seller.source_id) if key}
    holders, names = _holders(block), _name_counts(block)
    candidates = [
        _candidate(seller, ours, party, sources, holders, names, _memory(learned, month, seller))
        for party in block.hits
    ]
    ranking = rank(candidates, weights.NEW_BITS, block.truncated)
    return replace(ranking, truncated=block.truncated and not _decisive(ranking.best))


def _decisive(best: Candidate | None) -> bool:
    """Known by its source record or tax number: nobody left out of the block could fit better."""
    reached = {(row.feature, row.level) for row in best.evidence} if best else set()
    return bool(reached & {("source record", "same record"), ("tax number", "equal")})


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
    memory: Callable[[Counterparty], Evidence | None],
) -> Candidate:
    theirs = of_party(party)
    number = _number_row(ours, theirs)
    account = _iban_row(ours, theirs, holders)
    if number is not None and account is not None:
        account = capped(number, account, weights.NUMBER_AND_IBAN_EXTRA)
    rows = [
        _source_row(seller, party, sources),
        number,
        account,
        _name_row(ours, theirs, names),
        _domain_row(ours, theirs),
        _country_row(ours, theirs),
        memory(party),
    ]
    kept = tuple(row for row in rows if row is not None)
    return Candidate(party.id, party.name, total(kept), 0.0, kept)


def _source_row(seller: Seller, party: Counterparty, sources: set[str]) -> Evidence | None:
    if not sources & set(party.source_ids):
        return None
    return level_row(
        "source record", seller.source_id, party.name, "same record", weights.PARTY_SOURCE
    )


def _number_row(ours: Identity, theirs: Identity) -> Evidence | None:
    level = number_level(ours.vat_ids, theirs.vat_ids, ours.sirens, theirs.sirens)
    mine, known = ours.vat_ids or ours.sirens, theirs.vat_ids or theirs.sirens
    return _sets_row("tax number", mine, known, level, weights.PARTY_NUMBER)


def _iban_row(ours: Identity, theirs: Identity, holders: dict[str, int]) -> Evidence | None:
    level = set_level(ours.ibans, theirs.ibans)
    if level == "equal" and max(holders[i] for i in ours.ibans & theirs.ibans) > 1:
        level = "shared"
    level = "unknown account" if level == "different" else level
    return _sets_row("bank account", ours.ibans, theirs.ibans, level, weights.PARTY_IBAN)


def _domain_row(ours: Identity, theirs: Identity) -> Evidence | None:
    level = set_level(ours.domains, theirs.domains)
    return _sets_row("domain", ours.domains, theirs.domains, level, weights.PARTY_DOMAIN)


def _sets_row(
    feature: str, ours: Collection[str], theirs: Collection[str], level: str, table: weights.Table
) -> Evidence | None:
    """A row with both sides' values; None where a side has none, which is worth nothing."""
    if level == "missing":
        return None
    shown = ", ".join(sorted(ours)), ", ".join(sorted(theirs))
    return level_row(feature, *shown, level, table)


def _name_row(ours: Identity, theirs: Identity, counts: dict[str, int]) -> Evidence | None:
    level, mine, known = best_name_level(ours.names, theirs.names)
    if mine is None or known is None:
        return None
    bits = weights.PARTY_NAME[level]
    if bits > 0:
        bits = max(bits - log2(counts.get(known.core, 1)), min(bits, 1.0))
    return row("name", _shown(mine), _shown(known), level, bits)


def _shown(name: Name) -> str:
    return f"{name.core} {name.form or ''}".strip()


def _country_row(ours: Identity, theirs: Identity) -> Evidence | None:
    if ours.country is None or theirs.country is None:
        return None
    level = "equal" if ours.country == theirs.country else "different"
    return level_row("country", ours.country, theirs.country, level, weights.PARTY_COUNTRY)


def _memory(
    learned: Learned, month: int, seller: Seller
) -> Callable[[Counterparty], Evidence | None]:
    """What people said of this name before, for a counterparty; None where nobody did."""
    alias = alias_key(seller.name) if seller.name else ""

    def told(party: Counterparty) -> Evidence | None:
        bits = alias_bits(learned, alias, party.id, month) if alias else 0.0
        if bits == 0.0:
            return None
        level = "confirmed before" if bits > 0 else "rejected before"
        return row("memory", seller.name, party.name, level, bits)

    return told


def merge_party(known: Counterparty | None, seen: Counterparty, id: str) -> Counterparty:
    """Both in one under `id`: union without loss, the preferred spelling stays first."""
    if known is None:
        return replace(seen, id=id)
    return replace(
        known,
        id=id,
        names=_union(known.names, seen.names),
        vat_ids=_union(known.vat_ids, seen.vat_ids),
        legal_ids=_union(known.legal_ids, seen.legal_ids),
        ibans=_union(known.ibans, seen.ibans),
        domains=_union(known.domains, seen.domains),
        country=known.country or seen.country,
        ledger_account=known.ledger_account or seen.ledger_account,
        source_ids=_union(known.source_ids, seen.source_ids),
        sightings=_earliest(known.sightings + seen.sightings),
    )


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(first + second))


def _earliest(sightings: tuple[tuple[str, date], ...]) -> tuple[tuple[str, date], ...]:
    """Each account with the first day it was seen."""
    days: dict[str, date] = {}
    for account, day in sightings:
        days[account] = min(day, days.get(account, day))
    return tuple(sorted(days.items()))
