"""Which payments and items hang together, and several payments for several invoices.

Invariant: parts share nothing; a balance found is exact and holds no smaller one. Several for
several is a proposal for a person, never more.
"""

from collections.abc import Collection, Mapping, Sequence

from well.matching.sets.values import OpenItem, Payment

BALANCED_MAX = 12
"""Payments and items together, up to which every combination is tried."""
Balance = tuple[tuple[str, ...], tuple[str, ...]]


def parts(claims: Mapping[str, Collection[str]]) -> list[tuple[list[str], list[str]]]:
    """Payments with the items they ask for, split where nothing connects them."""
    first: dict[str, str] = {}
    root = {id: id for id in claims}

    def top(id: str) -> str:
        while root[id] != id:
            root[id] = root[root[id]]
            id = root[id]
        return id

    for id in sorted(claims):
        for item in sorted(claims[id]):
            low, high = sorted((top(first.setdefault(item, id)), top(id)))
            root[high] = low
    found: dict[str, tuple[list[str], set[str]]] = {}
    for id in sorted(claims):
        ids, wanted = found.setdefault(top(id), ([], set()))
        ids.append(id)
        wanted.update(claims[id])
    return [(ids, sorted(wanted)) for ids, wanted in found.values()]


def balances(payments: Sequence[Payment], items: Sequence[OpenItem]) -> tuple[Balance, ...]:
    """Groups of at least two payments that equal a group of at least two items to the cent.

    All of one currency and counterparty, of one sign, at most twelve in all; else nothing is
    proposed. Groups that contain a smaller equal pair of groups are left out.
    """
    amounts = [p.amount for p in payments] + [-item.amount for item in items]
    signs = {p.amount > 0 for p in payments} | {item.amount > 0 for item in items}
    owners = {(p.counterparty, p.currency) for p in payments}
    owners |= {(item.counterparty, item.currency) for item in items}
    if len(amounts) > BALANCED_MAX or len(owners) != 1 or len(signs) != 1:
        return ()
    minimal = _minimal_zeros(amounts)
    found = [_balance(mask, payments, items) for mask in minimal]
    return tuple(sorted(pair for pair in found if min(map(len, pair)) > 1))


def _minimal_zeros(amounts: Sequence[int]) -> list[int]:
    """Masks of the groups that sum to zero and contain no smaller such group."""
    sums = [0]
    for amount in amounts:
        sums += [total + amount for total in sums]
    zeros = [mask for mask in range(1, len(sums)) if sums[mask] == 0]
    minimal: list[int] = []
    for mask in sorted(zeros, key=int.bit_count):
        if not any(mask & smaller == smaller for smaller in minimal):
            minimal.append(mask)
    return minimal


def _balance(mask: int, payments: Sequence[Payment], items: Sequence[OpenItem]) -> Balance:
    ids = [p.id for p in payments] + [item.id for item in items]
    chosen = [at for at in range(len(ids)) if mask >> at & 1]
    paying = tuple(sorted(ids[at] for at in chosen if at < len(payments)))
    return paying, tuple(sorted(ids[at] for at in chosen if at >= len(payments)))
