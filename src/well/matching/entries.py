"""Which existing entry is a document: ranking of the target's entries.

Invariant: "none" competes with every candidate; an entry that another record owns stays visible,
marked; a document with the opposite sign is never likely. Nothing is chosen here.
"""

from collections import Counter
from collections.abc import Collection
from math import log2

from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.counterparty import Counterparty
from well.domain.entry import TargetEntry
from well.domain.invoice import Invoice, Seller
from well.matching import weights
from well.matching.canonical import Identity, of_party, of_seller
from well.matching.compare import (
    amount_level,
    best_name_level,
    date_level,
    number_level,
    reference_level,
    set_level,
)
from well.matching.compete import rank
from well.matching.references import reference
from well.matching.score import capped, level_row, row, total
from well.ports.store import Block

AGREE_BITS_MIN = 1.0
"""An agreeing amount keeps this much, however many entries share it."""


def rank_entries(
    invoice: Invoice,
    party: Counterparty | None,
    block: Block[TargetEntry],
    taken: Collection[str] = (),
) -> Ranking:
    """Entries that may be the document already; `taken` are owned by another source record."""
    ours = _supplier(invoice, party)
    levels = {entry.id: amount_level(invoice, entry) for entry in block.hits}
    sharing = Counter(levels.values())
    owned = frozenset(taken)
    candidates = [
        _candidate(invoice, ours, entry, _amount_row(invoice, entry, levels, sharing), owned)
        for entry in block.hits
    ]
    return rank(candidates, weights.NONE_BITS, block.truncated)


def _supplier(invoice: Invoice, party: Counterparty | None) -> Identity:
    """The seller as the record names it together with what the workspace knows of it."""
    seller = of_seller(invoice.seller)
    if party is None:
        return seller
    known = of_party(party)
    return Identity(
        names=tuple(dict.fromkeys(known.names + seller.names)),
        vat_ids=known.vat_ids | seller.vat_ids,
        sirens=known.sirens | seller.sirens,
        ibans=known.ibans | seller.ibans,
        domains=known.domains | seller.domains,
        country=known.country or seller.country,
    )


def _candidate(
    invoice: Invoice,
    ours: Identity,
    entry: TargetEntry,
    amount: Evidence,
    owned: frozenset[str],
) -> Candidate:
    theirs = of_seller(Seller(name=entry.supplier_name, vat_id=entry.vat_id, iban=entry.iban))
    rows = [_reference_row(invoice, entry), amount, _date_row(invoice, entry)]
    rows += _supplier_rows(ours, theirs)
    if entry.id in owned:
        rows.append(level_row("owner", "", "another record", "taken", weights.ENTRY_OWNER))
    return Candidate(entry.id, _label(entry), total(rows), 0.0, tuple(rows))


def _supplier_rows(ours: Identity, theirs: Identity) -> list[Evidence]:
    """Name, tax number and account, each only where both sides have one."""
    rows = [_name_row(ours, theirs)] if ours.names and theirs.names else []
    number = _tax_row(ours, theirs) if theirs.vat_ids or theirs.sirens else None
    account = _iban_row(ours, theirs) if ours.ibans and theirs.ibans else None
    if number is not None and account is not None:
        account = capped(number, account, weights.IDENTITY_AND_IBAN_EXTRA)
    rows += [r for r in (number, account) if r is not None and r.level != "missing"]
    return rows


def _label(entry: TargetEntry) -> str:
    """Number, supplier and total, or the file name of an entry that was not read yet."""
    parts = [entry.invoice_number, entry.supplier_name, entry.gross_total]
    return " · ".join(str(part) for part in parts if part) or entry.file_name


def _reference_row(invoice: Invoice, entry: TargetEntry) -> Evidence:
    level = reference_level(invoice.number, entry.invoice_number, entry.file_name)
    bits = weights.ENTRY_REFERENCE[level]
    ours = reference(invoice.number)
    if bits > 0 and ours is not None:
        bits = min(bits, weights.SHORT_REFERENCE.get(str(len(ours.plain)), bits))
    shown = entry.file_name if level == "in the file name" else entry.invoice_number
    return row("reference", invoice.number, shown, level, bits)


def _amount_row(
    invoice: Invoice, entry: TargetEntry, levels: dict[str, str], sharing: Counter[str]
) -> Evidence:
    """An amount that several entries share, or a round one, tells less."""
    level = levels[entry.id]
    bits = weights.ENTRY_AMOUNT[level]
    if level in ("equal", "cents apart"):
        same = sharing["equal"] + (sharing["cents apart"] if level == "cents apart" else 0)
        bits -= log2(max(same, 1))
        bits = max(bits + _round_bits(invoice), AGREE_BITS_MIN)
    return row("amount", invoice.gross_total, entry.gross_total, level, bits)


def _round_bits(invoice: Invoice) -> float:
    total_ = invoice.gross_total
    return weights.ROUND_AMOUNT_BITS if total_ is not None and total_.minor % 1000 == 0 else 0.0


def _date_row(invoice: Invoice, entry: TargetEntry) -> Evidence:
    level = date_level(invoice.issue_date, entry.issue_date)
    return level_row("date", invoice.issue_date, entry.issue_date, level, weights.ENTRY_DATE)


def _name_row(ours: Identity, theirs: Identity) -> Evidence:
    level, mine, known = best_name_level(ours.names, theirs.names)
    mine = mine or (ours.names[0] if ours.names else None)
    known = known or (theirs.names[0] if theirs.names else None)
    return level_row(
        "name",
        mine.core if mine else None,
        known.core if known else None,
        level,
        weights.ENTRY_NAME,
    )


def _tax_row(ours: Identity, theirs: Identity) -> Evidence:
    level = number_level(ours.vat_ids, theirs.vat_ids, ours.sirens, theirs.sirens)
    return level_row(
        "tax number",
        ", ".join(sorted(ours.vat_ids or ours.sirens)),
        ", ".join(sorted(theirs.vat_ids or theirs.sirens)),
        level,
        weights.ENTRY_IDENTITY,
    )


def _iban_row(ours: Identity, theirs: Identity) -> Evidence:
    level = set_level(ours.ibans, theirs.ibans)
    return level_row(
        "bank account",
        ", ".join(sorted(ours.ibans)),
        ", ".join(sorted(theirs.ibans)),
        level,
        weights.ENTRY_IBAN,
    )
